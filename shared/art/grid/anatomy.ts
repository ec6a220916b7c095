import type { Anatomy } from '../anatomy.ts';
import { HALF, Ink, SIZE } from '../types.ts';
import { type GridShape, logitAt, ROLES } from './network.ts';

/** Where a companion's model marks the eyes: the marks' upper row, and columns from the middle to their inner edge. */
export interface Eyes {
  readonly row: number;
  readonly apart: number;
}

const ROWS = [8, 26] as const;
const APART = [2, 6] as const;

/** How much the eye's logit stands out at a pixel; out of the body there is no eye: far below any logit. */
function excess(shape: GridShape, logits: Int32Array, body: Uint8Array, x: number, y: number): number {
  if (body[y * SIZE + x] === 0) return -(1 << 26);
  const at = logitAt(shape, x, y);
  let other = logits[at];
  for (let role = 1; role < ROLES; role++)
    if (role !== Ink.eye && logits[at + role] > other) other = logits[at + role];
  return logits[at + Ink.eye] - other;
}

/**
 * The place of two squares of 2 × 2 pixels, symmetric about the middle, where the eye's logits stand out most among
 * filled pixels: there is always one. The first of equals.
 */
export function findEyes(shape: GridShape, logits: Int32Array, body: Uint8Array): Eyes {
  let best: Eyes = { row: 16, apart: 3 };
  let most = Number.NEGATIVE_INFINITY;
  const sums = new Float64Array(SIZE * HALF);
  for (let y = ROWS[0]; y <= ROWS[1] + 1; y++)
    for (let n = APART[0]; n <= APART[1] + 1; n++)
      sums[y * HALF + n] =
        excess(shape, logits, body, HALF - 1 - n, y) + excess(shape, logits, body, HALF + n, y);
  for (let row = ROWS[0]; row <= ROWS[1]; row++)
    for (let apart = APART[0]; apart <= APART[1]; apart++) {
      const at = row * HALF + apart;
      const sum = sums[at] + sums[at + 1] + sums[at + HALF] + sums[at + HALF + 1];
      if (sum > most) {
        most = sum;
        best = { row, apart };
      }
    }
  return best;
}

/** Where things are on a body of which only the pixels are known. */
export function anatomyIn(body: Uint8Array, stage: number, { row }: Eyes): Anatomy {
  const filled = (x: number, y: number) =>
    x >= 0 && x < SIZE && y >= 0 && y < SIZE && body[y * SIZE + x] !== Ink.none;
  const axis = (y: number) => filled(HALF - 1, y) || filled(HALF, y);
  /** Columns filled from the axis outward without a gap, on the narrower side. */
  const wide = (y: number) => {
    let n = 0;
    while (n < HALF && filled(HALF - 1 - n, y) && filled(HALF + n, y)) n++;
    return n;
  };
  const eyeLine = row + 1;
  let headTop = eyeLine;
  while (headTop > 1 && axis(headTop - 1)) headTop--;
  let bodyBottom = SIZE - 2;
  while (bodyBottom > eyeLine + 3 && ![12, 13, 14, 15].some((x) => filled(x, bodyBottom))) bodyBottom--;
  const headWide = Math.max(3, wide(eyeLine));
  const headBottom = Math.min(bodyBottom, eyeLine + Math.max(5, Math.min(eyeLine - headTop, 8)));
  const chest = Math.min(27, stage < 2 ? headBottom - 2 : Math.min(headBottom + 3, bodyBottom - 2));
  const tops = Array.from({ length: HALF }, (_, n) => {
    for (let y = 0; y < SIZE; y++) if (filled(HALF - 1 - n, y)) return y;
    return SIZE;
  });
  return {
    headTop,
    headBottom,
    eyeLine,
    headWide,
    bodyBottom,
    chest,
    bodyWide: Math.max(3, wide(chest)),
    tops,
  };
}
