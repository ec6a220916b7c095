/**
 * What an inhabitant can do. Players and NPCs have the same verbs. A brain with n outputs decides among the
 * first n actions; 14 and 15 are kept for later verbs, so a mask always fits 16 bits.
 */
export const WAIT = 0;
export const WALK_FIRST = 1;
export const WALK_LAST = 8;
export const STRIKE = 9;
export const GUARD = 10;
export const GATHER = 11;
export const GIVE = 12;
export const TRADE = 13;
export const ACTION_COUNT = 14;

export const ACTION_NAMES = [
  'wait',
  'walk-e',
  'walk-se',
  'walk-s',
  'walk-sw',
  'walk-w',
  'walk-nw',
  'walk-n',
  'walk-ne',
  'strike',
  'guard',
  'gather',
  'give',
  'trade',
] as const;

/** What `trade` may mean by its argument: whatever pays best, or one deal. */
export const DEAL = { best: 0, buyFruit: 1, buyCrystal: 2, sellFruit: 3, sellCrystal: 4 } as const;
/** The greatest argument of an action. */
export const MAX_ARG = 4;

/** Unit steps of the eight directions (0 = east, clockwise as y grows downward). */
export const DIR_X = Int8Array.of(1, 1, 0, -1, -1, -1, 0, 1);
export const DIR_Y = Int8Array.of(0, 1, 1, 1, 0, -1, -1, -1);

/** The direction (0..7) that points closest along (dx, dy); (0, 0) gives `fallback`. Integers only. */
export function directionOf(dx: number, dy: number, fallback: number): number {
  if (dx === 0 && dy === 0) return fallback;
  const ax = dx < 0 ? -dx : dx;
  const ay = dy < 0 ? -dy : dy;
  // tan 22.5° = 0.4142 ≈ 106/256
  const flat = ay * 256 <= ax * 106;
  const steep = ax * 256 <= ay * 106;
  const sx = steep ? 0 : dx < 0 ? -1 : 1;
  const sy = flat ? 0 : dy < 0 ? -1 : 1;
  for (let d = 0; d < 8; d++) if (DIR_X[d] === sx && DIR_Y[d] === sy) return d;
  return fallback;
}
