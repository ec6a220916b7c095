import { FORAGER, GUARDIAN, RAIDER, STRIKE, TRADER, WAIT } from '#shared/world/index.ts';
import { F } from '../env/features.ts';
import type { Rule } from '../env/policy.ts';
import { offends, PLAYER } from './danger.ts';
import { forager } from './forager.ts';
import { guard } from './guard.ts';
import { raider } from './raider.ts';
import { trader } from './trader.ts';
import { along, fleeFrom, straight, straightTo } from './walk.ts';

/**
 * The teachers that training begins with: the scripted rules, and besides what long experience with people says. Habits
 * decide: a stranger is met as the plain rule meets it, one that is known is met in advance.
 */

/** Nearness at some ten tiles: an offender further off is let be. */
const WARY = 45;
/** Nearness of home (127 less steps) at some thirty steps. */
const HOME_NEAR = 97;

/** Whether the way home leads towards the nearest enemy. */
function homeBehind(o: Uint8Array, at: number): boolean {
  const home = o[at + F.homeDx] - 64;
  const homeY = o[at + F.homeDx + 1] - 64;
  return home * (o[at + F.enemyFarDx] - 64) + homeY * (o[at + F.enemyFarDx + 1] - 64) > 0;
}

/** Home while that is near and free, and there it stays; else away, for who flees cannot guard its back. Null: no matter. */
function shun(o: Uint8Array, at: number, hash: number): number | null {
  if (o[at + F.home]) return WAIT;
  if (o[at + F.enemyNear] < WARY) return null;
  if (o[at + F.homeNear] > HOME_NEAR && !homeBehind(o, at)) return straightTo(o, at, F.homeDx, hash);
  return fleeFrom(o, at, F.enemyFarDx, hash);
}

/** Shuns known offenders. */
const fleeing =
  (plain: Rule): Rule =>
  (o, at, mask, draw) => {
    const known = o[at + F.enemyRole] === PLAYER && offends(o, at);
    return (known ? shun(o, at, draw.hash) : null) ?? plain(o, at, mask, draw);
  };

/** From here on a player is known to be one who wins its fights: some eight blows caught, or sixteen struck, lately. */
const FIGHTER = { strikes: 48, guards: 24, warded: 30, harmed: 36 };

/**
 * A raider keeps away from players that are known to fight well, and waits where goods are carried past.
 */
const choosy: Rule = (o, at, mask, draw) => {
  if (o[at + F.enemyRole] === PLAYER && o[at + F.enemyNear] > 0) {
    const fights =
      o[at + F.strikes] >= FIGHTER.strikes ||
      o[at + F.guards] >= FIGHTER.guards ||
      o[at + F.warded] >= FIGHTER.warded ||
      o[at + F.harmed] >= FIGHTER.harmed;
    if (fights) return shun(o, at, draw.hash) ?? straight(o, at, draw.mood & 7, draw.hash);
  }
  if (o[at + F.enemies] === 0 && o[at + F.heat] > 24 && draw.mood & 0x300 && o[at + F.health] > 60)
    return along(o, at, F.hotDx, draw.hash);
  return raider(o, at, mask, draw);
};

/** A guard strikes at every known robber it can see, before raiders. */
const stern: Rule = (o, at, mask, draw) => {
  if (o[at + F.enemyRole] === PLAYER && offends(o, at) && (mask >> STRIKE) & 1) return STRIKE;
  return guard(o, at, mask, draw);
};

const TEACHERS: ReadonlyMap<number, Rule> = new Map([
  [FORAGER, fleeing(forager)],
  [RAIDER, choosy],
  [GUARDIAN, stern],
  [TRADER, fleeing(trader)],
]);

/** Whom a role's training imitates first, if it has a teacher. */
export function teacherRule(role: number): Rule | undefined {
  return TEACHERS.get(role);
}
