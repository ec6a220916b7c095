import { SIZE, type Sprite } from './types.ts';

/** Sizes of the 4-connected pieces of what is drawn, largest first: for tests. */
export function pieces(sprite: Sprite): number[] {
  const { width } = sprite;
  const left = sprite.pixels.slice();
  const stack = new Uint16Array(left.length);
  const steps = [-1, 1, -width, width];
  const sizes: number[] = [];
  for (let start = 0; start < left.length; start++) {
    if (left[start] === 0) continue;
    let height = 1;
    let size = 0;
    stack[0] = start;
    left[start] = 0;
    while (height > 0) {
      const at = stack[--height];
      size++;
      for (let n = 0; n < 4; n++) {
        const to = at + steps[n];
        const wraps = n < 2 && Math.trunc(to / width) !== Math.trunc(at / width);
        if (wraps || to < 0 || to >= left.length || left[to] === 0) continue;
        left[to] = 0;
        stack[height++] = to;
      }
    }
    sizes.push(size);
  }
  return sizes.sort((a, b) => b - a);
}

/** Pixels that differ. */
export function difference(a: Sprite, b: Sprite): number {
  let count = 0;
  for (let at = 0; at < SIZE * SIZE; at++) if (a.pixels[at] !== b.pixels[at]) count++;
  return count;
}
