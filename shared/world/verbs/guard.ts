import { BALANCE } from '../balance.ts';
import { raiseHabit } from '../habits.ts';
import type { World } from '../world.ts';

/** Holds the guard for this tick, as long as stamina lasts. */
export function guard(world: World, i: number): void {
  if (!canGuard(world, i)) return;
  world.guarding[i] = 1;
  if (world.tick % BALANCE.guardEvery === 0) world.stamina[i]--;
  if (world.tick % BALANCE.habitEvery === 0) raiseHabit(world.habitGuard, i);
}

export function canGuard(world: World, i: number): boolean {
  return world.windup[i] === 0 && world.stamina[i] >= BALANCE.guardMinimum;
}
