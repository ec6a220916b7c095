/**
 * The integer network of law 4: dense layers of int8 weights over activations 0..127.
 *
 * Every hidden layer computes `clamp((bias + Σ w·x) >> shift, 0, 127)`; the last one computes
 * `(bias + Σ w·x) >> shift` and its int32 results are the logits, in 1/256 nat. `>>` is the arithmetic
 * shift. The limits below keep every sum inside int32, so the order of summation cannot matter and any
 * implementation gives the same numbers.
 */

export const MAX_LAYERS = 4;
export const MAX_WIDTH = 128;
export const MAX_OUTPUTS = 16;
export const MAX_SHIFT = 31;
/** Greatest activation or observation; the least is 0. */
export const MAX_ACTIVATION = 127;
/**
 * Greatest |bias|. |Σ w·x| ≤ 128 · 128 · 127 < 2^21, so a sum stays below 2^30 + 2^21 and a sum plus
 * a Gumbel value (< 2^11) below 2^31: nothing ever wraps.
 */
export const MAX_BIAS = 2 ** 30;

export interface Layer {
  /** Width of what the layer reads, 1..128. */
  readonly inputs: number;
  /** Number of neurons, 1..128; of the last layer 1..16. */
  readonly outputs: number;
  /** Row-major [outputs][inputs]. */
  readonly weights: Int8Array;
  /** [outputs], each |bias| ≤ 2^30. */
  readonly bias: Int32Array;
  /** Arithmetic right shift of the sum, 0..31. */
  readonly shift: number;
}

export interface Network {
  readonly layers: readonly Layer[];
}

/** A network outside the limits; `field` names what is wrong, such as `layers[1].shift`. */
export class NetworkError extends RangeError {
  override readonly name = 'NetworkError';
  readonly field: string;
  constructor(field: string, problem: string) {
    super(`${field}: ${problem}`);
    this.field = field;
  }
}

/** Throws a NetworkError unless `value` is an integer in [least, greatest]. */
export function requireInteger(field: string, value: unknown, least: number, greatest: number): void {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > greatest) {
    throw new NetworkError(field, `must be an integer from ${least} to ${greatest}, is ${String(value)}`);
  }
}

/** Checks every limit above. @throws NetworkError naming the field and the limit. */
export function checkNetwork(network: Network): void {
  const { layers } = network;
  if (!Array.isArray(layers)) throw new NetworkError('layers', 'must be an array');
  requireInteger('layers.length', layers.length, 1, MAX_LAYERS);
  for (let l = 0; l < layers.length; l++) {
    const layer: Layer = layers[l];
    const at = `layers[${l}]`;
    const last = l === layers.length - 1;
    requireInteger(`${at}.inputs`, layer.inputs, 1, MAX_WIDTH);
    requireInteger(`${at}.outputs`, layer.outputs, 1, last ? MAX_OUTPUTS : MAX_WIDTH);
    requireInteger(`${at}.shift`, layer.shift, 0, MAX_SHIFT);
    if (l > 0 && layer.inputs !== layers[l - 1].outputs) {
      throw new NetworkError(
        `${at}.inputs`,
        `must equal layers[${l - 1}].outputs (${layers[l - 1].outputs}), is ${layer.inputs}`,
      );
    }
    if (!(layer.weights instanceof Int8Array)) {
      throw new NetworkError(`${at}.weights`, 'must be an Int8Array');
    }
    if (!(layer.bias instanceof Int32Array)) throw new NetworkError(`${at}.bias`, 'must be an Int32Array');
    const size = layer.inputs * layer.outputs;
    if (layer.weights.length !== size) {
      throw new NetworkError(`${at}.weights`, `must hold ${size} values, holds ${layer.weights.length}`);
    }
    if (layer.bias.length !== layer.outputs) {
      throw new NetworkError(`${at}.bias`, `must hold ${layer.outputs} values, holds ${layer.bias.length}`);
    }
    for (let o = 0; o < layer.outputs; o++) {
      requireInteger(`${at}.bias[${o}]`, layer.bias[o], -MAX_BIAS, MAX_BIAS);
    }
  }
}

/** Copies and checks the layers. @throws NetworkError naming the field and the limit. */
export function createNetwork(layers: readonly Layer[]): Network {
  checkNetwork({ layers });
  return {
    layers: layers.map((layer) => ({
      inputs: layer.inputs,
      outputs: layer.outputs,
      weights: layer.weights.slice(),
      bias: layer.bias.slice(),
      shift: layer.shift,
    })),
  };
}

/** Number of observations the network reads. */
export function networkInputs(network: Network): number {
  return network.layers[0].inputs;
}

/** Number of logits, that is of actions it decides among. */
export function networkOutputs(network: Network): number {
  return network.layers[network.layers.length - 1].outputs;
}

/** Throws unless `observations` holds exactly `length` values of 0..127. */
export function checkObservations(observations: Uint8Array, length: number): void {
  if (observations.length !== length) {
    throw new NetworkError('observations', `must hold ${length} values, holds ${observations.length}`);
  }
  for (let i = 0; i < length; i++) {
    if (observations[i] > MAX_ACTIVATION) {
      throw new NetworkError(`observations[${i}]`, `must be from 0 to 127, is ${observations[i]}`);
    }
  }
}

const even = new Int32Array(MAX_WIDTH);
const odd = new Int32Array(MAX_WIDTH);

/**
 * The reference: one row of observations [inputs] to logits [outputs] (longer arrays keep their tail).
 * The network must have passed `checkNetwork`.
 * @throws NetworkError when an observation exceeds 127 or a length does not fit.
 */
export function forward(network: Network, observations: Uint8Array, logits: Int32Array): void {
  checkObservations(observations, networkInputs(network));
  const outputs = networkOutputs(network);
  if (logits.length < outputs) {
    throw new NetworkError('logits', `must hold at least ${outputs} values, holds ${logits.length}`);
  }
  let from = even;
  let to = odd;
  from.set(observations);
  const { layers } = network;
  for (let l = 0; l < layers.length; l++) {
    const { inputs, weights, bias, shift } = layers[l];
    const last = l === layers.length - 1;
    for (let o = 0, w = 0; o < layers[l].outputs; o++) {
      let sum = bias[o];
      for (let i = 0; i < inputs; i++, w++) sum = (sum + weights[w] * from[i]) | 0;
      sum >>= shift;
      if (last) logits[o] = sum;
      else to[o] = Math.max(0, Math.min(sum, MAX_ACTIVATION));
    }
    [from, to] = [to, from];
  }
}
