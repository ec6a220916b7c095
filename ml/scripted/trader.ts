import { GUARD, TRADE } from '#shared/world/index.ts';
import { F } from '../env/features.ts';
import type { Rule } from '../env/policy.ts';
import { dangerous } from './danger.ts';
import { along, awayFrom } from './walk.ts';

const CLOSE = 85;
const BESIDE = 111;
/** Loads from which it looks for a buyer: four of twelve crystals, seven fruit (three are its own provisions). */
const LOADED = 40;
const PROVISIONS = 32;

/**
 * Buys where it is cheap and carries it to where it pays most; runs from raiders and known robbers. Where a forager sees
 * goods, a trader sees stalls: `fruit dx` leads to where to buy, `crystal dx` to where to sell.
 */
export const trader: Rule = (o, at, mask, { hash }) => {
  if (o[at + F.enemyNear] > CLOSE && dangerous(o, at)) {
    const beside = o[at + F.enemyNear] > BESIDE;
    if (beside && o[at + F.enemyStance] === 127 && (mask >> GUARD) & 1) return GUARD;
    return awayFrom(o, at, F.enemyDx, hash);
  }
  if ((mask >> TRADE) & 1) return TRADE;
  const load = o[at + F.crystal] + Math.max(0, o[at + F.fruit] - PROVISIONS);
  const poor = o[at + F.coins] < 9;
  const sells = load > LOADED || (load > 0 && (poor || o[at + F.fruitNear] < o[at + F.crystalNear]));
  return along(o, at, sells ? F.crystalDx : F.fruitDx, hash);
};
