import {
  BALANCE,
  CRYSTAL,
  FRUIT,
  GATHER,
  GIVE,
  GUARD,
  isEnemy,
  RAIDER,
  STRIKE,
  stallInReach,
  TILE,
  TRADE,
  WAIT,
  WANDERER,
} from '#shared/world/index.ts';
import { type Body, type Manner, REACH } from '../body.ts';

/** Players of the suite that mean no harm, and the careful traveller by whom fairness is measured. */

const GREETING = 1;
const PLEA = 4;

/** Gathers what `wants` and brings it home from `full` goods on. */
export function work(body: Body, full: number, kind = -1, wants?: (node: number) => boolean): number {
  const { world, me } = body;
  if (body.home && body.goods > 0) return WAIT;
  if (body.note('laden') && body.goods === 0) body.set('laden', 0);
  if (body.load >= full) body.set('laden', 1);
  if (body.note('laden')) return body.toHome();
  const node = body.grown(kind, wants);
  if (node < 0) return body.goods > 0 ? body.toHome() : body.stroll();
  const dx = world.terrain.nodeX[node] - world.x[me];
  const dy = world.terrain.nodeY[node] - world.y[me];
  const reach = BALANCE.gatherReach - 20;
  return dx * dx + dy * dy <= reach * reach ? GATHER : body.toNode(node);
}

/** Gathers in peace and runs from raiders, pleading. */
export const pacifist: Manner = (body) => {
  const raider = body.foe(5 * TILE, RAIDER);
  if (raider < 0) return { action: work(body, 8) };
  const say = body.every('plea', 80) ? { target: raider, tone: PLEA } : undefined;
  return { action: body.load > 2 ? body.toHome() : body.away(raider), say };
};

/** New here: walks about, stops, gathers a little, waves its weapon at nothing, guards too late. */
export const newcomer: Manner = (body) => {
  if (body.every('mind', 30 + body.below(50))) body.set('mood', body.below(8));
  const mood = body.note('mood');
  if (mood === 0) return { action: WAIT };
  if (mood === 1 && body.canGather) return { action: GATHER };
  if (mood === 2 && body.percent(10)) return { action: STRIKE };
  if (mood === 3 && body.percent(30)) return { action: GUARD };
  const node = mood > 5 ? body.grown() : -1;
  return { action: node >= 0 ? body.toNode(node) : body.stroll() };
};

/** Gathers fruit and hands it to whoever lives here, with a greeting. */
export const giver: Manner = (body) => {
  const { world } = body;
  if (body.load < 4 && !body.note('giving')) {
    const action = work(body, 12, FRUIT);
    return { action };
  }
  body.set('giving', body.load > 1 ? 1 : 0);
  const guest = body.nearest(
    BALANCE.sight,
    (j) => world.role[j] !== WANDERER && world.fruit[j] < BALANCE.carry,
  );
  if (guest < 0) return { action: body.stroll() };
  const say = body.every('hello', 60) ? { target: guest, tone: GREETING } : undefined;
  return { action: body.distance(guest) < BALANCE.giveReach - 60 ? GIVE : body.toward(guest), say };
};

/** Takes all that grows and keeps it: never goes home, runs from everybody. */
export const hoarder: Manner = (body) => {
  const { world, me } = body;
  const foe = body.nearest(4 * TILE, (j) => isEnemy(world, me, j) && world.role[j] === RAIDER);
  if (foe >= 0) return { action: body.away(foe) };
  if (body.canGather && body.load < 20) return { action: GATHER };
  const node = body.grown();
  return { action: node < 0 || body.load >= 20 ? body.stroll() : body.toNode(node) };
};

/** The grove a courier serves: rich, a good way from the village, and as near to the raiders as such groves are. */
export function groveOf(body: Body): (node: number) => boolean {
  const { terrain } = body.world;
  const { nodeCount, nodeSteps, camps, width } = terrain;
  if (!body.notes.has('grove')) {
    const tileOf = (n: number) => (terrain.nodeY[n] >> 8) * width + (terrain.nodeX[n] >> 8);
    let best = -Infinity;
    for (let n = 0; n < nodeCount; n++) {
      const village = terrain.campSteps[tileOf(n) * camps.length];
      const raiders = terrain.campSteps[tileOf(n) * camps.length + 2];
      let rich = 0;
      for (let m = 0; m < nodeCount; m++) if (nodeSteps[tileOf(n) * nodeCount + m] <= 9) rich++;
      const score =
        Math.min(rich, 6) * 6 - raiders - 2 * Math.max(0, village - 48) - 4 * Math.max(0, 26 - village);
      if (score > best) {
        best = score;
        body.set('grove', n);
      }
    }
  }
  const n = body.note('grove');
  const row = ((terrain.nodeY[n] >> 8) * width + (terrain.nodeX[n] >> 8)) * nodeCount;
  return (node) => nodeSteps[row + node] <= 9;
}

/** Carries goods from one grove to the village, always by the same way, whoever stands there. */
export const courier: Manner = (body) => ({ action: work(body, 6, -1, groveOf(body)) });

/** Buys where it is cheap and sells where it is dear, on foot like a trader. */
export const merchant: Manner = (body) => {
  const { world } = body;
  const { stalls } = world.terrain;
  if (stalls.length === 0) return { action: work(body, 8) };
  if (body.every('stall', 1200)) body.set('to', body.below(stalls.length));
  const here = stallInReach(world, body.me);
  if (here === body.note('to')) {
    if (body.every('deal', 12)) return { action: TRADE };
    if (body.percent(4))
      body.set('to', (here + 1 + body.below(Math.max(1, stalls.length - 1))) % stalls.length);
    return { action: TRADE };
  }
  return { action: body.load === 0 && body.percent(1) ? WAIT : body.toStall(body.note('to')) };
};

/** How well a traveller fights: chance in percent to see a blow coming in time, and to do nothing sensible at all. */
export interface Skill {
  readonly sees: number;
  readonly slips: number;
}
export const SKILLS = {
  newcomer: { sees: 15, slips: 45 },
  regular: { sees: 50, slips: 20 },
  veteran: { sees: 85, slips: 5 },
} as const satisfies Record<string, Skill>;
export type SkillName = keyof typeof SKILLS;

/** On an honest errand for crystals; defends itself as well as it can. */
export function traveller(skill: Skill): Manner {
  return (body) => {
    const { world } = body;
    if (body.percent(skill.slips)) return { action: body.percent(50) ? WAIT : body.stroll() };
    const coming = body.blowComing();
    if (coming >= 0 && body.percent(skill.sees)) return { action: body.guardAgainst(coming) };
    const attacker = body.nearest(
      3 * TILE,
      (j) => isEnemy(world, body.me, j) && (world.role[j] === RAIDER || body.note('hurt') > 0),
    );
    body.set('hurt', world.hurt[body.me]);
    if (attacker >= 0) {
      if (body.health < 25) return { action: body.away(attacker) };
      if (body.canStrike && body.distance(attacker) <= REACH) return { action: STRIKE };
      return { action: body.distance(attacker) > REACH - 60 ? body.toward(attacker) : WAIT };
    }
    return { action: work(body, 6, CRYSTAL) };
  };
}
