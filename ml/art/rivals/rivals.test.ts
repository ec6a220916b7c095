import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { finished } from '#ml/art/data/drawn.ts';
import { randomFrom } from '#ml/art/dense.ts';
import { grammarStrip } from '#ml/art/grid/grammar.ts';
import { startBackend } from '#ml/net/backend.ts';
import { checkpointOf, parseCheckpoint } from './checkpoint.ts';
import { FAMILIES, familyOf } from './families.ts';
import type { Learnt } from './family.ts';
import { minutesOf } from './minutes.ts';
import { Parameters, patchesOf } from './nn.ts';

const genome = (n: number) => Uint8Array.from({ length: 32 }, (_, i) => (i * 37 + n * 101) & 255);
const random = randomFrom(5);
const strip = grammarStrip(0, random).map(
  ({ pixels, creature = 0, stage = 0, branch = 0 }): Learnt => ({ pixels, creature, stage, branch }),
);

beforeAll(startBackend);

function train(family: (typeof FAMILIES)[number], steps: number) {
  const p = new Parameters(1);
  const noise = randomFrom(9);
  const batch = strip.slice(0, 6);
  tf.tidy(() => family.loss(p, batch, noise));
  const optimizer = tf.train.adam(0.003);
  const losses: number[] = [];
  let tensors = 0;
  for (let step = 0; step < steps; step++) {
    const loss = tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => family.loss(p, batch, noise), p.variables);
      optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
      return value.dataSync()[0];
    });
    losses.push(loss);
    if (step === 1) tensors = tf.memory().numTensors;
  }
  const leaked = tf.memory().numTensors - tensors;
  return { p, losses, leaked };
}

describe.each(FAMILIES.map((family) => [family.name, family] as const))('the family %s', (_, family) => {
  it('learns a few pictures and leaks no tensor', () => {
    const { p, losses, leaked } = train(family, family.name === 'automaton' ? 6 : 24);
    expect(losses.at(-1)).toBeLessThan(losses[0] * 0.8);
    expect(leaked).toBe(0);
    p.dispose();
  });

  it('draws the same for the same request, and another creature for another genome', () => {
    const p = new Parameters(3);
    tf.tidy(() => family.loss(p, strip.slice(0, 2), randomFrom(1)));
    const request = { genome: genome(1), stage: 3, branch: 2 };
    const [one, again, other] = family.draw(p, [request, request, { ...request, genome: genome(2) }]);
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
    expect(one).toHaveLength(32 * 32 * 16);
    expect(finished(one, request).pixels.every((ink) => ink < 16)).toBe(true);
    p.dispose();
  });

  it('comes back from a checkpoint to the same drawings', () => {
    const p = new Parameters(4);
    tf.tidy(() => family.loss(p, strip.slice(0, 2), randomFrom(1)));
    const saved = parseCheckpoint(checkpointOf(p, 12, 3.5));
    const back = saved.parameters();
    const request = { genome: genome(5), stage: 2, branch: 1 };
    expect([saved.step, saved.spent]).toEqual([12, 3.5]);
    expect(family.draw(back, [request])).toEqual(family.draw(p, [request]));
    p.dispose();
    back.dispose();
  });
});

describe('rivals', () => {
  it('cannot be of an unknown family', () => {
    expect(() => familyOf('gan')).toThrow('family must be one of vae, masked, automaton, rgb, got gan');
  });

  it.each(['0', '-1', '61', 'NaN', 'soon'])('cannot train for %s minutes', (text) => {
    expect(() => minutesOf(text)).toThrow(`minutes must be over 0 and at most 60, got ${text}`);
  });

  it('cannot go on from another network’s checkpoint', () => {
    const [a, b] = [new Parameters(1), new Parameters(1)];
    a.get('one', [2, 3], 2);
    b.get('two', [2, 3], 2);
    const saved = parseCheckpoint(checkpointOf(a, 1, 1));
    expect(() => saved.into(b)).toThrow('checkpoint: one [2,3] does not fit two [2,3]');
    a.dispose();
    b.dispose();
  });

  it('puts each pixel into its patch', () => {
    const pixels = new Uint8Array(1024);
    pixels[5 * 32 + 9] = 7;
    const patches = patchesOf([pixels]);
    const token = 1 * 8 + 2;
    const at = token * 256 + (1 * 4 + 1) * 16 + 7;
    expect(patches.dataSync()[at]).toBe(1);
    patches.dispose();
  });
});
