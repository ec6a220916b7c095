import {
  AddressLookupTableAccount,
  Keypair,
  PublicKey,
  SystemProgram,
  TransactionMessage,
  VersionedTransaction,
} from '@solana/web3.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feeOf } from './fees.ts';
import {
  isWritableIndex,
  MAX_TRANSACTION_BYTES,
  parseTransaction,
  TransactionFormatError,
} from './transaction.ts';
import { VirtualMachine } from './vm.ts';

const payer = Keypair.fromSeed(new Uint8Array(32).fill(1));
const other = Keypair.fromSeed(new Uint8Array(32).fill(2));
const to = Keypair.fromSeed(new Uint8Array(32).fill(3)).publicKey;
const blockhash = new PublicKey(new Uint8Array(32).fill(9)).toBase58();

function sample(version: 'legacy' | 0): Uint8Array {
  const message = new TransactionMessage({
    payerKey: payer.publicKey,
    recentBlockhash: blockhash,
    instructions: [
      SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: to, lamports: 5 }),
      SystemProgram.transfer({ fromPubkey: other.publicKey, toPubkey: payer.publicKey, lamports: 6 }),
    ],
  });
  const table = new AddressLookupTableAccount({
    key: new PublicKey(new Uint8Array(32).fill(8)),
    state: {
      deactivationSlot: 2n ** 64n - 1n,
      lastExtendedSlot: 0,
      lastExtendedSlotStartIndex: 0,
      addresses: [to],
    },
  });
  const tx = new VersionedTransaction(
    version === 0 ? message.compileToV0Message([table]) : message.compileToLegacyMessage(),
  );
  tx.sign([payer, other]);
  return tx.serialize();
}

describe('a transaction on the wire', () => {
  it.each(['legacy', 0] as const)('is read as web3.js wrote it (%s)', (version) => {
    const bytes = sample(version);
    const tx = parseTransaction(bytes);
    const known = VersionedTransaction.deserialize(bytes).message;
    expect(tx.version).toBe(version);
    expect(tx.blockhash).toBe(blockhash);
    expect(tx.keys).toEqual(known.staticAccountKeys.map(String));
    expect(tx.keys.map((_, i) => isWritableIndex(tx, i))).toEqual(
      tx.keys.map((_, i) => known.isAccountWritable(i)),
    );
    expect(tx.instructions.map((ix) => ix.accounts)).toEqual(
      known.compiledInstructions.map((ix) => ix.accountKeyIndexes),
    );
    expect(tx.lookups).toEqual(
      known.addressTableLookups.map((l) => ({
        table: String(l.accountKey),
        writable: l.writableIndexes,
        readonly: l.readonlyIndexes,
      })),
    );
    expect(feeOf(tx)).toBe(10_000);
  });

  it('is refused with the field that breaks it', () => {
    const bytes = sample('legacy');
    const expectError = (given: Uint8Array, says: string): void =>
      expect(() => parseTransaction(given)).toThrow(says);
    expectError(new Uint8Array(), 'signatures length: the bytes end too early');
    expectError(bytes.subarray(0, 60), 'signature: the bytes end too early');
    expectError(bytes.subarray(0, bytes.length - 1), 'instruction data: the bytes end too early');
    expectError(new Uint8Array([...bytes, 0]), '1 bytes left after the message');
    expectError(new Uint8Array(MAX_TRANSACTION_BYTES + 1), `max: ${MAX_TRANSACTION_BYTES}`);
    const changed = (at: number, value: number): Uint8Array =>
      Object.assign(new Uint8Array(bytes), { [at]: value });
    const message = 1 + 2 * 64;
    expectError(changed(message, 1), 'signatures where the header says 1');
    expectError(changed(message + 1, 2), 'the fee payer must be a writable signer');
    expectError(changed(message + 2, 200), 'the header counts more keys');
    const twice = new Uint8Array(bytes);
    twice.set(bytes.subarray(message + 4, message + 36), message + 36);
    expectError(twice, 'named twice');
    expectError(new Uint8Array([0x80, 0x00]), 'not the shortest form');
    expectError(new Uint8Array([0xff, 0xff, 0xff]), 'over three bytes');
    const v0 = sample(0);
    expectError(Object.assign(new Uint8Array(v0), { [message]: 0x81 }), 'version: 1 is not supported');
  });

  // The virtual machine ends the process on bytes that its decoder refuses, so nothing may get past this one.
  it('that gets past the parser never breaks the virtual machine', () => {
    const vm = new VirtualMachine([]);
    const system = { owner: SystemProgram.programId.toBase58(), executable: false, data: new Uint8Array() };
    vm.set(payer.publicKey.toBase58(), { ...system, lamports: 10n ** 12n });
    let accepted = 0;
    const bytesOf = fc.oneof(
      fc
        .tuple(
          fc.constantFrom<'legacy' | 0>('legacy', 0),
          fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
        )
        .map(([version, changes]) => {
          const bytes = new Uint8Array(sample(version));
          // Signatures and addresses hardly matter to a decoder: change its counts and indexes.
          for (const [at, value] of changes) bytes[129 + (at % (bytes.length - 129))] = value;
          return bytes;
        }),
      fc.uint8Array({ maxLength: 300 }),
    );
    fc.assert(
      fc.property(bytesOf, (bytes) => {
        try {
          const tx = parseTransaction(bytes);
          accepted++;
          feeOf(tx);
          for (const verify of [false, true]) vm.execute(tx, verify);
        } catch (error) {
          expect(error).toBeInstanceOf(TransactionFormatError);
        }
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});
