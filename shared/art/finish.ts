import { Ink } from './types.ts';

/** Idle: open, breathing in, blinking, breathing in. Walk: one foot, down, the other foot, down. */
export const BLINKS = 2;
const SQUASHED = [1, 3, 5, 7];
const LIFTED: Readonly<Record<number, number>> = { 4: 0, 6: 1 };

/**
 * A dark line around everything: what is empty beside something becomes outline; with `gaps`, only beside what is no
 * outline yet. Changes `pixels`, size² of them.
 */
export function outline(pixels: Uint8Array, size: number, gaps = false): void {
  const before = pixels.slice();
  const filled = (x: number, y: number) =>
    x >= 0 &&
    y >= 0 &&
    x < size &&
    y < size &&
    before[y * size + x] !== Ink.none &&
    !(gaps && before[y * size + x] === Ink.outline);
  for (let at = 0; at < pixels.length; at++) {
    if (before[at] !== Ink.none) continue;
    const x = at % size;
    const y = (at / size) | 0;
    if (filled(x - 1, y) || filled(x + 1, y) || filled(x, y - 1) || filled(x, y + 1))
      pixels[at] = Ink.outline;
  }
}

/** The frame's pose: rows above the waist sink by one (of 32), or one foot is lifted. */
export function posed(pixels: Uint8Array, size: number, frame: number, waist: number): Uint8Array {
  const unit = size >> 5;
  const moved = pixels.slice();
  if (SQUASHED.includes(frame)) {
    const split = Math.min(waist, size - 4 * unit);
    moved.copyWithin(unit * size, 0, split * size);
    moved.fill(Ink.none, 0, unit * size);
  }
  const foot = LIFTED[frame];
  if (foot !== undefined)
    for (let y = 27 * unit; y < size; y++)
      for (let x = (foot * size) >> 1; x < ((foot + 1) * size) >> 1; x++)
        moved[y * size + x] = y + unit < size ? pixels[(y + unit) * size + x] : 0;
  return moved;
}
