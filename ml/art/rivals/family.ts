import type * as tf from '@tensorflow/tfjs-core';

import type { Parameters } from './nn.ts';

/** A pixel's roles, and stage and branch as one-hots. */
export const ROLES = 16;
export const CONDITIONS = 10;

/** What a family draws: roles in one picture for each request. */
export interface Request {
  /** Chooses the creature: the same for all its stages. */
  readonly genome: Uint8Array;
  readonly stage: number;
  readonly branch: number;
}

/** A picture to learn: 32 × 32 roles of a creature at a stage on a branch. */
export interface Learnt extends Omit<Request, 'genome'> {
  readonly pixels: Uint8Array;
  readonly creature: number;
}

/** A kind of generative model, trained here on the same pictures as the others. */
export interface Family {
  readonly name: string;
  readonly title: string;
  readonly batch: number;
  /** The mean loss of a batch; `tf.tidy` and the optimiser are the caller's. */
  loss(p: Parameters, batch: readonly Learnt[], random: () => number): tf.Scalar;
  /** After training: each request's logits in the layout of `forwardGrid`, for `finished`. */
  draw(p: Parameters, requests: readonly Request[]): Int32Array[];
}

/** Logits are whole numbers to what finishes them: a unit is this. */
export const LOGIT_UNIT = 64;

/** [batch, 10]. */
export function conditionValues(
  of: readonly { readonly stage: number; readonly branch: number }[],
): Float32Array {
  const values = new Float32Array(of.length * CONDITIONS);
  of.forEach(({ stage, branch }, n) => {
    values[n * CONDITIONS + stage] = 1;
    values[n * CONDITIONS + 5 + branch] = 1;
  });
  return values;
}

/** A genome as the seed of a random source. */
export function seedOf(genome: Uint8Array): number {
  return new DataView(genome.buffer, genome.byteOffset).getUint32(0) ^ 0x5bd1e995;
}
