import { GATHER, GUARD, STRIKE, WAIT } from '#shared/world/index.ts';
import { F } from '../env/features.ts';
import type { Rule } from '../env/policy.ts';
import { dangerous } from './danger.ts';
import { along, awayFrom } from './walk.ts';

/** Nearness (127 beside one, 0 at the edge of sight) at about four tiles, and at striking distance. */
const CLOSE = 85;
const BESIDE = 111;
/** Features of what is carried, in 1/127 of the twelve that fit. */
const FULL = 127;
const SOME = 42;

export function carriesHome(o: Uint8Array, at: number): boolean {
  return o[at + F.crystal] > 0 || o[at + F.fruit] > 32;
}

/**
 * Gathers what is nearest and brings home a full load. From raiders and known robbers it guards itself, strikes back when
 * strong, else flees; strangers are let alone.
 */
export const forager: Rule = (o, at, mask, { hash }) => {
  const load = o[at + F.fruit] + o[at + F.crystal];
  const threatened = o[at + F.enemyNear] > CLOSE && dangerous(o, at);
  if (threatened) {
    const beside = o[at + F.enemyNear] > BESIDE;
    if (beside && o[at + F.enemyStance] === 127 && (mask >> GUARD) & 1) return GUARD;
    if (beside && (mask >> STRIKE) & 1 && o[at + F.health] > 50) return STRIKE;
    if (load > SOME && !o[at + F.home]) return along(o, at, F.homeDx, hash);
    if (o[at + F.health] < 50) return awayFrom(o, at, F.enemyDx, hash);
  }
  if (o[at + F.home] && carriesHome(o, at)) return WAIT;
  if (o[at + F.crystal] === FULL || o[at + F.fruit] === FULL || load > 170)
    return along(o, at, F.homeDx, hash);
  if ((mask >> GATHER) & 1) return GATHER;
  if (o[at + F.crystalNear] >= o[at + F.fruitNear]) return along(o, at, F.crystalDx, hash);
  return along(o, at, F.fruitDx, hash);
};
