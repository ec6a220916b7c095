import { DIR_X, DIR_Y, FORAGER, GUARD, GUARDIAN, RAIDER, STRIKE, TRADER, WAIT } from '#shared/world/index.ts';
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
/** Nearness of one whose blow could land. */
const REACHED = 104;
/** Nearness of one beside. */
const BESIDE = 111;
/** Health below which one thinks of oneself. */
const HURT = 38;
/** Nearness at some four tiles. */
const CLOSE = 84;

/** Whether the way home leads towards the nearest enemy. */
function homeBehind(o: Uint8Array, at: number): boolean {
  const home = o[at + F.homeDx] - 64;
  const homeY = o[at + F.homeDx + 1] - 64;
  return home * (o[at + F.enemyFarDx] - 64) + homeY * (o[at + F.enemyFarDx + 1] - 64) > 0;
}

/**
 * Home, where nobody is struck, and there it stays: its way leads around walls, while who flees anywhere ends in a corner.
 * Only where the way leads past a near enemy, away from that first. Null: no matter.
 */
function shun(o: Uint8Array, at: number, hash: number): number | null {
  if (o[at + F.home]) return WAIT;
  if (o[at + F.enemyNear] < WARY) return null;
  const past = homeBehind(o, at) && o[at + F.enemyNear] > CLOSE;
  if (o[at + F.homeNear] > 0 && (!past || cornered(o, at))) return straightTo(o, at, F.homeDx, hash);
  return fleeFrom(o, at, F.enemyFarDx, hash);
}

/** Whether there is hardly any way to go but towards the enemy. */
function cornered(o: Uint8Array, at: number): boolean {
  for (let d = 0; d < 8; d++) {
    const away = DIR_X[d] * (o[at + F.enemyFarDx] - 64) + DIR_Y[d] * (o[at + F.enemyFarDx + 1] - 64) <= 0;
    if (away && o[at + F.freeEast + d] > 63) return false;
  }
  return true;
}

/** Who cannot flee fights: a blow turns one towards the enemy, so that the guard holds. */
function bite(o: Uint8Array, at: number, mask: number): number {
  if (o[at + F.enemyStance] === 127 && (mask >> GUARD) & 1) return GUARD;
  return (mask >> STRIKE) & 1 ? STRIKE : WAIT;
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
    if (fights && o[at + F.enemyNear] > REACHED && !o[at + F.home] && cornered(o, at))
      return bite(o, at, mask);
    if (fights) return shun(o, at, draw.hash) ?? straight(o, at, draw.mood & 7, draw.hash);
  }
  const called = o[at + F.heat] === CALLED || (o[at + F.heat] > 24 && draw.mood & 0x300);
  if (o[at + F.enemies] === 0 && called && o[at + F.health] > 60) return along(o, at, F.hotDx, draw.hash);
  return raider(o, at, mask, draw);
};

/** The feature `heat` of a guard while an outlaw is looked for, and of a raider that lies in wait. */
const CALLED = 127;

/** A guard goes where an outlaw was seen last, past everything but what stands in its way, and runs it down. */
const hunting: Rule = (o, at, mask, draw) => {
  const there = o[at + F.hotDx] === 64 && o[at + F.hotDx + 1] === 64;
  const found = o[at + F.enemyRole] === PLAYER && offends(o, at);
  if (o[at + F.heat] < CALLED || o[at + F.health] < HURT || there || found) return guard(o, at, mask, draw);
  if (o[at + F.enemyNear] > BESIDE && (mask >> STRIKE) & 1) return STRIKE;
  return straightTo(o, at, F.hotDx, draw.hash);
};

const TEACHERS: ReadonlyMap<number, Rule> = new Map([
  [FORAGER, fleeing(forager)],
  [RAIDER, choosy],
  [GUARDIAN, hunting],
  [TRADER, fleeing(trader)],
]);

/** Whom a role's training imitates first, if it has a teacher. */
export function teacherRule(role: number): Rule | undefined {
  return TEACHERS.get(role);
}
