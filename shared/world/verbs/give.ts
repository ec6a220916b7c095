import { BALANCE, CRYSTAL, DEED, FRUIT } from '../balance.ts';
import { EVENT } from '../events.ts';
import { remember } from '../memory.ts';
import { amend, isServed } from '../renown.ts';
import { nearestWithRoom } from '../sense.ts';
import type { World } from '../world.ts';

/** Hands one good to the nearest in reach who has room for it. */
export function give(world: World, i: number): void {
  if (world.cooldown[i] > 0 || world.windup[i] > 0) return;
  const kind = giftKind(world, i);
  if (kind < 0) return;
  const target = nearestWithRoom(world, i, kind, BALANCE.giveReach);
  if (target < 0) return;
  world.goods(kind)[i]--;
  world.goods(kind)[target]++;
  world.cooldown[i] = BALANCE.giveCooldown;
  remember(world, target, i, 'kind', BALANCE.memory.gift);
  if (isServed(world, target)) amend(world, i, BALANCE.infamy.gift);
  world.events.push(EVENT.gave, i, target, kind);
  world.events.push(EVENT.deed, i, DEED.given, 1);
}

/** The kind that would be given: what the intent names, else what there is most of; -1: nothing. */
export function giftKind(world: World, i: number): number {
  const wish = world.intentArg[i];
  if (wish > 0) return world.goods(wish - 1)[i] > 0 ? wish - 1 : -1;
  if (world.crystal[i] > world.fruit[i]) return CRYSTAL;
  return world.fruit[i] > 0 ? FRUIT : -1;
}
