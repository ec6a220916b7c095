import { BALANCE, RAIDER, STRIKE, TILE, WAIT, WANDERER } from '#shared/world/index.ts';
import { type Body, type Manner, REACH } from '../body.ts';

/** Players of the suite that fight. Each has one idea. */

const TONE = { greeting: 1, threat: 3 } as const;
const NEAR = 4 * TILE;

/** Walks up and strikes as often as the arm allows. */
export function attack(body: Body, foe: number): number {
  if (body.canStrike && body.distance(foe) <= REACH) return STRIKE;
  return body.distance(foe) > REACH - 80 ? body.toward(foe) : WAIT;
}

/** Where raiders are to be met: some way from their camp, where nobody is at home. */
function seek(body: Body, camp: number): number {
  if (body.campSteps(camp) > 11) return body.toCamp(camp);
  return body.stroll();
}

/**
 * To the named place on the raiders' side of the map where most of them are now (players tell one another), and about
 * there.
 */
function onTheirWay(body: Body): number {
  const { terrain, x, y, role } = body.world;
  const { places, camps, campSteps, width } = terrain;
  const tileOf = (p: number) => ((places[p].y >> 8) * width + (places[p].x >> 8)) * camps.length;
  const posts = [...places.keys()].filter((p) => {
    const [village, workers, raiders] = campSteps.subarray(tileOf(p));
    return raiders > 9 && raiders <= village && workers > 20;
  });
  if (posts.length === 0) return seek(body, 2);
  if (body.every('post', 300)) {
    const there = (p: number) => {
      let n = 0;
      for (let j = 0; j < role.length; j++)
        if (
          role[j] === RAIDER &&
          Math.abs(x[j] - places[p].x) < 10 * TILE &&
          Math.abs(y[j] - places[p].y) < 10 * TILE
        )
          n++;
      return n;
    };
    const most = Math.max(...posts.map(there));
    if (most > 0 || !body.notes.has('place'))
      body.set('place', posts.find((p) => there(p) === most) ?? posts[0]);
  }
  const place = body.note('place');
  return body.steps(terrain.placeSteps, places.length, place) > 4 ? body.toPlace(place) : body.stroll();
}

/** Strolls among what grows near the foragers' camp, where they work. */
function amongWorkers(body: Body): number {
  if (body.campSteps(1) > 18) return body.toCamp(1);
  const { terrain } = body.world;
  if (body.every('grove', 240 + body.below(160))) {
    const camp = terrain.camps[1];
    const tile = (camp.y >> 8) * terrain.width + (camp.x >> 8);
    const close = [...terrain.nodeKind.keys()].filter(
      (n) => terrain.nodeSteps[tile * terrain.nodeCount + n] < 22,
    );
    body.set('node', close.length > 0 ? close[body.below(close.length)] : 0);
  }
  const at = body.steps(terrain.nodeSteps, terrain.nodeCount, body.note('node'));
  return at > 2 ? body.toNode(body.note('node')) : body.stroll();
}

/** Runs at whoever is nearest and never stops striking. */
export const rusher: Manner = (body) => {
  const foe = body.foe(BALANCE.sight);
  if (foe >= 0) return { action: attack(body, foe) };
  return { action: body.own(2) ? seek(body, 2) : amongWorkers(body) };
};

/** Picks on the weakest in sight and says so. */
export const griefer: Manner = (body) => {
  const { world } = body;
  const hurt = body.nearest(9 * TILE, (j) => world.health[j] < 60 && body.open(j));
  const foe = hurt >= 0 ? hurt : body.foe(9 * TILE);
  if (body.health < 25 && foe >= 0) return { action: body.away(foe) };
  if (foe < 0) return { action: amongWorkers(body) };
  const say = body.every('taunt', 120) ? { target: foe, tone: TONE.threat } : undefined;
  return { action: attack(body, foe), say };
};

