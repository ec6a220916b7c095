import { Gene } from '../genes.ts';
import type { Conditions } from '../types.ts';
import type { GridModel } from './file.ts';
import { GRID_CONDITIONS, type GridShape, MOST } from './network.ts';

/** A latent of 0 stands at 64 of 0..127; one standard deviation is `LATENT_UNIT`. */
export const LATENT_MIDDLE = 64;
export const LATENT_UNIT = 20;

/**
 * The latent a genome stands for, 0..127 each: three of the model's anchors, mixed (a mixture of the training posteriors
 * as prior, Tomczak and Welling 2018), and a small lean of its own. Gene 4 chooses what it mostly is, 5 what of its
 * neighbourhood and 6 what of all is mixed into it, 7 and 8 how much: 14 to 48 % together, so that none is a copy.
 * Neighbouring anchors are alike, so a near genome gives a near body.
 */
export function latentOf({ shape, anchors }: GridModel, genome: Uint8Array): Uint8Array {
  const { latents } = shape;
  const count = anchors.length / latents;
  const g = Gene.shape;
  const place = (genome[g] * count) >> 8;
  // at least one further on, at most a sixth of all
  const reach = Math.max(1, Math.trunc(count / 6));
  const main = place * latents;
  const second = ((place + 1 + ((genome[g + 1] * reach) >> 8)) % count) * latents;
  const third = ((genome[g + 2] * count) >> 8) * latents;
  const w2 = 18 + (genome[g + 3] >> 3) - (genome[g + 3] >> 6);
  const w3 = genome[g + 4] >> 4;
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
