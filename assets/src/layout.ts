import { fbm, stream, unit } from './noise.ts';
import { ARRANGEMENTS, FLOWERS, OBJECTS, type ObjectName } from './objects.ts';

/** The plan of the Hollow: what lies where, before any picture is chosen. Coordinates are tiles. */
export const SIZE = 96;
const SEED = 7331;

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

type Point = readonly [number, number];

export const CAMPS: Camp[] = [
  { name: 'village', x: 47, y: 78, radius: 4, haven: 7 },
  { name: 'foragers', x: 14, y: 45, radius: 4, haven: 4 },
  { name: 'raiders', x: 80, y: 15, radius: 4, haven: 4 },
];

const RIVER: Point[] = [
  [24, -2],
  [27, 8],
  [24, 17],
  [31, 25],
  [41, 29],
  [46, 36],
  [58, 43],
  [68, 50],
  [79, 54],
  [87, 61],
  [98, 62],
];
const ROADS: Point[][] = [
  [
    [47, 78],
    [48, 68],
    [45, 58],
    [42, 48],
    [37, 37],
    [37, 21],
    [44, 20],
    [52, 23],
    [64, 18],
    [80, 15],
  ],
  [
    [47, 78],
    [36, 74],
    [28, 66],
    [25, 56],
    [20, 48],
    [14, 45],
  ],
  [
    [14, 45],
    [13, 34],
    [16, 25],
    [18, 16],
    [38, 16],
    [52, 23],
  ],
  [
    [47, 78],
    [60, 74],
    [72, 68],
    [82, 63],
    [82, 46],
    [80, 34],
    [81, 24],
    [80, 15],
  ],
  [
    [47, 78],
    [47, 89],
  ],
];
const LAKE = { x: 60, y: 44, rx: 10, ry: 7 };
const POND = { x: 28, y: 84, rx: 4.2, ry: 3 };

const at = (x: number, y: number) => y * SIZE + x;

/** Distance from a point to a polyline, in tiles. */
function toLine(x: number, y: number, line: Point[]): number {
  let best = Infinity;
  for (let i = 1; i < line.length; i++) {
    const [ax, ay] = line[i - 1];
    const [bx, by] = line[i];
    const dx = bx - ax;
    const dy = by - ay;
    const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
    const ex = x - ax - dx * t;
    const ey = y - ay - dy * t;
    best = Math.min(best, Math.sqrt(ex * ex + ey * ey));
  }
  return best;
}

const away = (x: number, y: number, c: { x: number; y: number }) =>
  Math.sqrt((x - c.x) * (x - c.x) + (y - c.y) * (y - c.y));

function waterDepth(x: number, y: number): number {
  const wobble = (fbm(x / 7, y / 7, SEED + 10) - 0.5) * 3.2;
  const river = 1.7 + (fbm(x / 12, y / 12, SEED + 11) - 0.5) * 2 - toLine(x + wobble, y - wobble, RIVER);
  const ellipse = (e: typeof LAKE) => {
    const dx = (x + wobble - e.x) / e.rx;
    const dy = (y - wobble - e.y) / e.ry;
    return (1 - Math.sqrt(dx * dx + dy * dy)) * e.ry;
  };
  return Math.max(river, ellipse(LAKE), ellipse(POND));
}

function paintTerrain(plan: Plan): void {
  const water = new Uint8Array(SIZE * SIZE);
  for (let y = 0; y < SIZE; y++)
    for (let x = 0; x < SIZE; x++) water[at(x, y)] = waterDepth(x, y) > 0 ? 1 : 0;
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const i = at(x, y);
      const depth = waterDepth(x, y);
      const beach = depth > -1.6 && fbm(x / 9, y / 9, SEED + 20) > 0.42;
      const dunes =
        fbm(x / 11, y / 11, SEED + 21) + Math.max(0, 1 - away(x, y, { x: 80, y: 82 }) / 16) * 0.5 > 0.83;
      // Roads wander on land and run straight over water, so that bridges are straight.
      const wander = (fbm(x / 5, y / 5, SEED + 30) - 0.5) * 1.6 * Math.max(0, Math.min(1, -depth / 2 - 0.5));
      const road = ROADS.some((r) => toLine(x + wander, y + wander, r) < 1.05);
      const square = CAMPS.some((c) => away(x, y, c) < c.radius - 0.6 + wander);
      plan.terrain[i] = water[i] ? 'water' : road || square ? 'path' : beach || dunes ? 'sand' : 'grass';
      if (water[i] && road) plan.terrain[i] = 'path';
    }
  }
  smooth(plan.terrain);
  layBridges(plan, water);
}

