import type { ArtModel } from '#shared/art/model.ts';
import { drawSprite } from '#shared/art/sprite.ts';
import { BRANCHES, type Sprite } from '#shared/art/types.ts';
import { genomeFrom } from '../data/strips.ts';

/** Anything that draws creatures: 32 × 32, the same picture each time it is asked for the same. */
export type Generator = (genome: Uint8Array, stage: number, branch: number) => Sprite;

export const generatorOf =
  (model: ArtModel): Generator =>
  (genome, stage, branch) =>
    drawSprite(model, { genome, stage, branch });

export interface Asked {
  readonly genome: Uint8Array;
  readonly stage: number;
  readonly branch: number;
}

/** The n-th of the symbionts that figures are taken over: every stage, and every branch from the third stage on. */
export function asked(label: string, n: number): Asked {
  const stage = n % 5;
  return {
    genome: genomeFrom(`${label} ${n}`),
    stage,
    branch: stage < 2 ? 0 : Math.floor(n / 5) % BRANCHES.length,
  };
}
