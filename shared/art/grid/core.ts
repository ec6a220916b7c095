import { inCore } from '../anatomy.ts';
import { MARKS } from '../identity.ts';
import { HALF, Ink, SIZE } from '../types.ts';

/** A drawing without its markings: size² roles, and the row at which it bends in its frames. */
export interface Painted {
  readonly pixels: Uint8Array;
  readonly waist: number;
}

/** A body of fewer pixels (of 32 × 32) is none: the least body is drawn into it. */
export const LEAST_BODY = 90;
/** Pixels that do not hang together with the rest: fewer go, and so do smaller holes (of 32 × 32). */
export const SPECK = 6;
export const HOLE = 5;

/** Draws the least body, plain, into 32 × 32 pixels. */
export function plainCore(pixels: Uint8Array, stage: number): void {
  for (let y = 0; y < SIZE; y++)
    for (let k = 0; k < HALF; k++)
      if (inCore(stage, k, y)) {
        pixels[y * SIZE + k] = Ink.coat;
        pixels[y * SIZE + SIZE - 1 - k] = Ink.coat;
      }
}

export function areaOf(pixels: Uint8Array): number {
  let area = 0;
  for (const ink of pixels) if (ink !== Ink.none) area++;
  return area;
}

/** Whether the markings find room once shades and patches give way to coat, as `writeMarks` will let them. */
export function canCarry(pixels: Uint8Array): boolean {
  let count = 0;
  for (const ink of pixels) if (ink >= Ink.coatShade && ink <= Ink.patchShade) count++;
  return count >= MARKS;
}
