import {
  type AccountMeta,
  Keypair,
  type Message,
  Transaction,
  TransactionInstruction,
} from '@solana/web3.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { signWire } from './sign.ts';

const people = Array.from({ length: 6 }, (_, i) => Keypair.fromSeed(new Uint8Array(32).fill(i + 1)));
const [payer, other, stranger] = people;
const blockhash = stranger.publicKey.toBase58();

const instruction = (keys: AccountMeta[], data: Uint8Array, program = stranger): TransactionInstruction =>
  new TransactionInstruction({ programId: program.publicKey, keys, data: Buffer.from(data) });

const meta = (who: Keypair, isSigner: boolean, isWritable: boolean): AccountMeta => ({
  pubkey: who.publicKey,
  isSigner,
  isWritable,
});

const rightsIn = (message: Message): string[] =>
  message.accountKeys
    .map((key, i) => `${key} ${message.isAccountSigner(i)} ${message.isAccountWritable(i)}`)
    .sort();

const plain = ({ programId, keys, data }: TransactionInstruction): object => ({
  program: programId.toBase58(),
  keys: keys.map(({ pubkey }) => pubkey.toBase58()),
  data: data.toString('hex'),
});

test('web3.js reads from the bytes what was put in, rightly signed, in no more bytes than its own', () => {
  const member = fc.tuple(fc.nat(5), fc.boolean(), fc.boolean());
  const one = fc.record({
    keys: fc.array(member, { maxLength: 8 }),
    data: fc.uint8Array({ maxLength: 200 }),
    program: fc.nat(5),
  });
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 3 }), (list) => {
      const instructions = list.map(({ keys, data, program }) =>
        instruction(
          keys.map(([who, isSigner, isWritable]) => meta(people[who], isSigner, isWritable)),
          data,
          people[program],
        ),
      );
      const theirs = new Transaction({ feePayer: payer.publicKey, blockhash, lastValidBlockHeight: 1 });
      theirs.add(...instructions);
      const wanted = theirs.compileMessage();
      const signers = people.filter(({ publicKey }) =>
        wanted.accountKeys.slice(0, wanted.header.numRequiredSignatures).some((key) => key.equals(publicKey)),
      );
      theirs.sign(...signers);
      const bytes = signWire({ payer: payer.publicKey, blockhash, instructions }, signers.toReversed());
      const read = Transaction.from(bytes);
      expect(read.verifySignatures()).toBe(true);
      expect(bytes.length).toBe(theirs.serialize().length);
      const ours = read.compileMessage();
      expect(ours.header).toEqual(wanted.header);
      expect(read.feePayer?.equals(payer.publicKey)).toBe(true);
      expect(read.recentBlockhash).toBe(blockhash);
      // The order of keys with the same rights is free; their rights are not.
      expect(rightsIn(ours)).toEqual(rightsIn(wanted));
      expect(read.instructions.map(plain)).toEqual(instructions.map(plain));
    }),
    { numRuns: 20 },
  );
});

test('a missing or unknown signer, and what does not fit into a packet, are refused', () => {
  const asks = (bytes: number) => ({
    payer: payer.publicKey,
    blockhash,
    instructions: [instruction([meta(other, true, false)], new Uint8Array(bytes))],
  });
  expect(() => signWire(asks(1), [payer])).toThrow(`signer ${other.publicKey.toBase58()} is missing`);
  expect(() => signWire(asks(1), [payer, other, stranger])).toThrow('unknown signer');
  expect(signWire(asks(965), [payer, other])).toHaveLength(1232);
  expect(() => signWire(asks(966), [payer, other])).toThrow('takes 1233 bytes, at most 1232');
});
