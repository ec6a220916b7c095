import { Ink, SIZE } from '#shared/art/types.ts';
import type { TrainingSprite } from '../finetune.ts';
import { markEyes } from '../grid/marks.ts';

/**
 * What the world's model wants to learn from: bodies without outline and face, growing on one ground line, with the place
 * of the eyes marked; faces and the branches' adornments are painted on what it draws (`shared/art`). So a creator's
 * picture becomes a creature whose eyes are clean and which carries blossoms, thorns, crystals and hearts.
 */

/** Height and greatest width of a body from sprout to elder, of 32; above it the adornments need room. */
const TALL = [0, 15, 18, 22, 24];
const WIDE = [0, 18, 21, 24, 26];
const GROUND = 29;
/** Where eyes are sought, as shares of a body's height, and where they are if none are found. */
const UPPER = 0.75;
const USUAL = { across: 0.2, down: 0.42 };
/** Pixels of an eye at most; more is a mask or a spot. */
const MOST_EYE = 60;

interface Body {
  readonly size: 32 | 64;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** size² roles without outline and face. */
  readonly roles: Uint8Array;
  /** Of an eye's middle: from the body's axis outwards, and down from its top, in shares of width and height. */
  readonly eyes: { readonly across: number; readonly down: number };
}

/** The strip of growth of a picture of 32 × 32 or 64 × 64 roles. */
export function bodyStrip(roles: Uint8Array, creature: number, size: 32 | 64): TrainingSprite[] {
  const body = bodyOf(roles, size);
  return TALL.map((tall, stage) => ({
    size,
    creature,
    stage,
    pixels: stage === 0 ? egg(body) : grown(body, tall, WIDE[stage], stage),
  }));
}

const FACE: readonly number[] = [Ink.eye, Ink.iris, Ink.white, Ink.blush, Ink.outline];

function bodyOf(drawn: Uint8Array, size: 32 | 64): Body {
  const roles = drawn.slice();
  const at = (x: number, y: number) => (x < 0 || y < 0 || x >= size || y >= size ? 0 : drawn[y * size + x]);
  let rim = new Set<number>();
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      if (at(x, y) === Ink.outline && [at(x - 1, y), at(x + 1, y), at(x, y - 1), at(x, y + 1)].includes(0))
        rim.add(y * size + x);
  // A picture that is nothing but outline keeps it.
  if (roles.every((role, p) => role === 0 || rim.has(p))) rim = new Set();
  for (const p of rim) roles[p] = Ink.none;
  const filled = [...roles.keys()].filter((p) => roles[p] !== Ink.none);
  const xs = filled.map((p) => p % size);
  const ys = filled.map((p) => Math.floor(p / size));
  const [left, top] = [Math.min(...xs, size - 1), Math.min(...ys, size - 1)];
  const width = Math.max(...xs, left) - left + 1;
  const height = Math.max(...ys, top) - top + 1;
  const eyes = eyesOf(roles, size, left, top, width, height);
  fillFace(roles, size);
  return { size, left, top, width, height, roles, eyes };
}

/** The two dark spots that are most like a pair of eyes. */
function eyesOf(
  roles: Uint8Array,
  size: number,
  left: number,
  top: number,
  width: number,
  height: number,
): Body['eyes'] {
  const unit = (size / SIZE) ** 2;
  const spots = spotsOf(roles, size)
    .filter(({ count }) => count >= 2 * unit && count <= MOST_EYE * unit)
    .map(({ x, y, count }) => ({
      across: (x + 0.5 - left) / width - 0.5,
      down: (y + 0.5 - top) / height,
      count,
    }))
    .filter(({ down }) => down < UPPER);
  let best: Body['eyes'] = USUAL;
  let least = 0.5;
  for (const a of spots)
    for (const b of spots) {
      if (a.across >= b.across) continue;
      const uneven = Math.abs(a.across + b.across) + 2 * Math.abs(a.down - b.down);
      const unlike = Math.abs(a.count - b.count) / (a.count + b.count);
      if (uneven + 0.4 * unlike >= least || b.across - a.across < 0.12) continue;
      least = uneven + 0.4 * unlike;
      best = { across: (b.across - a.across) / 2, down: (a.down + b.down) / 2 };
    }
  return best;
}

/** Connected spots of the eye's role: their middles and sizes. */
function spotsOf(roles: Uint8Array, size: number): { x: number; y: number; count: number }[] {
  const seen = new Uint8Array(roles.length);
  const spots: { x: number; y: number; count: number }[] = [];
  for (let start = 0; start < roles.length; start++) {
    if (roles[start] !== Ink.eye || seen[start]) continue;
    const spot = [start];
    seen[start] = 1;
    for (const p of spot)
      for (const q of [p - 1, p + 1, p - size, p + size])
        if (roles[q] === Ink.eye && !seen[q]) {
          seen[q] = 1;
          spot.push(q);
        }
    const mean = (of: (p: number) => number) => spot.reduce((sum, p) => sum + of(p), 0) / spot.length;
    spots.push({ x: mean((p) => p % size), y: mean((p) => Math.floor(p / size)), count: spot.length });
  }
  return spots;
}

