import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { readGrid } from '#shared/art/grid/file.ts';
import { forwardGrid, type GridShape, layersOf, logitAt, logitCount } from '#shared/art/grid/network.ts';
import { startBackend } from '../net/backend.ts';
import { randomFrom } from './dense.ts';
import { createTrainer, dataRoot, type TrainingSprite } from './finetune.ts';
import { grammarStrip } from './grid/grammar.ts';
import { gradients } from './grid/graph.ts';
import { freshMasters, integersOf, placesOf, usedOf } from './grid/parameters.ts';

beforeAll(startBackend);

const SMALL = { latents: 8, hidden: 16, channels: 8, mix: 16, blocks: 1 };
const random = randomFrom(11);
const strips = [0, 1, 2].flatMap((creature) => grammarStrip(creature, random));
const blank = (size: 32 | 64): TrainingSprite => ({ size, pixels: new Uint8Array(size * size).fill(3) });
const options = { size: 32 as const, sprites: strips, seed: 9, steps: 60, batch: 4, shape: SMALL };

async function run(trainer: ReturnType<typeof createTrainer>, steps: number): Promise<number> {
  let loss = 0;
  for (let n = 0; n < steps; n++) ({ loss } = await trainer.step());
  return loss;
}

describe('a trainer', () => {
  it('learns, and gives a model that loads and says where it comes from', async () => {
    const trainer = createTrainer({ ...options, rate: 0.02 });
    const first = await run(trainer, 1);
    expect(await run(trainer, 59)).toBeLessThan(first * 0.6);
    const { provenance, anchors, shape } = readGrid(trainer.model({ licence: 'own work' }));
    expect(provenance).toMatchObject({ data: dataRoot(strips), seed: 9, steps: 60, licence: 'own work' });
    expect(anchors.length).toBe(3 * shape.latents);
  });

  it('comes to the same bytes again, with a stop and a checkpoint in between too, and to others by another seed', async () => {
    const whole = createTrainer(options);
    await run(whole, 20);
    const before = createTrainer(options);
    await run(before, 9);
    const saved = before.checkpoint();
    before.dispose();
    const after = createTrainer(options);
    after.resume(saved);
    await run(after, 11);
    expect(after.model()).toEqual(whole.model());
    const other = createTrainer({ ...options, seed: 10 });
    await run(other, 20);
    expect(other.model()).not.toEqual(whole.model());
  });

  it('keeps no tensor over 500 steps', async () => {
    const trainer = createTrainer({ ...options, batch: 1 });
    await run(trainer, 1);
    const before = tf.memory().numTensors;
    await run(trainer, 499);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('goes on from a model, at either size, and names it as parent', async () => {
    for (const size of [32, 64] as const) {
      const first = createTrainer({ ...options, size, sprites: [blank(size)] });
      await run(first, 2);
      const base = first.model();
      const next = createTrainer({ ...options, size, sprites: [blank(size)], base });
      const masters = readGrid(next.model());
      expect(masters.layers).toEqual(readGrid(base).layers);
      expect(masters.provenance.parent).toMatch(/^[0-9a-f]{64}$/);
      expect(() =>
        createTrainer({ ...options, sprites: [blank(32)], size: size === 32 ? 64 : 32, base }),
      ).toThrow('base: size must be');
    }
  });

  it('refuses what it cannot learn from, and says what', () => {
    const wrong = (sprites: TrainingSprite[]) => () => createTrainer({ ...options, sprites });
    expect(wrong([])).toThrow('sprites must be a whole number 1..20000, got 0');
    expect(wrong([blank(64)])).toThrow('sprites[0].size must be 32, got 64');
    expect(wrong([{ size: 32, pixels: new Uint8Array(5) }])).toThrow('sprites[0].pixels must be 1024');
    expect(wrong([{ size: 32, pixels: new Uint8Array(1024).fill(16) }])).toThrow('must be 0..15, got 16');
    expect(wrong([{ ...blank(32), stage: 5 }])).toThrow('sprites[0].stage must be a whole number 0..4');
    expect(wrong([{ ...blank(32), branch: -1 }])).toThrow('sprites[0].branch');
    expect(wrong(Array.from({ length: 1025 }, () => blank(32)))).toThrow('creatures must be at most 1024');
    expect(() => createTrainer({ ...options, batch: 0 })).toThrow('batch must be a whole number 1..128');
    expect(() => createTrainer({ ...options, seed: -1 })).toThrow('seed must be');
    expect(() => createTrainer({ ...options, shape: { ...SMALL, channels: 12 } })).toThrow('multiple of 8');
  });

  it('refuses a checkpoint of other data or cut short, and keeps what it has', async () => {
    const trainer = createTrainer(options);
    await run(trainer, 2);
    const saved = trainer.checkpoint();
    const model = trainer.model();
    const other = createTrainer({ ...options, sprites: strips.slice(5) });
    expect(() => other.resume(saved)).toThrow('checkpoint: root must be');
    expect(() => createTrainer({ ...options, seed: 1 }).resume(saved)).toThrow(
      'checkpoint: seed must be 1, is 9',
    );
    expect(() => trainer.resume(saved.slice(0, -4))).toThrow('checkpoint: must be');
    expect(() => trainer.resume(new Uint8Array(3))).toThrow('checkpoint: must be longer');
    expect(() => trainer.resume(new Uint8Array(900).fill(1))).toThrow('checkpoint: header');
    const nan = saved.slice();
    nan.fill(255, nan.length - 4);
    expect(() => trainer.resume(nan)).toThrow('checkpoint: numbers must be finite');
    expect(trainer.model()).toEqual(model);
    trainer.dispose();
    await expect(trainer.step()).rejects.toThrow('was disposed');
  });
});

describe('the float network', () => {
  const shape: GridShape = { size: 32, ...SMALL };
  const masters = freshMasters(shape, randomFrom(3));
  const used = usedOf(shape, masters);
  const rows = 2;
  const width = layersOf(shape)[0].inputs;
  const whole = Uint8Array.from({ length: rows * width }, (_, i) => (i * 37) % 128);
  const batch = {
    inputs: Float32Array.from(whole, (v) => v / 127),
    targets: Uint8Array.from({ length: rows * 1024 }, (_, i) => (i * 7) % 16),
    weights: new Float32Array(rows * 1024).fill(1),
    rows,
  };

  it('has the gradients that differences of its loss say', async () => {
    const { weights, biases, inputs } = await gradients(shape, used, batch, 1024);
    const slope = async (values: Float32Array, at: number) => {
      const [kept, step] = [values[at], 0.004];
      values[at] = kept + step;
      const up = (await gradients(shape, used, batch, 1024)).loss;
      values[at] = kept - step;
      const down = (await gradients(shape, used, batch, 1024)).loss;
      values[at] = kept;
      return (up - down) / (2 * step);
    };
    const near = async (found: Float32Array, values: Float32Array) => {
      // the largest: beside the clamp's corners, where the leak is not the slope, they agree
      const at = found.reduce((best, g, i) => (Math.abs(g) > Math.abs(found[best]) ? i : best), 0);
      expect((await slope(values, at)) / found[at]).toBeCloseTo(1, 0);
    };
    for (let l = 0; l < weights.length; l++) {
      await near(weights[l], used.weights[l]);
      await near(biases[l], used.biases[l]);
    }
    await near(inputs, batch.inputs);
  });

  it('is the integer network but for its rounding', async () => {
    const network = integersOf(shape, masters);
    const logits = new Int32Array(logitCount(shape));
    // mean cross entropy of the integer network's logits, in the same units
    let sum = 0;
    for (let r = 0; r < rows; r++) {
      forwardGrid(network, whole.subarray(r * width, (r + 1) * width), logits);
      for (let p = 0; p < 1024; p++) {
        const scale = 2 ** layersOf(shape)[layersOf(shape).length - 1].shift * 127;
        const own = [...logits.subarray(p * 16, p * 16 + 16)].map((v) => v / scale);
        const token = p >> 4;
        const target = batch.targets[(token * rows + r) * 16 + (p & 15)];
        sum += Math.log(own.reduce((s, v) => s + Math.exp(v), 0)) - own[target];
      }
    }
    const { loss } = await gradients(shape, used, batch, 1024);
    expect(sum / 1024).toBeCloseTo(loss, 2);
    expect(logitAt(shape, 5, 2)).toBe((16 + 2 * 4 + 1) * 16);
    expect(placesOf(shape).at(-1)?.end).toBe(masters.values.length);
  });
});
