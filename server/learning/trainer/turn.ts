import { feature } from '#ml/env/features.ts';
import {
  DIR_X,
  DIR_Y,
  directionOf,
  OBSERVATION_NAMES,
  OBSERVATION_SIZE,
  WALK_FIRST,
  WALK_LAST,
} from '#shared/world/index.ts';

/** Quarter turns and mirror images of the plane: the identity first, eight in all. */
export const TURNS = 8;
/** First features of pairs (dx, dy), each 64 and at most 63 more or less. */
const PAIRS = OBSERVATION_NAMES.flatMap((name, at) => (/ dx$/.test(name) ? [at] : []));
const FREE = feature('free e');

/** Where a direction (0..7) goes in each turn: [turn * 8 + direction]. */
const DIRECTIONS = Uint8Array.from({ length: TURNS * 8 }, (_, k) => {
  const [x, y] = turned(k >> 3, DIR_X[k & 7], DIR_Y[k & 7]);
  return directionOf(x, y, 0);
});

function turned(turn: number, x: number, y: number): [number, number] {
  const [a, b] = turn & 4 ? [x, -y] : [x, y];
  return [
    [a, b],
    [-b, a],
    [-a, -b],
    [b, -a],
  ][turn & 3] as [number, number];
}

/**
 * Writes the observation at `from[at..at + 64]`, as it would be had the world been turned, to `to` at the same place. The
 * rules know no direction before another: whoever does something does the same in a turned world, turned.
 */
export function turnObservation(from: Uint8Array, to: Uint8Array, at: number, turn: number): void {
  to.set(from.subarray(at, at + OBSERVATION_SIZE), at);
  if (turn === 0) return;
  for (const pair of PAIRS) {
    const [x, y] = turned(turn, from[at + pair] - 64, from[at + pair + 1] - 64);
    to[at + pair] = 64 + x;
    to[at + pair + 1] = 64 + y;
  }
  for (let d = 0; d < 8; d++) to[at + FREE + DIRECTIONS[turn * 8 + d]] = from[at + FREE + d];
}

/** An action in a turned world. */
export function turnAction(action: number, turn: number): number {
  if (action < WALK_FIRST || action > WALK_LAST) return action;
  return WALK_FIRST + DIRECTIONS[turn * 8 + action - WALK_FIRST];
}
