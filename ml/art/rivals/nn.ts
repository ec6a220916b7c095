import * as tf from '@tensorflow/tfjs-core';
import { randomFrom } from '#ml/art/dense.ts';
import { times } from '../judge/graph.ts';
import './gradients.ts';

/** The few operations the art networks are made of, with gradients that suit tfjs' WebAssembly backend. */

/** A network's trainable tensors by name, made on first use from one seed. */
export class Parameters {
  readonly #random: () => number;
  readonly #all = new Map<string, tf.Variable>();

  constructor(seed: number) {
    this.#random = randomFrom(seed);
  }

  get names(): string[] {
    return [...this.#all.keys()];
  }

  get variables(): tf.Variable[] {
    return [...this.#all.values()];
  }

  /** A tensor of this shape: uniform with the variance that keeps `inputs` summands at `gain`; 0 for gain 0. */
  get(name: string, shape: number[], inputs: number, gain = 1): tf.Variable {
    const known = this.#all.get(name);
    if (known) return known;
    const spread = Math.sqrt(3 / inputs) * gain;
    const size = shape.reduce((a, b) => a * b, 1);
    const values = Float32Array.from({ length: size }, () => (this.#random() * 2 - 1) * spread);
    const made = tf.tidy(() => tf.variable(tf.tensor(values, shape)));
    tf.keep(made);
    this.#all.set(name, made);
    return made;
  }

  count(): number {
    return this.variables.reduce((sum, one) => sum + one.size, 0);
  }

  dispose(): void {
    for (const one of this.variables) one.dispose();
    this.#all.clear();
  }
}

/** A dense layer on the last axis of `x`. */
export function dense(p: Parameters, name: string, x: tf.Tensor, outputs: number, gain = 1): tf.Tensor {
  const inputs = x.shape[x.shape.length - 1];
  const w = p.get(`${name}.w`, [inputs, outputs], inputs, gain);
  const b = p.get(`${name}.b`, [outputs], 1, 0);
  const y = tf.add(times(tf.reshape(x, [-1, inputs]), w), b);
  return tf.reshape(y, [...x.shape.slice(0, -1), outputs]);
}

/** Each token with its mean square at 1 (Zhang and Sennrich 2019, without gains). */
export function levelled(x: tf.Tensor): tf.Tensor {
  const channels = x.shape[x.shape.length - 1];
  const square = tf.mul(tf.sum(tf.square(x), [x.shape.length - 1], true), 1 / channels);
  return tf.div(x, tf.sqrt(tf.add(square, 1e-3)));
}

/**
 * Mixes tokens, then channels, of [batch, tokens, channels], each beside what was (Tolstikhin 2021); `level` says
 * whether what is mixed is levelled first.
 */
export function mixerBlock(p: Parameters, name: string, x: tf.Tensor, level = false): tf.Tensor {
  const [, tokens, channels] = x.shape;
  const even = (y: tf.Tensor) => (level ? levelled(y) : y);
  const turned = tf.transpose(even(x), [0, 2, 1]);
  const mixed = dense(p, `${name}.t2`, tf.relu(dense(p, `${name}.t1`, turned, tokens, 1.4)), tokens, 0.5);
  const across = tf.add(x, tf.transpose(mixed, [0, 2, 1]));
  const hidden = tf.relu(dense(p, `${name}.c1`, even(across), channels * 2, 1.4));
  return tf.add(across, dense(p, `${name}.c2`, hidden, channels, 0.5));
}

/** Pixels in rows → 4 × 4 patches in rows: index [64 tokens × 16 places] → pixel. */
export const PATCHES = Uint16Array.from({ length: 1024 }, (_, i) => {
  const token = i >> 4;
  const place = i & 15;
  return ((token >> 3) * 4 + (place >> 2)) * 32 + (token & 7) * 4 + (place & 3);
});

/** Role pictures as one-hot patches [batch, 64, 16 × classes]. */
export function patchesOf(pictures: readonly Uint8Array[], classes = 16): tf.Tensor3D {
  const values = new Float32Array(pictures.length * 1024 * classes);
  pictures.forEach((pixels, n) => {
    for (let i = 0; i < 1024; i++) values[(n * 1024 + i) * classes + pixels[PATCHES[i]]] = 1;
  });
  return tf.tensor3d(values, [pictures.length, 64, 16 * classes]);
}

/** Standard normal values of a uniform source (Box and Muller 1958). */
export function normals(random: () => number, count: number): Float32Array {
  return Float32Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  );
}
