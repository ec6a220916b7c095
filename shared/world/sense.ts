import { BALANCE, ENEMIES, FRUIT, HOME_OF } from './balance.ts';
import type { World } from './world.ts';

/** What the verbs and the observation ask about the surroundings. The grid must be of this tick. */

export function isEnemy(world: World, i: number, other: number): boolean {
  return ((ENEMIES[world.role[i]] >> world.role[other]) & 1) === 1;
}

/** Whether an agent stands within the circle of its own camp. */
export function isHome(world: World, i: number): boolean {
  const camp = world.terrain.camps[HOME_OF[world.role[i]]];
  const dx = world.x[i] - camp.x;
  const dy = world.y[i] - camp.y;
  return dx * dx + dy * dy <= camp.radius * camp.radius;
}

/** The nearest enemy within `reach` (at most sight), or -1; the lowest index on a tie. */
export function nearestEnemy(world: World, i: number, reach: number): number {
  return nearest(world, i, reach, -1);
}

/** The nearest other one within `reach` who can still carry a good of `kind`, or -1. */
export function nearestWithRoom(world: World, i: number, kind: number, reach: number): number {
  return nearest(world, i, reach, kind);
}

function nearest(world: World, i: number, reach: number, roomFor: number): number {
  const { grid, x, y, role } = world;
  const goods = roomFor >= 0 ? world.goods(roomFor) : null;
  const enemies = ENEMIES[role[i]];
  const left = Math.max(0, grid.column(x[i] - reach));
  const right = Math.min(grid.columns - 1, grid.column(x[i] + reach));
  const top = Math.max(0, grid.column(y[i] - reach));
  const bottom = Math.min(grid.rows - 1, grid.column(y[i] + reach));
  let best = -1;
  let bestDistance = reach * reach + 1;
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      for (let j = grid.first[row * grid.columns + column]; j >= 0; j = grid.next[j]) {
        if (j === i || world.status[j] !== 1) continue;
        if (goods ? goods[j] >= BALANCE.carry : !((enemies >> role[j]) & 1)) continue;
        const dx = x[j] - x[i];
        const dy = y[j] - y[i];
        const distance = dx * dx + dy * dy;
        if (distance < bestDistance || (distance === bestDistance && j < best)) {
          best = j;
          bestDistance = distance;
        }
      }
    }
  }
  return best;
}

/** The stall in reach, or -1; the nearest, the lowest index on a tie. */
export function stallInReach(world: World, i: number): number {
  const { stalls } = world.terrain;
  let best = -1;
  let bestDistance = BALANCE.tradeReach * BALANCE.tradeReach + 1;
  for (let s = 0; s < stalls.length; s++) {
    const dx = stalls[s].x - world.x[i];
    const dy = stalls[s].y - world.y[i];
    const distance = dx * dx + dy * dy;
    if (distance >= bestDistance) continue;
    best = s;
    bestDistance = distance;
  }
  return best;
}

/** The nearest place in reach that holds something which the agent has room for, or -1. */
export function nodeInReach(world: World, i: number): number {
  const { terrain, nodeAmount } = world;
  const { near, nearFirst, nodeKind } = terrain;
  const tile = (world.y[i] >> 8) * terrain.width + (world.x[i] >> 8);
  let best = -1;
  let bestDistance = BALANCE.gatherReach * BALANCE.gatherReach + 1;
  for (let k = nearFirst[tile]; k < nearFirst[tile + 1]; k++) {
    const n = near[k];
    if (nodeAmount[n] === 0) continue;
    if ((nodeKind[n] === FRUIT ? world.fruit[i] : world.crystal[i]) >= BALANCE.carry) continue;
    const dx = terrain.nodeX[n] - world.x[i];
    const dy = terrain.nodeY[n] - world.y[i];
    const distance = dx * dx + dy * dy;
    if (distance < bestDistance) {
      best = n;
      bestDistance = distance;
    }
  }
  return best;
}
