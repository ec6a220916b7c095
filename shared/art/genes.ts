import type { Conditions } from './types.ts';

/**
 * How a genome is read. Bytes 0..23 are genes: near genomes make near bodies, so that a child can
 * resemble its parents. All 32 bytes also go into the coat's markings and tints (`identity.ts`).
 */
export const Gene = {
  coat: 0,
  patch: 1,
  accent: 2,
  iris: 3,
  /** Ten shape genes from here: see `SHAPES`. */
  shape: 4,
  pattern: 14,
  patternPhase: 15,
  eyes: 16,
  eyeSpacing: 17,
  mouth: 18,
  cheeks: 19,
  tail: 20,
  brow: 21,
  adorn: 22,
  temperament: 23,
} as const;

/** The shape genes, each 0..127 to the decoder. */
export const SHAPES = [
  'headWidth',
  'headHeight',
  'headPear',
  'bodyWidth',
  'bodyHeight',
  'earLength',
  'earAngle',
  'earWidth',
  'earTip',
  'feetSpread',
] as const;

export const PATTERNS = ['plain', 'cap', 'stripes', 'spots', 'mask', 'dipped'] as const;

/** The decoder's condition inputs: shapes, tail, pattern phase, pattern one-hot, stage one-hot, branch one-hot. */
export const CONDITION_INPUTS = SHAPES.length + 2 + PATTERNS.length + 5 + 5;

/** The condition inputs, each 0..127. */
export function conditionInputs({ genome, stage, branch }: Conditions): Uint8Array {
  const inputs = new Uint8Array(CONDITION_INPUTS);
  let at = 0;
  for (let i = 0; i < SHAPES.length; i++) inputs[at++] = genome[Gene.shape + i] >> 1;
  inputs[at++] = genome[Gene.tail] >> 1;
  inputs[at++] = genome[Gene.patternPhase] >> 1;
  inputs[at + (genome[Gene.pattern] % PATTERNS.length)] = 127;
  at += PATTERNS.length;
  inputs[at + stage] = 127;
  inputs[at + 5 + branch] = 127;
  return inputs;
}
