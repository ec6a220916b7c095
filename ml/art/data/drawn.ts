import type { GridShape } from '#shared/art/grid/network.ts';
import { logitAt, logitCount } from '#shared/art/grid/network.ts';
import { type Finishing, paintLogits } from '#shared/art/grid/paint.ts';
import { scatter, writeMarks, writeTints } from '#shared/art/identity.ts';
import { paletteOf } from '#shared/art/palette.ts';
import { type Conditions, Ink, SIZE, type Sprite } from '#shared/art/types.ts';

/** What the layout of logits needs to know; a companion's are 32 × 32. */
export const CANVAS: GridShape = { size: SIZE, latents: 4, hidden: 8, channels: 8, mix: 8, blocks: 1 };

const SURE = 1000;

/** Logits that say these roles, in the decoder's layout. Under the marks of the eyes lies coat. */
export function sureLogits(roles: Uint8Array): Int32Array {
  const logits = new Int32Array(logitCount(CANVAS));
  for (let at = 0; at < roles.length; at++) {
    const to = logitAt(CANVAS, at % SIZE, Math.floor(at / SIZE));
    logits[to + roles[at]] = SURE;
    if (roles[at] === Ink.eye) logits[to + Ink.coat] = SURE >> 1;
  }
  return logits;
}

/**
 * A companion finished from logits exactly as the world's model's are: cleaned, adorned, with face, outline, markings and
 * colours. So every family is judged by what it says of the body alone. Changes `logits`.
 */
export function finished(logits: Int32Array, conditions: Conditions, how: Finishing = {}): Sprite {
  const written = scatter(conditions.genome);
  const { pixels } = paintLogits(CANVAS, logits, conditions, how);
  if (!writeMarks(pixels, written)) throw new Error('a finished companion has no room for its markings');
  const palette = paletteOf(conditions, how.rules);
  writeTints(palette, written);
  return { width: SIZE, height: SIZE, palette, pixels };
}
