import { ComputeBudgetProgram, Keypair, Transaction, type TransactionInstruction } from '@solana/web3.js';
import { expect, it } from 'vitest';
import { judgeIx, WRITE_BYTES, writeBrainIx } from './brains.ts';
import { hatchIx, revealIx } from './breeding.ts';
import { challengeIx, publishIx, RECALL_HEADERS, recallIx } from './chronicle.ts';
import { CONSTANTS } from './idl.ts';

/** What a cluster takes. */
const PACKET = 1232;
const [payer, other, zone, brain] = Array.from({ length: 4 }, () => Keypair.generate());
const [zoneKey, brainKey] = [zone.publicKey, brain.publicKey];
const budget = [
  ComputeBudgetProgram.setComputeUnitLimit({ units: 200_000 }),
  ComputeBudgetProgram.setComputeUnitPrice({ microLamports: 1 }),
];

function size(
  ix: TransactionInstruction | TransactionInstruction[],
  signers: Keypair[],
  before = budget,
): number {
  const blockhash = Keypair.generate().publicKey.toBase58();
  const transaction = new Transaction({ feePayer: payer.publicKey, blockhash, lastValidBlockHeight: 1 });
  transaction.add(...before, ...[ix].flat()).sign(payer, ...signers);
  return transaction.serialize().length;
}

const decision = (levels: number) => ({
  index: 1,
  leaf: new Uint8Array(129),
  path: Array.from({ length: levels }, () => new Uint8Array(32)),
});
const headers = Array.from({ length: RECALL_HEADERS }, () => new Uint8Array(164));

it('every transaction fits a packet, priority fee included', () => {
  const author = other.publicKey;
  const write = writeBrainIx({ author, brain: brainKey, offset: 0, bytes: new Uint8Array(WRITE_BYTES) });
  expect(size(write, [other])).toBeLessThanOrEqual(PACKET);
  const publish = publishIx({ operator: author, zone: zoneKey, header: new Uint8Array(164) });
  expect(size(publish, [other])).toBeLessThanOrEqual(PACKET);
  const recall = recallIx({ payer: payer.publicKey, zone: zoneKey, headers });
  expect(size(recall, [])).toBeLessThanOrEqual(PACKET);
  // an epoch of four million leaves
  const judge = judgeIx({ zone: zoneKey, brain: brainKey, ...decision(22) });
  expect(size(judge, [])).toBeLessThanOrEqual(PACKET);
  const challenge = { challenger: payer.publicKey, zone: zoneKey, brain: brainKey };
  expect(size(challengeIx({ ...challenge, ...decision(22) }), [])).toBeLessThanOrEqual(PACKET);
  // the greatest tree there may be, without a priority fee
  expect(size(challengeIx({ ...challenge, ...decision(24) }), [], [])).toBeLessThanOrEqual(PACKET);
});

it('a child hatches in one packet with both revelations, with the longest name and a long URI', () => {
  const [a, b, minter] = [zoneKey, brainKey, other];
  const pair = { collection: Keypair.generate().publicKey, a, b };
  const secret = new Uint8Array(32);
  const reveals = ([0, 1] as const).map((side) => revealIx({ ...pair, side, secret }));
  const hatch = hatchIx({
    ...pair,
    payer: payer.publicKey,
    minter: minter.publicKey,
    owner: Keypair.generate().publicKey,
    payers: [payer.publicKey, payer.publicKey],
    genome: secret,
    name: 'n'.repeat(CONSTANTS.MAX_NAME),
    uri: 'u'.repeat(160),
    picture: secret,
  });
  expect(size([...reveals, hatch], [minter])).toBeLessThanOrEqual(PACKET);
});
