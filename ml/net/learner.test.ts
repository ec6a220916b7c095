import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { LEARNER_BASE64 } from '../kernel-bytes.ts';
import { criticSizes, criticStart } from '../mappo.ts';
import { startBackend } from './backend.ts';
import { KernelLearner } from './kernelLearner.ts';
import type { Estimates, Learner, LearnerOptions } from './learner.ts';
import { initialize, layoutOf } from './parameters.ts';
import { nextRandom, seedRng } from './random.ts';
import { TfjsLearner } from './tfjsLearner.ts';

beforeAll(startBackend);

const unit = (random: Int32Array) => nextRandom(random) / 2 ** 32;

/** Rows and parameters as in the midst of a training: weights that are rounded and some that are cut off. */
function situation(sizes: number[], group: number, count: number, seed: number) {
  const random = seedRng(seed);
  const actions = sizes[sizes.length - 1];
  const floats = (scale: number) => Float32Array.from({ length: count }, () => (unit(random) - 0.5) * scale);
  const masks = Uint32Array.from({ length: count }, () => 1 | Math.floor(unit(random) * 2 ** actions));
  const rows = {
    count,
    observations: Uint8Array.from({ length: count * sizes[0] }, () => nextRandom(random) >>> 25),
    masks,
    // Some do what the mask forbids, as a teacher may.
    actions: Uint8Array.from(masks, () => Math.floor(unit(random) * actions)),
  };
  const legal = (k: number) => (rows.masks[k] >> rows.actions[k]) & 1;
  for (let k = 0; k < count; k += 1) if (k % 7 !== 3 && !legal(k)) rows.actions[k] = 0;
  const estimates: Estimates = {
    oldLogProbs: floats(1).map((x) => -1 - x),
    oldValues: floats(1),
    advantages: floats(4),
    returns: floats(3),
  };
  const parameters = (layout: ReturnType<typeof layoutOf>, s: number) =>
    initialize(layout, s).map((w) => w * 1.5 + (unit(random) - 0.5) * 0.2);
  const actor = parameters(layoutOf(sizes), 5);
  const critic = parameters(layoutOf(criticSizes(sizes)), 6);
  const theta = new Float32Array(criticStart(layoutOf(sizes)) + critic.length);
  theta.set(actor);
  theta.set(critic, criticStart(layoutOf(sizes)));
  const offsets = Uint8Array.from({ length: sizes[0] }, (_, i) => (i % 3 ? 0 : 64));
  const parent = parameters(layoutOf(sizes), 7);
  return { rows, estimates, theta, offsets, parent, group };
}

const STEP = {
  imitate: false,
  clip: 0.2,
  valueCoefficient: 0.5,
  entropy: 0.01,
  anchor: 0.3,
  maxGradNorm: 0.5,
  learningRate: 0.001,
};

