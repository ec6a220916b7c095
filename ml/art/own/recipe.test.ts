import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { beforeAll, describe, expect, it } from 'vitest';
import { readGrid } from '#shared/art/grid/file.ts';
import { forwardGrid, logitAt, logitCount } from '#shared/art/grid/network.ts';
import { drawSprite, loadArtModel, readGenome } from '#shared/art/index.ts';
import { Ink } from '#shared/art/types.ts';
import { startBackend } from '../../net/backend.ts';
import { createTrainer } from '../finetune.ts';
import { enlarged } from './enlarge.ts';
import { genomeOf } from './preview.ts';
import { ownTrainer } from './recipe.ts';

const SHAPE = { latents: 8, hidden: 16, channels: 8, mix: 16, blocks: 1 };
const round = (size: 32 | 64, n = 0) =>
  Uint8Array.from({ length: size * size }, (_, p) => {
    const r = Math.hypot((p % size) - size / 2, Math.floor(p / size) - size / 2) / size;
    return r < 0.3 + n * 0.02 ? (r < 0.1 ? Ink.patch : Ink.coat) : Ink.none;
  });
let base: Uint8Array;
beforeAll(async () => {
  await startBackend();
  const sprites = [{ size: 32 as const, pixels: round(32) }];
  const trainer = createTrainer({ size: 32, sprites, seed: 1, shape: SHAPE, style: 'companion', batch: 2 });
  for (let n = 0; n < 20; n++) await trainer.step();
  base = trainer.model();
});

describe('a model that is enlarged', () => {
  it('says of every pixel what the small one said of the one that it lies in', () => {
    const [small, large] = [readGrid(base), readGrid(enlarged(base))];
    expect(large.shape).toEqual({ ...small.shape, size: 64 });
    const inputs = Uint8Array.from({ length: 18 }, (_, i) => (i * 37) % 128);
    const [a, b] = [small, large].map((model) => {
      const logits = new Int32Array(logitCount(model.shape));
      forwardGrid(model, inputs, logits);
      return logits;
    });
    for (let y = 0; y < 64; y++)
      for (let x = 0; x < 64; x++) {
        const [from, to] = [logitAt(small.shape, x >> 1, y >> 1), logitAt(large.shape, x, y)];
        expect(b.subarray(to, to + 16)).toEqual(a.subarray(from, from + 16));
      }
  });

  it('is what it was where it is large already, and is refused where it is none', () => {
    const large = enlarged(base);
    expect(enlarged(large)).toBe(large);
    expect(() => enlarged(new Uint8Array(40))).toThrow('art model');
  });
});

describe.each([32, 64] as const)('a creator’s training at %i', (size) => {
  const order = (seed: number) => ({
    ...{ size, seed, base, steps: 12, name: 'Round ones', licence: 'CC0-1.0' },
    sprites: [round(size), round(size, 1)],
  });
  const trained = async (seed: number, steps: number) => {
    const trainer = ownTrainer(order(seed));
    for (let n = 0; n < steps; n++) await trainer.step();
    expect(trainer.done).toBe(steps);
    return trainer;
  };

  it('makes companions of that size, and says where they come from', async () => {
    const file = (await trained(4, 3)).finished();
    const { style, shape, provenance, name } = readGrid(file);
    expect({ style, name, size: shape.size }).toEqual({ style: 'companion', name: 'Round ones', size });
    expect(provenance).toMatchObject({ licence: 'CC0-1.0', parent: bytesToHex(sha256(base)), steps: 3 });
    const genome = genomeOf(9);
    const sprite = drawSprite(loadArtModel(file), { genome, stage: 3, branch: 2 });
    expect([sprite.width, sprite.height]).toEqual([size, size]);
    expect(readGenome(sprite)).toEqual(genome);
  });

  it('goes on from a checkpoint to the same bytes, and by another seed to others', async () => {
    const whole = (await trained(4, 6)).finished();
    const saved = (await trained(4, 2)).checkpoint();
    const again = ownTrainer(order(4));
    again.resume(saved);
    for (let n = 2; n < 6; n++) await again.step();
    expect(again.finished()).toEqual(whole);
    expect((await trained(5, 6)).finished()).not.toEqual(whole);
  });
});
