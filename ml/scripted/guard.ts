import { GATHER, GUARD, STRIKE, WAIT } from '#shared/world/index.ts';
import { F } from '../env/features.ts';
import type { Rule } from '../env/policy.ts';
import { dangerous } from './danger.ts';
import { along, straight, wander } from './walk.ts';

const BESIDE = 111;
const HURT = 45;
const HUNGRY = 60;
/** How near a guard keeps to those it looks after (nearness, 127 beside). */
const ATTENDING = 96;

/**
 * Looks after those who work: goes where they were robbed lately, keeps near one with goods, runs down raiders and
 * outlaws, and leaves everybody else in peace.
 */
export const guard: Rule = (o, at, mask, { hash, mood }) => {
  if (o[at + F.home] && o[at + F.health] < 120) return WAIT;
  if (o[at + F.health] < HURT) return along(o, at, F.homeDx, hash);
  if (o[at + F.enemies] > 0 && dangerous(o, at)) {
    const beside = o[at + F.enemyNear] > BESIDE;
    if (beside && o[at + F.enemyStance] === 127 && (mask >> GUARD) & 1) return GUARD;
    if ((mask >> STRIKE) & 1) return STRIKE;
    if (!beside || o[at + F.enemyDx] + o[at + F.enemyDx + 1] !== 128)
      return along(o, at, o[at + F.enemyNear] < 100 ? F.enemyFarDx : F.enemyDx, hash);
  }
  if (o[at + F.hunger] > HUNGRY && o[at + F.fruit] === 0) {
    if ((mask >> GATHER) & 1) return GATHER;
    return along(o, at, F.fruitDx, hash);
  }
  if (o[at + F.friendNear] > 0 && (o[at + F.friendHurt] > 0 || o[at + F.friendNear] < ATTENDING))
    return along(o, at, F.friendDx, hash);
  if (o[at + F.friendNear] > 0 && mood & 0x300) return straight(o, at, mood & 7, hash);
  if (o[at + F.heat] > 16) return along(o, at, F.hotDx, hash);
  return (hash >>> 12) % 8 === 0 ? wander(hash) : straight(o, at, mood & 7, hash);
};
