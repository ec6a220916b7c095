import * as tf from '@tensorflow/tfjs-core';
import { MAX_ACTIVATION } from '#shared/brain/network.ts';
import {
  ACTIVATION_UNIT,
  BIAS_LIMIT,
  type LayerScale,
  LOGIT_UNIT,
  layerScale,
  MAX_WEIGHT,
  quantizeBias,
  quantizeWeight,
  WEIGHT_UNIT,
} from './integerScale.ts';
import { type Layout, layoutOf } from './parameters.ts';

/**
 * Actor and critic on a shared trunk. The forward pass rounds weights and activations exactly as the integer network
 * does, so its logits *are* the integer network's; the backward pass lets gradients through the rounding as if it
 * were not there, and through the clamp only where it does not act (the straight-through estimator, Bengio et al.
 * 2013). The value is a float of the same last hidden layer.
 *
 * Gradients are written out rather than taken by tfjs: its WebAssembly backend multiplies by a transposed matrix
 * eight times slower than by one that was transposed before.
 */
export class ActorCritic {
  readonly layout: Layout;
  readonly #offsets: Uint8Array;
  readonly #scales: readonly LayerScale[];

  /** @param offsets what is subtracted from each observation; [observations] */
  constructor(sizes: readonly number[], offsets: Uint8Array) {
    this.layout = layoutOf(sizes);
    this.#offsets = offsets;
    this.#scales = this.layout.layers.map((_, l) => layerScale(l, this.layout.layers.length));
  }

  get actions(): number {
    return this.layout.sizes[this.layout.sizes.length - 1];
  }

  /** Keeps the parameters where the integer network has numbers for them, so that none drifts off unseen. */
  clamp(theta: Float32Array): void {
    const most = MAX_WEIGHT / WEIGHT_UNIT;
    for (const { weight, bias, outputs } of this.layout.layers) {
      for (let k = weight; k < bias; k++) theta[k] = Math.max(-most, Math.min(most, theta[k]));
      for (let k = bias; k < bias + outputs; k++)
        theta[k] = Math.max(-BIAS_LIMIT, Math.min(BIAS_LIMIT, theta[k]));
    }
  }

  /** Logits [count][actions], nats, and values [count] of observations [count][inputs], many rows at a time. */
  evaluate(
    theta: Float32Array,
    observations: Uint8Array,
    count: number,
    logits: Float32Array,
    values: Float32Array,
  ): void {
    const inputs = this.layout.sizes[0];
    const chunk = 8192;
    for (let start = 0; start < count; start += chunk) {
      const rows = Math.min(chunk, count - start);
      const part = observations.subarray(start * inputs, (start + rows) * inputs);
      tf.tidy(() => {
        const pass = this.forward(theta, part, rows);
        logits.set(pass.logits, start * this.actions);
        values.set(pass.values, start);
      });
    }
  }

