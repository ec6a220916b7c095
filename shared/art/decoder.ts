import { MAX_ACTIVATION, MAX_WIDTH } from '#shared/brain/network.ts';
import { CONDITION_INPUTS, conditionInputs } from './genes.ts';
import type { FieldModel } from './model.ts';
import { type Conditions, HALF, SIZE } from './types.ts';

/**
 * The integer decoder: a coordinate network (a compositional pattern-producing network, Stanley 2007)
 * asked once for every pixel of the left half. Activations 0..127, int8 weights, int32 sums, an
 * arithmetic shift and a clamp: the arithmetic of the brains.
 */

/** What the network says of each pixel; the values are in 1/16 pixel, positive inside the part. */
export const FIELDS = ['head', 'body', 'ears', 'limbs', 'patch', 'pattern', 'light', 'tail'] as const;
export type FieldName = (typeof FIELDS)[number];

export const COORDINATE_INPUTS = 11;
export const DECODER_INPUTS = COORDINATE_INPUTS + CONDITION_INPUTS;

/** Column `k` of the half: 0 is the outermost column (x = 0 and its mirror x = 31), 15 the innermost. */
export const HALF_PIXELS = HALF * SIZE;

/** A triangle wave of `period`, 0..127. */
function triangle(value: number, period: number): number {
  const phase = value % period;
  const half = period >> 1;
  return (((phase < half ? phase : period - phase) * 127) / half) | 0;
}

/** The coordinate inputs of pixel (column k, row y), 0..127 each. */
export function coordinateInputs(k: number, y: number): number[] {
  const u = 31 - 2 * k;
  const v = 2 * y + 1;
  const down = v - 32;
  const waveV = triangle(v, 16);
  const waveU = triangle(u, 16);
  return [
    u * 4,
    v * 2,
    (u * u) >> 3,
    (v * v) >> 5,
    (u * v) >> 4,
    (down * down) >> 3,
    Math.max(0, down) * 4,
    Math.max(0, -down) * 4,
    waveV,
    waveU,
    Math.min(waveU, waveV),
  ];
}

/** For each pixel of the half, what the coordinates alone add to the first layer: computed once a model. */
const placed = new WeakMap<FieldModel, Int32Array>();

function coordinateSums(model: FieldModel): Int32Array {
  const known = placed.get(model);
  if (known) return known;
  const { weights, inputs, outputs } = model.network.layers[0];
  const sums = new Int32Array(HALF_PIXELS * outputs);
  for (let p = 0; p < HALF_PIXELS; p++) {
    const values = coordinateInputs(p % HALF, (p / HALF) | 0);
    for (let o = 0; o < outputs; o++) {
      let sum = 0;
      for (let i = 0; i < COORDINATE_INPUTS; i++) sum += weights[o * inputs + i] * values[i];
      sums[p * outputs + o] = sum;
    }
  }
  placed.set(model, sums);
  return sums;
}

/** What the conditions and the bias add to the first layer, for every pixel alike. */
function conditionSums(model: FieldModel, values: Uint8Array): Int32Array {
  const { weights, inputs, outputs, bias } = model.network.layers[0];
  const sums = bias.slice();
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < values.length; i++)
      sums[o] += weights[o * inputs + COORDINATE_INPUTS + i] * values[i];
  return sums;
}

/**
 * Fields of the left half: `Int32Array` of 8 × 512, channel by channel (order of `FIELDS`), each
 * channel row by row. The right half is its mirror.
 */
export function decode(model: FieldModel, conditions: Conditions): Int32Array {
  return decodeInputs(model, conditionInputs(conditions));
}

/** The same from the condition inputs themselves, 0..127 each. */
export function decodeInputs(model: FieldModel, values: Uint8Array): Int32Array {
  const { layers } = model.network;
  const given = conditionSums(model, values);
  const placedSums = coordinateSums(model);
  const fields = new Int32Array(FIELDS.length * HALF_PIXELS);
  const last = layers.length - 1;
  let now = new Int32Array(MAX_WIDTH);
  let next = new Int32Array(MAX_WIDTH);
  for (let p = 0; p < HALF_PIXELS; p++) {
    const base = p * layers[0].outputs;
    for (let o = 0; o < layers[0].outputs; o++) now[o] = given[o] + placedSums[base + o];
    for (let l = 0; l < last; l++) {
      activate(now, layers[l].outputs, layers[l].shift);
      dense(model.columns[l + 1], layers[l + 1].bias, now, layers[l].outputs, next);
      [now, next] = [next, now];
    }
    for (let o = 0; o < FIELDS.length; o++) fields[o * HALF_PIXELS + p] = now[o] >> layers[last].shift;
  }
  return fields;
}

function activate(values: Int32Array, count: number, shift: number): void {
  const most = MAX_ACTIVATION;
  for (let o = 0; o < count; o++) values[o] = Math.max(0, Math.min(values[o] >> shift, most));
}

/** Columns and values of the activations that are not silent, for `dense`. */
const active = new Int32Array(MAX_WIDTH + 3);
const strengths = new Int32Array(MAX_WIDTH + 3);

/**
 * `out = bias + weights × activations`, four of the active inputs at a time. The sums stay within int32 by the
 * network's own limits, so their order does not matter.
 */
function dense(
  columns: Int32Array,
  bias: Int32Array,
  activations: Int32Array,
  inputs: number,
  out: Int32Array,
): void {
  const outputs = bias.length;
  let count = 0;
  for (let i = 0; i < inputs; i++) {
    if (activations[i] === 0) continue;
    active[count] = i * outputs;
    strengths[count++] = activations[i];
  }
  // fill up the last four with the first column, silent
  for (let n = count; n < count + 3; n++) {
    active[n] = 0;
    strengths[n] = 0;
  }
  for (let o = 0; o < outputs; o++) out[o] = bias[o];
  for (let n = 0; n < count; n += 4) {
    const [a, b, c, d] = [active[n], active[n + 1], active[n + 2], active[n + 3]];
    const [p, q, r, t] = [strengths[n], strengths[n + 1], strengths[n + 2], strengths[n + 3]];
    for (let o = 0; o < outputs; o++) {
      const first = (Math.imul(columns[a + o], p) + Math.imul(columns[b + o], q)) | 0;
      const second = (Math.imul(columns[c + o], r) + Math.imul(columns[d + o], t)) | 0;
      out[o] = (out[o] + ((first + second) | 0)) | 0;
    }
  }
}
