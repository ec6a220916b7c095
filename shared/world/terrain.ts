import { sha256 } from '@noble/hashes/sha2';
import { DIR_X, DIR_Y } from './actions.ts';
import { BALANCE, CAMP_NAMES, CRYSTAL, FRUIT, TILE } from './balance.ts';

/** A place that never moves: what a map says once and for all. It is no part of the state; its hash is. */
export interface Terrain {
  readonly width: number;
  readonly height: number;
  /** Per tile: 0 grass, 1 sand, 2 path. Blocked tiles hold 0. */
  readonly ground: Uint8Array;
  /** Per tile: 1 where nobody can stand (water, tree, wall). */
  readonly blocked: Uint8Array;
  /** Per tile and direction (tile * 8 + direction): free tiles ahead, 0..4. */
  readonly ahead: Uint8Array;
  readonly camps: readonly Camp[];
  /** Per tile and camp (tile * camps + camp): steps to the camp's centre, at most 65535. */
  readonly campSteps: Uint16Array;
  readonly nodeCount: number;
  readonly nodeKind: Uint8Array;
  /** Centres of the places where something grows, in 1/256 tile. */
  readonly nodeX: Int32Array;
  readonly nodeY: Int32Array;
  /** Per tile and node (tile * nodeCount + node): steps on foot, at most 255 (= 255 or more, or no way). */
  readonly nodeSteps: Uint8Array;
  /** The nodes at most two steps from a tile: `near[nearFirst[tile]..nearFirst[tile + 1]]`. */
  readonly near: Uint16Array;
  readonly nearFirst: Int32Array;
  readonly stalls: readonly Stall[];
  /** Per tile and stall (tile * stalls + stall): steps to it, at most 65535. */
  readonly stallSteps: Uint16Array;
  readonly places: readonly Place[];
  /** Per tile and place (tile * places + place): steps to it, at most 65535. */
  readonly placeSteps: Uint16Array;
  /** Per tile: the nearest place within `PLACE_STEPS`, or 255. */
  readonly placeAt: Uint8Array;
  /** SHA-256 over all of the above that a map determines. */
  readonly hash: Uint8Array;
}

