import { sha256 } from '@noble/hashes/sha2';
import { BALANCE, CAMP_NAMES } from './balance.ts';
import { EventList } from './events.ts';
import { Grid } from './grid.ts';
import { seedRng } from './rng.ts';
import type { Terrain } from './terrain.ts';

/** Words of the header, at the start of the state. */
export const HEADER = {
  magic: 0,
  version: 1,
  tick: 2,
  seed: 3,
  /** Four words: sfc32. */
  random: 4,
  capacity: 8,
  nodes: 9,
  /** The ledger of goods, per kind: grown and taken from the land, brought in on joining, eaten, taken away on leaving. */
  gathered: 10,
  broughtIn: 12,
  eaten: 14,
  takenAway: 16,
  /** Eight words: SHA-256 of the terrain. */
  terrain: 18,
  /** The ledger of coins: brought in or paid by stalls, paid to stalls or taken away. */
  coinsIn: 26,
  coinsOut: 27,
  /** The hue and cry: whom guards look for (its place + 1; 0: nobody), the node nearest to its last wrong, that wrong's tick. */
  wanted: 28,
  wantedNode: 29,
  wantedTick: 30,
  size: 32,
} as const;

const MAGIC = 0x53594d42;
export const STATE_VERSION = 3;
export const MAX_CAPACITY = 1024;

/** Status of a place for an agent. */
export const EMPTY = 0;
export const ALIVE = 1;
export const DOWN = 2;

/** The fields of an agent, each one Int32Array over all places, in the order they lie in the state. */
export const AGENT_FIELDS = [
  'status',
  'role',
  /** The outside's number for who this is (the server's identity or NPC number); the rules only carry it. */
  'tag',
  'x',
  'y',
  'facing',
  'intent',
  'intentArg',
  'health',
  'stamina',
  'hunger',
  'fruit',
  'crystal',
  'bankedFruit',
  'bankedCrystal',
  'coins',
  'cooldown',
  'windup',
  'gathering',
  'guarding',
  /** Ticks until return while down. */
  'timer',
  'shield',
  /** Counts down from `hurtMemory` after a wound. */
  'hurt',
  /** Way walked since the last deed `walked`, in 1/256 tile. */
  'walked',
  /** Ticks alive since the last deed `endured`. */
  'endured',
  /** What this one did lately, 0..32767, fading: blows, gathering, guards. Everybody in the zone knows. */
  'habitStrike',
  'habitGather',
  'habitGuard',
  /** Renown of a player: wrongs done to those whom guards serve, 0..32767, fading, and 1 for whom they have made an outlaw; */
  'infamy',
  'outlaw',
  /** blows dealt to raiders and caught from them, 0..32767, fading, and 1 for whom they dread. */
  'prowess',
  'dreaded',
  /** Ticks until this one can speak again. */
  'voice',
] as const;
type AgentField = (typeof AGENT_FIELDS)[number];

/** How many players an NPC remembers at once. */
export const MEMORY_SLOTS = 8;
/**
 * What an NPC remembers of single players, each one Int32Array [capacity][MEMORY_SLOTS] after the agents' fields: who
 * (the player's tag, 0: nobody), and 0..32767, fading: harm done to it, its blows caught, kindness, goods it took from them.
 */
export const MEMORY_FIELDS = ['knows', 'harm', 'ward', 'kind', 'loot'] as const;
type MemoryField = (typeof MEMORY_FIELDS)[number];

/**
 * The state of one zone: typed arrays over a single buffer. A snapshot is a copy of its bytes and its hash is their
 * SHA-256 (words little-endian, as on every machine this runs on). Events and the grid are derived in each step and
 * are no part of it.
 */
