import { BALANCE, RAIDER, WANDERER } from './balance.ts';
import { faded } from './fade.ts';
import { MEMORY_SLOTS, type World } from './world.ts';

const MOST = 32767;

/** Where NPC `i` keeps what it remembers of player `j` (an index into the memory fields), or -1. */
export function memoryOf(world: World, i: number, j: number): number {
  if (j < 0 || world.role[j] !== WANDERER) return -1;
  const tag = world.tag[j];
  if (tag === 0) return -1;
  for (let k = i * MEMORY_SLOTS; k < (i + 1) * MEMORY_SLOTS; k++) if (world.knows[k] === tag) return k;
  return -1;
}

/** Changes what NPC `i` remembers of player `j`. One that is new takes the place of whom it has least in mind. */
export function remember(
  world: World,
  i: number,
  j: number,
  field: 'harm' | 'ward' | 'kind' | 'loot',
  change: number,
): void {
  if (world.role[i] === WANDERER || world.role[j] !== WANDERER || world.tag[j] === 0) return;
  let k = memoryOf(world, i, j);
  if (k < 0) {
    if (change <= 0) return;
    k = leastInMind(world, i);
    world.harm[k] = world.ward[k] = world.kind[k] = world.loot[k] = 0;
    world.knows[k] = world.tag[j];
  }
  world[field][k] = Math.max(0, Math.min(MOST, world[field][k] + change));
}

function leastInMind(world: World, i: number): number {
  let least = i * MEMORY_SLOTS;
  let fewest = 0x7fffffff;
  for (let k = i * MEMORY_SLOTS; k < (i + 1) * MEMORY_SLOTS; k++) {
    const sum = world.knows[k] === 0 ? -1 : world.harm[k] + world.ward[k] + world.kind[k] + world.loot[k];
    if (sum >= fewest) continue;
    fewest = sum;
    least = k;
  }
  return least;
}

/** Lets memories fade; whoever nothing is left of is forgotten. */
export function fadeMemory(world: World, i: number): void {
  for (let k = i * MEMORY_SLOTS; k < (i + 1) * MEMORY_SLOTS; k++) {
    if (world.knows[k] === 0) continue;
    world.harm[k] = faded(world.harm[k], BALANCE.memoryFade);
    world.ward[k] = faded(world.ward[k], BALANCE.memoryFade);
    world.kind[k] = faded(world.kind[k], BALANCE.memoryFade);
    world.loot[k] = faded(world.loot[k], BALANCE.memoryFade);
    if (world.harm[k] + world.ward[k] + world.kind[k] + world.loot[k] === 0) world.knows[k] = 0;
  }
}

/** Goods pass a named place, or are lost there: its heat rises. `lost`: 0 carried past, 1 lost to a robber. */
export function heatUp(world: World, i: number, lost: 0 | 1, by: number): void {
  const { terrain } = world;
  const place = terrain.placeAt[(world.y[i] >> 8) * terrain.width + (world.x[i] >> 8)];
  if (place === 255) return;
  world.heat[place * 2 + lost] = Math.min(MOST, world.heat[place * 2 + lost] + by);
}

/** Lets the heat of all places fade. */
export function coolPlaces(world: World): void {
  const { heat } = world;
  for (let p = 0; p < heat.length; p++) heat[p] = faded(heat[p], BALANCE.heatFade);
}

/**
 * The place that an inhabitant has in mind: where goods are carried past for raiders, where they are lost for all
 * others; a far one must be the hotter. -1: none.
 */
export function hotPlace(world: World, i: number, tile: number): number {
  const { terrain, heat } = world;
  const count = terrain.places.length;
  const lost = world.role[i] === RAIDER ? 0 : 1;
  let best = -1;
  let most = -0x7fffffff;
  for (let p = 0; p < count; p++) {
    const value = heat[p * 2 + lost];
    if (value < 256) continue;
    const score = (value >> 6) - terrain.placeSteps[tile * count + p];
    if (score <= most) continue;
    most = score;
    best = p;
  }
  return best;
}
