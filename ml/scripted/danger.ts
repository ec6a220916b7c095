import { F } from '../env/features.ts';

/** What scripted inhabitants make of the one nearest to them. */

/** The feature `enemy role` of a player and of a raider (see `enemy` in shared/world/observe.ts). */
export const PLAYER = 31;
export const RAIDER_SEEN = 31 + 2 * 24;
/** The feature `robs` of an outlaw. */
const OUTLAW = 127;
/** Three wounds of one's own: memories are seen in 1/127 of their ceiling. */
const HARMED = 36;

/** Whether the nearest enemy is one to beware of: a raider, an outlaw, or a player who harmed this one. */
export function dangerous(o: Uint8Array, at: number): boolean {
  const role = o[at + F.enemyRole];
  if (role === RAIDER_SEEN) return true;
  return role === PLAYER && offends(o, at);
}

/** Whether the nearest enemy, a player, is an outlaw or has harmed this one lately. */
export function offends(o: Uint8Array, at: number): boolean {
  return o[at + F.robs] === OUTLAW || o[at + F.harmed] >= HARMED;
}
