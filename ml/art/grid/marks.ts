import { Ink, SIZE } from '#shared/art/types.ts';

/**
 * Marks the eyes for a companion's model: two squares of 2 × 2 pixels (of 32 × 32, or twice that), symmetric about the
 * middle.
 * @param row the squares' upper row, of 32
 * @param apart columns from the middle to a square's inner edge, of 32
 */
export function markEyes(pixels: Uint8Array, row: number, apart: number, size = SIZE): void {
  const unit = size / SIZE;
  for (let y = row * unit; y < (row + 2) * unit; y++)
    for (let n = apart * unit; n < (apart + 2) * unit; n++) {
      pixels[y * size + size / 2 + n] = Ink.eye;
      pixels[y * size + size / 2 - 1 - n] = Ink.eye;
    }
}
