import {
  BALANCE,
  CRYSTAL,
  FRUIT,
  GATHER,
  GIVE,
  GUARD,
  TONE_NAMES,
  type ToneName,
  TRADE,
  WAIT,
  WALK_FIRST,
} from '#shared/world/index.ts';
import { F } from '../../env/features.ts';
import type { Draw, Rule } from '../../env/policy.ts';
import { RAIDER_SEEN } from '../danger.ts';
import { forager } from '../forager.ts';
import { along, awayFrom, straight, wander } from '../walk.ts';
import { atNode, ownNode, toCamp, toNode, toStall } from './ways.ts';

/** Players who do nobody any harm: most of them. */

/** Nearness at about six tiles, and beside. */
const FORAGERS_CAMP = 1;
const SEEN = 60;
const BESIDE = 111;
/** In 1/127 of the twelve that fit: three, five. */
const THREE = 31;
const FIVE = 52;

/** Says something, now and then. */
export function say(draw: Draw, tone: ToneName, oneIn: number): void {
  if ((draw.hash >>> 20) % oneIn === 0) draw.tone = TONE_NAMES.indexOf(tone);
}

/** Walks about, looks at what there is, and does not defend itself. */
export const stroller: Rule = (o, at, mask, { hash, mood }) => {
  if ((mask >> GATHER) & 1 && (hash >>> 9) % 3 === 0) return GATHER;
  return (hash >>> 12) % 8 === 0 ? wander(hash) : straight(o, at, mood & 7, hash);
};

/** Works as foragers do, and defends itself from raiders. */
export const gatherer: Rule = forager;

/** Fetches crystals from one place that it knows and carries them home, by the same way again and again. */
export const courier: Rule = (o, at, mask, draw) => {
  const node = ownNode(draw, CRYSTAL, 20, 70);
  if (o[at + F.home] && o[at + F.crystal] > 0) return WAIT;
  if (o[at + F.crystal] >= THREE) return along(o, at, F.homeDx, draw.hash);
  if (atNode(draw, node, 1))
    return (mask >> GATHER) & 1 ? GATHER : o[at + F.crystal] > 0 ? along(o, at, F.homeDx, draw.hash) : WAIT;
  return toNode(o, at, draw, node);
};

/** Stays at one grove and gathers whatever grows there; brings home what is too much. */
export const camper: Rule = (o, at, mask, draw) => {
  const node = ownNode(draw, FRUIT, 6, 60);
  if (o[at + F.fruit] > 115) return along(o, at, F.homeDx, draw.hash);
  if (!atNode(draw, node, 4)) return toNode(o, at, draw, node);
  if ((mask >> GATHER) & 1) return GATHER;
  return (draw.hash >>> 12) % 4 === 0 ? toNode(o, at, draw, node) : WAIT;
};

/** Gathers, greets whom it meets, and gives away what it has. */
export const giver: Rule = (o, at, mask, draw) => {
  if (o[at + F.enemyNear] > SEEN && o[at + F.enemyRole] !== RAIDER_SEEN) {
    say(draw, 'greeting', 12);
    if ((mask >> GIVE) & 1) return GIVE;
    if (o[at + F.fruit] + o[at + F.crystal] > 0 && o[at + F.enemyNear] < BESIDE)
      return along(o, at, F.enemyDx, draw.hash);
  }
  return forager(o, at, mask, draw);
};

/** Never strikes: asks to be spared, holds its guard up, goes its way. */
export const pacifist: Rule = (o, at, mask, draw) => {
  if (o[at + F.enemyNear] > BESIDE && (o[at + F.enemyStance] === 127 || o[at + F.hurt] > 90)) {
    say(draw, 'plea', 4);
    if ((mask >> GUARD) & 1) return GUARD;
  }
  return stroller(o, at, mask, draw);
};

/** Goes about among the foragers, looks at how they work, and gathers a little beside them. */
export const visitor: Rule = (o, at, mask, draw) => {
  if (o[at + F.fruit] + o[at + F.crystal] > 74) return along(o, at, F.homeDx, draw.hash);
  if ((mask >> GATHER) & 1 && (draw.hash >>> 9) % 2 === 0) return GATHER;
  if (o[at + F.enemyNear] > SEEN && (draw.mood >>> 8) % 3 !== 0) {
    say(draw, 'greeting', 40);
    return o[at + F.enemyNear] > BESIDE ? WAIT : along(o, at, F.enemyFarDx, draw.hash);
  }
  if ((draw.mood >>> 10) & 1) return straight(o, at, draw.mood & 7, draw.hash);
  return toCamp(o, at, draw, FORAGERS_CAMP);
};

/** Gathers all it can carry and runs from everybody. */
export const hoarder: Rule = (o, at, mask, draw) => {
  if (o[at + F.enemyNear] > SEEN) return awayFrom(o, at, F.enemyDx, draw.hash);
  if (o[at + F.crystal] > 115 && o[at + F.fruit] > 115) return along(o, at, F.homeDx, draw.hash);
  if ((mask >> GATHER) & 1) return GATHER;
  return along(o, at, o[at + F.fruit] > 115 ? F.crystalDx : F.fruitDx, draw.hash);
};

/** Learns the keys: stands, starts, turns about, and presses what there is to press. */
export const newcomer: Rule = (_o, _at, mask, { hash, mood }) => {
  const k = (hash >>> 12) % 16;
  if (k < 3) return WAIT;
  if (k < 5) return WALK_FIRST + (hash & 7);
  if (k === 5) {
    const action = [GATHER, GUARD, GIVE, TRADE][hash & 3];
    if ((mask >> action) & 1) return action;
  }
  return (mood >>> 9) % 3 === 0 ? WAIT : WALK_FIRST + (mood & 7);
};

/** Carries goods between the markets. */
export const tradesman: Rule = (o, at, mask, draw) => {
  if ((mask >> TRADE) & 1) return TRADE;
  if (o[at + F.coins] < BALANCE.fairPrice && o[at + F.crystal] < FIVE && o[at + F.fruit] < FIVE)
    return forager(o, at, mask, draw);
  if (o[at + F.enemyNear] > SEEN && o[at + F.enemyRole] === RAIDER_SEEN)
    return awayFrom(o, at, F.enemyDx, draw.hash);
  return toStall(o, at, draw, (draw.mood >>> 5) % 3);
};
