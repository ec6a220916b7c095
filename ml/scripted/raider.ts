import { GATHER, GUARD, STRIKE, WAIT } from '#shared/world/index.ts';
import { F } from '../env/features.ts';
import type { Draw, Rule } from '../env/policy.ts';
import { carriesHome } from './forager.ts';
import { along, straight, wander } from './walk.ts';

const BESIDE = 111;
const HURT = 40;
const LOADED = 42;
/** Three blows caught lately. */
const WARY = 40;

/**
 * Goes where goods are carried past, or where others live, until it sees an enemy; runs it down, strikes, and brings home
 * what it took. Who keeps catching its blows is left alone.
 */
export const raider: Rule = (o, at, mask, draw) => {
  const { hash } = draw;
  if (o[at + F.home] && (carriesHome(o, at) || o[at + F.health] < 115)) return WAIT;
  if (o[at + F.health] < HURT || o[at + F.fruit] + o[at + F.crystal] > LOADED)
    return along(o, at, F.homeDx, hash);
  if (o[at + F.enemies] > 0 && o[at + F.enemyRole] > 0 && o[at + F.warded] < WARY) {
    const beside = o[at + F.enemyNear] > BESIDE;
    if (beside && o[at + F.enemyStance] === 127 && (mask >> GUARD) & 1) return GUARD;
    if ((mask >> STRIKE) & 1) return STRIKE;
    if (o[at + F.enemyDx] + o[at + F.enemyDx + 1] !== 128 || beside) {
      const far = o[at + F.enemyNear] < 100;
      return along(o, at, far ? F.enemyFarDx : F.enemyDx, hash);
    }
  }
  if ((mask >> GATHER) & 1 && o[at + F.hunger] > 50) return GATHER;
  return roam(o, at, draw);
};

/**
 * Seeks the hot place, for one mood in two, else follows the trail to where others live; about there, and for one mood in
 * four anywhere, keeps to a direction for some seconds.
 */
function roam(o: Uint8Array, at: number, { hash, mood }: Draw): number {
  if ((hash >>> 8) % 12 === 0) return wander(hash);
  if (o[at + F.heat] > 16 && (mood >>> 28) & 1) return along(o, at, F.hotDx, hash);
  const trail = o[at + F.enemyFarDx] !== 64 || o[at + F.enemyFarDx + 1] !== 64;
  if (o[at + F.enemies] === 0 && trail && mood >>> 30 !== 0) return along(o, at, F.enemyFarDx, hash);
  return straight(o, at, mood & 7, hash);
}
