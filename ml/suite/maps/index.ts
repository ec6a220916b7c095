import { mix32 } from '#shared/brain/decide.ts';
import { buildTerrain, type Camp, CRYSTAL, FRUIT, type Terrain, TILE } from '#shared/world/index.ts';
import { loadTerrain } from '../../env/terrain.ts';

/**
 * The grounds that scenarios are played on: the Hollow, where brains are trained, and three that no brain has seen,
 * drawn by the few lines below.
 */

const centre = (tile: number) => tile * TILE + TILE / 2;
const camp = (name: string, x: number, y: number, radius: number): Camp => ({
  name,
  x: centre(x),
  y: centre(y),
  radius: radius * TILE,
});
const spot = (name: string, x: number, y: number) => ({ name, x: centre(x), y: centre(y) });

/** Scatters trees (never on a path, a camp or a place) and then things that grow, by hashes of `seed`. */
function draw(options: {
  readonly width: number;
  readonly height: number;
  readonly seed: number;
  /** One tile in so many is a tree. */
  readonly trees: number;
  readonly fruit: number;
  readonly crystals: number;
  readonly camps: Camp[];
  readonly stalls: { name: string; x: number; y: number; base: [number, number] }[];
  readonly places: { name: string; x: number; y: number }[];
  /** 'wall', or the ground: 0 grass, 1 sand, 2 path. */
  readonly tile: (x: number, y: number) => 'wall' | 0 | 1 | 2;
}): Terrain {
  const { width, height, camps, stalls, places, seed } = options;
  const ground = new Uint8Array(width * height);
  const blocked = new Uint8Array(width * height);
  const kept = [
    ...camps.map((c) => ({ ...c, far: c.radius + TILE })),
    ...stalls.map((s) => ({ ...s, far: 2 * TILE })),
    ...places.map((p) => ({ ...p, far: 2 * TILE })),
  ];
  const free = (x: number, y: number) =>
    kept.every((k) => Math.abs(k.x - centre(x)) > k.far || Math.abs(k.y - centre(y)) > k.far);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const tile = options.tile(x, y);
      if (tile === 'wall') blocked[at] = 1;
      else ground[at] = tile;
      if (tile === 0 && free(x, y) && mix32(seed + at * 31) % options.trees === 0) blocked[at] = 1;
    }
  const nodes: { kind: number; tileX: number; tileY: number }[] = [];
  for (let k = 0; nodes.length < options.fruit + options.crystals && k < 20_000; k++) {
    const x = 2 + (mix32(seed ^ (k * 2 + 1)) % (width - 4));
    const y = 2 + (mix32(seed ^ (k * 2 + 2)) % (height - 4));
    // Room on all sides, so that none is cut off.
    let room = free(x, y);
    for (let dy = -1; dy <= 1; dy++)
      for (let dx = -1; dx <= 1; dx++) if (blocked[(y + dy) * width + x + dx]) room = false;
    if (!room || nodes.some((n) => n.tileX === x && n.tileY === y)) continue;
    nodes.push({ kind: nodes.length < options.fruit ? FRUIT : CRYSTAL, tileX: x, tileY: y });
  }
  return buildTerrain({ width, height, ground, blocked, camps, nodes, stalls, places });
}

/** A river from north to south with two fords; foragers west, raiders east, the village in the south-west. */
const fords = () =>
  draw({
    width: 64,
    height: 56,
    seed: 0x0f04d5,
    trees: 17,
    fruit: 26,
    crystals: 14,
    camps: [camp('village', 14, 44, 5), camp('foragers', 12, 12, 4), camp('raiders', 52, 14, 4)],
    stalls: [
      { ...spot('West stall', 20, 40), base: [6, 5] },
      { ...spot('East stall', 48, 40), base: [18, 14] },
    ],
    places: [spot('the upper ford', 33, 16), spot('the lower ford', 33, 40), spot('the birches', 14, 27)],
    tile: (x, y) => {
      if (y === 16 || y === 40) return 2;
      const bank = 32 + (Math.abs(y - 28) >> 3);
      return x >= bank && x < bank + 3 && Math.abs(y - 16) > 1 && Math.abs(y - 40) > 1
        ? 'wall'
        : x > 50
          ? 1
          : 0;
    },
  });

/** Three terraces that gaps lead between; the village below, raiders above. */
const terraces = () =>
  draw({
    width: 56,
    height: 60,
    seed: 0x7e44ace,
    trees: 21,
    fruit: 24,
    crystals: 16,
    camps: [camp('village', 28, 52, 5), camp('foragers', 10, 34, 4), camp('raiders', 44, 9, 4)],
    stalls: [
      { ...spot('Low stall', 35, 47), base: [5, 3] },
      { ...spot('Middle stall', 16, 30), base: [16, 10] },
      { ...spot('High stall', 16, 12), base: [10, 18] },
    ],
    places: [
      spot('the west gap', 12, 20),
      spot('the east gap', 44, 20),
      spot('the lower gap', 28, 40),
      spot('the stair', 48, 40),
    ],
    tile: (x, y) => {
      if (y === 20 || y === 21) return Math.abs(x - 12) < 3 || Math.abs(x - 44) < 3 ? 2 : 'wall';
      if (y === 40 || y === 41) return Math.abs(x - 28) < 3 || Math.abs(x - 48) < 2 ? 2 : 'wall';
      return y < 20 ? 1 : 0;
    },
  });

/** Small, open and crowded: everybody sees everybody. */
const clearing = () =>
  draw({
    width: 36,
    height: 36,
    seed: 0xc1ea,
    trees: 60,
    fruit: 14,
    crystals: 7,
    camps: [camp('village', 8, 28, 3), camp('foragers', 8, 7, 3), camp('raiders', 28, 8, 3)],
    stalls: [
      { ...spot('South stall', 16, 30), base: [5, 5] },
      { ...spot('East stall', 30, 26), base: [17, 16] },
    ],
    places: [spot('the old oak', 18, 18), spot('the pond', 26, 28)],
    tile: (x, y) => (x > 24 && x < 28 && y > 28 && y < 32 ? 'wall' : x + y === 36 ? 2 : 0),
  });

const MAKERS = { hollow: loadTerrain, fords, terraces, clearing } as const;
export type MapName = keyof typeof MAKERS;
export const MAP_NAMES = Object.keys(MAKERS) as MapName[];
const made = new Map<MapName, Terrain>();

export function suiteMap(name: MapName): Terrain {
  let terrain = made.get(name);
  if (!terrain) {
    terrain = MAKERS[name]();
    made.set(name, terrain);
  }
  return terrain;
}
