import { mix32 } from '#shared/brain/decide.ts';
import { BALANCE, GUARD, nearestEnemy, STRIKE, WAIT } from '#shared/world/index.ts';
import { F } from '../../env/features.ts';
import type { Draw, Rule } from '../../env/policy.ts';
import { RAIDER_SEEN } from '../danger.ts';
import { along, awayFrom, straight } from '../walk.ts';
import { say, stroller } from './peaceful.ts';
import { toCamp, toPlace } from './ways.ts';

/** Players who live by blows, each with a trick of its own. */

const BESIDE = 111;
const CLOSE = 85;
/** The feature `enemy role` of guards and traders. */
const GUARD_SEEN = 31 + 3 * 24;
const FORAGERS = 1;

function chase(o: Uint8Array, at: number, mask: number, hash: number): number {
  if ((mask >> STRIKE) & 1) return STRIKE;
  return along(o, at, o[at + F.enemyNear] < 100 ? F.enemyFarDx : F.enemyDx, hash);
}

/** About the foragers' camp, at some distance, this way and that. */
function prowl(o: Uint8Array, at: number, draw: Draw): number {
  if ((draw.mood >>> 8) % 3 === 0) return straight(o, at, draw.mood & 7, draw.hash);
  return toCamp(o, at, draw, FORAGERS);
}

const RAIDERS = 2;

/** Out to where raiders leave their camp, not into it; for one mood in three along the roads between the named places. */
function patrol(o: Uint8Array, at: number, draw: Draw): number {
  const { world, agent = 0 } = draw;
  if ((draw.mood >>> 9) % 3 === 0) return toPlace(o, at, draw, mix32(draw.who + (draw.mood >>> 4)) >>> 8);
  if (!world) return straight(o, at, draw.mood & 7, draw.hash);
  const { campSteps, camps, width } = world.terrain;
  const tile = (world.y[agent] >> 8) * width + (world.x[agent] >> 8);
  const steps = campSteps[tile * camps.length + RAIDERS];
  if (steps > 18) return toCamp(o, at, draw, RAIDERS);
  return steps < 11 ? along(o, at, F.homeDx, draw.hash) : straight(o, at, draw.mood & 7, draw.hash);
}

/** Seeks those who carry, strikes and takes, shuns raiders and guards, brings the loot home. */
export const robber: Rule = (o, at, mask, draw) => {
  const load = o[at + F.fruit] + o[at + F.crystal];
  if (o[at + F.home] && (load > 32 || o[at + F.health] < 110)) return WAIT;
  if (load > 74 || o[at + F.health] < 40) return along(o, at, F.homeDx, draw.hash);
  if (o[at + F.enemies] > 0 && o[at + F.enemyRole] > 0) {
    const strong = o[at + F.enemyRole] === RAIDER_SEEN || o[at + F.enemyRole] === GUARD_SEEN;
    if (strong && o[at + F.enemyNear] > CLOSE) {
      if (o[at + F.enemyNear] > BESIDE && o[at + F.enemyStance] === 127 && (mask >> GUARD) & 1) return GUARD;
      return awayFrom(o, at, F.enemyDx, draw.hash);
    }
    if (!strong) return chase(o, at, mask, draw.hash);
  }
  return prowl(o, at, draw);
};

/** Threatens first; strikes in the next mood; takes what there is. */
export const bully: Rule = (o, at, mask, draw) => {
  if (o[at + F.enemies] > 0 && o[at + F.enemyRole] > 0 && o[at + F.enemyRole] !== RAIDER_SEEN) {
    if (o[at + F.enemyNear] > CLOSE) say(draw, (draw.mood >>> 10) & 1 ? 'threat' : 'taunt', 6);
    if ((draw.mood >>> 9) & 1) return chase(o, at, mask, draw.hash);
    return o[at + F.enemyNear] > BESIDE ? WAIT : along(o, at, F.enemyFarDx, draw.hash);
  }
  return (draw.mood >>> 11) & 1 ? prowl(o, at, draw) : stroller(o, at, mask, draw);
};

/**
 * Goes where raiders are, lets them come, holds its guard towards a blow, and strikes the one that reels from it: who was
 * caught has a heavier arm than who only missed, which a good eye sees.
 */
export const turtle: Rule = (o, at, mask, draw) => {
  if (o[at + F.health] < 40) return o[at + F.home] ? WAIT : along(o, at, F.homeDx, draw.hash);
  if (o[at + F.enemyRole] !== RAIDER_SEEN || o[at + F.enemyNear] === 0) return patrol(o, at, draw);
  const { world, agent = 0 } = draw;
  const foe = world ? nearestEnemy(world, agent, BALANCE.strikeReach * 2) : -1;
  if (o[at + F.enemyStance] === 127 && o[at + F.enemyNear] > 100) return (mask >> GUARD) & 1 ? GUARD : WAIT;
  if (world && foe >= 0 && world.cooldown[foe] > BALANCE.strikeCooldown - 4 && (mask >> STRIKE) & 1)
    return STRIKE;
  if (o[at + F.enemyNear] < 113) return along(o, at, F.enemyFarDx, draw.hash);
  return (draw.hash >>> 12) % 3 === 0 && (mask >> GUARD) & 1 ? GUARD : WAIT;
};

/** Strikes whoever it meets, raiders too, and is gone until it can strike again. */
export const kiter: Rule = (o, at, mask, draw) => {
  if (o[at + F.health] < 35) return o[at + F.home] ? WAIT : along(o, at, F.homeDx, draw.hash);
  if (o[at + F.enemies] === 0 || o[at + F.enemyRole] === 0)
    return draw.who & 3 ? patrol(o, at, draw) : prowl(o, at, draw);
  if (o[at + F.enemyStance] === 127 || o[at + F.ready] < 120 || o[at + F.stamina] < 20)
    return o[at + F.enemyNear] > CLOSE ? awayFrom(o, at, F.enemyDx, draw.hash) : WAIT;
  return chase(o, at, mask, draw.hash);
};

/** Runs at whoever is in sight and strikes without a pause. */
export const rusher: Rule = (o, at, mask, draw) => {
  if (o[at + F.enemies] === 0 || o[at + F.enemyRole] === 0) return stroller(o, at, mask, draw);
  return chase(o, at, mask, draw.hash);
};

/** Strikes at those who are weak already, and at those who only work; from the strong it stays away. */
export const griefer: Rule = (o, at, mask, draw) => {
  if (o[at + F.enemies] === 0 || o[at + F.enemyRole] === 0) return prowl(o, at, draw);
  const strong = o[at + F.enemyRole] === RAIDER_SEEN || o[at + F.enemyRole] === GUARD_SEEN;
  if (strong && o[at + F.enemyHealth] > 60) {
    if (o[at + F.enemyNear] > CLOSE) return awayFrom(o, at, F.enemyDx, draw.hash);
    return prowl(o, at, draw);
  }
  say(draw, 'taunt', 24);
  return chase(o, at, mask, draw.hash);
};
