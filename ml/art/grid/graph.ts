import * as tf from '@tensorflow/tfjs-core';
import { type GridShape, layersOf, ROLES, TOKENS } from '#shared/art/grid/network.ts';

/**
 * The grid decoder as tfjs computes it, and the gradient of its loss. Activations 0..1 stand for the integer network's
 * 0..127. Tokens come first in every tensor ([token][picture][channel]), so that mixing tokens and working on each token
 * are both plain matrix products without a transpose between them.
 */

/** How much gradient passes where the clamp acts: a neuron that is stuck finds back. */
const LEAK = 0.05;

/** An activation before and after the clamp to 0..1. */
interface Clamped {
  readonly before: tf.Tensor;
  readonly after: tf.Tensor;
}

function clamp(before: tf.Tensor): Clamped {
  return { before, after: tf.clipByValue(before, 0, 1) };
}

/** The gradient before the clamp from that after it. */
function through({ before, after }: Clamped, dy: tf.Tensor): tf.Tensor2D {
  const open = tf.cast(tf.equal(before, after), 'float32');
  return tf.mul(dy, tf.add(tf.mul(open, 1 - LEAK), LEAK));
}

const times = (a: tf.Tensor, b: tf.Tensor) => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D);
/** tfjs' WebAssembly multiplies a transposed matrix eight times slower than one that was transposed before. */
const turned = (a: tf.Tensor) => tf.transpose(a) as tf.Tensor2D;
/** Sums of the columns. */
const columns = (a: tf.Tensor2D) => times(tf.ones([1, a.shape[0]]), a);

export interface Batch {
  /** [rows][latents + conditions], 0..1 */
  readonly inputs: Float32Array;
  /** [64 tokens][rows][patch²], role indices */
  readonly targets: Uint8Array;
  /** What each pixel counts; as `targets` */
  readonly weights: Float32Array;
  readonly rows: number;
}

export interface Parameters {
  /** [inputs][outputs] a layer, as the integer network will have them, in units of 1 */
  readonly weights: readonly Float32Array[];
  readonly biases: readonly Float32Array[];
}

export interface Gradients {
  readonly loss: number;
  readonly weights: Float32Array[];
  readonly biases: Float32Array[];
  /** By the inputs, [rows][latents + conditions] */
  readonly inputs: Float32Array;
}

/**
 * The loss of a batch (summed over pixels, divided by `per`) and its gradients, written out rather than taken by tfjs,
 * whose own products by transposed matrices are slow. One read-back; nothing is kept on the backend.
 */
export async function gradients(
  shape: GridShape,
  parameters: Parameters,
  batch: Batch,
  per: number,
): Promise<Gradients> {
  const layers = layersOf(shape);
  const { rows } = batch;
  const flat = tf.tidy(() => {
    const weights = layers.map(({ inputs, outputs }, l) =>
      tf.tensor2d(parameters.weights[l], [inputs, outputs]),
    );
    const biases = parameters.biases.map((b) => tf.tensor1d(b));
    const { loss, parts, inputs } = pass(shape, weights, biases, batch, per);
    return tf.concat([loss, inputs, ...parts].map((g) => tf.reshape(g, [g.size])));
  });
  try {
    return split(layers, (await flat.data()) as Float32Array, rows);
  } finally {
    flat.dispose();
  }
}

