import { hash2 } from './noise.ts';
import { DECOR, OBJECT_NAMES, OBJECTS, type ObjectName } from './objects.ts';
import { type Plan, SIZE, type Terrain } from './plan.ts';

/** A picture of the tileset: what it shows, and what the rules may read of it. */
export type Tile =
  | {
      kind: 'ground';
      terrain: Terrain;
      around: Terrain[];
      variant: number;
      bridge?: { axis: 'h' | 'v'; open: string };
    }
  | { kind: 'object'; object: ObjectName; part: number }
  | { kind: 'decor'; decor: string };

export type Tileset = { tiles: Tile[]; ground: number[]; obstacles: number[]; decor: number[] };

/** Plain tiles have this many looks; tiles on a border are varied by their shape already. */
const VARIANTS: Record<Terrain, number> = { grass: 8, sand: 4, path: 4, water: 5 };
const LETTER: Record<Terrain, string> = { grass: 'g', sand: 's', path: 'p', water: 'w' };

const clamp = (v: number) => Math.min(SIZE - 1, Math.max(0, v));

/** What a cell looks like it is: a bridge stands in water. */
const looks = (plan: Plan, x: number, y: number): Terrain => {
  const i = clamp(y) * SIZE + clamp(x);
  return plan.bridge.has(i) ? 'water' : plan.terrain[i];
};

/** Chooses a picture for every cell; cells that look the same share one. Ids count from 0, -1 is none. */
export function tileset(plan: Plan): Tileset {
  const tiles: Tile[] = [];
  const known = new Map<string, number>();
  const intern = (key: string, make: () => Tile): number => {
    let id = known.get(key);
    if (id === undefined) {
      id = tiles.length;
      tiles.push(make());
      known.set(key, id);
    }
    return id;
  };

  const ground = new Array<number>(SIZE * SIZE).fill(-1);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const i = y * SIZE + x;
      const around: Terrain[] = [];
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) around.push(looks(plan, x + dx, y + dy));
      const terrain = plan.terrain[i];
      const plain = around.every((t) => t === around[4]);
      const variant = plain ? variantOf(x, y, VARIANTS[around[4]]) : 0;
      const axis = plan.bridge.get(i);
      const open = axis
        ? [
            [0, -1],
            [1, 0],
            [0, 1],
            [-1, 0],
          ]
            .map(([dx, dy]) => (plan.terrain[clamp(y + dy) * SIZE + clamp(x + dx)] === 'water' ? '1' : '0'))
            .join('')
        : '';
      const key = `${around.map((t) => LETTER[t]).join('')}${variant}${axis ?? ''}${open}`;
      ground[i] = intern(key, () => ({
        kind: 'ground',
        terrain,
        around,
        variant,
        ...(axis ? { bridge: { axis, open } } : {}),
      }));
    }
  }

  for (const object of OBJECT_NAMES) {
    const { w, h } = OBJECTS[object];
    for (let part = 0; part < w * h; part++)
      intern(`o:${object}:${part}`, () => ({ kind: 'object', object, part }));
  }
  for (const decor of DECOR) intern(`d:${decor}`, () => ({ kind: 'decor', decor }));

  const obstacles = new Array<number>(SIZE * SIZE).fill(-1);
  for (const [i, s] of plan.solid) obstacles[i] = known.get(`o:${s.object}:${s.part}`)!;
  const decor = new Array<number>(SIZE * SIZE).fill(-1);
  for (const [i, d] of plan.decor) decor[i] = known.get(`d:${d}`)!;
  return { tiles, ground, obstacles, decor };
}

/** Variant 0 is the calmest and the most frequent, so that the ground stays quiet. */
function variantOf(x: number, y: number, count: number): number {
  const roll = hash2(x, y, 99) % (count + 4);
  return roll < count ? roll : 0;
}
