import { bytesToHex, hexToBytes } from '@noble/hashes/utils';
import { genomeOf } from '#ml/art/own/preview.ts';
import { mix32 } from '#shared/brain/decide.ts';

/** Genomes that are the same each time they are looked at. */

export { bytesToHex as toHex, genomeOf, hexToBytes as fromHex };

/** Corners of the map lie so many cells apart; between them genes go over into each other. */
export const CELLS = 4;

/**
 * The genome at a place of the map of genomes. At corners stand random genomes; every gene between them is mixed by
 * distance, so that neighbours are alike and the map has no end.
 * @param x, y whole cells
 */
export function genomeAt(world: number, x: number, y: number): Uint8Array {
  const [cx, cy] = [Math.floor(x / CELLS), Math.floor(y / CELLS)];
  const [fx, fy] = [(x - cx * CELLS) / CELLS, (y - cy * CELLS) / CELLS];
  const corner = (dx: number, dy: number) => genomeOf(mix32(mix32(mix32(world) + cx + dx) + cy + dy));
  const corners = [corner(0, 0), corner(1, 0), corner(0, 1), corner(1, 1)];
  const weights = [(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy];
  return Uint8Array.from({ length: 32 }, (_, i) =>
    Math.round(corners.reduce((sum, one, k) => sum + one[i] * weights[k], 0)),
  );
}
