import * as tf from '@tensorflow/tfjs-core';
import type { Sprite } from '#shared/art/types.ts';
import { times } from './graph.ts';
import { type Eye, present, TOKENS, widthOf } from './inputs.ts';

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
  { name: 'last', inputs: POOLS * CHANNELS, outputs: FEATURES, spread: 1 },
];

/** Each layer's [inputs][outputs] and bias. */
export type Weights = readonly { readonly kernel: tf.Tensor2D; readonly bias: tf.Tensor1D }[];

/** Features of pictures shown as `inputs` [64 tokens · rows][pixels × channels]: [rows][64], each of length 1. */
export function forward(weights: Weights, inputs: tf.Tensor2D, rows: number): tf.Tensor2D {
  const dense = (x: tf.Tensor, l: number) => tf.add(times(x, weights[l].kernel), weights[l].bias);
  const acrossTokens = (x: tf.Tensor, l: number) =>
    tf.add(
      times(tf.transpose(weights[l].kernel), tf.reshape(x, [TOKENS, rows * CHANNELS])),
      tf.reshape(weights[l].bias, [weights[l].bias.size, 1]),
    );
  let x: tf.Tensor = tf.relu(dense(inputs, 0));
  for (let b = 0, l = 1; b < BLOCKS; b++, l += 3) {
    x = tf.add(x, tf.reshape(tf.relu(acrossTokens(x, l)), [TOKENS * rows, CHANNELS]));
    x = tf.add(x, dense(tf.relu(dense(x, l + 1)), l + 2));
  }
  const pooled = tf.reshape(tf.relu(acrossTokens(x, weights.length - 2)), [POOLS, rows, CHANNELS]);
  const flat = tf.reshape(tf.transpose(pooled, [1, 0, 2]), [rows, POOLS * CHANNELS]);
  return unit(dense(flat, weights.length - 1));
}

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
    const inputs = new Float32Array(TOKENS * rows * widthOf(eye));
    for (let r = 0; r < rows; r++) present(sprites[from + r], eye, inputs, r, rows);
    const found = tf.tidy(() =>
      forward(weights, tf.tensor2d(inputs, [TOKENS * rows, widthOf(eye)]), rows).dataSync(),
    );
    features.set(found as Float32Array, from * FEATURES);
  }
  return features;
}
