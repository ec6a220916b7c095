import { Gene } from '../genes.ts';
import type { Conditions } from '../types.ts';
import type { GridModel } from './file.ts';
import { GRID_CONDITIONS, type GridShape, MOST } from './network.ts';

/** A latent of 0 stands at 64 of 0..127; one standard deviation is `LATENT_UNIT`. */
export const LATENT_MIDDLE = 64;
export const LATENT_UNIT = 20;
/** Anchors so close to each other may be one creature's on several bodies. */
const KIN = 6;
/** The same by the second rules, which mix more. */
const FAR_KIN = 20;
/** A gene's lean, halved so often, by each of the rules. */
const LEANS = { 1: 5, 2: 4, 3: 3 } as const;
/** How many times as long as its parts a mixture is by the third rules. */
const FAR = 2;

/**
 * The latent a genome stands for, 0..127 each: three of the model's anchors, mixed (a mixture of the training posteriors
 * as prior, Tomczak and Welling 2018), and a small lean of its own. Gene 4 chooses what it mostly is, 5 what of its
 * neighbourhood and 6 what of all is mixed into it, 7 and 8 how much: of a companion 34 to 52 % together, so that none is
 * a copy; of a creator's few pictures, which may have little in common, 5 to 19 %.
 * By the second rules, a companion's, more and farther kin is mixed in and the lean is twice as far, but a mixture is as
 * long as what it is made of and does not shrink to the mean of all (spherical interpolation of latents, White 2016).
 * By the third rules mixture and lean are twice as long again: the farther from the mean, the more a body is one of a kind.
 * Neighbouring anchors are alike, so a near genome gives a near body.
 */
export function latentOf(model: GridModel, genome: Uint8Array): Uint8Array {
  const { shape, anchors, style, rules } = model;
  const { latents } = shape;
  const count = anchors.length / latents;
  const g = Gene.shape;
  const place = (genome[g] * count) >> 8;
  // beyond the closest kin, which may be the same creature on another body, and within a quarter of all
  const kin = style !== 'companion' ? 1 : rules >= 2 ? FAR_KIN : KIN;
  const apart = Math.min(kin, count - 1);
  const reach = Math.max(1, (count >> 2) - apart);
  const rows = [
    place,
    (place + apart + ((genome[g + 1] * reach) >> 8)) % count,
    (genome[g + 2] * count) >> 8,
  ].map((row) => anchors.subarray(row * latents, (row + 1) * latents));
  const weights = weightsOf(model, genome[g + 3], genome[g + 4]);
  const mixed = rules === 1 ? mixPlain(rows, weights) : mixLong(rows, weights, rules === 3 ? FAR : 1);
  return Uint8Array.from({ length: latents }, (_, j) => {
    const gene = genome[g + 5 + (j % 5)] - 128;
    const lean = (((j * 11) >> 2) & 1 ? gene : -gene) >> LEANS[rules];
    return Math.max(0, Math.min(LATENT_MIDDLE + mixed[j] + lean, MOST));
  });
}

/** What each of the three anchors counts, of 128 together. */
function weightsOf({ style, rules }: GridModel, a: number, b: number): number[] {
  const [w2, w3] =
    rules >= 2
      ? [40 + (a >> 4), 24 + (b >> 5)]
      : style === 'companion'
        ? [36 + (a >> 4), 8 + (b >> 5)]
        : [6 + (a >> 4), b >> 6];
  return [128 - w2 - w3, w2, w3];
}

const sumsOf = (rows: readonly Int8Array[], weights: readonly number[]): number[] =>
  Array.from(rows[0], (_, j) => rows.reduce((sum, row, n) => sum + row[j] * weights[n], 0));

function mixPlain(rows: readonly Int8Array[], weights: readonly number[]): number[] {
  return sumsOf(rows, weights).map((sum) => (sum + 64) >> 7);
}

/** The mixture, stretched to `times` the mean of its parts' lengths. */
function mixLong(rows: readonly Int8Array[], weights: readonly number[], times: number): number[] {
  const sums = sumsOf(rows, weights);
  // of 128 as the sums are
  const wanted = times * rows.reduce((sum, row, n) => sum + weights[n] * lengthOf(row), 0);
  const length = Math.max(1, lengthOf(sums));
  return sums.map((sum) => Math.floor((2 * sum * wanted + 128 * length) / (256 * length)));
}

/** The Euclidean length in sixteenths, rounded down: exact for whole numbers. */
function lengthOf(values: ArrayLike<number>): number {
  let square = 0;
  for (let i = 0; i < values.length; i++) square += values[i] * values[i];
  return Math.floor(Math.sqrt(256 * square));
}

/** The conditions' inputs: stage and branch, one-hot, 0 or 127 each. */
export function conditionValues(stage: number, branch: number): Uint8Array {
  const values = new Uint8Array(GRID_CONDITIONS);
  values[stage] = MOST;
  values[5 + branch] = MOST;
  return values;
}

/** The network's inputs for a symbiont. */
export function gridInputs(model: GridModel, { genome, stage, branch }: Conditions): Uint8Array {
  return joined(model.shape, latentOf(model, genome), conditionValues(stage, branch));
}

/** The inputs part of the way (0..`of`) from one symbiont to another. */
export function between(a: Uint8Array, b: Uint8Array, part: number, of: number): Uint8Array {
  return a.map((value, i) => Math.trunc((value * (of - part) + b[i] * part + (of >> 1)) / of));
}

function joined({ latents }: GridShape, latent: Uint8Array, conditions: Uint8Array): Uint8Array {
  const inputs = new Uint8Array(latents + GRID_CONDITIONS);
  inputs.set(latent);
  inputs.set(conditions, latents);
  return inputs;
}
