import { DIR_X, DIR_Y, directionOf } from '../actions.ts';
import { BALANCE, CRYSTAL, DEED, FRUIT, GUARDIAN, RAIDER } from '../balance.ts';
import { EVENT } from '../events.ts';
import { raiseHabit } from '../habits.ts';
import { heatUp, remember } from '../memory.ts';
import { amend, excel, wrong } from '../renown.ts';
import { isEnemy, isHome, nearestEnemy } from '../sense.ts';
import { DOWN, type World } from '../world.ts';

/** Begins a blow where one can; it lands `windup` ticks later. */
export function strike(world: World, i: number): void {
  if (!canStrike(world, i)) return;
  const target = nearestEnemy(world, i, BALANCE.strikeReach);
  if (target >= 0)
    world.facing[i] = directionOf(
      world.x[target] - world.x[i],
      world.y[target] - world.y[i],
      world.facing[i],
    );
  world.stamina[i] -= BALANCE.strikeStamina;
  world.windup[i] = BALANCE.windup;
  raiseHabit(world.habitStrike, i);
  world.events.push(EVENT.swung, i, target, 0);
}

/** Nobody strikes from the safety of home. */
export function canStrike(world: World, i: number): boolean {
  return (
    world.cooldown[i] === 0 &&
    world.windup[i] === 0 &&
    world.stamina[i] >= BALANCE.strikeStamina &&
    !isHome(world, i)
  );
}

/** The blow lands on the nearest enemy in reach in the half plane ahead. */
export function landBlow(world: World, i: number): void {
  world.cooldown[i] = BALANCE.strikeCooldown;
  const target = nearestEnemy(world, i, BALANCE.strikeReach);
  if (target < 0) return;
  const dx = world.x[target] - world.x[i];
  const dy = world.y[target] - world.y[i];
  if (dx * DIR_X[world.facing[i]] + dy * DIR_Y[world.facing[i]] < 0) return;
  if (world.shield[target] > 0 || isHome(world, target)) return;
  const towards = -dx * DIR_X[world.facing[target]] - dy * DIR_Y[world.facing[target]];
  if (world.guarding[target] && towards >= 0) catchBlow(world, i, target);
  else hurt(world, i, target);
}

function catchBlow(world: World, i: number, target: number): void {
  world.stamina[target] = Math.max(0, world.stamina[target] - BALANCE.guardStamina);
  world.cooldown[i] = BALANCE.staggerCooldown;
  raiseHabit(world.habitGuard, target);
  remember(world, i, target, 'ward', BALANCE.memory.ward);
  excel(world, target, i, BALANCE.prowess.ward);
  world.events.push(EVENT.blocked, i, target, 0);
  world.events.push(EVENT.deed, target, DEED.guarded, 1);
}

function hurt(world: World, i: number, target: number): void {
  const damage = Math.min(BALANCE.strikeDamage[world.role[i]], world.health[target]);
  world.health[target] -= damage;
  world.hurt[target] = BALANCE.hurtMemory;
  world.gathering[target] = 0;
  world.events.push(EVENT.hit, i, target, damage);
  remember(world, target, i, 'harm', BALANCE.memory.hit);
  wrong(world, i, target, BALANCE.infamy.wound);
  if (world.role[target] === RAIDER) {
    excel(world, i, target, BALANCE.prowess.wound);
    amend(world, i, BALANCE.infamy.service);
  }
  world.events.push(EVENT.deed, i, DEED.struck, 1);
  if (!take(world, i, target, CRYSTAL)) take(world, i, target, FRUIT);
  if (world.health[target] > 0) return;
  world.events.push(EVENT.down, i, target, 0);
  world.events.push(EVENT.deed, i, DEED.defeated, 1);
  // Half of what is left goes to whom brought it down, as far as that one can carry it.
  for (let n = world.crystal[target] >> 1; n > 0; n--) take(world, i, target, CRYSTAL);
  for (let n = world.fruit[target] >> 1; n > 0; n--) take(world, i, target, FRUIT);
  fall(world, target);
  if (world.role[i] === GUARDIAN && world.outlaw[target]) world.timer[target] = BALANCE.stocksTicks;
}

/** Moves one good from `target` to `i`, if there is one and room for it. */
function take(world: World, i: number, target: number, kind: number): boolean {
  const goods = world.goods(kind);
  if (goods[target] === 0 || goods[i] >= BALANCE.carry || !isEnemy(world, i, target)) return false;
  goods[target]--;
  // What guards take from offenders is out of everybody's reach.
  if (world.role[i] === GUARDIAN) world.banked(kind)[i]++;
  else goods[i]++;
  remember(world, target, i, 'harm', BALANCE.memory.robbed);
  remember(world, i, target, 'loot', BALANCE.memory.loot);
  wrong(world, i, target, BALANCE.infamy.theft);
  if (world.role[target] !== RAIDER) heatUp(world, target, 1, BALANCE.heatLoss);
  world.events.push(EVENT.stole, i, target, kind);
  return true;
}

/** Lies down until the return. */
export function fall(world: World, i: number): void {
  world.status[i] = DOWN;
  world.health[i] = 0;
  world.timer[i] = BALANCE.downTicks;
  world.intent[i] = world.intentArg[i] = 0;
  world.windup[i] = world.cooldown[i] = world.gathering[i] = world.guarding[i] = 0;
}
