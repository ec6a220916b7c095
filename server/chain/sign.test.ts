import { Keypair, SystemProgram, Transaction } from '@solana/web3.js';
import { expect, test } from 'vitest';
import { signWire } from './sign.ts';

const [payer, other, stranger] = [1, 2, 3].map((n) => Keypair.fromSeed(new Uint8Array(32).fill(n)));
const blockhash = payer.publicKey.toBase58();

function transfer(instructions = 1): Transaction {
  const transaction = new Transaction({
    feePayer: payer.publicKey,
    blockhash,
    lastValidBlockHeight: 1,
  });
  for (let i = 0; i < instructions; i++)
    transaction.add(
      SystemProgram.transfer({ fromPubkey: other.publicKey, toPubkey: stranger.publicKey, lamports: i }),
    );
  return transaction;
}

test('the bytes are those that web3.js signs', () => {
  const theirs = transfer();
  theirs.sign(payer, other);
  expect(signWire(transfer(), [other, payer]).equals(theirs.serialize())).toBe(true);
});

test('a missing or unknown signer, and what does not fit into a packet, are refused', () => {
  expect(() => signWire(transfer(), [payer])).toThrow(`signer ${other.publicKey.toBase58()} is missing`);
  expect(() => signWire(transfer(), [payer, other, stranger])).toThrow('unknown signer');
  expect(() => signWire(transfer(60), [payer, other])).toThrow(/takes \d+ bytes, at most 1232/);
});
