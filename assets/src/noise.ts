/** 32-bit integer hash of a lattice point; uniform over 0..2^32-1. */
export function hash2(x: number, y: number, seed: number): number {
  let h = Math.imul(x | 0, 0x27d4eb2d) ^ Math.imul(y | 0, 0x165667b1) ^ Math.imul(seed | 0, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Uniform 0..1 at a lattice point. */
export const unit = (x: number, y: number, seed: number): number => hash2(x, y, seed) / 0x1_0000_0000;

/** Smooth value noise, 0..1. With `period` > 0 the lattice repeats, so that a tile joins itself. */
export function valueNoise(x: number, y: number, seed: number, period = 0): number {
  const wrap = (v: number) => (period > 0 ? ((v % period) + period) % period : v);
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  const fx = x - ix;
  const fy = y - iy;
  const sx = fx * fx * (3 - 2 * fx);
  const sy = fy * fy * (3 - 2 * fy);
  const at = (dx: number, dy: number) => unit(wrap(ix + dx), wrap(iy + dy), seed);
  const top = at(0, 0) + (at(1, 0) - at(0, 0)) * sx;
  const bottom = at(0, 1) + (at(1, 1) - at(0, 1)) * sx;
  return top + (bottom - top) * sy;
}

/** Three octaves of `valueNoise`, 0..1. */
export function fbm(x: number, y: number, seed: number): number {
  return (
    (valueNoise(x, y, seed) * 4 +
      valueNoise(x * 2, y * 2, seed + 1) * 2 +
      valueNoise(x * 4, y * 4, seed + 2)) /
    7
  );
}
