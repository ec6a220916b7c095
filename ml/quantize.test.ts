import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createKernelSync, forward } from '#shared/brain/index.ts';
import { OFFSETS } from './env/features.ts';
import { ActorCritic } from './net/actorCritic.ts';
import { startBackend } from './net/backend.ts';
import { layerScale, MAX_WEIGHT, WEIGHT_UNIT } from './net/integerScale.ts';
import { initialize, layoutOf } from './net/parameters.ts';
import { nextRandom, seedRng } from './net/random.ts';
import { quantize } from './quantize.ts';

beforeAll(startBackend);

const uniform = (count: number, random: Int32Array) =>
  Uint8Array.from({ length: count }, () => nextRandom(random) >>> 25);

describe('quantize', () => {
  it('gives the very logits that training computes, on every row', () => {
    const kernel = createKernelSync();
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 60 }), (seed, spread) => {
        const sizes = [64, 64, 64, 12];
        const net = new ActorCritic(sizes, OFFSETS);
        const theta = initialize(net.layout, seed);
        const random = seedRng(seed ^ 7);
        // Weights as after long training too: far from where they began, beyond what int8 holds.
        for (let k = 0; k < theta.length; k++)
          theta[k] = theta[k] * (spread / 10) + (nextRandom(random) / 2 ** 32 - 0.5) * 0.02 * spread;
        const count = 64;
        const observations = uniform(count * 64, random);
        const logits = new Float32Array(count * 12);
        net.evaluate(theta, observations, count, logits, new Float32Array(count));
        const brain = kernel.load(quantize(theta, net.layout, OFFSETS));
        const integers = new Int32Array(count * 12);
        kernel.forwardBatch(brain, observations, count, integers);
        kernel.unload(brain);
        expect(Array.from(logits, (x) => x * 256)).toEqual([...integers]);
      }),
      { numRuns: 25 },
    );
  });

  it('keeps weights beyond the limit at the limit', () => {
    const layout = layoutOf([2, 2, 2, 1]);
    const theta = new Float32Array(layout.length);
    theta[layout.layers[1].weight] = 100;
    theta[layout.layers[1].weight + 1] = -100;
    const network = quantize(theta, layout, new Uint8Array(2));
    // [inputs][outputs] became [outputs][inputs].
    expect([...network.layers[1].weights]).toEqual([MAX_WEIGHT, 0, -MAX_WEIGHT, 0]);
  });

  it('stays within half a unit per weight of the network without rounding', () => {
    const layout = layoutOf([64, 12]);
    const theta = new Float32Array(layout.length);
    const random = seedRng(4);
    for (let k = 0; k < theta.length; k++) theta[k] = (nextRandom(random) / 2 ** 32 - 0.5) * 2;
    const network = quantize(theta, layout, OFFSETS);
    const observations = uniform(64, random);
    const logits = new Int32Array(12);
    forward(network, observations, logits);
    const { weight, bias } = layout.layers[0];
    for (let o = 0; o < 12; o++) {
      let exact = theta[bias + o];
      let inputs = 0;
      for (let i = 0; i < 64; i++) {
        const x = (observations[i] - OFFSETS[i]) / 64;
        exact += theta[weight + i * 12 + o] * x;
        inputs += Math.abs(x);
      }
      const bound = (inputs * 0.5) / WEIGHT_UNIT + 1 / 256;
      expect(Math.abs(logits[o] / 256 - exact)).toBeLessThanOrEqual(bound);
    }
  });

  it('has whole shifts for every depth', () => {
    for (let layers = 1; layers <= 4; layers++)
      for (let l = 0; l < layers; l++) {
        const { shift } = layerScale(l, layers);
        expect(Number.isInteger(shift) && shift >= 0).toBe(true);
      }
  });
});
