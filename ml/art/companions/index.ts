import { randomFrom } from '../dense.ts';
import type { TrainingSprite } from '../finetune.ts';
import { grammarStrip } from '../grid/grammar.ts';
import { companionStrip, frameOf } from './compose.ts';
import { ICONS } from './icons.ts';
import { shapeOf } from './raster.ts';

export { HELD_OUT, ICONS } from './icons.ts';

/** How many creatures each head and each whole picture becomes, with a body of its own; and how many are the grammar's. */
const PER_HEAD = 5;
const PER_WHOLE = 2;
const GRAMMAR = 110;

/**
 * What the world's model learns from: growth strips of real pictures' creatures and of the grammar's, 32 × 32 role
 * indices. The face is not in them (its place is marked): shared/art paints it by the genome.
 */
export function companionSprites(seed: number): TrainingSprite[] {
  const random = randomFrom(seed);
  const sprites: TrainingSprite[] = [];
  let creature = 0;
  for (const icon of ICONS) {
    const shape = shapeOf(icon);
    for (let n = 0; n < (icon.kind === 'head' ? PER_HEAD : PER_WHOLE); n++)
      sprites.push(...companionStrip(icon, shape, creature++, frameOf(random)));
  }
  for (let n = 0; n < GRAMMAR; n++) sprites.push(...grammarStrip(creature++, random));
  return sprites;
}
