/** What the art models learn from: real pictures and the grammar's, as sprites in palette roles. */
export { grammarSprites } from './grammar.ts';
export { CREATURES, type Creature } from './icons.ts';
export { heldOut, isHeldOut, realSprites } from './real.ts';
export { trainingRoot } from './root.ts';
export { checkSize, FIRST_GRAMMAR, flipped, type TrainingSprite } from './types.ts';
