import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  appearance,
  type DecisionLeaf,
  type DeedLeaf,
  decodeDecision,
  decodeDeed,
  decodeInput,
  encodeDecision,
  encodeDeed,
  encodeInput,
  type InputLeaf,
  ProofError,
} from './canonical.ts';
import { decodeEpoch, type EpochHeader, encodeEpoch, epochHash, epochLeaves, NO_PREVIOUS } from './epoch.ts';

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const decisions: fc.Arbitrary<DecisionLeaf> = fc.record({
  zone: u32,
  epoch: u32,
  tick: u32,
  npc: u32,
  brain: hash,
  worldSeed: u32,
  mask: u32,
  observations: fc.uint8Array({ min: 0, max: 127, minLength: 64, maxLength: 64 }),
  action: fc.nat(15),
});
const deeds: fc.Arbitrary<DeedLeaf> = fc.record({
  zone: u32,
  epoch: u32,
  asset: hash,
  version: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  counters: fc.array(u32, { minLength: 8, maxLength: 8 }),
  appearance: hash,
});
const inputs: fc.Arbitrary<InputLeaf> = fc.record({ zone: u32, epoch: u32, tick: u32, hash });
const headers: fc.Arbitrary<EpochHeader> = fc
  .record({
    zone: u32,
    epoch: u32,
    firstTick: fc.nat(0xffff0000),
    ticks: fc.nat(599),
    decisions: fc.nat(100_000),
    deeds: fc.nat(1000),
    inputs: fc.nat(600),
    worldHashBefore: hash,
    worldHashAfter: hash,
    root: hash,
    previous: hash,
  })
  .map(({ ticks, ...header }) => ({ ...header, lastTick: header.firstTick + ticks }));

const filled = (byte: number) => new Uint8Array(32).fill(byte);
const decision: DecisionLeaf = {
  zone: 1,
  epoch: 2,
  tick: 1203,
  npc: 59,
  brain: filled(0xbb),
  worldSeed: 0xdeadbeef,
  mask: 0xfff,
  observations: Uint8Array.from({ length: 64 }, (_, i) => i),
  action: 11,
};
const deed: DeedLeaf = {
  zone: 1,
  epoch: 2,
  asset: filled(0xaa),
  version: 3n,
  counters: [1, 2, 3, 4, 5, 6, 7, 0xffffffff],
  appearance: filled(0xdd),
};
const header: EpochHeader = {
  zone: 1,
  epoch: 2,
  firstTick: 1200,
  lastTick: 1799,
  decisions: 9000,
  deeds: 10,
  inputs: 600,
  worldHashBefore: filled(1),
  worldHashAfter: filled(2),
  root: filled(3),
  previous: NO_PREVIOUS,
};

