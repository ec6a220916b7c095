import { GATHER, GUARD, STRIKE, WAIT, WALK_FIRST } from '#shared/world/index.ts';
import { F } from '../env/features.ts';
import type { Rule } from '../env/policy.ts';
import { forager } from './forager.ts';
import { raider } from './raider.ts';
import { along, awayFrom, straight } from './walk.ts';

const SEEN = 60;

/** Walks about, looks at what there is, and does not defend itself. */
const stroller: Rule = (o, at, mask, { hash, mood }) => {
  if ((mask >> GATHER) & 1 && (hash >>> 9) % 3 === 0) return GATHER;
  return (hash >>> 12) % 8 === 0 ? WALK_FIRST + (hash & 7) : straight(o, at, mood & 7, hash);
};

/** Gathers and runs from everybody. */
const runner: Rule = (o, at, mask, draw) =>
  o[at + F.enemyNear] > SEEN && o[at + F.enemyRole] > 0
    ? awayFrom(o, at, F.enemyDx, draw.hash)
    : forager(o, at, mask, draw);

/** Stands behind its guard while anybody is near, strikes now and then. */
const turtle: Rule = (o, at, mask, draw) => {
  if (o[at + F.enemyNear] < 100 || o[at + F.enemyRole] === 0) return forager(o, at, mask, draw);
  if ((mask >> STRIKE) & 1 && (draw.hash >>> 12) % 4 === 0) return STRIKE;
  return (mask >> GUARD) & 1 ? GUARD : WAIT;
};

/** Runs at whoever is in sight and strikes without a pause. */
const brawler: Rule = (o, at, mask, draw) => {
  if (o[at + F.enemies] === 0 || o[at + F.enemyRole] === 0) return stroller(o, at, mask, draw);
  if ((mask >> STRIKE) & 1) return STRIKE;
  return along(o, at, o[at + F.enemyNear] < 100 ? F.enemyFarDx : F.enemyDx, draw.hash);
};

const KINDS: readonly Rule[] = [stroller, runner, turtle, brawler, forager, raider];

/** As players do: each agent keeps one of six manners for the episode. */
export const players: Rule = (o, at, mask, draw) => KINDS[(draw.who >>> 8) % KINDS.length](o, at, mask, draw);