export class World {
  declare readonly status: Int32Array;
  declare readonly role: Int32Array;
  declare readonly tag: Int32Array;
  declare readonly x: Int32Array;
  declare readonly y: Int32Array;
  declare readonly facing: Int32Array;
  declare readonly intent: Int32Array;
  declare readonly intentArg: Int32Array;
  declare readonly health: Int32Array;
  declare readonly stamina: Int32Array;
  declare readonly hunger: Int32Array;
  declare readonly fruit: Int32Array;
  declare readonly crystal: Int32Array;
  declare readonly bankedFruit: Int32Array;
  declare readonly bankedCrystal: Int32Array;
  declare readonly cooldown: Int32Array;
  declare readonly windup: Int32Array;
  declare readonly gathering: Int32Array;
  declare readonly guarding: Int32Array;
  declare readonly timer: Int32Array;
  declare readonly shield: Int32Array;
  declare readonly hurt: Int32Array;
  declare readonly walked: Int32Array;
  declare readonly endured: Int32Array;
  declare readonly habitStrike: Int32Array;
  declare readonly habitGather: Int32Array;
  declare readonly habitGuard: Int32Array;
  declare readonly infamy: Int32Array;
  declare readonly outlaw: Int32Array;
  declare readonly prowess: Int32Array;
  declare readonly dreaded: Int32Array;
  declare readonly coins: Int32Array;
  declare readonly voice: Int32Array;
  declare readonly knows: Int32Array;
  declare readonly harm: Int32Array;
  declare readonly ward: Int32Array;
  declare readonly kind: Int32Array;
  declare readonly loot: Int32Array;

  readonly terrain: Terrain;
  readonly capacity: number;
  readonly bytes: Uint8Array;
  readonly header: Int32Array;
  /** Per node: how much it holds, and the ticks until one more grows (0: full). */
  readonly nodeAmount: Int32Array;
  readonly nodeTimer: Int32Array;
  /** Per stall and kind (stall * 2 + kind): how much it holds, and what the place would hold of itself by now. */
  readonly stock: Int32Array;
  readonly want: Int32Array;
  /** Per named place, 0..32767, fading: goods carried past (place * 2), goods lost to robbers there (place * 2 + 1). */
  readonly heat: Int32Array;
  /** What happened in the last step. */
  readonly events: EventList;
  readonly grid: Grid;

  constructor(terrain: Terrain, capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > MAX_CAPACITY)
      throw new RangeError(`capacity: ${capacity}, must be 1..${MAX_CAPACITY}`);
    this.terrain = terrain;
    this.capacity = capacity;
    const buffer = new ArrayBuffer(stateSize(terrain, capacity));
    this.bytes = new Uint8Array(buffer);
    this.header = new Int32Array(buffer, 0, HEADER.size);
    let at = HEADER.size * 4;
    for (const field of AGENT_FIELDS) {
      (this as Record<AgentField, Int32Array>)[field] = new Int32Array(buffer, at, capacity);
      at += capacity * 4;
    }
    const take = (length: number) => {
      const words = new Int32Array(buffer, at, length);
      at += length * 4;
      return words;
    };
    for (const field of MEMORY_FIELDS)
      (this as Record<MemoryField, Int32Array>)[field] = take(capacity * MEMORY_SLOTS);
    this.nodeAmount = take(terrain.nodeCount);
    this.nodeTimer = take(terrain.nodeCount);
    this.stock = take(terrain.stalls.length * 2);
    this.want = take(terrain.stalls.length * 2);
    this.heat = take(terrain.places.length * 2);
    this.events = new EventList(capacity * 16);
    this.grid = new Grid(terrain.width, terrain.height, capacity);
  }

  get tick(): number {
    return this.header[HEADER.tick];
  }

  get seed(): number {
    return this.header[HEADER.seed] >>> 0;
  }

  /** Goods of one kind that an agent carries. */
  goods(kind: number): Int32Array {
    return kind === 0 ? this.fruit : this.crystal;
  }

  banked(kind: number): Int32Array {
    return kind === 0 ? this.bankedFruit : this.bankedCrystal;
  }
}

function stateSize(terrain: Terrain, capacity: number): number {
  const perAgent = AGENT_FIELDS.length + MEMORY_FIELDS.length * MEMORY_SLOTS;
  const { nodeCount, stalls, places } = terrain;
  return (HEADER.size + perAgent * capacity + 2 * nodeCount + 4 * stalls.length + 2 * places.length) * 4;
}