describe.each([
  ['a shared trunk', [64, 64, 64, 12], 'own', false],
  ['a central critic', [64, 64, 64, 12], 'central', false],
  ['an anchor and odd sizes', [13, 20, 7, 33, 5], 'own', true],
  ['everything, sixteen actions', [64, 32, 16], 'central', true],
] as const)('the engines of a learner with %s', (_name, sizes, critic, anchored) => {
  const group = 5;
  const count = 115;
  const s = situation([...sizes], group, count, 3);
  const options: LearnerOptions = {
    sizes,
    offsets: s.offsets,
    critic,
    group,
    rows: count,
    parent: anchored ? s.parent : undefined,
  };
  const make = (kind: new (options: LearnerOptions) => Learner) => {
    const learner = new kind(options);
    learner.theta.set(s.theta.subarray(0, learner.theta.length));
    learner.load(s.rows);
    learner.estimate(s.estimates);
    return learner;
  };
  const actions = sizes[sizes.length - 1];
  const order = Uint32Array.from({ length: 75 }, (_, k) => (k * 7) % count);

  it('see the same logits, bit for bit, and nearly the same values and log-probabilities', () => {
    const [kernel, tfjs] = [make(KernelLearner), make(TfjsLearner)].map((learner) => {
      const logits = new Float32Array(count * actions);
      const [values, mine, logs] = [0, 0, 0].map(() => new Float32Array(count));
      learner.evaluate(s.rows.observations, count, logits, values);
      learner.values(mine);
      learner.logProbs(s.parent, logs);
      expect(mine).toEqual(values);
      return { logits, values, logs };
    });
    expect(kernel.logits).toEqual(tfjs.logits);
    expect(kernel.values.some((v) => Math.abs(v) > 0.1)).toBe(true);
    for (let k = 0; k < count; k++) {
      expect(Math.abs(kernel.values[k] - tfjs.values[k])).toBeLessThan(1e-5 * (1 + Math.abs(tfjs.values[k])));
      expect(Math.abs(kernel.logs[k] - tfjs.logs[k])).toBeLessThan(1e-5 * (1 + Math.abs(tfjs.logs[k])));
    }
  });

  it.each([false, true])('step alike (imitation: %s)', (imitate) => {
    const [kernel, tfjs] = [make(KernelLearner), make(TfjsLearner)];
    // With a bound on the norm far away Adam's first moment is a tenth of the gradient.
    const step = { ...STEP, imitate, maxGradNorm: 1e9, learningRate: 1e-4 };
    const rows = imitate ? order : order.filter((k) => (s.rows.masks[k] >> s.rows.actions[k]) & 1);
    const mine = kernel.step(rows, step);
    const theirs = tfjs.step(rows, step);
    for (const key of Object.keys(theirs) as (keyof typeof theirs)[])
      if (key in mine)
        expect(Math.abs(mine[key] - theirs[key]), key).toBeLessThan(1e-4 * (1 + Math.abs(theirs[key])));
    const most = tfjs.m.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    expect(most).toBeGreaterThan(0);
    for (let k = 0; k < tfjs.m.length; k++)
      expect(Math.abs(kernel.m[k] - tfjs.m[k]), `gradient ${k}`).toBeLessThan(2e-5 * most);
    expect(kernel.t).toBe(1);
    kernel.step(rows, STEP);
    tfjs.step(rows, STEP);
    for (let k = 0; k < tfjs.m.length; k++)
      expect(Math.abs(kernel.theta[k] - tfjs.theta[k]), `theta ${k}`).toBeLessThan(2.5e-3);
  });

  it('gives the same bits every time', () => {
    const [first, second] = [make(KernelLearner), make(KernelLearner)].map((learner) => {
      for (let k = 0; k < 5; k++) learner.step(order, STEP);
      return learner;
    });
    expect(first.theta).toEqual(second.theta);
    expect(first.theta.every(Number.isFinite)).toBe(true);
    expect(first.theta).not.toEqual(s.theta.subarray(0, first.theta.length));
  });
});

describe('KernelLearner', () => {
  it('is the committed wasm', () => {
    const wasm = readFileSync(new URL('../kernel.wasm', import.meta.url));
    expect(LEARNER_BASE64).toBe(wasm.toString('base64'));
  });

  it('learns to these very bits on every machine', () => {
    const s = situation([64, 64, 64, 12], 5, 115, 3);
    const learner = new KernelLearner({
      sizes: [64, 64, 64, 12],
      offsets: s.offsets,
      critic: 'central',
      group: 5,
      rows: 115,
      parent: s.parent,
    });
    learner.theta.set(s.theta);
    learner.load(s.rows);
    learner.estimate(s.estimates);
    const rows = Uint32Array.from({ length: 115 }, (_, k) => (k * 7) % 115);
    for (let k = 0; k < 20; k++) learner.step(rows, { ...STEP, imitate: k < 5 });
    const { buffer, byteOffset, byteLength } = learner.theta;
    expect(
      createHash('sha256')
        .update(new Uint8Array(buffer, byteOffset, byteLength))
        .digest('hex'),
    ).toBe('7c0520c4eb15b3874186e4408cfdd677db1072754976ea8b08d2c4a8da0d54eb');
  });

  const options: LearnerOptions = {
    sizes: [8, 8, 3],
    offsets: new Uint8Array(8),
    critic: 'own',
    group: 4,
    rows: 8,
  };
  it('refuses more rows than it has room for, and part of a team', () => {
    const learner = new KernelLearner(options);
    const rows = (count: number) => ({
      count,
      observations: new Uint8Array(count * 8),
      masks: new Uint32Array(count),
      actions: new Uint8Array(count),
    });
    expect(() => learner.load(rows(12))).toThrow(/rows: .* up to 8, is 12/);
    expect(() => learner.load(rows(6))).toThrow(/multiple of 4/);
  });
});
