import { Ink, SIZE } from '#shared/art/types.ts';

/**
 * Marks the eyes for a companion's model: two squares of 2 × 2 pixels, symmetric about the middle.
 * @param row the squares' upper row
 * @param apart columns from the middle to a square's inner edge
 */
export function markEyes(pixels: Uint8Array, row: number, apart: number): void {
  for (const y of [row, row + 1])
    for (const n of [apart, apart + 1]) {
      pixels[y * SIZE + SIZE / 2 + n] = Ink.eye;
      pixels[y * SIZE + SIZE / 2 - 1 - n] = Ink.eye;
    }
}
