import { F } from '../env/features.ts';

/** What scripted inhabitants make of the one nearest to them. */

/** The feature `enemy role` of a player and of a raider (see `enemy` in shared/world/observe.ts). */
export const PLAYER = 31;
export const RAIDER_SEEN = 31 + 2 * 24;
/** Habits are seen in 1/127 of their ceiling; one blow or robbery lately is 4, one wound of one's own 12. */
const ROBS = 24;
const STRIKES = 56;
const HARMED = 36;

/** Whether the nearest enemy is one to beware of: a raider, or a player who robs, strikes a lot or harmed this one. */
export function dangerous(o: Uint8Array, at: number): boolean {
  const role = o[at + F.enemyRole];
  if (role === RAIDER_SEEN) return true;
  return role === PLAYER && offends(o, at);
}

/** Whether what the nearest enemy did lately is no honest trade. */
export function offends(o: Uint8Array, at: number): boolean {
  return o[at + F.robs] >= ROBS || o[at + F.strikes] >= STRIKES || o[at + F.harmed] >= HARMED;
}
