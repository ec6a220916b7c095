import {
  BALANCE,
  buyingPrice,
  FORAGER,
  isEnemy,
  RAIDER,
  STRIKE,
  sellingPrice,
  stallInReach,
  TILE,
  TRADE,
  WAIT,
} from '#shared/world/index.ts';
import { type Body, type Manner, REACH } from '../body.ts';
import { attack } from './fighters.ts';
import { work } from './peaceful.ts';

/** Inhabitants of the suite's own making: partners and enemies that no brain has trained with. */

/** A forager that works and leaves for home when a raider is in sight. */
export const timid: Manner = (body) => {
  const { world, me } = body;
  const foe = body.nearest(
    7 * TILE,
    (j) => isEnemy(world, me, j) && (world.role[j] === RAIDER || world.infamy[j] > 4000),
  );
  if (foe >= 0)
    return { action: body.home ? WAIT : body.distance(foe) < 2 * TILE ? body.away(foe) : body.toHome() };
  return { action: work(body, 8) };
};

/** A forager that works on and strikes back when it is struck. */
export const sturdy: Manner = (body) => {
  const { world, me } = body;
  const foe = body.nearest(2 * TILE, (j) => isEnemy(world, me, j) && world.role[j] === RAIDER);
  const coming = body.blowComing();
  if (coming >= 0 && body.percent(60)) return { action: body.guardAgainst(coming) };
  if (foe >= 0) return { action: attack(body, foe) };
  return { action: work(body, 10) };
};

/** Raiders that go out together: to where their leader goes, at whoever carries most. */
export const pack: Manner = (body) => {
  const { world, me } = body;
  if (body.home && (body.goods > 0 || body.health < 80)) return { action: WAIT };
  if (body.load >= 8 || body.health < 30) return { action: body.toHome() };
  const rich = body.nearest(
    BALANCE.sight,
    (j) => isEnemy(world, me, j) && world.shield[j] === 0 && world.fruit[j] + world.crystal[j] > 1,
  );
  const foe = rich >= 0 ? rich : body.foe(4 * TILE);
  if (foe >= 0) return { action: attack(body, foe) };
  return { action: hunt(body) };
};

/** Where prey is: by turns, all of a pack alike, the camps of others. */
function hunt(body: Body): number {
  const camp = Math.floor(body.tick / 1200) % 3 === 2 ? 0 : 1;
  return body.campSteps(camp) > 14 ? body.toCamp(camp) : body.stroll();
}

/** A raider that lies in wait at a named place and strikes at who comes past with goods. */
export const ambusher: Manner = (body) => {
  const { world, me } = body;
  const { places } = world.terrain;
  if (body.load >= 8) return { action: body.home ? WAIT : body.toHome() };
  const prey = body.nearest(
    5 * TILE,
    (j) => isEnemy(world, me, j) && world.shield[j] === 0 && world.fruit[j] + world.crystal[j] > 0,
  );
  if (prey >= 0 && body.health > 25) return { action: attack(body, prey) };
  if (places.length === 0) return { action: hunt(body) };
  const place = body.own(places.length);
  return {
    action: body.steps(world.terrain.placeSteps, places.length, place) > 2 ? body.toPlace(place) : WAIT,
  };
};

/** A guard that stays with the nearest forager and strikes raiders and those who rob. */
export const sentry: Manner = (body) => {
  const { world, me } = body;
  const coming = body.blowComing();
  if (coming >= 0) return { action: body.guardAgainst(coming) };
  const foe = body.nearest(
    9 * TILE,
    (j) =>
      isEnemy(world, me, j) && world.shield[j] === 0 && (world.role[j] === RAIDER || world.infamy[j] > 3000),
  );
  if (foe >= 0) return { action: body.canStrike && body.distance(foe) <= REACH ? STRIKE : body.toward(foe) };
  const ward = body.nearest(BALANCE.sight, (j) => world.role[j] === FORAGER);
  if (ward < 0) return { action: body.toCamp(1) };
  return { action: body.distance(ward) > 3 * TILE ? body.toward(ward) : WAIT };
};

/** A trader that goes round the stalls, where the next one is the cheapest or the dearest by turns. */
export const pedlar: Manner = (body) => {
  const { world, me } = body;
  const { stalls } = world.terrain;
  if (stalls.length < 2) return { action: WAIT };
  const laden = world.crystal[me] + world.fruit[me] > 4;
  const value = (s: number) =>
    laden
      ? Math.max(sellingPrice(world, s, 0), sellingPrice(world, s, 1))
      : -Math.min(buyingPrice(world, s, 0), buyingPrice(world, s, 1));
  if (body.every('choice', 900)) {
    const order = [...stalls.keys()].sort((a, b) => value(b) - value(a));
    body.set('to', order[body.percent(80) ? 0 : 1]);
  }
  if (stallInReach(world, me) === body.note('to')) return { action: TRADE };
  return { action: body.toStall(body.note('to')) };
};
