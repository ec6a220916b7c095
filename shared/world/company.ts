import { BALANCE, ENEMIES, GUARDIAN, RAIDER } from './balance.ts';
import { wanted } from './renown.ts';
import type { World } from './world.ts';

/** What `company` found: the nearest two enemies, the nearest friend (-1: none), and how many of each are in sight. */
export const seen = { enemy1: -1, enemy2: -1, friend: -1, enemies: 0, friends: 0 };

const DREAD = BALANCE.dreadSight * BALANCE.dreadSight;

/**
 * Looks about for whom agent `i` has in sight; the grid must be of this tick. A guard sees the outlaw it looks for before
 * all others, a raider whom it dreads, when that one is close.
 */
export function company(world: World, i: number): void {
  const { grid, x, y, role, dreaded } = world;
  const enemies = ENEMIES[role[i]];
  const first = role[i] === GUARDIAN ? wanted(world) : -1;
  const dreads = role[i] === RAIDER;
  const range = BALANCE.sight;
  const left = Math.max(0, grid.column(x[i] - range));
  const right = Math.min(grid.columns - 1, grid.column(x[i] + range));
  const top = Math.max(0, grid.column(y[i] - range));
  const bottom = Math.min(grid.rows - 1, grid.column(y[i] + range));
  let d1 = 0x7fffffff;
  let d2 = 0x7fffffff;
  let df = 0x7fffffff;
  seen.enemy1 = seen.enemy2 = seen.friend = -1;
  seen.enemies = seen.friends = 0;
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      for (let j = grid.first[row * grid.columns + column]; j >= 0; j = grid.next[j]) {
        if (j === i) continue;
        const dx = x[j] - x[i];
        const dy = y[j] - y[i];
        if (dx > range || dx < -range || dy > range || dy < -range) continue;
        let distance = dx * dx + dy * dy;
        if (j === first || (dreads && dreaded[j] === 1 && distance <= DREAD)) distance = -1;
        if ((enemies >> role[j]) & 1) {
          seen.enemies++;
          if (distance < d1) {
            d2 = d1;
            seen.enemy2 = seen.enemy1;
            d1 = distance;
            seen.enemy1 = j;
          } else if (distance < d2) {
            d2 = distance;
            seen.enemy2 = j;
          }
        } else {
          seen.friends++;
          if (distance < df) {
            df = distance;
            seen.friend = j;
          }
        }
      }
    }
  }
}