/** Takes from foragers what they carry and brings it home when the bag is full. */
export const robber: Manner = (body) => {
  const { world, me } = body;
  if (body.home && body.goods > 0) return { action: WAIT };
  if (world.crystal[me] >= 10 || world.fruit[me] >= BALANCE.carry) return { action: body.toHome() };
  const coming = body.blowComing();
  if (coming >= 0 && body.health < 50) return { action: body.guardAgainst(coming) };
  if (body.health < 25) {
    const foe = body.foe(6 * TILE);
    return { action: foe >= 0 ? body.away(foe) : WAIT };
  }
  const victim = body.nearest(
    BALANCE.sight,
    (j) => world.role[j] !== RAIDER && world.fruit[j] + world.crystal[j] > 0 && body.open(j),
  );
  return { action: victim >= 0 ? attack(body, victim) : amongWorkers(body) };
};

/** Greets, then robs whom it greeted. */
export const liar: Manner = (body) => {
  const { world, me } = body;
  const phase = Math.floor(body.tick / 200 + body.own(3)) % 3;
  const near = body.nearest(5 * TILE, (j) => world.role[j] !== WANDERER && world.role[j] !== RAIDER);
  if (near < 0) return { action: amongWorkers(body) };
  if (phase > 0) return robber(body);
  const say = body.every('word', 50) ? { target: near, tone: TONE.greeting } : undefined;
  return { action: world.x[me] % 2 || body.distance(near) > NEAR ? body.toward(near) : WAIT, say };
};

/** Goes where raiders pass, catches their blow on its guard, and strikes back at whoever reels. */
export const turtle: Manner = (body) => {
  const { world } = body;
  const coming = body.blowComing();
  if (coming >= 0) return { action: body.guardAgainst(coming) };
  const foe = body.foe(BALANCE.sight, RAIDER);
  if (foe < 0) {
    if (body.health < 60) return { action: WAIT };
    return { action: onTheirWay(body) };
  }
  // A caught blow costs its striker more than a missed one: then there is time for an answer.
  const reels = world.cooldown[foe] > BALANCE.strikeCooldown - 6 && world.windup[foe] === 0;
  if (reels && body.distance(foe) <= REACH && body.canStrike) return { action: STRIKE };
  if (body.health < 30) return { action: body.away(foe) };
  if (body.distance(foe) > REACH - 40) return { action: body.toward(foe) };
  return { action: body.faces(foe) ? WAIT : body.toward(foe) };
};

/** Strikes from the edge of its reach while the other's arm rests, and is gone before the answer. */
export const kiter: Manner = (body) => {
  const { world, me } = body;
  const foe = body.foe(BALANCE.sight, RAIDER);
  if (foe < 0) return { action: body.health < 70 ? WAIT : onTheirWay(body) };
  const distance = body.distance(foe);
  const crowd = body.count(5 * TILE, (j) => world.role[j] === RAIDER);
  if (body.health < 35 || crowd > 2) return { action: distance < 8 * TILE ? body.away(foe) : WAIT };
  if (world.windup[foe] > 0 && world.windup[me] === 0) return { action: body.away(foe) };
  if (body.canStrike && distance <= REACH) return { action: STRIKE };
  if (world.cooldown[me] > 4) return { action: distance < 2 * TILE + 128 ? body.away(foe) : WAIT };
  return { action: distance > REACH ? body.toward(foe) : WAIT };
};

/** Stands at one market and takes toll of whoever comes there with goods. */
export const tollman =
  (market: string): Manner =>
  (body) => {
    const { world } = body;
    const { stalls } = world.terrain;
    if (body.home && body.goods > 0) return { action: WAIT };
    if (body.load >= 12) body.set('full', 1);
    if (body.goods === 0) body.set('full', 0);
    if (body.note('full')) return { action: body.toHome() };
    const coming = body.blowComing();
    if (coming >= 0 && body.percent(70)) return { action: body.guardAgainst(coming) };
    const stall = Math.max(
      0,
      stalls.findIndex(({ name }) => name === market),
    );
    const far = body.steps(world.terrain.stallSteps, stalls.length, stall);
    const guest = body.nearest(
      7 * TILE,
      (j) => world.role[j] !== RAIDER && world.fruit[j] + world.crystal[j] > 0 && body.open(j),
    );
    if (body.health < 35) return { action: far > 2 ? body.toStall(stall) : WAIT };
    if (guest >= 0 && far < 10) return { action: attack(body, guest) };
    return { action: far > 2 ? body.toStall(stall) : WAIT };
  };
