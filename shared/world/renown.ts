import { BALANCE, FORAGER, RAIDER, TRADER, WANDERER } from './balance.ts';
import { EVENT } from './events.ts';
import { faded } from './fade.ts';
import { HEADER, type World } from './world.ts';

/**
 * What a player is known for in the whole zone: wrongs done to those whom guards serve make an outlaw, whom guards look
 * for; blows dealt to raiders make one whom raiders dread. Both begin above one threshold and end below a lower one.
 */

/** What the event `renown` is about (its target). */
export const RENOWN = { outlaw: 0, dreaded: 1 } as const;

/** Roles whom guards serve. */
const SERVED = (1 << FORAGER) | (1 << TRADER);
const MOST = 32767;

/** Whether guards serve this one. */
export const isServed = (world: World, i: number): boolean => ((SERVED >> world.role[i]) & 1) === 1;

/** A player wrongs `target`; an outlaw who does so raises the hue and cry, unless a worse one is looked for. */
export function wrong(world: World, i: number, target: number, by: number): void {
  if (world.role[i] !== WANDERER || !isServed(world, target)) return;
  world.infamy[i] = Math.min(MOST, world.infamy[i] + by);
  judge(world, i);
  if (world.outlaw[i] === 0) return;
  const { header } = world;
  const other = wanted(world);
  if (other >= 0 && other !== i && world.infamy[other] > world.infamy[i]) return;
  header[HEADER.wanted] = i + 1;
  header[HEADER.wantedNode] = nodeNear(world, target);
  header[HEADER.wantedTick] = world.tick;
}

/** A player makes good: a gift to one whom guards serve, a blow against a raider, honest work. */
export function amend(world: World, i: number, by: number): void {
  if (world.role[i] === WANDERER) world.infamy[i] = Math.max(0, world.infamy[i] - by);
}

/** A player gets the better of a raider; the others hear of it. */
export function excel(world: World, i: number, target: number, by: number): void {
  if (world.role[i] !== WANDERER || world.role[target] !== RAIDER) return;
  world.prowess[i] = Math.min(MOST, world.prowess[i] + by);
  judge(world, i);
}

/** Lets wrongs and feats be forgotten. */
export function fadeRenown(world: World, i: number): void {
  world.infamy[i] = faded(world.infamy[i], BALANCE.renownFade);
  world.prowess[i] = faded(world.prowess[i], BALANCE.renownFade);
  judge(world, i);
}

function judge(world: World, i: number): void {
  const { outlaw, infamy, dreaded, prowess } = world;
  const { outlawFrom, outlawUntil, dreadFrom, dreadUntil } = BALANCE;
  become(world, i, outlaw, RENOWN.outlaw, infamy[i] >= (outlaw[i] ? outlawUntil : outlawFrom));
  become(world, i, dreaded, RENOWN.dreaded, prowess[i] >= (dreaded[i] ? dreadUntil : dreadFrom));
}

function become(world: World, i: number, flags: Int32Array, renown: number, is: boolean): void {
  const flag = is ? 1 : 0;
  if (flags[i] === flag) return;
  flags[i] = flag;
  world.events.push(EVENT.renown, i, renown, flag);
}

/** The outlaw whom guards look for now, or -1: nobody, or one who has kept quiet for a while. */
export function wanted({ header, outlaw, tick }: World): number {
  const i = header[HEADER.wanted] - 1;
  return i >= 0 && outlaw[i] === 1 && tick - header[HEADER.wantedTick] <= BALANCE.wantedTicks ? i : -1;
}

/** The node near which it did wrong last. */
export const wantedNear = ({ header }: World): number => header[HEADER.wantedNode];

function nodeNear({ terrain, x, y }: World, i: number): number {
  const { nodeSteps, nodeCount, width } = terrain;
  const row = ((y[i] >> 8) * width + (x[i] >> 8)) * nodeCount;
  let best = 0;
  for (let n = 1; n < nodeCount; n++) if (nodeSteps[row + n] < nodeSteps[row + best]) best = n;
  return best;
}
