import { BALANCE, DEED } from '../balance.ts';
import { EVENT } from '../events.ts';
import { raiseHabit } from '../habits.ts';
import { amend } from '../renown.ts';
import { randomBelow } from '../rng.ts';
import { nodeInReach } from '../sense.ts';
import { HEADER, type World } from '../world.ts';

/** Works at the nearest place in reach; after `gatherTicks` one good is taken from it. */
export function gather(world: World, i: number): void {
  if (world.windup[i] > 0) return;
  const node = nodeInReach(world, i);
  if (node < 0) {
    world.gathering[i] = 0;
    return;
  }
  if (++world.gathering[i] < BALANCE.gatherTicks) return;
  world.gathering[i] = 0;
  const kind = world.terrain.nodeKind[node];
  world.nodeAmount[node]--;
  if (world.nodeTimer[node] === 0) world.nodeTimer[node] = regrowTicks(world, kind);
  world.goods(kind)[i]++;
  world.header[HEADER.gathered + kind]++;
  raiseHabit(world.habitGather, i);
  amend(world, i, BALANCE.infamy.work);
  world.events.push(EVENT.gathered, i, kind, node);
  world.events.push(EVENT.deed, i, DEED.gathered, 1);
}

export function regrowTicks(world: World, kind: number): number {
  return BALANCE.regrow[kind] + randomBelow(world.header, HEADER.random, BALANCE.regrowJitter[kind]);
}
