import { BALANCE } from './balance.ts';
import { faded } from './fade.ts';
import type { World } from './world.ts';

/** Raises a habit towards its ceiling of 32767. */
export function raiseHabit(habit: Int32Array, i: number): void {
  habit[i] = Math.min(32767, habit[i] + BALANCE.habitRaise);
}

/** Lets what was done lately fade: a half-life of about nine minutes. */
export function fadeHabits(world: World, i: number): void {
  for (const habit of [world.habitStrike, world.habitGather, world.habitGuard])
    habit[i] = faded(habit[i], BALANCE.habitFade);
}
