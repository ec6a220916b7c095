import * as tf from '@tensorflow/tfjs-core';
import { CANVAS } from '#ml/art/data/drawn.ts';
import { randomFrom } from '#ml/art/dense.ts';
import { crossEntropy, times } from '#ml/art/judge/graph.ts';
import { logitAt } from '#shared/art/grid/network.ts';
import {
  CONDITIONS,
  conditionValues,
  type Family,
  type Learnt,
  LOGIT_UNIT,
  ROLES,
  seedOf,
} from './family.ts';
import { dense, normals, type Parameters } from './nn.ts';

/** Cells a side; each paints 2 × 2 pixels. */
const SIDE = 16;
const CELLS = SIDE * SIDE;
const STATE = 32;
const LATENT = 16;
const STEPS = 14;
/** Latents are learnt, one for each creature (Bojanowski 2018); creatures beyond share by remainder. */
const CREATURES = 1024;
/** So many of them the companions' strips have: what others' latents are made like. */
const LEARNT = 262;

/** Index [256 cells × 4] → pixel. */
const PLACES = Uint16Array.from({ length: 1024 }, (_, i) => {
  const cell = i >> 2;
  return (Math.floor(cell / SIDE) * 2 + ((i >> 1) & 1)) * 32 + (cell % SIDE) * 2 + (i & 1);
});

/** Each cell's neighbour at (dx, dy), empty beyond the border: [batch, 16, 16, state]. */
function shifted(x: tf.Tensor4D, dx: number, dy: number): tf.Tensor4D {
  const padded = tf.pad(x, [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ]);
  return tf.slice(padded, [0, 1 + dy, 1 + dx, 0], [x.shape[0], SIDE, SIDE, STATE]);
}

/** Grows a seed in the middle for `STEPS` steps: every cell sees its neighbours and its own latent. */
function grow(p: Parameters, latent: tf.Tensor, conditions: tf.Tensor): tf.Tensor {
  const [rows] = latent.shape;
  const seed = new Float32Array(CELLS);
  seed[(SIDE / 2) * SIDE + SIDE / 2] = 1;
  const start = dense(p, 'seed', tf.concat([latent, conditions], 1), STATE);
  let x = tf.mul(
    tf.reshape(start, [rows, 1, 1, STATE]),
    tf.tensor4d(seed, [1, SIDE, SIDE, 1]),
  ) as tf.Tensor4D;
  const given = tf.reshape(dense(p, 'given', tf.concat([latent, conditions], 1), 64), [rows, 1, 1, 64]);
  const place = p.get('place', [1, SIDE, SIDE, 64], 64, 0.5);
  for (let step = 0; step < STEPS; step++) {
    const [w, e, n, s] = [shifted(x, -1, 0), shifted(x, 1, 0), shifted(x, 0, -1), shifted(x, 0, 1)];
    const seen = tf.concat([x, tf.sub(e, w), tf.sub(s, n), tf.add(tf.add(e, w), tf.add(n, s))], 3);
    const hidden = tf.relu(tf.add(tf.add(dense(p, 'see', seen, 64), given), place));
    x = tf.add(x, dense(p, 'act', hidden, STATE, 0.3)) as tf.Tensor4D;
  }
  return tf.reshape(dense(p, 'paint', x, 4 * ROLES), [-1, ROLES]);
}

function tableOf(p: Parameters): tf.Tensor {
  return p.get('latents', [CREATURES, LATENT], 3, 1);
}

/** A neural cellular automaton (Mordvintsev 2020) conditioned on a learnt latent, the stage and the branch. */
export const automaton: Family = {
  name: 'automaton',
  title: 'Cellular automaton',
  batch: 8,
  loss(p, batch: readonly Learnt[]) {
    const picks = new Float32Array(batch.length * CREATURES);
    const wanted = new Float32Array(batch.length * 1024 * ROLES);
    batch.forEach(({ creature, pixels }, n) => {
      picks[n * CREATURES + (creature % CREATURES)] = 1;
      for (let i = 0; i < 1024; i++) wanted[(n * 1024 + i) * ROLES + pixels[PLACES[i]]] = 1;
    });
    // one-hot × table: gather has no gradient on this backend
    const latent = dense(p, 'latent', pick(p, picks, batch.length), LATENT);
    const conditions = tf.tensor2d(conditionValues(batch), [batch.length, CONDITIONS]);
    const all = crossEntropy(grow(p, latent, conditions), tf.tensor2d(wanted, [batch.length * 1024, ROLES]));
    return tf.mul(all, 1 / (batch.length * 1024)) as tf.Scalar;
  },
  draw(p, requests) {
    const table = tableOf(p).dataSync();
    const { mean, spread } = moments(table);
    const values = tf.tidy(() => {
      const noise = requests.flatMap(({ genome }) => [...normals(randomFrom(seedOf(genome)), LATENT)]);
      const raw = tf.tensor2d(
        noise.map((v, i) => mean[i % LATENT] + v * spread[i % LATENT]),
        [requests.length, LATENT],
      );
      const conditions = tf.tensor2d(conditionValues(requests), [requests.length, CONDITIONS]);
      return grow(p, dense(p, 'latent', raw, LATENT), conditions).dataSync();
    });
    return requests.map((_, n) => {
      const logits = new Int32Array(1024 * ROLES);
      for (let i = 0; i < 1024; i++) {
        const from = (n * 1024 + i) * ROLES;
        const to = logitAt(CANVAS, PLACES[i] % 32, PLACES[i] >> 5);
        for (let role = 0; role < ROLES; role++)
          logits[to + role] = Math.round(values[from + role] * LOGIT_UNIT);
      }
      return logits;
    });
  },
};

function pick(p: Parameters, picks: Float32Array, rows: number): tf.Tensor {
  return times(tf.tensor2d(picks, [rows, CREATURES]), tableOf(p));
}

function moments(table: ArrayLike<number>): { mean: number[]; spread: number[] } {
  const mean: number[] = [];
  const spread: number[] = [];
  for (let k = 0; k < LATENT; k++) {
    const column = Array.from({ length: LEARNT }, (_, n) => table[n * LATENT + k]);
    mean.push(column.reduce((a, b) => a + b, 0) / LEARNT);
    spread.push(Math.sqrt(column.reduce((a, b) => a + (b - mean[k]) ** 2, 0) / LEARNT));
  }
  return { mean, spread };
}
