import { Ink } from '../types.ts';

/** Sizes of the 4-connected pieces of what satisfies `wanted`, and which piece each pixel belongs to (0: none). */
function piecesOf(count: number, size: number, wanted: (at: number) => boolean) {
  const piece = new Uint16Array(count);
  const sizes = [0];
  const stack = new Uint16Array(count);
  for (let start = 0; start < count; start++) {
    if (piece[start] !== 0 || !wanted(start)) continue;
    const own = sizes.length;
    let height = 1;
    let area = 0;
    stack[0] = start;
    piece[start] = own;
    while (height > 0) {
      const at = stack[--height];
      area++;
      const x = at % size;
      const visit = (to: number) => {
        if (piece[to] === 0 && wanted(to)) {
          piece[to] = own;
          stack[height++] = to;
        }
      };
      if (x > 0) visit(at - 1);
      if (x < size - 1) visit(at + 1);
      if (at >= size) visit(at - size);
      if (at < count - size) visit(at + size);
    }
    sizes.push(area);
  }
  return { piece, sizes };
}

/**
 * Keeps the largest piece of a drawing and every other of at least `least` pixels; closes its holes of at most `hole`
 * pixels with coat. Changes `pixels`.
 */
export function tidy(pixels: Uint8Array, size: number, least: number, hole: number): void {
  const bodies = piecesOf(pixels.length, size, (at) => pixels[at] !== Ink.none);
  const largest = bodies.sizes.indexOf(Math.max(...bodies.sizes));
  for (let at = 0; at < pixels.length; at++) {
    const own = bodies.piece[at];
    if (own !== 0 && own !== largest && bodies.sizes[own] < least) pixels[at] = Ink.none;
  }
  const holes = piecesOf(pixels.length, size, (at) => pixels[at] === Ink.none);
  const open = new Uint8Array(holes.sizes.length);
  for (let n = 0; n < size; n++)
    for (const at of [n, pixels.length - 1 - n, n * size, n * size + size - 1]) open[holes.piece[at]] = 1;
  for (let at = 0; at < pixels.length; at++) {
    const own = holes.piece[at];
    if (own !== 0 && open[own] === 0 && holes.sizes[own] <= hole) pixels[at] = Ink.coat;
  }
}
