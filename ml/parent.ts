import type { Network } from '#shared/brain/network.ts';
import { OFFSETS } from './env/features.ts';
import { layerScale, quantizeBias, WEIGHT_UNIT } from './net/integerScale.ts';
import { layoutOf } from './net/parameters.ts';
import { quantize } from './quantize.ts';

/**
 * Parameters whose integer network is the given one, bit for bit: training can begin where a brain ended. The critic's
 * are zero. @throws RangeError naming what does not fit: sizes, shifts, weights that training has no numbers for.
 */
export function parametersOf(network: Network, sizes: readonly number[]): Float32Array {
  const own = [network.layers[0].inputs, ...network.layers.map(({ outputs }) => outputs)];
  if (own.join() !== sizes.join())
    throw new RangeError(
      `network: the parent is ${own.join('-')}, the behaviour asks for ${sizes.join('-')}`,
    );
  const layout = layoutOf(sizes);
  const theta = new Float32Array(layout.length);
  layout.layers.forEach(({ inputs, outputs, weight, bias }, l) => {
    const layer = network.layers[l];
    const scale = layerScale(l, layout.layers.length);
    if (layer.shift !== scale.shift)
      throw new RangeError(`layers[${l}].shift: training has ${scale.shift}, the parent ${layer.shift}`);
    const half = quantizeBias(0, scale);
    for (let o = 0; o < outputs; o++) {
      let sum = layer.bias[o] - half;
      for (let i = 0; i < inputs; i++) {
        const w = layer.weights[o * inputs + i];
        theta[weight + i * outputs + o] = w / WEIGHT_UNIT;
        if (l === 0) sum += w * OFFSETS[i];
      }
      theta[bias + o] = sum / scale.unit;
    }
  });
  const again = quantize(theta, layout, OFFSETS);
  network.layers.forEach(({ weights, bias }, l) => {
    const same = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      a.length === b.length && Array.prototype.every.call(a, (x, i) => x === b[i]);
    if (!same(weights, again.layers[l].weights) || !same(bias, again.layers[l].bias))
      throw new RangeError(`layers[${l}]: training has no numbers for the parent's weights`);
  });
  return theta;
}
