import { Gene } from '../genes.ts';
import type { Conditions } from '../types.ts';
import type { GridModel } from './file.ts';
import { GRID_CONDITIONS, type GridShape, MOST } from './network.ts';

/** A latent of 0 stands at 64 of 0..127; one standard deviation is `LATENT_UNIT`. */
export const LATENT_MIDDLE = 64;
export const LATENT_UNIT = 20;
/** Anchors so close to each other may be one creature's on several bodies. */
const KIN = 6;

/**
 * The latent a genome stands for, 0..127 each: three of the model's anchors, mixed (a mixture of the training posteriors
 * as prior, Tomczak and Welling 2018), and a small lean of its own. Gene 4 chooses what it mostly is, 5 what of its
 * neighbourhood and 6 what of all is mixed into it, 7 and 8 how much: of a companion 34 to 52 % together, so that none is a copy; of a creator's few pictures, which
 * may have little in common, 5 to 19 %.
 * Neighbouring anchors are alike, so a near genome gives a near body.
 */
export function latentOf({ shape, anchors, style }: GridModel, genome: Uint8Array): Uint8Array {
  const { latents } = shape;
  const count = anchors.length / latents;
  const g = Gene.shape;
  const place = (genome[g] * count) >> 8;
  // beyond the closest kin, which may be the same creature on another body, and within a quarter of all
  const companion = style === 'companion';
  const apart = Math.min(companion ? KIN : 1, count - 1);
  const reach = Math.max(1, (count >> 2) - apart);
  const main = place * latents;
  const second = ((place + apart + ((genome[g + 1] * reach) >> 8)) % count) * latents;
  const third = ((genome[g + 2] * count) >> 8) * latents;
  const w2 = companion ? 36 + (genome[g + 3] >> 4) : 6 + (genome[g + 3] >> 4);
  const w3 = companion ? 8 + (genome[g + 4] >> 5) : genome[g + 4] >> 6;
  const w1 = 128 - w2 - w3;
  return Uint8Array.from({ length: latents }, (_, j) => {
    const mixed = (anchors[main + j] * w1 + anchors[second + j] * w2 + anchors[third + j] * w3 + 64) >> 7;
    const gene = genome[g + 5 + (j % 5)] - 128;
    const lean = (((j * 11) >> 2) & 1 ? gene : -gene) >> 5;
    return Math.max(0, Math.min(LATENT_MIDDLE + mixed + lean, MOST));
  });
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
