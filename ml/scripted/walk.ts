import { DIR_X, DIR_Y, directionOf, WALK_FIRST } from '#shared/world/index.ts';
import { F } from '../env/features.ts';

/** Walks that scripted policies share. A hash of the decision stands for chance. */

/** One walk in any direction. */
export function wander(hash: number): number {
  return WALK_FIRST + (hash & 7);
}

/**
 * Along the signed pair of features at `k` (dx, dy); one decision in ten goes anywhere instead, which frees those who
 * lean on a corner.
 */
export function along(o: Uint8Array, at: number, k: number, hash: number): number {
  if ((hash >>> 8) % 10 === 0) return wander(hash);
  return WALK_FIRST + directionOf(o[at + k] - 64, o[at + k + 1] - 64, hash & 7);
}

/** As `along`, for whoever is in a hurry: hardly ever astray. */
export function straightTo(o: Uint8Array, at: number, k: number, hash: number): number {
  if ((hash >>> 8) % 40 === 0) return wander(hash);
  return WALK_FIRST + directionOf(o[at + k] - 64, o[at + k + 1] - 64, hash & 7);
}

/** Against the signed pair of features at `k`, turned aside where a wall is in the way. */
export function awayFrom(o: Uint8Array, at: number, k: number, hash: number): number {
  return straight(o, at, directionOf(64 - o[at + k], 64 - o[at + k + 1], hash & 7), hash);
}

/**
 * Away from what lies along the signed pair of features at `k`, to where most room is: always the same way from the same
 * place, for whoever hesitates at a wall is caught there.
 */
export function fleeFrom(o: Uint8Array, at: number, k: number, hash: number): number {
  const dx = o[at + k] - 64;
  const dy = o[at + k + 1] - 64;
  const far = Math.max(Math.abs(dx), Math.abs(dy));
  if (far === 0) return wander(hash);
  let best = -1;
  let most = -Infinity;
  for (let d = 0; d < 8; d++) {
    const free = o[at + F.freeEast + d];
    if (free === 0) continue;
    const away = -(dx * DIR_X[d] + dy * DIR_Y[d]) / far;
    const score = (d & 1 ? away * 0.75 : away) + free / 254;
    if (score <= most) continue;
    most = score;
    best = d;
  }
  return best < 0 ? wander(hash) : WALK_FIRST + best;
}

/** In a direction (0..7), or the free one nearest to it. */
export function straight(o: Uint8Array, at: number, direction: number, hash: number): number {
  const side = hash & 0x100 ? 1 : 7;
  for (const turn of [0, side, 8 - side, 2 * side, 16 - 2 * side, 3 * side]) {
    const d = (direction + turn) & 7;
    if (o[at + F.freeEast + d] > 0) return WALK_FIRST + d;
  }
  return wander(hash);
}