/** Path over water becomes a bridge. Its deck is made a full rectangle, its planks lie across the way. */
function layBridges(plan: Plan, water: Uint8Array): void {
  const wet = (i: number) => plan.terrain[i] === 'path' && water[i] === 1;
  for (let i = 0; i < SIZE * SIZE; i++) {
    if (!wet(i) || plan.bridge.has(i)) continue;
    const deck = reach(wet, i);
    const cells = [...deck.keys()].filter((c) => deck[c]);
    const xs = cells.map((c) => c % SIZE);
    const ys = cells.map((c) => Math.floor(c / SIZE));
    const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const mid = at((x0 + x1) >> 1, (y0 + y1) >> 1);
    const axis =
      !deck[mid - (((x1 - x0) >> 1) + 1)] && plan.terrain[at(x0 - 1, (y0 + y1) >> 1)] === 'path' ? 'h' : 'v';
    for (let y = y0; y <= y1; y++) {
      for (let x = x0; x <= x1; x++) {
        plan.terrain[at(x, y)] = 'path';
        plan.bridge.set(at(x, y), axis);
      }
    }
  }
}

/** A cell that differs from all but one of its neighbours takes theirs: single tiles look like mistakes. */
function smooth(terrain: Terrain[]): void {
  for (let pass = 0; pass < 4; pass++) {
    const before = terrain.slice();
    for (let y = 0; y < SIZE; y++) {
      for (let x = 0; x < SIZE; x++) {
        const near = [
          [x - 1, y],
          [x + 1, y],
          [x, y - 1],
          [x, y + 1],
        ]
          .filter(([a, b]) => a >= 0 && b >= 0 && a < SIZE && b < SIZE)
          .map(([a, b]) => before[at(a, b)]);
        const own = before[at(x, y)];
        const same = near.filter((t) => t === own).length;
        if (same >= 2) continue;
        const other = near.filter((t) => t !== own);
        terrain[at(x, y)] = other.sort(
          (a, b) => other.filter((t) => t === b).length - other.filter((t) => t === a).length,
        )[0];
      }
    }
  }
}

/** Places an object with its top-left cell at (x, y); false where the ground is taken. */
function place(plan: Plan, object: ObjectName, x: number, y: number, force = false): boolean {
  const { w, h } = OBJECTS[object];
  for (let dy = 0; dy < h; dy++) {
    for (let dx = 0; dx < w; dx++) {
      const i = at(x + dx, y + dy);
      if (x + dx >= SIZE || y + dy >= SIZE || plan.solid.has(i)) return false;
      if (!force && plan.terrain[i] !== 'grass' && plan.terrain[i] !== 'sand') return false;
    }
  }
  for (let dy = 0; dy < h; dy++) {
    for (let dx = 0; dx < w; dx++) {
      const i = at(x + dx, y + dy);
      plan.solid.set(i, { object, part: dy * w + dx });
      if (plan.terrain[i] === 'water') plan.terrain[i] = 'grass';
    }
  }
  return true;
}

const VILLAGE: [ObjectName, number, number][] = [
  ['house-red', 38, 71],
  ['house-blue', 42, 70],
  ['house-straw', 51, 70],
  ['house-red', 55, 72],
  ['house-blue', 38, 83],
  ['house-straw', 53, 83],
  ['house-red', 42, 85],
  ['house-blue', 50, 86],
  ['well', 52, 75],
  ['crate', 42, 73],
  ['barrel', 54, 74],
  ['barrel', 41, 83],
  ['crate', 56, 85],
  ['lamp', 43, 75],
  ['lamp', 51, 81],
  ['lamp', 43, 81],
  ['lamp', 51, 74],
];
const GROVE: [ObjectName, number, number][] = [
  ['hut', 8, 40],
  ['hut', 12, 39],
  ['hut', 18, 41],
  ['hut', 7, 48],
  ['hut', 12, 50],
  ['toadstool', 10, 43],
  ['toadstool', 18, 47],
  ['toadstool', 9, 51],
  ['stump', 16, 50],
  ['stump', 8, 45],
  ['barrel', 16, 40],
  ['crate', 14, 40],
];
const STRONGHOLD: [ObjectName, number, number][] = [
  ['tent', 74, 10],
  ['tent', 78, 9],
  ['tent', 84, 10],
  ['tent', 85, 17],
  ['tent', 75, 19],
  ['totem', 76, 13],
  ['totem', 84, 14],
  ['campfire', 82, 12],
  ['crate', 77, 11],
  ['barrel', 83, 19],
  ['stump', 77, 19],
];