export interface Camp {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** A market: who stands near trades with it. `base`: how much of fruit and crystal the place has of itself. */
export interface Stall {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly base: readonly [fruit: number, crystal: number];
}

/** A named place, as inhabitants and chronicle speak of it. */
export interface Place {
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

/** What a map must hold before `buildTerrain` derives the rest. */
export interface TerrainSource {
  width: number;
  height: number;
  ground: Uint8Array;
  blocked: Uint8Array;
  camps: Camp[];
  nodes: { kind: number; tileX: number; tileY: number }[];
  stalls?: Stall[];
  places?: Place[];
}

/** A map that cannot be used; the message names the field and the limit. */
export class MapError extends Error {
  override name = 'MapError';
}

export const MAP_LIMITS = { side: 256, minSide: 8, nodes: 400, campRadius: 8, stalls: 4, places: 8 } as const;
/** One is at a place within so many steps of it. */
export const PLACE_STEPS = 5;

/**
 * Derives distances and the hash from a map's facts.
 * @throws MapError when a place lies in a wall, is cut off, or a limit is passed.
 */
export function buildTerrain(source: TerrainSource): Terrain {
  const { width, height, ground, blocked } = source;
  for (let x = 0; x < width; x++) blocked[x] = blocked[(height - 1) * width + x] = 1;
  for (let y = 0; y < height; y++) blocked[y * width] = blocked[y * width + width - 1] = 1;
  const tiles = width * height;
  if (source.nodes.length > MAP_LIMITS.nodes)
    throw new MapError(`places: ${source.nodes.length} resources, at most ${MAP_LIMITS.nodes}`);

  const camps = CAMP_NAMES.map((name) => {
    const camp = source.camps.find((c) => c.name === name);
    if (!camp) throw new MapError(`places: camp "${name}" is missing`);
    if (blocked[tileAt(width, camp.x, camp.y)]) throw new MapError(`places: camp "${name}" lies in a wall`);
    return camp;
  });
  const campSteps = new Uint16Array(tiles * camps.length);
  camps.forEach((camp, c) => {
    const steps = walkingSteps(width, height, blocked, tileAt(width, camp.x, camp.y));
    for (let t = 0; t < tiles; t++) campSteps[t * camps.length + c] = steps[t];
  });
  camps.forEach((camp, c) => {
    if (campSteps[tileAt(width, camp.x, camp.y) * camps.length] === 65535)
      throw new MapError(`places: camp "${camp.name}" (${c}) cannot be reached from the village`);
  });

  const { stalls = [], places = [] } = source;
  const reachable = (what: string, all: readonly (Stall | Place)[], most: number) => {
    if (all.length > most) throw new MapError(`places: ${all.length} ${what}s, at most ${most}`);
    const steps = new Uint16Array(tiles * all.length);
    all.forEach(({ name, x, y }, n) => {
      const at = tileAt(width, x, y);
      if (blocked[at]) throw new MapError(`places: ${what} "${name}" lies in a wall`);
      if (campSteps[at * camps.length] === 65535)
        throw new MapError(`places: ${what} "${name}" cannot be reached`);
      const from = walkingSteps(width, height, blocked, at);
      for (let t = 0; t < tiles; t++) steps[t * all.length + n] = from[t];
    });
    return steps;
  };
  const stallSteps = reachable('stall', stalls, MAP_LIMITS.stalls);
  const placeSteps = reachable('place', places, MAP_LIMITS.places);
  for (const { name, base } of stalls)
    for (const amount of base)
      if (!(amount >= 0 && amount <= BALANCE.stallMax))
        throw new MapError(`places: stall "${name}" holds ${amount}, must be 0..${BALANCE.stallMax}`);

  const nodeCount = source.nodes.length;
  const nodeSteps = new Uint8Array(tiles * nodeCount);
  source.nodes.forEach((node, n) => {
    const at = node.tileY * width + node.tileX;
    const where = `places: resource ${n} at tile ${node.tileX},${node.tileY}`;
    if (node.kind !== FRUIT && node.kind !== CRYSTAL) throw new MapError(`${where} is of unknown kind`);
    if (blocked[at]) throw new MapError(`${where} lies in a wall`);
    if (campSteps[at * camps.length] === 65535) throw new MapError(`${where} cannot be reached`);
    const steps = walkingSteps(width, height, blocked, at);
    for (let t = 0; t < tiles; t++) nodeSteps[t * nodeCount + n] = Math.min(255, steps[t]);
  });

  const nodeKind = Uint8Array.from(source.nodes, (n) => n.kind);
  const nodeX = Int32Array.from(source.nodes, (n) => n.tileX * TILE + TILE / 2);
  const nodeY = Int32Array.from(source.nodes, (n) => n.tileY * TILE + TILE / 2);
  const hash = sha256
    .create()
    .update(bytes(Int32Array.of(width, height, nodeCount, stalls.length, places.length)))
    .update(ground)
    .update(blocked)
    .update(bytes(Int32Array.from(camps.flatMap((c) => [c.x, c.y, c.radius]))))
    .update(nodeKind)
    .update(bytes(nodeX))
    .update(bytes(nodeY))
    .update(bytes(Int32Array.from(stalls.flatMap((s) => [s.x, s.y, ...s.base]))))
    .update(bytes(Int32Array.from(places.flatMap((p) => [p.x, p.y]))))
    .digest();
  return {
    width,
    height,
    ground,
    blocked,
    ahead: freeAhead(width, height, blocked),
    camps,
    campSteps,
    nodeCount,
    nodeKind,
    nodeX,
    nodeY,
    nodeSteps,
    ...nearNodes(tiles, nodeCount, nodeSteps),
    stalls,
    stallSteps,
    places,
    placeSteps,
    placeAt: nearestPlace(tiles, places.length, placeSteps),
    hash,
  };
}

/** The tile's index of a position in 1/256 tile. */
export function tileAt(width: number, x: number, y: number): number {
  return (y >> 8) * width + (x >> 8);
}

/** Breadth-first steps over eight neighbours; a diagonal needs both its sides free. 65535: no way. */
function walkingSteps(width: number, height: number, blocked: Uint8Array, from: number): Uint16Array {
  const steps = new Uint16Array(width * height).fill(65535);
  const queue = new Int32Array(width * height);
  let head = 0;
  let tail = 0;
  steps[from] = 0;
  queue[tail++] = from;
  while (head < tail) {
    const at = queue[head++];
    for (let d = 0; d < 8; d++) {
      const next = at + DIR_Y[d] * width + DIR_X[d];
      if (blocked[next] || steps[next] !== 65535) continue;
      if (d & 1 && (blocked[at + DIR_X[d]] || blocked[at + DIR_Y[d] * width])) continue;
      steps[next] = steps[at] + 1;
      queue[tail++] = next;
    }
  }
  return steps;
}

function nearestPlace(tiles: number, places: number, placeSteps: Uint16Array): Uint8Array {
  const nearest = new Uint8Array(tiles).fill(255);
  for (let t = 0; t < tiles; t++) {
    let best = PLACE_STEPS + 1;
    for (let p = 0; p < places; p++) {
      if (placeSteps[t * places + p] >= best) continue;
      best = placeSteps[t * places + p];
      nearest[t] = p;
    }
  }
  return nearest;
}

function nearNodes(tiles: number, nodeCount: number, nodeSteps: Uint8Array) {
  const near: number[] = [];
  const nearFirst = new Int32Array(tiles + 1);
  for (let t = 0; t < tiles; t++) {
    nearFirst[t] = near.length;
    for (let n = 0; n < nodeCount; n++) if (nodeSteps[t * nodeCount + n] <= 2) near.push(n);
  }
  nearFirst[tiles] = near.length;
  return { near: Uint16Array.from(near), nearFirst };
}

function freeAhead(width: number, height: number, blocked: Uint8Array): Uint8Array {
  const ahead = new Uint8Array(width * height * 8);
  for (let t = 0; t < width * height; t++) {
    if (blocked[t]) continue;
    for (let d = 0; d < 8; d++) {
      let at = t;
      let free = 0;
      while (free < 4) {
        const next = at + DIR_Y[d] * width + DIR_X[d];
        if (blocked[next]) break;
        if (d & 1 && (blocked[at + DIR_X[d]] || blocked[at + DIR_Y[d] * width])) break;
        at = next;
        free++;
      }
      ahead[t * 8 + d] = free;
    }
  }
  return ahead;
}

function bytes(words: Int32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}
