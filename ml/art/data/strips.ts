import { sha256 } from '@noble/hashes/sha2';
import { utf8ToBytes } from '@noble/hashes/utils';
import type { Sprite } from '#shared/art/types.ts';
import { companionStrip, frameOf } from '../companions/compose.ts';
import { ICONS } from '../companions/icons.ts';
import { shapeOf } from '../companions/raster.ts';
import { randomFrom } from '../dense.ts';
import type { TrainingSprite } from '../finetune.ts';
import { grammarStrip } from '../grid/grammar.ts';
import { finished, sureLogits } from './drawn.ts';

/** A training picture as the world would draw it. */
export interface DrawnSprite {
  readonly creature: number;
  readonly stage: number;
  readonly branch: number;
  readonly sprite: Sprite;
}

export const genomeFrom = (text: string): Uint8Array => sha256(utf8ToBytes(text));

/** Training pictures finished by genomes of their creatures; a picture of no branch stands for the branch `none`. */
export function drawnOf(sprites: readonly TrainingSprite[], label: string): DrawnSprite[] {
  const genomes = new Map<number, Uint8Array>();
  return sprites.map(({ pixels, creature = 0, stage = 0, branch = 0 }) => {
    let genome = genomes.get(creature);
    if (!genome) {
      genome = genomeFrom(`${label} ${creature}`);
      genomes.set(creature, genome);
    }
    return { creature, stage, branch, sprite: finished(sureLogits(pixels), { genome, stage, branch }) };
  });
}

/**
 * Growth strips of creatures that are composed anew: half of them by the grammar, half from the companions' pictures.
 * For the judge, so that it has not seen the very strips that models learn from.
 */
export function freshStrips(creatures: number, seed: number): TrainingSprite[] {
  const random = randomFrom(seed);
  const shapes = ICONS.map(shapeOf);
  return Array.from({ length: creatures }, (_, creature) => {
    if (creature % 2 === 0) return grammarStrip(creature, random);
    const icon = (creature >> 1) % ICONS.length;
    return companionStrip(ICONS[icon], shapes[icon], creature, frameOf(random));
  }).flat();
}