/** Forward and backward; `parts` are the gradients of weights and bias of each layer in turn. */
function pass(
  shape: GridShape,
  weights: readonly tf.Tensor2D[],
  biases: readonly tf.Tensor1D[],
  batch: Batch,
  per: number,
): { loss: tf.Tensor; parts: tf.Tensor[]; inputs: tf.Tensor } {
  const { channels, blocks } = shape;
  const { rows } = batch;
  const all = TOKENS * rows;
  const last = weights.length - 1;
  const dense = (x: tf.Tensor, l: number) => tf.add(times(x, weights[l]), biases[l]);
  const parts: tf.Tensor[] = new Array(2 * weights.length);
  const learnt = (l: number, x: tf.Tensor, d: tf.Tensor2D) => {
    parts[2 * l] = times(turned(x), d);
    parts[2 * l + 1] = columns(d);
  };
  const asGrid = (x: tf.Tensor) => tf.reshape(x, [TOKENS, rows * channels]);
  const asRows = (x: tf.Tensor) => tf.reshape(x, [all, channels]);

  const given = tf.tensor2d(batch.inputs, [rows, batch.inputs.length / rows]);
  const hidden = clamp(dense(given, 0));
  const spread = clamp(dense(hidden.after, 1));
  let grid: tf.Tensor = asGrid(tf.transpose(tf.reshape(spread.after, [rows, TOKENS, channels]), [1, 0, 2]));
  const passed: { grid: tf.Tensor; mixed: Clamped; inner: Clamped; out: Clamped }[] = [];
  for (let b = 0, l = 2; b < blocks; b++, l += 3) {
    const mixed = clamp(
      tf.add(grid, tf.add(times(turned(weights[l]), grid), tf.reshape(biases[l], [TOKENS, 1]))),
    );
    const each = asRows(mixed.after);
    const inner = clamp(dense(each, l + 1));
    const out = clamp(tf.add(each, dense(inner.after, l + 2)));
    passed.push({ grid, mixed, inner, out });
    grid = asGrid(out.after);
  }
  const drawn = asRows(grid);
  const { loss, gradient } = crossEntropy(dense(drawn, last), batch, per);

  const back = tf.reshape(gradient, [all, weights[last].shape[1]]) as tf.Tensor2D;
  learnt(last, drawn, back);
  let d: tf.Tensor = times(back, turned(weights[last]));
  for (let b = blocks - 1, l = 2 + 3 * b; b >= 0; b--, l -= 3) {
    const { grid: before, mixed, inner, out } = passed[b];
    const dOut = through(out, d);
    learnt(l + 2, inner.after, dOut);
    const dInner = through(inner, times(dOut, turned(weights[l + 2])));
    learnt(l + 1, asRows(mixed.after), dInner);
    const dEach = tf.add(dOut, times(dInner, turned(weights[l + 1])));
    const dMixed = through(mixed, asGrid(dEach));
    parts[2 * l] = times(before, turned(dMixed));
    parts[2 * l + 1] = times(dMixed, tf.ones([rows * channels, 1]));
    d = asRows(tf.add(dMixed, times(weights[l], dMixed)));
  }
  const ordered = tf.transpose(tf.reshape(d, [TOKENS, rows, channels]), [1, 0, 2]);
  const dSpread = through(spread, tf.reshape(ordered, [rows, TOKENS * channels]));
  learnt(1, hidden.after, dSpread);
  const dHidden = through(hidden, times(dSpread, turned(weights[1])));
  learnt(0, given, dHidden);
  return { loss, parts, inputs: times(dHidden, turned(weights[0])) };
}

/** Σ weight · cross entropy / per, and its gradient by the logits [pixels][16]. */
function crossEntropy(
  painted: tf.Tensor,
  { targets, weights }: Batch,
  per: number,
): { loss: tf.Tensor; gradient: tf.Tensor } {
  const count = targets.length;
  const hot = new Float32Array(count * ROLES);
  for (let i = 0; i < count; i++) hot[i * ROLES + targets[i]] = 1;
  const wanted = tf.tensor2d(hot, [count, ROLES]);
  const counts = tf.tensor2d(
    weights.map((w) => w / per),
    [count, 1],
  );
  const logits = tf.reshape(painted, [count, ROLES]) as tf.Tensor2D;
  const shifted = tf.sub(logits, tf.max(logits, 1, true));
  const powers = tf.exp(shifted);
  const ones = tf.ones([ROLES, 1]);
  const sums = times(powers, ones);
  const chosen = times(tf.mul(shifted, wanted), ones);
  const loss = times(tf.reshape(counts, [1, count]), tf.sub(tf.log(sums), chosen));
  return { loss, gradient: tf.mul(tf.sub(tf.div(powers, sums), wanted), counts) };
}

function split(layers: ReturnType<typeof layersOf>, all: Float32Array, rows: number): Gradients {
  let at = 1; // after the loss
  const take = (count: number) => {
    at += count;
    return all.subarray(at - count, at);
  };
  const inputs = take(rows * layers[0].inputs);
  const weights: Float32Array[] = [];
  const biases: Float32Array[] = [];
  for (const layer of layers) {
    weights.push(take(layer.inputs * layer.outputs));
    biases.push(take(layer.outputs));
  }
  return { loss: all[0], weights, biases, inputs };
}