  /** One pass whose tensors stay for `backward`; call both within one `tf.tidy`. */
  forward(theta: Float32Array, observations: Uint8Array, count: number): Pass {
    const { layers, valueWeight, valueBias, sizes } = this.layout;
    const inputs = sizes[0];
    const x = new Float32Array(count * inputs);
    for (let r = 0, k = 0; r < count; r++)
      for (let i = 0; i < inputs; i++, k++) x[k] = observations[k] - this.#offsets[i];
    const activations: tf.Tensor2D[] = [tf.tensor2d(x, [count, inputs])];
    const weights: Float32Array[] = [];
    const last = layers.length - 1;
    for (let l = 0; l < last; l++) {
      const { inputs, outputs, weight, bias } = layers[l];
      const scale = this.#scales[l];
      const w = new Float32Array(inputs * outputs);
      for (let k = 0; k < w.length; k++) w[k] = quantizeWeight(theta[weight + k]);
      const b = new Float32Array(outputs);
      for (let o = 0; o < outputs; o++) b[o] = quantizeBias(theta[bias + o], scale);
      const sum = tf.add(tf.matMul(activations[l], tf.tensor2d(w, [inputs, outputs])), tf.tensor1d(b));
      activations.push(
        tf.clipByValue(tf.floor(tf.mul(sum, 2 ** -scale.shift)), 0, MAX_ACTIVATION) as tf.Tensor2D,
      );
      weights.push(w);
    }
    // The last layer and the critic in one product: column `actions` is the value.
    const { outputs, weight, bias } = layers[last];
    const hidden = layers[last].inputs;
    const head = new Float32Array(hidden * (outputs + 1));
    for (let i = 0; i < hidden; i++) {
      for (let o = 0; o < outputs; o++)
        head[i * (outputs + 1) + o] = quantizeWeight(theta[weight + i * outputs + o]);
      head[i * (outputs + 1) + outputs] = theta[valueWeight + i];
    }
    weights.push(head);
    const sums = tf.matMul(activations[last], tf.tensor2d(head, [hidden, outputs + 1])).dataSync();
    const scale = this.#scales[last];
    const b = Float64Array.from({ length: outputs }, (_, o) => quantizeBias(theta[bias + o], scale));
    const logits = new Float32Array(count * outputs);
    const values = new Float32Array(count);
    for (let r = 0, k = 0; r < count; r++) {
      for (let o = 0; o < outputs; o++, k++)
        logits[r * outputs + o] = Math.floor((sums[k] + b[o]) * 2 ** -scale.shift) / LOGIT_UNIT;
      values[r] = sums[k++] / ACTIVATION_UNIT + theta[valueBias];
    }
    return { count, logits, values, activations, weights };
  }

  /**
   * The gradient of a loss by the parameters, from its gradient by logits and values: `head` [count][actions + 1],
   * the value's in the last column. Writes all of `gradient`.
   */
  backward(pass: Pass, head: Float32Array, gradient: Float32Array): void {
    const { layers, valueWeight, valueBias } = this.layout;
    const { count, activations, weights } = pass;
    const last = layers.length - 1;
    const ones = tf.ones([1, count]) as tf.Tensor2D;
    let delta = tf.tensor2d(head, [count, layers[last].outputs + 1]);
    for (let l = last; l >= 0; l--) {
      const { inputs, outputs, weight, bias } = layers[l];
      const { inputUnit } = this.#scales[l];
      const dw = tf.matMul(tf.transpose(activations[l]), delta).dataSync();
      const db = tf.matMul(ones, delta).dataSync();
      if (l === last) {
        for (let i = 0, k = 0; i < inputs; i++) {
          for (let o = 0; o < outputs; o++) gradient[weight + i * outputs + o] = dw[k++] / inputUnit;
          gradient[valueWeight + i] = dw[k++] / inputUnit;
        }
        gradient[valueBias] = db[outputs];
      } else for (let k = 0; k < dw.length; k++) gradient[weight + k] = dw[k] / inputUnit;
      for (let o = 0; o < outputs; o++) gradient[bias + o] = db[o];
      if (l === 0) break;
      const h = activations[l];
      // 1 where the clamp did not act: h of 1..126, whole numbers.
      const open = tf.sub(tf.clipByValue(h, 0, 1), tf.clipByValue(tf.sub(h, MAX_ACTIVATION - 1), 0, 1));
      const back = transposed(weights[l], inputs, l === last ? outputs + 1 : outputs, l === last);
      delta = tf.mul(tf.matMul(delta, back), open) as tf.Tensor2D;
    }
  }
}

/** What a forward pass leaves for the backward pass. */
export interface Pass {
  readonly count: number;
  /** [count][actions], nats. */
  readonly logits: Float32Array;
  /** [count]. */
  readonly values: Float32Array;
  readonly activations: readonly tf.Tensor2D[];
  readonly weights: readonly Float32Array[];
}

/** Weights as floats, transposed; of the head's columns the value's are floats already. */
function transposed(w: Float32Array, inputs: number, outputs: number, head: boolean): tf.Tensor2D {
  const t = new Float32Array(w.length);
  for (let i = 0; i < inputs; i++)
    for (let o = 0; o < outputs; o++)
      t[o * inputs + i] = w[i * outputs + o] / (head && o === outputs - 1 ? 1 : WEIGHT_UNIT);
  return tf.tensor2d(t, [outputs, inputs]);
}