/** A fresh world at tick 0: nobody there, everything grown. `seed` is a 32-bit number. */
export function createWorld(terrain: Terrain, options: { seed: number; capacity: number }): World {
  const world = new World(terrain, options.capacity);
  resetWorld(world, options.seed);
  return world;
}

/** Puts a world back to tick 0 under another seed, without allocating. */
export function resetWorld(world: World, seed: number): void {
  world.bytes.fill(0);
  world.events.clear();
  const { header, terrain } = world;
  header[HEADER.magic] = MAGIC;
  header[HEADER.version] = STATE_VERSION;
  header[HEADER.seed] = seed | 0;
  header[HEADER.capacity] = world.capacity;
  header[HEADER.nodes] = terrain.nodeCount;
  world.bytes.set(terrain.hash, HEADER.terrain * 4);
  seedRng(header, HEADER.random, seed);
  for (let n = 0; n < terrain.nodeCount; n++) world.nodeAmount[n] = BALANCE.nodeMax[terrain.nodeKind[n]];
  terrain.stalls.forEach(({ base }, s) => {
    for (const kind of [0, 1]) world.stock[s * 2 + kind] = world.want[s * 2 + kind] = base[kind];
  });
}

/** A copy of the state's bytes. */
export function snapshot(world: World): Uint8Array {
  return world.bytes.slice();
}

/** A snapshot that cannot be restored; the message names the field. */
export class SnapshotError extends Error {
  override name = 'SnapshotError';
}

/**
 * A world that continues exactly as the one the snapshot was taken of.
 * @throws SnapshotError when the bytes are no state of this terrain.
 */
export function restore(terrain: Terrain, bytes: Uint8Array): World {
  if (bytes.length < HEADER.size * 4)
    throw new SnapshotError(`length: ${bytes.length} bytes, shorter than a header`);
  const head = new Int32Array(bytes.slice(0, HEADER.size * 4).buffer);
  if (head[HEADER.magic] !== MAGIC) throw new SnapshotError('magic: these are not the bytes of a world');
  if (head[HEADER.version] !== STATE_VERSION)
    throw new SnapshotError(`version: ${head[HEADER.version]}, this code reads ${STATE_VERSION}`);
  const capacity = head[HEADER.capacity];
  if (capacity < 1 || capacity > MAX_CAPACITY)
    throw new SnapshotError(`capacity: ${capacity}, must be 1..${MAX_CAPACITY}`);
  if (head[HEADER.nodes] !== terrain.nodeCount)
    throw new SnapshotError(`nodes: ${head[HEADER.nodes]}, the map has ${terrain.nodeCount}`);
  if (bytes.length !== stateSize(terrain, capacity))
    throw new SnapshotError(`length: ${bytes.length} bytes, must be ${stateSize(terrain, capacity)}`);
  for (let i = 0; i < 32; i++)
    if (bytes[HEADER.terrain * 4 + i] !== terrain.hash[i])
      throw new SnapshotError('terrain: the snapshot is of another map');
  const world = new World(terrain, capacity);
  world.bytes.set(bytes);
  const broken = invariant(world);
  if (broken) throw new SnapshotError(broken);
  return world;
}

/** SHA-256 of the state's bytes. */
export function worldHash(world: World): Uint8Array {
  return sha256(world.bytes);
}