function build(plan: Plan): void {
  for (const [o, x, y] of [...VILLAGE, ...GROVE, ...STRONGHOLD]) {
    const spots: Point[] = [];
    for (let dy = -3; dy <= 3; dy++) for (let dx = -3; dx <= 3; dx++) spots.push([dx, dy]);
    spots.sort((a, b) => a[0] * a[0] + a[1] * a[1] - b[0] * b[0] - b[1] * b[1]);
    if (!spots.some(([dx, dy]) => place(plan, o, x + dx, y + dy)))
      throw new Error(`layout: no room for ${o} near ${x},${y}`);
  }
  // The raiders' palisade: a broken ring with gates where the roads enter.
  for (let y = 3; y < 29; y++) {
    for (let x = 66; x < 94; x++) {
      const d = Math.max(Math.abs(x - 80) / 11, Math.abs(y - 15) / 9);
      if (d >= 0.999 && d < 1.001 + 1 / 22 && (Math.abs(x - 80) === 11 || Math.abs(y - 15) === 9)) {
        const gap = plan.terrain[at(x, y)] === 'path' || unit(x >> 1, y >> 1, SEED + 50) < 0.16;
        if (!gap) place(plan, 'palisade', x, y);
      }
    }
  }
  // Hedges close the village gardens to the south.
  for (let x = 35; x < 61; x++) if (x < 45 || x > 49) place(plan, 'hedge', x, 90);
}

function grow(plan: Plan): void {
  const border = (x: number, y: number) => x === 0 || y === 0 || x === SIZE - 1 || y === SIZE - 1;
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const i = at(x, y);
      if (plan.solid.has(i)) continue;
      const edge = Math.min(x, y, SIZE - 1 - x, SIZE - 1 - y);
      if (border(x, y)) {
        if (plan.terrain[i] === 'path') plan.terrain[i] = 'grass';
        plan.solid.set(i, { object: plan.terrain[i] === 'water' ? 'reeds' : treeFor(x, y), part: 0 });
        continue;
      }
      const nearCamp = CAMPS.some((c) => away(x, y, c) < c.radius + (c.name === 'village' ? 8 : 2.5));
      const t = plan.terrain[i];
      if (nearCamp || t === 'path') continue;
      if (t === 'water') {
        if (unit(x, y, SEED + 60) < 0.1 && waterDepth(x, y) < 0.8) plan.decor.set(i, 'lily');
        continue;
      }
      const meadow =
        Math.max(0, 1 - away(x, y, { x: 44, y: 66 }) / 22) +
        Math.max(0, 1 - away(x, y, { x: 80, y: 15 }) / 12);
      const forest = fbm(x / 10, y / 10, SEED + 40) + Math.max(0, 4 - edge) * 0.12 - meadow * 0.35;
      const stony = fbm(x / 8, y / 8, SEED + 41) + Math.max(0, 1 - away(x, y, { x: 62, y: 8 }) / 26) * 0.35;
      const roll = unit(x, y, SEED + 42);
      if (t === 'sand') {
        if (roll < 0.03) plan.solid.set(i, { object: y > 60 && x > 60 ? 'cactus' : 'rock-small', part: 0 });
        continue;
      }
      if (stony > 0.8 && roll < 0.42) {
        plan.solid.set(i, { object: roll < 0.2 ? 'rock' : roll < 0.32 ? 'rock-small' : 'pine', part: 0 });
      } else if (forest > 0.57 && roll < Math.min(0.62, (forest - 0.5) * 2.9)) {
        plan.solid.set(i, { object: treeFor(x, y), part: 0 });
      } else if (roll > 0.982) {
        plan.solid.set(i, {
          object: (['bush', 'oak', 'rock-small', 'stump'] as const)[Math.floor(unit(x, y, SEED + 43) * 4)],
          part: 0,
        });
      }
    }
  }
}

function treeFor(x: number, y: number): ObjectName {
  const north = fbm(x / 14, y / 14, SEED + 45) + (48 - y) / 160;
  const roll = unit(x, y, SEED + 46);
  if (north > 0.55) return roll < 0.75 ? 'pine' : roll < 0.9 ? 'pine-tall' : 'oak';
  return roll < 0.5 ? 'oak' : roll < 0.75 ? 'oak-round' : roll < 0.88 ? 'birch' : 'pine';
}

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

