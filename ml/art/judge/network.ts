import * as tf from '@tensorflow/tfjs-core';
import type { Sprite } from '#shared/art/types.ts';
import { times } from './graph.ts';
import { type Eye, emptyFor, paintsOf, present, type Shown, TOKENS, widthOf } from './inputs.ts';

/**
 * The judge's eye: a small mixer (Tolstikhin et al. 2021) that was taught to name creatures, whatever their stage, place
 * and colours (`train.ts`). What it says before the last layer, a direction in 64 dimensions, is the feature of a picture.
 */
const CHANNELS = 48;
const MIX = 64;
const BLOCKS = 2;
const POOLS = 6;
export const FEATURES = 64;

export interface Layer {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  /** Of the fresh weights, times 1/√inputs. */
  readonly spread: number;
}

export const layersFor = (eye: Eye): Layer[] => [
  { name: 'patch', inputs: widthOf(eye), outputs: CHANNELS, spread: 1.4 },
  ...Array.from({ length: BLOCKS }, (_, b) => [
    { name: `tokens${b}`, inputs: TOKENS, outputs: TOKENS, spread: 0.7 },
    { name: `widen${b}`, inputs: CHANNELS, outputs: MIX, spread: 1.4 },
    { name: `narrow${b}`, inputs: MIX, outputs: CHANNELS, spread: 0.5 },
  ]).flat(),
  { name: 'pool', inputs: TOKENS, outputs: POOLS, spread: 1.4 },
  { name: 'last', inputs: POOLS * CHANNELS + paintsOf(eye), outputs: FEATURES, spread: 1 },
];

/** Each layer's [inputs][outputs] and bias. */
export type Weights = readonly { readonly kernel: tf.Tensor2D; readonly bias: tf.Tensor1D }[];

/** Features of pictures (`present`): [rows][64], each of length 1. */
export function forward(weights: Weights, eye: Eye, { inputs, paints }: Shown, rows: number): tf.Tensor2D {
  const shown = tf.tensor2d(inputs, [TOKENS * rows, widthOf(eye)]);
  const dense = (x: tf.Tensor, l: number) => tf.add(times(x, weights[l].kernel), weights[l].bias);
  const acrossTokens = (x: tf.Tensor, l: number) =>
    tf.add(
      times(tf.transpose(weights[l].kernel), tf.reshape(x, [TOKENS, rows * CHANNELS])),
      tf.reshape(weights[l].bias, [weights[l].bias.size, 1]),
    );
  let x: tf.Tensor = tf.relu(dense(shown, 0));
  for (let b = 0, l = 1; b < BLOCKS; b++, l += 3) {
    x = tf.add(x, tf.reshape(tf.relu(acrossTokens(x, l)), [TOKENS * rows, CHANNELS]));
    x = tf.add(x, dense(tf.relu(dense(x, l + 1)), l + 2));
  }
  const pooled = tf.reshape(tf.relu(acrossTokens(x, weights.length - 2)), [POOLS, rows, CHANNELS]);
  const flat = tf.reshape(tf.transpose(pooled, [1, 0, 2]), [rows, POOLS * CHANNELS]);
  const { kernel, bias } = weights[weights.length - 1];
  if (eye === 'form') return unit(tf.add(times(flat, kernel), bias));
  // the paints join as if they had been appended to each row
  const [above, below] = [POOLS * CHANNELS, paintsOf(eye)];
  const drawn = times(flat, times(rowsFrom(0, above, above + below), kernel));
  const painted = times(
    tf.tensor2d(paints, [rows, below]),
    times(rowsFrom(above, below, above + below), kernel),
  );
  return unit(tf.add(tf.add(drawn, painted), bias));
}

/** [count][of]: what takes rows from `from` on out of a matrix, as a product, which has a gradient. */
export const rowsFrom = (from: number, count: number, of: number): tf.Tensor2D =>
  tf.tensor2d(
    Float32Array.from({ length: count * of }, (_, i) => (i % of === Math.floor(i / of) + from ? 1 : 0)),
    [count, of],
  );

/** Rows of length 1. */
export function unit(x: tf.Tensor): tf.Tensor2D {
  return tf.div(x, tf.sqrt(tf.add(tf.sum(tf.mul(x, x), 1, true), 1e-6)));
}

const BATCH = 128;

/** The features of pictures, row by row: [pictures][64]. tfjs must have been started. */
export function featuresOf(eye: Eye, weights: Weights, sprites: readonly Sprite[]): Float32Array {
  const features = new Float32Array(sprites.length * FEATURES);
  for (let from = 0; from < sprites.length; from += BATCH) {
    const rows = Math.min(BATCH, sprites.length - from);
    const shown = emptyFor(eye, rows);
    for (let r = 0; r < rows; r++) present(sprites[from + r], eye, shown, r, rows);
    const found = tf.tidy(() => forward(weights, eye, shown, rows).dataSync());
    features.set(found as Float32Array, from * FEATURES);
  }
  return features;
}