describe('canonical encodings', () => {
  it('are the documented bytes', () => {
    expect(bytesToHex(encodeDecision(decision))).toBe(
      `53594d4201010000${'01000000'}${'02000000'}b3040000${'3b000000'}${'bb'.repeat(32)}efbeadde${'ff0f0000'}` +
        `${bytesToHex(decision.observations)}0b`,
    );
    expect(bytesToHex(encodeDeed(deed))).toBe(
      `53594d4201020000${'01000000'}${'02000000'}${'aa'.repeat(32)}${'0300000000000000'}` +
        '0100000002000000030000000400000005000000' +
        `0600000007000000ffffffff${'dd'.repeat(32)}`,
    );
    expect(bytesToHex(encodeInput({ zone: 1, epoch: 2, tick: 3, hash: filled(0xcc) }))).toBe(
      `53594d4201030000${'01000000'}${'02000000'}${'03000000'}${'cc'.repeat(32)}`,
    );
    expect(bytesToHex(encodeEpoch(header))).toBe(
      `53594d4201040000${'01000000'}${'02000000'}b0040000${'07070000'}${'28230000'}0a000000${'58020000'}` +
        `${'01'.repeat(32)}${'02'.repeat(32)}${'03'.repeat(32)}${'00'.repeat(32)}`,
    );
    expect(bytesToHex(epochHash(header))).toMatch(/^[0-9a-f]{64}$/);
    expect(epochLeaves(header)).toBe(9610);
  });

  it('come back as they were', () => {
    fc.assert(
      fc.property(decisions, (leaf) => {
        expect(decodeDecision(encodeDecision(leaf))).toEqual(leaf);
      }),
    );
    fc.assert(
      fc.property(deeds, (leaf) => {
        expect(decodeDeed(encodeDeed(leaf))).toEqual(leaf);
      }),
    );
    fc.assert(
      fc.property(inputs, (leaf) => {
        expect(decodeInput(encodeInput(leaf))).toEqual(leaf);
      }),
    );
    fc.assert(
      fc.property(headers, (one) => {
        expect(decodeEpoch(encodeEpoch(one))).toEqual(one);
      }),
    );
  });

  it('are the only ones: bytes that decode encode to the same bytes, others are refused', () => {
    const codecs = [
      { bytes: encodeDecision(decision), again: (b: Uint8Array) => encodeDecision(decodeDecision(b)) },
      { bytes: encodeDeed(deed), again: (b: Uint8Array) => encodeDeed(decodeDeed(b)) },
      {
        bytes: encodeInput({ zone: 1, epoch: 2, tick: 3, hash: filled(4) }),
        again: (b: Uint8Array) => encodeInput(decodeInput(b)),
      },
      { bytes: encodeEpoch(header), again: (b: Uint8Array) => encodeEpoch(decodeEpoch(b)) },
    ];
    for (const { bytes, again } of codecs) {
      for (let bit = 0; bit < 8 * bytes.length; bit++) {
        const changed = bytes.slice();
        changed[bit >> 3] ^= 1 << (bit & 7);
        try {
          expect(again(changed)).toEqual(changed);
          expect(bit).toBeGreaterThanOrEqual(64);
        } catch (error) {
          expect(error).toBeInstanceOf(ProofError);
        }
      }
      expect(() => again(bytes.slice(1))).toThrow(`must be ${bytes.length} bytes, is ${bytes.length - 1}`);
      expect(() => again(Uint8Array.from([...bytes, 0]))).toThrow(ProofError);
    }
  });

  it('read bytes that lie inside a larger buffer', () => {
    const larger = new Uint8Array(200);
    larger.set(encodeDeed(deed), 7);
    expect(decodeDeed(larger.subarray(7, 127))).toEqual(deed);
  });

  it('refuse values out of range, naming them', () => {
    const cases: [() => unknown, string][] = [
      [
        () => encodeDecision({ ...decision, tick: -1 }),
        'decision.tick: must be an integer from 0 to 4294967295, is -1',
      ],
      [() => encodeDecision({ ...decision, npc: 1.5 }), 'decision.npc: must be an integer'],
      [
        () => encodeDecision({ ...decision, brain: new Uint8Array(31) }),
        'decision.brain: must be 32 bytes, is 31',
      ],
      [
        () => encodeDecision({ ...decision, observations: new Uint8Array(63) }),
        'decision.observations: must be 64 bytes',
      ],
      [
        () => encodeDecision({ ...decision, observations: new Uint8Array(64).fill(128) }),
        'decision.observations[0]: must be from 0 to 127, is 128',
      ],
      [() => encodeDecision({ ...decision, action: 16 }), 'decision.action: must be from 0 to 15, is 16'],
      [() => encodeDeed({ ...deed, counters: [1, 2] }), 'deed.counters: must hold 8 values, holds 2'],
      [
        () => encodeDeed({ ...deed, counters: [0, 0, 0, 2 ** 32, 0, 0, 0, 0] }),
        'deed.counters[3]: must be an integer from 0 to 4294967295, is 4294967296',
      ],
      [
        () => encodeDeed({ ...deed, version: -1n }),
        'deed.version: must be a bigint from 0 to 18446744073709551615, is -1',
      ],
      [() => encodeDeed({ ...deed, version: 2n ** 64n }), 'deed.version: '],
      [
        () => encodeDeed({ ...deed, appearance: new Uint8Array(31) }),
        'deed.appearance: must be 32 bytes, is 31',
      ],
      [() => appearance(new Uint8Array(33), 'u'), 'appearance.picture: must be 32 bytes, is 33'],
      [() => encodeInput({ zone: 0, epoch: 0, tick: Number.NaN, hash: filled(0) }), 'input.tick: '],
      [
        () => encodeEpoch({ ...header, lastTick: 1199 }),
        'epoch.lastTick: must be from 1200 to 1799, is 1199',
      ],
      [
        () => encodeEpoch({ ...header, lastTick: 1800 }),
        'epoch.lastTick: must be from 1200 to 1799, is 1800',
      ],
      [
        () => encodeEpoch({ ...header, decisions: 2 ** 24 }),
        'epoch.leaves: must be at most 16777216, are 16777826',
      ],
      [() => encodeEpoch({ ...header, root: new Uint8Array(0) }), 'epoch.root: must be 32 bytes, is 0'],
      [() => decodeDeed(encodeDecision(decision)), 'deed: must be 120 bytes, is 129'],
    ];
    for (const [run, message] of cases) expect(run).toThrow(message);
  });

  it('name an appearance by picture and URI, which cannot change places', () => {
    const uri = 'https://example.org/ü.json';
    const expected = sha256(Uint8Array.from([...filled(5), ...new TextEncoder().encode(uri)]));
    expect(appearance(filled(5), uri)).toEqual(expected);
    expect(appearance(filled(5), `${uri} `)).not.toEqual(expected);
    expect(appearance(filled(6), uri)).not.toEqual(expected);
  });

  it('accept counters as a Uint32Array, as the world keeps them', () => {
    expect(encodeDeed({ ...deed, counters: Uint32Array.from(deed.counters) })).toEqual(encodeDeed(deed));
  });
});
