import type { ObjectName } from './objects.ts';

/** The plan of the Hollow: what lies where, before any picture is chosen. Coordinates are tiles. */
export const SIZE = 96;
export const SEED = 7331;

export type Terrain = 'grass' | 'sand' | 'path' | 'water';
export type Resource = { kind: 'fruit' | 'crystal'; x: number; y: number };
/** `radius`: the open square, in tiles; `haven`: how far around it nobody is hurt and goods are stored. */
export type Camp = {
  name: 'village' | 'foragers' | 'raiders';
  x: number;
  y: number;
  radius: number;
  haven: number;
};
export type Plan = {
  terrain: Terrain[];
  /** Which way the planks of a bridge run; the cell's terrain is then `path`. */
  bridge: Map<number, 'h' | 'v'>;
  /** Solid cells: the object, and which part of it (0 for single cells; row-major from the top left). */
  solid: Map<number, { object: ObjectName; part: number }>;
  decor: Map<number, string>;
  camps: Camp[];
  resources: Resource[];
};

export type Point = readonly [number, number];

export const CAMPS: Camp[] = [
  { name: 'village', x: 47, y: 78, radius: 4, haven: 7 },
  { name: 'foragers', x: 14, y: 45, radius: 4, haven: 4 },
  { name: 'raiders', x: 80, y: 15, radius: 4, haven: 4 },
];

/** Markets, and how much fruit and crystal each has of itself. */
export const STALLS = [
  { name: 'Village market', x: 50, y: 67, fruit: 7, crystal: 4 },
  { name: 'Camp market', x: 22, y: 46, fruit: 18, crystal: 15 },
  { name: 'Lake market', x: 46, y: 47, fruit: 4, crystal: 12 },
];

/** Places that inhabitants and the chronicle speak of: where ways meet or narrow. */
export const PLACES = [
  { name: 'the north road', x: 58, y: 18 },
  { name: 'the bridge', x: 38, y: 26 },
  { name: 'the ford', x: 38, y: 38 },
  { name: 'the lake shore', x: 45, y: 55 },
  { name: 'the village gate', x: 45, y: 70 },
  { name: 'the ravine', x: 80, y: 28 },
  { name: 'the east road', x: 82, y: 56 },
  { name: 'the old stair', x: 72, y: 68 },
];

/** The index of a cell. */
export const at = (x: number, y: number) => y * SIZE + x;

/** Distance in tiles. */
export const away = (x: number, y: number, c: { x: number; y: number }) =>
  Math.sqrt((x - c.x) * (x - c.x) + (y - c.y) * (y - c.y));

/** Cells a walker could stand on. */
export const isOpen = (plan: Plan, i: number): boolean => plan.terrain[i] !== 'water' && !plan.solid.has(i);

/** Cells reachable from `start` by steps in the four directions. */
export function reach(open: (i: number) => boolean, start: number): Uint8Array {
  const seen = new Uint8Array(SIZE * SIZE);
  const queue = [start];
  seen[start] = 1;
  while (queue.length) {
    const i = queue.pop()!;
    const x = i % SIZE;
    for (const n of [x > 0 ? i - 1 : -1, x < SIZE - 1 ? i + 1 : -1, i - SIZE, i + SIZE]) {
      if (n < 0 || n >= SIZE * SIZE || seen[n] || !open(n)) continue;
      seen[n] = 1;
      queue.push(n);
    }
  }
  return seen;
}
