import { BALANCE } from './balance.ts';
import type { World } from './world.ts';

/** Raises a habit towards its ceiling of 32767. */
export function raiseHabit(habit: Int32Array, i: number): void {
  habit[i] = Math.min(32767, habit[i] + BALANCE.habitRaise);
}

/** Lets what was done lately fade: a half-life of about nine minutes. */
export function fadeHabits(world: World, i: number): void {
  world.habitStrike[i] -= fade(world.habitStrike[i]);
  world.habitGather[i] -= fade(world.habitGather[i]);
  world.habitGuard[i] -= fade(world.habitGuard[i]);
  world.habitRob[i] -= fade(world.habitRob[i]);
}

function fade(value: number): number {
  return ((value + BALANCE.habitFade - 1) / BALANCE.habitFade) | 0;
}
