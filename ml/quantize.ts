import { createNetwork, type Network } from '#shared/brain/network.ts';
import { layerScale, quantizeBias, quantizeWeight } from './net/integerScale.ts';
import type { Layout } from './net/parameters.ts';

/**
 * The integer network of trained parameters. Weights are rounded to int8; the offsets of the observations and the
 * half that makes a shift round are folded into the biases, so the network reads raw observations. Gives the very
 * logits that `ActorCritic.forward` computes.
 */
export function quantize(theta: Float32Array, layout: Layout, offsets: Uint8Array): Network {
  return createNetwork(
    layout.layers.map(({ inputs, outputs, weight, bias }, l) => {
      const scale = layerScale(l, layout.layers.length);
      const weights = new Int8Array(inputs * outputs);
      const biases = new Int32Array(outputs);
      for (let o = 0; o < outputs; o++) {
        let b = quantizeBias(theta[bias + o], scale);
        for (let i = 0; i < inputs; i++) {
          const w = quantizeWeight(theta[weight + i * outputs + o]);
          weights[o * inputs + i] = w;
          if (l === 0) b -= w * offsets[i];
        }
        biases[o] = b;
      }
      return { inputs, outputs, weights, bias: biases, shift: scale.shift };
    }),
  );
}