/** Land that nobody can reach is overgrown, so that all open land is one piece. */
function close(plan: Plan): void {
  const seen = reach((i) => isOpen(plan, i), at(CAMPS[0].x, CAMPS[0].y));
  for (let i = 0; i < SIZE * SIZE; i++) {
    if (!isOpen(plan, i) || seen[i]) continue;
    if (plan.terrain[i] === 'path') plan.terrain[i] = 'grass';
    plan.solid.set(i, { object: plan.terrain[i] === 'sand' ? 'rock-small' : 'bush', part: 0 });
  }
}

function scatter(plan: Plan): void {
  const random = stream(SEED + 70);
  const taken: Point[] = [];
  const put = (kind: Resource['kind'], count: number, taste: (x: number, y: number) => number) => {
    for (let tries = 0; plan.resources.filter((r) => r.kind === kind).length < count; tries++) {
      if (tries > 200_000) throw new Error(`layout: no room for ${count} ${kind}`);
      const x = 2 + Math.floor(random() * (SIZE - 4));
      const y = 2 + Math.floor(random() * (SIZE - 4));
      const i = at(x, y);
      if (!isOpen(plan, i) || plan.terrain[i] === 'path') continue;
      if (CAMPS.some((c) => away(x, y, c) < c.radius + 1.5)) continue;
      if (taken.some(([a, b]) => Math.abs(a - x) < 3 && Math.abs(b - y) < 3)) continue;
      const free = [at(x - 1, y), at(x + 1, y), at(x, y - 1), at(x, y + 1)].filter((n) =>
        isOpen(plan, n),
      ).length;
      if (free < 2 || random() > taste(x, y)) continue;
      taken.push([x, y]);
      plan.resources.push({ kind, x, y });
      plan.decor.delete(i);
    }
  };
  const village = CAMPS[0];
  put('fruit', 72, (x, y) => {
    const near = Math.min(away(x, y, village), away(x, y, CAMPS[1]) * 0.9);
    return plan.terrain[at(x, y)] === 'grass' ? Math.max(0.12, 1 - near / 46) : 0.05;
  });
  put('crystal', 60, (x, y) => {
    const far = away(x, y, village) / 80;
    return Math.min(1, 0.06 + far * far);
  });
}

function decorate(plan: Plan): void {
  const busy = new Set(plan.resources.map((r) => at(r.x, r.y)));
  for (let y = 1; y < SIZE - 1; y++) {
    for (let x = 1; x < SIZE - 1; x++) {
      const i = at(x, y);
      if (!isOpen(plan, i) || busy.has(i)) continue;
      const roll = unit(x, y, SEED + 80);
      const pick = unit(x, y, SEED + 81);
      const bloom = fbm(x / 6, y / 6, SEED + 82);
      if (plan.terrain[i] === 'grass') {
        if (bloom > 0.6 && roll < 0.34) {
          plan.decor.set(
            i,
            `${FLOWERS[Math.floor(pick * 4)]}${ARRANGEMENTS[Math.floor(unit(x, y, SEED + 83) * 3)]}`,
          );
        } else if (roll < 0.13)
          plan.decor.set(i, ['tuft', 'tuft-2', 'clover', 'mushroom'][Math.floor(pick * 3.4)]);
      } else if (plan.terrain[i] === 'sand' && roll < 0.08) {
        plan.decor.set(i, pick < 0.5 ? 'pebbles' : 'shell');
      } else if (plan.terrain[i] === 'path' && !plan.bridge.has(i) && roll < 0.07)
        plan.decor.set(i, 'pebbles');
    }
  }
}

/** The whole plan; the same on every machine. Throws where a place cannot be reached. */
export function layout(): Plan {
  const plan: Plan = {
    terrain: new Array<Terrain>(SIZE * SIZE).fill('grass'),
    bridge: new Map(),
    solid: new Map(),
    decor: new Map(),
    camps: CAMPS,
    resources: [],
  };
  paintTerrain(plan);
  build(plan);
  grow(plan);
  close(plan);
  scatter(plan);
  decorate(plan);
  const seen = reach((i) => isOpen(plan, i), at(CAMPS[0].x, CAMPS[0].y));
  for (const c of [...plan.camps, ...plan.resources]) {
    if (!seen[at(c.x, c.y)]) throw new Error(`layout: ${c.x},${c.y} cannot be reached from the village`);
  }
  for (const c of plan.camps) {
    for (let dy = -c.radius; dy <= c.radius; dy++) {
      for (let dx = -c.radius; dx <= c.radius; dx++) {
        if (dx * dx + dy * dy <= c.radius * c.radius && !isOpen(plan, at(c.x + dx, c.y + dy))) {
          throw new Error(`layout: the ground of camp ${c.name} is not open at ${c.x + dx},${c.y + dy}`);
        }
      }
    }
  }
  return plan;
}
