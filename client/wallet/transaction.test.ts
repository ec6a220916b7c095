import { ed25519 } from '@noble/curves/ed25519';
import { Keypair, PublicKey, SystemProgram, Transaction } from '@solana/web3.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTransaction, signTransaction } from './transaction.ts';

function twoSigned(): { payer: Keypair; owner: Keypair; bytes: Uint8Array } {
  const [payer, owner] = [Keypair.generate(), Keypair.generate()];
  const transaction = new Transaction({
    feePayer: payer.publicKey,
    blockhash: PublicKey.default.toBase58(),
    lastValidBlockHeight: 1,
  });
  transaction.add(
    SystemProgram.transfer({ fromPubkey: owner.publicKey, toPubkey: payer.publicKey, lamports: 5 }),
  );
  transaction.partialSign(payer);
  return { payer, owner, bytes: Uint8Array.from(transaction.serialize({ requireAllSignatures: false })) };
}

test('a signature goes where Solana looks for it, and leaves the others as they are', () => {
  const { payer, owner, bytes } = twoSigned();
  const secret = owner.secretKey.subarray(0, 32);
  const signed = Transaction.from(
    signTransaction(bytes, owner.publicKey.toBytes(), (m) => ed25519.sign(m, secret)),
  );
  expect(signed.verifySignatures()).toBe(true);
  expect(signed.feePayer).toEqual(payer.publicKey);
});

test('what it says of a transaction is what Solana’s library says', () => {
  const { payer, bytes } = twoSigned();
  const wire = readTransaction(bytes);
  expect(wire.accounts[0]).toEqual(Uint8Array.from(payer.publicKey.toBytes()));
  expect(wire.programs.map((i) => new PublicKey(wire.accounts[i]))).toEqual([SystemProgram.programId]);
  expect(Buffer.from(wire.message)).toEqual(Transaction.from(bytes).serializeMessage());
});

test('a stranger’s signature is not asked for', () => {
  const { bytes } = twoSigned();
  const stranger = Keypair.generate().publicKey.toBytes();
  expect(() => signTransaction(bytes, stranger, () => new Uint8Array(64))).toThrow('does not ask');
});

test('bytes that end too early are refused', () => {
  const { bytes } = twoSigned();
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), (length) => {
      expect(() => readTransaction(bytes.subarray(0, length))).toThrow(RangeError);
    }),
  );
});
