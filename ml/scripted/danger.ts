import { F } from '../env/features.ts';

/** What scripted inhabitants make of the one nearest to them. */

/** The feature `enemy role` of a player and of a raider (see `enemy` in shared/world/observe.ts). */
export const PLAYER = 31;
export const RAIDER_SEEN = 31 + 2 * 24;
/** Habits are seen in 1/127 of their ceiling; one robbery lately is 2, one wound of one's own 12. */
const ROBS = 20;
const HARMED = 36;

/** Whether the nearest enemy is one to beware of: a raider, or a player who robs or harmed this one. */
export function dangerous(o: Uint8Array, at: number): boolean {
  const role = o[at + F.enemyRole];
  if (role === RAIDER_SEEN) return true;
  return role === PLAYER && offends(o, at);
}

/** The feature `robs` of an outlaw. */
const OUTLAW = 127;

/** Whether guards may strike the nearest enemy: a raider, an outlaw, or a player who harmed this one. */
export function guilty(o: Uint8Array, at: number): boolean {
  const role = o[at + F.enemyRole];
  if (role === RAIDER_SEEN) return true;
  return role === PLAYER && (o[at + F.robs] === OUTLAW || o[at + F.harmed] >= HARMED);
}

/** Whether what the nearest enemy did lately is no honest trade. */
export function offends(o: Uint8Array, at: number): boolean {
  return o[at + F.robs] >= ROBS || o[at + F.harmed] >= HARMED;
}