/** The name of the first rule of nature that the state breaks, or null. Cheap enough to run after every test step. */
export function invariant(world: World): string | null {
  const { terrain, header } = world;
  const held = [0, 0];
  let coins = 0;
  for (let i = 0; i < world.capacity; i++) {
    const bad = agentInvariant(world, i);
    if (bad) return `agent ${i}: ${bad}`;
    held[0] += world.fruit[i] + world.bankedFruit[i];
    held[1] += world.crystal[i] + world.bankedCrystal[i];
    coins += world.coins[i];
  }
  for (let kind = 0; kind < 2; kind++) {
    const came = header[HEADER.gathered + kind] + header[HEADER.broughtIn + kind];
    const went = header[HEADER.eaten + kind] + header[HEADER.takenAway + kind];
    if (came - went !== held[kind])
      return `goods ${kind}: ${came} came, ${went} went, ${held[kind]} are held`;
  }
  if (header[HEADER.coinsIn] - header[HEADER.coinsOut] !== coins)
    return `coins: ${header[HEADER.coinsIn]} came, ${header[HEADER.coinsOut]} went, ${coins} are held`;
  if (header[HEADER.wanted] < 0 || header[HEADER.wanted] > world.capacity)
    return `wanted: ${header[HEADER.wanted]}`;
  if (header[HEADER.wantedNode] < 0 || header[HEADER.wantedNode] >= Math.max(1, terrain.nodeCount))
    return `wanted: near node ${header[HEADER.wantedNode]}`;
  for (let s = 0; s < world.stock.length; s++)
    for (const amount of [world.stock[s], world.want[s]])
      if (amount < 0 || amount > BALANCE.stallMax) return `stall ${s >> 1}: holds ${amount}`;
  for (let p = 0; p < world.heat.length; p++)
    if (world.heat[p] < 0 || world.heat[p] > 32767) return `place ${p >> 1}: heat ${world.heat[p]}`;
  for (let n = 0; n < terrain.nodeCount; n++) {
    const most = BALANCE.nodeMax[terrain.nodeKind[n]];
    if (world.nodeAmount[n] < 0 || world.nodeAmount[n] > most)
      return `node ${n}: holds ${world.nodeAmount[n]}`;
    if (world.nodeTimer[n] < 0) return `node ${n}: timer ${world.nodeTimer[n]}`;
  }
  return null;
}

function agentInvariant(world: World, i: number): string | null {
  const { terrain } = world;
  if (world.status[i] === EMPTY) {
    for (const field of AGENT_FIELDS) if (world[field][i] !== 0) return `${field} of an empty place`;
    for (let k = i * MEMORY_SLOTS; k < (i + 1) * MEMORY_SLOTS; k++)
      if (world.knows[k] !== 0) return 'memory of an empty place';
    return null;
  }
  if (world.status[i] !== ALIVE && world.status[i] !== DOWN) return `status ${world.status[i]}`;
  const ranges: [AgentField, number, number][] = [
    ['role', 0, 4],
    ['facing', 0, 7],
    ['health', world.status[i] === ALIVE ? 1 : 0, BALANCE.health],
    ['stamina', 0, BALANCE.stamina],
    ['hunger', 0, BALANCE.hungerMax],
    ['fruit', 0, BALANCE.carry],
    ['crystal', 0, BALANCE.carry],
    ['bankedFruit', 0, 0x3fffffff],
    ['bankedCrystal', 0, 0x3fffffff],
    ['coins', 0, BALANCE.coinsMax],
    ['habitStrike', 0, 32767],
    ['habitGather', 0, 32767],
    ['habitGuard', 0, 32767],
    ['infamy', 0, 32767],
    ['outlaw', 0, 1],
    ['prowess', 0, 32767],
    ['dreaded', 0, 1],
  ];
  for (const [field, low, high] of ranges)
    if (world[field][i] < low || world[field][i] > high) return `${field} ${world[field][i]}`;
  for (const field of ['harm', 'ward', 'kind', 'loot'] as const)
    for (let k = i * MEMORY_SLOTS; k < (i + 1) * MEMORY_SLOTS; k++)
      if (world[field][k] < 0 || world[field][k] > 32767) return `memory of ${field} ${world[field][k]}`;
  const half = BALANCE.bodyHalf;
  for (const [dx, dy] of [
    [-half, -half],
    [half, -half],
    [-half, half],
    [half, half],
  ]) {
    const x = (world.x[i] + dx) >> 8;
    const y = (world.y[i] + dy) >> 8;
    if (x < 0 || y < 0 || x >= terrain.width || y >= terrain.height || terrain.blocked[y * terrain.width + x])
      return `stands in a wall at ${world.x[i]},${world.y[i]}`;
  }
  return null;
}

/** The index of a camp by its name. */
export function campIndex(name: (typeof CAMP_NAMES)[number]): number {
  return CAMP_NAMES.indexOf(name);
}
