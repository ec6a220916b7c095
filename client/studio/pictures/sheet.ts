import { MAX_CELLS, MIN_SIDE, Refused, type Rgba } from './limits.ts';

/** Cell sizes that sheets are drawn in. */
const USUAL = [
  8, 10, 12, 16, 18, 20, 24, 28, 30, 32, 36, 40, 48, 56, 60, 64, 72, 80, 96, 100, 120, 128, 160, 192, 256,
];
/** Share of pixels along the cuts that may lie inside a sprite. */
const CUT_AT_MOST = 0.03;

export interface Cell {
  readonly width: number;
  readonly height: number;
}

/**
 * The size of a sheet's cells: the smallest usual one whose grid cuts through (almost) no sprite; null where the
 * picture looks like a single sprite. `picture` has a transparent background.
 */
export function guessCell(picture: Rgba): Cell | null {
  const { width, height } = picture;
  for (const side of USUAL) {
    if (width % side !== 0 || height % side !== 0) continue;
    const cells = (width / side) * (height / side);
    if (cells < 2 || cells > MAX_CELLS) continue;
    if (cutShare(picture, side) <= CUT_AT_MOST && emptyEdges(picture, side))
      return { width: side, height: side };
  }
  return null;
}

const opaque = ({ width, data }: Rgba, x: number, y: number): boolean => data[(y * width + x) * 4 + 3] >= 128;

/** How much of the grid's lines lies between two filled pixels. */
function cutShare(picture: Rgba, side: number): number {
  const { width, height } = picture;
  let [cut, all] = [0, 0];
  for (let x = side; x < width; x += side)
    for (let y = 0; y < height; y++, all++) if (opaque(picture, x - 1, y) && opaque(picture, x, y)) cut++;
  for (let y = side; y < height; y += side)
    for (let x = 0; x < width; x++, all++) if (opaque(picture, x, y - 1) && opaque(picture, x, y)) cut++;
  return all === 0 ? 1 : cut / all;
}

/** Whether at least two cells hold something: a sprite amid emptiness is no sheet. */
function emptyEdges(picture: Rgba, side: number): boolean {
  let filled = 0;
  for (let y = 0; y < picture.height; y += side)
    for (let x = 0; x < picture.width; x += side) if (holdsSomething(picture, x, y, side)) filled++;
  return filled >= 2;
}

function holdsSomething(picture: Rgba, left: number, top: number, side: number): boolean {
  let count = 0;
  for (let y = top; y < top + side; y++)
    for (let x = left; x < left + side; x++) if (opaque(picture, x, y) && ++count >= side) return true;
  return false;
}

/** A sheet's cells, row by row, without the empty ones. @throws Refused when the cells do not fit */
export function cutSheet(picture: Rgba, cell: Cell): Rgba[] {
  const { width, height } = picture;
  for (const [field, value, whole] of [
    ['width', cell.width, width],
    ['height', cell.height, height],
  ] as const)
    if (!Number.isInteger(value) || value < MIN_SIDE || value > whole)
      throw new Refused(`cells must be ${MIN_SIDE} to ${whole} pixels of ${field}, not ${value}`);
  const [columns, rows] = [Math.floor(width / cell.width), Math.floor(height / cell.height)];
  if (columns * rows > MAX_CELLS)
    throw new Refused(`gives ${columns * rows} cells; at most ${MAX_CELLS} are taken`);
  const cells: Rgba[] = [];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const one = crop(picture, column * cell.width, row * cell.height, cell.width, cell.height);
      if (one.data.some((value, i) => (i & 3) === 3 && value >= 128)) cells.push(one);
    }
  return cells;
}

export function crop({ width, data }: Rgba, x: number, y: number, w: number, h: number): Rgba {
  const out = new Uint8ClampedArray(w * h * 4);
  for (let row = 0; row < h; row++) {
    const from = ((y + row) * width + x) * 4;
    out.set(data.subarray(from, from + w * 4), row * w * 4);
  }
  return { width: w, height: h, data: out };
}
