import { paintBody } from '#shared/art/body.ts';
import { Canvas } from '#shared/art/canvas.ts';
import { decode } from '#shared/art/decoder.ts';
import { outline } from '#shared/art/finish.ts';
import { gridInputs } from '#shared/art/grid/latent.ts';
import { answer } from '#shared/art/grid/roles.ts';
import type { ArtModel, FieldModel } from '#shared/art/model.ts';
import { paletteOf } from '#shared/art/palette.ts';
import { drawSprite } from '#shared/art/sprite.ts';
import { BRANCHES, type Conditions, SIZE, type Sprite } from '#shared/art/types.ts';
import { finished } from '../data/drawn.ts';
import { genomeFrom } from '../data/strips.ts';

/** Anything that draws creatures: 32 × 32, the same picture each time it is asked for the same. */
export type Generator = (genome: Uint8Array, stage: number, branch: number) => Sprite;

export const generatorOf =
  (model: ArtModel): Generator =>
  (genome, stage, branch) =>
    drawSprite(model, { genome, stage, branch });

/**
 * What a model says of the body alone: no face, no adornments, which are painted on everyone's alike. Real pictures have
 * faces of other kinds, most of them seen from the side.
 */
export function bodiesOf(model: ArtModel): Generator {
  if (model.inputs === 'art-v2')
    return (genome, stage, branch) => {
      const conditions = { genome, stage, branch };
      const { logits } = answer(model.grid, gridInputs(model.grid, conditions), false);
      return finished(logits.slice(), conditions, { rules: model.grid.rules, bare: true });
    };
  return (genome, stage, branch) => {
    const conditions = { genome, stage, branch };
    const { pixels } = paintedBody(model, conditions);
    return { width: SIZE, height: SIZE, palette: paletteOf(conditions), pixels };
  };
}

function paintedBody(model: FieldModel, conditions: Conditions): Canvas {
  const canvas = new Canvas();
  paintBody(canvas, decode(model, conditions), conditions.stage, 0);
  outline(canvas.pixels, SIZE);
  return canvas;
}

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
