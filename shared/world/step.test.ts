import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { bytesToHex } from '@noble/hashes/utils';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createWorld,
  decodeInputs,
  EVENT,
  encodeInputs,
  Inputs,
  invariant,
  legal,
  OBSERVATION_NAMES,
  OBSERVATION_SIZE,
  observe,
  parseMap,
  restore,
  SnapshotError,
  sight,
  snapshot,
  step,
  worldHash,
} from './index.ts';
import { meadow } from './meadow.ts';
import { chance, crowd, playCrowd } from './testing.ts';

const terrain = meadow();
const VECTORS = new URL('../../assets/vectors/worlds.json', import.meta.url);
const hollow = () =>
  parseMap(JSON.parse(readFileSync(new URL('../../assets/maps/hollow.json', import.meta.url), 'utf8')));

describe('the same everywhere', () => {
  test('committed hashes of crowds on both maps', () => {
    const vectors: { map: string; seed: number; ticks: number; hash: string }[] = JSON.parse(
      readFileSync(VECTORS, 'utf8'),
    );
    expect(vectors.length).toBeGreaterThan(5);
    const maps: Record<string, ReturnType<typeof meadow>> = { meadow: terrain, hollow: hollow() };
    for (const v of vectors)
      expect(bytesToHex(worldHash(playCrowd(maps[v.map], v.seed, v.ticks)))).toBe(v.hash);
  });

  test('another process reaches the same hash', () => {
    const code = `
      import { bytesToHex } from '@noble/hashes/utils';
      import { worldHash } from '#shared/world/index.ts';
      import { meadow } from '#shared/world/meadow.ts';
      import { playCrowd } from '#shared/world/testing.ts';
      console.log(bytesToHex(worldHash(playCrowd(meadow(), 99, 1500))));`;
    const other = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
      encoding: 'utf8',
    });
    expect(other.trim()).toBe(bytesToHex(worldHash(playCrowd(terrain, 99, 1500))));
  });

  test('a restored snapshot and the inputs after it continue identically', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 400 }), (seed, ticks) => {
        const world = playCrowd(terrain, seed, ticks, 12);
        const copy = restore(terrain, snapshot(world));
        const below = chance(seed ^ 77);
        const inputs = new Inputs(64);
        for (let t = 0; t < 200; t++) {
          crowd(inputs, below, 12);
          const journaled = new Inputs(64);
          decodeInputs(encodeInputs(inputs), journaled);
          step(world, inputs);
          step(copy, journaled);
          expect(copy.events.words.subarray(0, copy.events.count * 4)).toEqual(
            world.events.words.subarray(0, world.events.count * 4),
          );
        }
        expect(copy.bytes).toEqual(world.bytes);
      }),
      { numRuns: 20 },
    );
  });
});

describe('laws of nature', () => {
  test('no input breaks an invariant: goods are neither made nor lost, nobody stands in a wall', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const world = createWorld(terrain, { seed, capacity: 10 });
        const below = chance(seed);
        const inputs = new Inputs(64);
        for (let t = 0; t < 600; t++) {
          crowd(inputs, below, 10);
          step(world, inputs);
          expect(invariant(world)).toBeNull();
        }
      }),
      { numRuns: 30 },
    );
  });

  test('a crowded fight over an hour of the real map keeps them too, and everything happens in it', () => {
    const world = createWorld(hollow(), { seed: 3, capacity: 40 });
    const inputs = new Inputs(64);
    const below = chance(11);
    for (let i = 0; i < 40; i++) inputs.join(i, { role: i % 5, tag: i, fruit: 3, crystal: 3 });
    const happened = new Set<number>();
    for (let t = 0; t < 9000; t++) {
      step(world, inputs);
      for (let e = 0; e < world.events.count; e++) happened.add(world.events.kind(e));
      inputs.clear();
      sight(world);
      for (let i = 0; i < 40; i++) {
        if (below(4)) continue;
        // Towards the middle of the map, so that people meet; else anything that makes sense.
        const mask = legal(world, i);
        const inward =
          1 +
          ((below(3) + [3, 1, 5, 7][(world.x[i] > 48 * 256 ? 1 : 0) + (world.y[i] > 48 * 256 ? 2 : 0)] + 6) %
            8);
        const wild = below(13);
        inputs.act(
          i,
          mask & (1 << 9) ? 9 : mask & (1 << 11) ? 11 : (mask >> wild) & 1 && below(3) === 0 ? wild : inward,
        );
      }
      if (t % 50 === 0) expect(invariant(world)).toBeNull();
    }
    for (const kind of [
      'swung',
      'hit',
      'stole',
      'down',
      'returned',
      'gathered',
      'gave',
      'ate',
      'deed',
    ] as const)
      expect(happened, kind).toContain(EVENT[kind]);
  });

  test('observations are 0..127 and have a name each, masks always allow waiting', () => {
    expect(OBSERVATION_NAMES.length).toBe(OBSERVATION_SIZE);
    const out = new Uint8Array(OBSERVATION_SIZE);
    for (const seed of [1, 2, 3]) {
      const world = playCrowd(terrain, seed, 500, 16);
      sight(world);
      for (let i = 0; i < 16; i++) {
        out.fill(255);
        observe(world, i, out, 0);
        for (let k = 0; k < out.length; k++) expect(out[k], OBSERVATION_NAMES[k]).toBeLessThanOrEqual(127);
        expect(legal(world, i) & 1).toBe(1);
      }
    }
  });
});

describe('snapshots that are none', () => {
  const good = snapshot(playCrowd(terrain, 4, 50));
  const broken = (change: (bytes: Uint8Array) => void) => {
    const bytes = good.slice();
    change(bytes);
    return bytes;
  };
  test.each([
    ['length', good.slice(0, 50)],
    ['length', good.slice(0, good.length - 4)],
    ['magic', broken((b) => b.fill(0, 0, 4))],
    ['version', broken((b) => b.fill(9, 4, 5))],
    ['capacity', broken((b) => b.fill(255, 32, 36))],
    ['nodes', broken((b) => b.fill(9, 36, 37))],
    ['terrain', broken((b) => b.fill(1, 72, 80))],
    ['agent', broken((b) => b.fill(77, 128, 132))],
    ['goods', broken((b) => b.fill(1, 40, 41))],
  ])('names %s', (field, bytes) => {
    expect(() => restore(terrain, bytes)).toThrow(SnapshotError);
    expect(() => restore(terrain, bytes)).toThrow(field);
  });
});
