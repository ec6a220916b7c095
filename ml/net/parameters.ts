import { cosTurn, log } from '../exact.ts';
import { nextRandom, seedRng } from './random.ts';

/** Where each tensor lies in the one array of parameters. */
export interface Layout {
  readonly sizes: readonly number[];
  readonly layers: readonly { inputs: number; outputs: number; weight: number; bias: number }[];
  /** The critic's weights [last hidden] and its bias. */
  readonly valueWeight: number;
  readonly valueBias: number;
  readonly length: number;
}

/** `sizes`: observations, hidden layers, actions. Weights lie row-major [inputs][outputs]. */
export function layoutOf(sizes: readonly number[]): Layout {
  let at = 0;
  const layers = sizes.slice(1).map((outputs, l) => {
    const inputs = sizes[l];
    const weight = at;
    const bias = weight + inputs * outputs;
    at = bias + outputs;
    return { inputs, outputs, weight, bias };
  });
  const hidden = sizes[sizes.length - 2];
  return { sizes, layers, valueWeight: at, valueBias: at + hidden, length: at + hidden + 1 };
}

/**
 * Orthogonal weights (Saxe et al. 2014) with gain √2, 0.01 for the actor's last layer, 0 for the critic (detail 2 of
 * Huang et al. 2022, "The 37 Implementation Details of PPO"); the first layer's gain is 1, its inputs are not centred.
 */
export function initialize(layout: Layout, seed: number): Float32Array {
  const theta = new Float32Array(layout.length);
  const random = seedRng(seed);
  layout.layers.forEach(({ inputs, outputs, weight }, l) => {
    const gain = l === layout.layers.length - 1 ? 0.05 : l === 0 ? 1 : Math.SQRT2;
    const rows = orthogonal(Math.max(inputs, outputs), Math.min(inputs, outputs), random);
    for (let i = 0; i < inputs; i++)
      for (let o = 0; o < outputs; o++)
        theta[weight + i * outputs + o] = gain * (inputs >= outputs ? rows[o][i] : rows[i][o]);
  });
  return theta;
}

/** `count` orthonormal vectors of `length`, by Gram and Schmidt. */
function orthogonal(length: number, count: number, random: Int32Array): Float64Array[] {
  const vectors: Float64Array[] = [];
  while (vectors.length < count) {
    const v = Float64Array.from({ length }, () => gaussian(random));
    for (const u of vectors) {
      const dot = v.reduce((sum, x, i) => sum + x * u[i], 0);
      for (let i = 0; i < length; i++) v[i] -= dot * u[i];
    }
    const norm = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
    if (norm > 1e-6) vectors.push(v.map((x) => x / norm));
  }
  return vectors;
}

/** A standard normal number, by Box and Muller. */
function gaussian(random: Int32Array): number {
  const u = (nextRandom(random) + 1) / (2 ** 32 + 1);
  const v = nextRandom(random) / 2 ** 32;
  return Math.sqrt(-2 * log(u)) * cosTurn(v);
}
