import { DIR_X, DIR_Y, WALK_FIRST } from '../actions.ts';
import { BALANCE, DEED, TILE, WALKED_TILES } from '../balance.ts';
import { EVENT } from '../events.ts';
import type { Terrain } from '../terrain.ts';
import type { World } from '../world.ts';

/** One tick of walking along the intent's direction; one slides along walls and
 * around corners. Nobody walks while a blow is on its way. */
export function walk(world: World, i: number): void {
  const direction = world.intent[i] - WALK_FIRST;
  world.facing[i] = direction;
  if (world.windup[i] > 0) return;
  const { terrain } = world;
  const ground = terrain.ground[(world.y[i] >> 8) * terrain.width + (world.x[i] >> 8)];
  let speed: number = BALANCE.speed[ground];
  if (direction & 1) speed = (speed * BALANCE.diagonal) >> 8;
  if (world.hunger[i] >= BALANCE.hungerMax) speed = (speed * 3) >> 2;
  let x = slideX(terrain, world.x[i], world.y[i], DIR_X[direction] * speed);
  let y = slideY(terrain, x, world.y[i], DIR_Y[direction] * speed);
  if (x === world.x[i] && y === world.y[i] && isFree(terrain, x, y, direction)) {
    x = slideX(terrain, x, y, toMiddle(x, speed));
    y = slideY(terrain, x, y, toMiddle(y, speed));
  }
  const way = Math.max(Math.abs(x - world.x[i]), Math.abs(y - world.y[i]));
  world.x[i] = x;
  world.y[i] = y;
  world.walked[i] += way;
  if (world.walked[i] >= WALKED_TILES * TILE) {
    world.walked[i] -= WALKED_TILES * TILE;
    world.events.push(EVENT.deed, i, DEED.walked, 1);
  }
}

const HALF = BALANCE.bodyHalf;

/** Whether the tile ahead is free, so that only a corner stops one who is not in the middle of its own. */
function isFree({ blocked, width }: Terrain, x: number, y: number, direction: number): boolean {
  return blocked[((y >> 8) + DIR_Y[direction]) * width + (x >> 8) + DIR_X[direction]] === 0;
}

/** The step from a coordinate towards the middle of its tile. */
function toMiddle(at: number, speed: number): number {
  return Math.max(-speed, Math.min(speed, TILE / 2 - (at & (TILE - 1))));
}

/** x after moving by dx (less than a tile), stopped where the body would touch a wall. */
function slideX(terrain: Terrain, x: number, y: number, dx: number): number {
  if (dx === 0) return x;
  const edge = dx > 0 ? x + dx + HALF : x + dx - HALF;
  const column = edge >> 8;
  const { blocked, width } = terrain;
  if (!blocked[((y - HALF) >> 8) * width + column] && !blocked[((y + HALF) >> 8) * width + column])
    return x + dx;
  return dx > 0 ? (column << 8) - HALF - 1 : ((column + 1) << 8) + HALF;
}

function slideY(terrain: Terrain, x: number, y: number, dy: number): number {
  if (dy === 0) return y;
  const edge = dy > 0 ? y + dy + HALF : y + dy - HALF;
  const row = (edge >> 8) * terrain.width;
  if (!terrain.blocked[row + ((x - HALF) >> 8)] && !terrain.blocked[row + ((x + HALF) >> 8)]) return y + dy;
  return dy > 0 ? ((edge >> 8) << 8) - HALF - 1 : (((edge >> 8) + 1) << 8) + HALF;
}
