import { mix32 } from '#shared/brain/decide.ts';
import { type CRYSTAL, DIR_X, DIR_Y, type FRUIT, TILE, WALK_FIRST, type World } from '#shared/world/index.ts';
import { F } from '../../env/features.ts';
import type { Draw } from '../../env/policy.ts';
import { along, wander } from '../walk.ts';

/**
 * Ways that players know by heart, always the same ones. All give an action; without a world (`draw.world`) they lead
 * home, which an observation shows.
 */

/** The next step along falling distances, or -1 at the end. Straight steps first, so that a way is walked alike each time. */
function descend(world: World, agent: number, steps: Uint8Array | Uint16Array, stride: number, k: number) {
  const { width } = world.terrain;
  const tile = (world.y[agent] >> 8) * width + (world.x[agent] >> 8);
  let best = steps[tile * stride + k];
  let direction = -1;
  for (let n = 0; n < 8; n++) {
    const d = n < 4 ? n * 2 : (n - 4) * 2 + 1;
    const next = steps[(tile + DIR_Y[d] * width + DIR_X[d]) * stride + k];
    if (next >= best) continue;
    best = next;
    direction = d;
  }
  return direction;
}

/** Chance in `hash` frees those who lean on a corner; else along the way, about its end anywhere. */
function go(direction: number, hash: number): number {
  return direction < 0 || (hash >>> 8) % 16 === 0 ? wander(hash) : WALK_FIRST + direction;
}

/** To a camp by its number in CAMP_NAMES. */
export function toCamp(o: Uint8Array, at: number, draw: Draw, camp: number): number {
  const { world, agent = 0, hash } = draw;
  if (!world) return along(o, at, F.homeDx, hash);
  return go(descend(world, agent, world.terrain.campSteps, world.terrain.camps.length, camp), hash);
}

export function toStall(o: Uint8Array, at: number, draw: Draw, stall: number): number {
  const { world, agent = 0, hash } = draw;
  if (!world || world.terrain.stalls.length === 0) return along(o, at, F.homeDx, hash);
  const count = world.terrain.stalls.length;
  return go(descend(world, agent, world.terrain.stallSteps, count, stall % count), hash);
}

/** To one of the map's named places. */
export function toPlace(o: Uint8Array, at: number, draw: Draw, place: number): number {
  const { world, agent = 0, hash } = draw;
  if (!world || world.terrain.places.length === 0) return along(o, at, F.homeDx, hash);
  const count = world.terrain.places.length;
  return go(descend(world, agent, world.terrain.placeSteps, count, place % count), hash);
}

/** To a place where something grows; straight at it from the next tile on. */
export function toNode(o: Uint8Array, at: number, draw: Draw, node: number): number {
  const { world, agent = 0, hash } = draw;
  if (!world || node < 0) return along(o, at, F.homeDx, hash);
  return go(descend(world, agent, world.terrain.nodeSteps, world.terrain.nodeCount, node), hash);
}

/** Whether an agent stands within `tiles` of a place where something grows. */
export function atNode({ world, agent = 0 }: Draw, node: number, tiles: number): boolean {
  if (!world || node < 0) return false;
  const { nodeX, nodeY } = world.terrain;
  return (
    Math.abs(nodeX[node] - world.x[agent]) <= tiles * TILE &&
    Math.abs(nodeY[node] - world.y[agent]) <= tiles * TILE
  );
}

/** The place that this player has chosen for good: of a kind, `near..far` steps from the village. -1: there is none. */
export function ownNode(
  { world, who }: Draw,
  kind: typeof FRUIT | typeof CRYSTAL,
  near: number,
  far: number,
) {
  if (!world) return -1;
  const { nodeCount, nodeKind, nodeX, nodeY, campSteps, camps, width } = world.terrain;
  const first = mix32(who ^ 0x6f1d) % Math.max(1, nodeCount);
  for (let k = 0; k < nodeCount; k++) {
    const n = (first + k) % nodeCount;
    const steps = campSteps[((nodeY[n] >> 8) * width + (nodeX[n] >> 8)) * camps.length];
    if (nodeKind[n] === kind && steps >= near && steps <= far) return n;
  }
  return -1;
}
