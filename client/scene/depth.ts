/** Pixels of a tile at zoom 1, and of one unit of the world (1/256 tile). */
export const TILE_PX = 64;
export const PX = TILE_PX / 256;

/** What lies above what. Standing things are sorted by their y on top of `standing`. */
export const DEPTH = {
  ground: 0,
  decor: 1,
  shade: 2,
  mark: 3,
  standing: 10,
  effect: 20_000,
  night: 30_000,
  glow: 30_001,
  label: 30_010,
} as const;
