import { paintBody } from '#shared/art/body.ts';
import { Canvas } from '#shared/art/canvas.ts';
import { FIELDS, HALF_PIXELS } from '#shared/art/decoder.ts';
import { PATTERNS } from '#shared/art/genes.ts';
import { BRANCHES, HALF } from '#shared/art/types.ts';
import type { TrainingSprite } from '../finetune.ts';
import { type Plan, teach } from '../teacher.ts';
import { markEyes } from './marks.ts';

/** A body of the grammar, drawn whole at every stage: its part of the growth strip of one creature. */
export function grammarStrip(creature: number, random: () => number): TrainingSprite[] {
  const shapes = Array.from({ length: 10 }, random);
  const [tail, phase, spacing] = [random(), random(), random()];
  const pattern = Math.floor(random() * PATTERNS.length);
  const one = (stage: number, branch?: number): TrainingSprite => {
    const canvas = new Canvas();
    const plan = { shapes, tail, phase, pattern, stage, branch: branch ?? 0 };
    const anatomy = paintBody(canvas, fieldsOf(plan), stage, 0);
    const apart = Math.max(3, Math.min(anatomy.headWide - 3, 4 + Math.floor(spacing * 3)));
    markEyes(canvas.pixels, anatomy.eyeLine - 1, apart);
    return { size: 32, pixels: canvas.pixels, creature, stage, branch };
  };
  return [one(0), one(1), ...[2, 3, 4].flatMap((stage) => BRANCHES.map((_, branch) => one(stage, branch)))];
}

/** What the grammar says of each pixel of the left half, in the units of the first decoder. */
export function fieldsOf(plan: Plan): Int32Array {
  const fields = new Int32Array(FIELDS.length * HALF_PIXELS);
  for (let p = 0; p < HALF_PIXELS; p++)
    teach(plan, (31 - 2 * (p % HALF)) / 2, Math.floor(p / HALF) + 0.5).forEach((value, o) => {
      fields[o * HALF_PIXELS + p] = Math.round(value * 16);
    });
  return fields;
}
