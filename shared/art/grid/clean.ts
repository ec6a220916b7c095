import { Ink } from '../types.ts';

const MOST_PIXELS = 64 * 64;
// kept between calls: a drawing is tidied many times a second
const piece = new Uint16Array(MOST_PIXELS);
const stack = new Uint16Array(4 * MOST_PIXELS);

/**
 * Numbers the 4-connected pieces of the pixels that are filled (or, not `filled`, of the empty ones) in `piece`, from 1;
 * 0 where a pixel is neither.
 * @returns the pieces' sizes
 */
function number(pixels: Uint8Array, size: number, filled: boolean): number[] {
  const count = pixels.length;
  for (let at = 0; at < count; at++) piece[at] = (pixels[at] !== Ink.none) === filled ? 0xffff : 0;
  const sizes = [0];
  for (let start = 0; start < count; start++) {
    if (piece[start] !== 0xffff) continue;
    const own = sizes.length;
    let height = 1;
    let area = 0;
    stack[0] = start;
    while (height > 0) {
      const at = stack[--height];
      if (piece[at] !== 0xffff) continue;
      piece[at] = own;
      area++;
      const x = at % size;
      if (x > 0 && piece[at - 1] === 0xffff) stack[height++] = at - 1;
      if (x < size - 1 && piece[at + 1] === 0xffff) stack[height++] = at + 1;
      if (at >= size && piece[at - size] === 0xffff) stack[height++] = at - size;
      if (at < count - size && piece[at + size] === 0xffff) stack[height++] = at + size;
    }
    sizes.push(area);
  }
  return sizes;
}

/**
 * Keeps the largest piece of a drawing and every other of at least `least` pixels; closes its holes of at most `hole`
 * pixels with coat. Changes `pixels`, size² of them, at most 64².
 */
export function tidy(pixels: Uint8Array, size: number, least: number, hole: number): void {
  const bodies = number(pixels, size, true);
  const largest = bodies.indexOf(Math.max(...bodies));
  for (let at = 0; at < pixels.length; at++) {
    const own = piece[at];
    if (own !== 0 && own !== largest && bodies[own] < least) pixels[at] = Ink.none;
  }
  const holes = number(pixels, size, false);
  const open = new Uint8Array(holes.length);
  for (let n = 0; n < size; n++) {
    open[piece[n]] = 1;
    open[piece[pixels.length - 1 - n]] = 1;
    open[piece[n * size]] = 1;
    open[piece[n * size + size - 1]] = 1;
  }
  for (let at = 0; at < pixels.length; at++) {
    const own = piece[at];
    if (own !== 0 && open[own] === 0 && holes[own] <= hole) pixels[at] = Ink.coat;
  }
}

/**
 * Spots of one role of fewer than `least` pixels become what most of the pixels beside them are, of equals the lowest
 * role; the upper spot first. Changes `pixels`, size² of them, at most 64²; no empty pixel and none to empty.
 */
export function mend(pixels: Uint8Array, size: number, least: number): void {
  piece.fill(0, 0, pixels.length);
  const beside = new Uint16Array(16);
  for (let start = 0; start < pixels.length; start++) {
    if (piece[start] !== 0 || pixels[start] === Ink.none) continue;
    const role = pixels[start];
    let area = 1;
    let done = 0;
    stack[0] = start;
    piece[start] = 1;
    beside.fill(0);
    const visit = (to: number) => {
      if (pixels[to] !== role) beside[pixels[to]]++;
      else if (piece[to] === 0) {
        piece[to] = 1;
        stack[area++] = to;
      }
    };
    while (done < area) {
      const at = stack[done++];
      const x = at % size;
      if (x > 0) visit(at - 1);
      if (x < size - 1) visit(at + 1);
      if (at >= size) visit(at - size);
      if (at < pixels.length - size) visit(at + size);
    }
    if (area >= least) continue;
    let best = Ink.none as number;
    for (let ink = 1; ink < beside.length; ink++)
      if (beside[ink] > (best === Ink.none ? 0 : beside[best])) best = ink;
    if (best !== Ink.none) for (let n = 0; n < area; n++) pixels[stack[n]] = best;
  }
}
