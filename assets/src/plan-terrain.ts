import { fbm } from './noise.ts';
import { at, away, CAMPS, type Plan, type Point, reach, SEED, SIZE, type Terrain } from './plan.ts';

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

/** How deep the water is, in tiles from its shore; negative on land. */
export function waterDepth(x: number, y: number): number {
  const wobble = (fbm(x / 7, y / 7, SEED + 10) - 0.5) * 3.2;
  const river = 1.7 + (fbm(x / 12, y / 12, SEED + 11) - 0.5) * 2 - toLine(x + wobble, y - wobble, RIVER);
  const ellipse = (e: typeof LAKE) => {
    const dx = (x + wobble - e.x) / e.rx;
    const dy = (y - wobble - e.y) / e.ry;
    return (1 - Math.sqrt(dx * dx + dy * dy)) * e.ry;
  };
  return Math.max(river, ellipse(LAKE), ellipse(POND));
}

/** Lakes, river, roads, squares and sand; then the bridges. */
export function paintTerrain(plan: Plan): void {
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
