import { describe, expect, it } from 'vitest';
import { createNetwork } from '#shared/brain/index.ts';
import { OFFSETS } from './env/features.ts';
import { initialize, layoutOf } from './net/parameters.ts';
import { nextRandom, seedRng } from './net/random.ts';
import { parametersOf } from './parent.ts';
import { quantize } from './quantize.ts';

const SIZES = [64, 32, 16, 14];

function trained(seed: number) {
  const layout = layoutOf(SIZES);
  const random = seedRng(seed);
  const theta = initialize(layout, seed).map((w) => w * 2 + nextRandom(random) / 2 ** 32 - 0.5);
  return { layout, network: quantize(theta, layout, OFFSETS) };
}

describe('parametersOf', () => {
  it('gives parameters whose integer network is the brain, bit for bit', () => {
    for (let seed = 0; seed < 5; seed++) {
      const { layout, network } = trained(seed);
      expect(quantize(parametersOf(network, SIZES), layout, OFFSETS)).toEqual(network);
    }
  });

  it('refuses other sizes, other shifts and weights that training has no numbers for', () => {
    const { network } = trained(1);
    expect(() => parametersOf(network, [64, 32, 14])).toThrow(/the parent is 64-32-16-14/);
    const change = (more: object) =>
      createNetwork(network.layers.map((layer, l) => (l === 1 ? { ...layer, ...more } : layer)));
    expect(() => parametersOf(change({ shift: 9 }), SIZES)).toThrow(/layers\[1\]\.shift: training has 6/);
    const weights = network.layers[1].weights.slice();
    weights[0] = -128;
    expect(() => parametersOf(change({ weights }), SIZES)).toThrow(/layers\[1\]: training has no numbers/);
    const bias = network.layers[1].bias.slice();
    bias[0] = 2 ** 29;
    expect(() => parametersOf(change({ bias }), SIZES)).toThrow(/layers\[1\]: training has no numbers/);
  });
});
