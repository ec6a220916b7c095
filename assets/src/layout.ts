import { randomFrom } from '#shared/random.ts';
import { fbm, unit } from './noise.ts';
import { ARRANGEMENTS, FLOWERS, OBJECTS, type ObjectName } from './objects.ts';
import {
  at,
  away,
  CAMPS,
  isOpen,
  type Plan,
  type Point,
  type Resource,
  reach,
  SEED,
  SIZE,
  type Terrain,
} from './plan.ts';
import { paintTerrain, waterDepth } from './plan-terrain.ts';

/** What is built, grows and lies about on the Hollow's terrain. */

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
  const random = randomFrom(SEED + 70);
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
