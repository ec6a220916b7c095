import { ACTION_COUNT, GATHER, GIVE, GUARD, STRIKE, TRADE } from './actions.ts';
import { BALANCE } from './balance.ts';
import { nearestEnemy, nearestWithRoom, nodeInReach, stallInReach } from './sense.ts';
import { giftKind } from './verbs/give.ts';
import { canGuard } from './verbs/guard.ts';
import { canStrike } from './verbs/strike.ts';
import { dealOf } from './verbs/trade.ts';
import { ALIVE, type World } from './world.ts';

const WALKS = 0b1_1111_1111;

/**
 * Which actions make sense for an agent now: bit a for action a. Waiting always does; a blow needs an enemy about to
 * be in reach. A mask for those who decide, not a permission: `step` itself checks what each verb needs.
 * The grid must be of this tick (`sight` in observe.ts).
 */
export function legal(world: World, i: number): number {
  if (world.status[i] !== ALIVE) return 1;
  if (world.windup[i] > 0) return 1;
  let mask = WALKS;
  if (canStrike(world, i) && nearestEnemy(world, i, BALANCE.strikeReach + (BALANCE.strikeReach >> 1)) >= 0)
    mask |= 1 << STRIKE;
  if (canGuard(world, i)) mask |= 1 << GUARD;
  if (nodeInReach(world, i) >= 0) mask |= 1 << GATHER;
  if (world.cooldown[i] === 0 && world.fruit[i] + world.crystal[i] > 0) {
    const kind = giftKind(world, i);
    if (kind >= 0 && nearestWithRoom(world, i, kind, BALANCE.giveReach) >= 0) mask |= 1 << GIVE;
  }
  if (world.cooldown[i] === 0) {
    const stall = stallInReach(world, i);
    if (stall >= 0 && dealOf(world, i, stall) >= 0) mask |= 1 << TRADE;
  }
  return mask;
}

/** The legal actions in a mask, in rising order, for those who pick at random. */
export function actionsIn(mask: number): number[] {
  const actions: number[] = [];
  for (let a = 0; a < ACTION_COUNT; a++) if ((mask >> a) & 1) actions.push(a);
  return actions;
}