/** Eyes, glints, cheeks and lines take the role of what is around them; large white is a patch. */
function fillFace(roles: Uint8Array, size: number): void {
  const white = roles.filter((role) => role === Ink.white).length;
  if (white > 40 * (size / SIZE) ** 2)
    for (let p = 0; p < roles.length; p++) if (roles[p] === Ink.white) roles[p] = Ink.patch;
  for (let left = true; left; ) {
    left = false;
    const before = roles.slice();
    let filled = 0;
    for (let p = 0; p < roles.length; p++) {
      if (!FACE.includes(before[p])) continue;
      const counts = new Uint8Array(16);
      for (const q of [p - 1, p + 1, p - size, p + size])
        if (before[q] && !FACE.includes(before[q])) counts[before[q]]++;
      const most = Math.max(...counts);
      if (most === 0) left = true;
      else {
        roles[p] = counts.indexOf(most);
        filled++;
      }
    }
    if (left && filled === 0) {
      for (let p = 0; p < roles.length; p++) if (FACE.includes(roles[p])) roles[p] = Ink.coat;
      left = false;
    }
  }
}

/** The role that fills most of a pixel of the body and of its mirror image; 0 where most of it is empty. */
function sampled(
  { size, roles, left, top, width, height }: Body,
  u: number,
  v: number,
  w: number,
  h: number,
): number {
  const counts = new Float64Array(16);
  const steps = 4;
  for (let sy = 0; sy < steps; sy++)
    for (let sx = 0; sx < steps; sx++) {
      const across = u + ((sx + 0.5) / steps) * w;
      const y = Math.floor((v + ((sy + 0.5) / steps) * h) * height);
      for (const side of [across, 1 - across]) {
        const x = Math.floor(side * width);
        const inside = x >= 0 && x < width && y >= 0 && y < height;
        counts[inside ? roles[(top + y) * size + left + x] : 0]++;
      }
    }
  if (counts[0] > steps * steps * 1.1) return Ink.none;
  let best = 1;
  for (let role = 2; role < 16; role++) if (counts[role] > counts[best]) best = role;
  return best;
}

function grown(body: Body, tall: number, widest: number, stage: number): Uint8Array {
  const { size } = body;
  const unit = size / SIZE;
  const scale = Math.min((tall * unit) / body.height, (widest * unit) / body.width);
  const [w, h] = [body.width * scale, body.height * scale];
  const [left, top] = [size / 2 - w / 2, (GROUND + 1) * unit - h];
  const pixels = new Uint8Array(size * size);
  for (let y = unit; y < (GROUND + 1) * unit; y++)
    for (let x = unit; x < size - unit; x++)
      pixels[y * size + x] = sampled(body, (x - left) / w, (y - top) / h, 1 / w, 1 / h);
  shade(pixels, size);
  const row = Math.round((top + body.eyes.down * h) / unit - 1);
  const apart = Math.round((body.eyes.across * w) / unit - 1);
  const furthest = stage < 3 ? 4 : 5;
  markEyes(pixels, Math.max(8, Math.min(row, 26)), Math.max(2, Math.min(apart, furthest)), size);
  return pixels;
}

/** Light from above: the coat's lower rim is in shade. */
function shade(pixels: Uint8Array, size: number): void {
  const below = (size / SIZE) * size;
  const before = pixels.slice();
  for (let p = 0; p < pixels.length - below; p++)
    if (before[p + below] === Ink.none) {
      if (pixels[p] === Ink.coat || pixels[p] === Ink.coatLight) pixels[p] = Ink.coatShade;
      else if (pixels[p] === Ink.patch) pixels[p] = Ink.patchShade;
    }
}

/** An egg with the middle of the creature on it. */
function egg(body: Body): Uint8Array {
  const { size } = body;
  const unit = size / SIZE;
  const [cx, cy, rx, ry] = [16, 21.5, 7.4, 8];
  const pixels = new Uint8Array(size * size);
  for (let p = 0; p < pixels.length; p++) {
    // of 32, whatever the size
    const [x, y] = [(p % size) / unit, Math.floor(p / size) / unit];
    const [dx, dy] = [(x + 0.5 / unit - cx) / rx, (y + 0.5 / unit - cy) / ry];
    const r = Math.hypot(dx * (dy < 0 ? 1 - dy * 0.18 : 1), dy);
    if (r > 1) continue;
    const role = sampled(body, (x - cx + 9.5) / 19, (y - cy + 10.5) / 20, 1 / (19 * unit), 1 / (20 * unit));
    const own = role === Ink.none || role === Ink.leaf ? Ink.coat : role;
    const shaded = r > 0.8 && dy > 0.35;
    pixels[p] = shaded ? (own === Ink.patch ? Ink.patchShade : Ink.coatShade) : own;
  }
  for (const [x, y] of GLINT)
    for (let n = 0; n < unit * unit; n++)
      pixels[(y * unit + Math.floor(n / unit)) * size + x * unit + (n % unit)] = Ink.coatLight;
  markEyes(pixels, 21, 3, size);
  return pixels;
}

/** Of an egg, of 32. */
const GLINT = [
  [13, 15],
  [12, 16],
  [12, 17],
] as const;
