import { FIELDS, type FieldName, HALF_PIXELS } from './decoder.ts';
import type { Canvas } from './canvas.ts';
import { HALF, Ink, SIZE } from './types.ts';

/** Half a pixel, in the decoder's units of 1/16 pixel, and the light's steps between the three tones. */
const LIT = 14;
const DIM = -14;

/** Where things are on the body, in pixels; the axis lies between x = 15 and x = 16. */
export interface Anatomy {
  readonly headTop: number;
  readonly headBottom: number;
  /** Row of the head's centre, and the head's half width there. */
  readonly eyeLine: number;
  readonly headWide: number;
  readonly bodyBottom: number;
  /** Half width of the body at its chest row; at a seed, of the seed. */
  readonly chest: number;
  readonly bodyWide: number;
  /** Columns from the axis (0 innermost) → highest row of the whole silhouette there, 32 when empty. */
  readonly tops: readonly number[];
}

/** The parts as masks over the half image: index y * 16 + k, k = 0 outermost. */
interface Parts {
  readonly core: Uint8Array;
  readonly head: Uint8Array;
  readonly body: Uint8Array;
  readonly ears: Uint8Array;
  readonly limbs: Uint8Array;
}

/** Row and half size of the part that every body has, whatever the model says. */
const CORES = [
  { at: 21, x: 7, y: 8 },
  { at: 22, x: 7, y: 7 },
  { at: 18, x: 7, y: 7 },
  { at: 16, x: 8, y: 7 },
  { at: 15, x: 8, y: 7 },
];

/** The least body: an ellipse about the head's usual place, with a pillar to the ground. */
function inCore(stage: number, k: number, y: number): boolean {
  const u = 31 - 2 * k;
  const core = CORES[stage];
  const v = 2 * (y - core.at) + 1;
  const inHead = u * u * core.y * core.y + v * v * core.x * core.x <= 4 * core.x * core.x * core.y * core.y;
  return inHead || (u < 8 && y >= core.at && y < 29);
}

export function field(fields: Int32Array, name: FieldName): Int32Array {
  const at = FIELDS.indexOf(name) * HALF_PIXELS;
  return fields.subarray(at, at + HALF_PIXELS);
}

/** Keeps of `wanted` what hangs together with `seed` (4-neighbours; the axis is a mirror). */
function connected(wanted: Uint8Array, seed: Uint8Array): Uint8Array {
  const kept = new Uint8Array(HALF_PIXELS);
  const stack: number[] = [];
  const visit = (p: number) => {
    if (wanted[p] && !kept[p]) {
      kept[p] = 1;
      stack.push(p);
    }
  };
  for (let p = 0; p < HALF_PIXELS; p++) if (seed[p]) visit(p);
  while (stack.length > 0) {
    const p = stack.pop()!;
    if (p % HALF > 0) visit(p - 1);
    if (p % HALF < HALF - 1) visit(p + 1);
    if (p >= HALF) visit(p - HALF);
    if (p < HALF_PIXELS - HALF) visit(p + HALF);
  }
  return kept;
}

function partsOf(fields: Int32Array, stage: number): Parts {
  const core = new Uint8Array(HALF_PIXELS);
  const head = new Uint8Array(HALF_PIXELS);
  const body = new Uint8Array(HALF_PIXELS);
  const ears = new Uint8Array(HALF_PIXELS);
  const limbs = new Uint8Array(HALF_PIXELS);
  const all = new Uint8Array(HALF_PIXELS);
  const is = {
    head: field(fields, 'head'),
    body: field(fields, 'body'),
    ears: field(fields, 'ears'),
    limbs: field(fields, 'limbs'),
  };
  for (let p = 0; p < HALF_PIXELS; p++) {
    const k = p % HALF;
    const y = (p / HALF) | 0;
    // a margin for the outline, and the ground line
    const inside = k >= 1 && y >= 1 && y < 30;
    core[p] = inCore(stage, k, y) ? 1 : 0;
    head[p] = inside && is.head[p] > 0 ? 1 : 0;
    body[p] = inside && is.body[p] > 0 ? 1 : 0;
    ears[p] = inside && is.ears[p] > 0 ? 1 : 0;
    limbs[p] = inside && is.limbs[p] > 0 ? 1 : 0;
    if (core[p] && !head[p] && !body[p]) (y < CORES[stage].at + CORES[stage].y ? head : body)[p] = 1;
    all[p] = head[p] | body[p] | ears[p] | limbs[p];
  }
  const kept = connected(all, core);
  for (const part of [head, body, ears, limbs]) for (let p = 0; p < HALF_PIXELS; p++) part[p] &= kept[p];
  return { core, head, body, ears, limbs };
}

/** Half width of a part at row y: how many columns from the axis outward it fills without a gap. */
function wide(part: Uint8Array, y: number): number {
  let n = 0;
  while (n < HALF && part[y * HALF + HALF - 1 - n]) n++;
  return n;
}

function anatomyOf(parts: Parts, stage: number): Anatomy {
  const { head, body, ears } = parts;
  const rows = (part: Uint8Array) =>
    Array.from({ length: SIZE }, (_, y) => y).filter((y) => part[y * HALF + HALF - 1] || part[y * HALF + HALF - 2]);
  const headRows = rows(head);
  const headTop = headRows[0];
  const headBottom = headRows[headRows.length - 1];
  const bodyRows = rows(body);
  const bodyBottom = bodyRows.length > 0 ? bodyRows[bodyRows.length - 1] : headBottom;
  const eyeLine = (headTop + headBottom + 1 + (stage < 2 ? 1 : 0)) >> 1;
  const chest = Math.min(27, stage < 2 ? headBottom - 2 : headBottom + 3);
  const tops = Array.from({ length: HALF }, (_, n) => {
    for (let y = 0; y < SIZE; y++) {
      const p = y * HALF + HALF - 1 - n;
      if (head[p] || body[p] || ears[p]) return y;
    }
    return SIZE;
  });
  return {
    headTop,
    headBottom: Math.min(headBottom, bodyBottom),
    eyeLine,
    headWide: wide(head, eyeLine),
    bodyBottom: Math.max(bodyBottom, headBottom),
    chest,
    bodyWide: Math.max(wide(body, chest), wide(head, chest)),
    tops,
  };
}

/** Three tones by the light field, seen at the given ink triple. */
function tone(light: number, shade: number, base: number, lit: number): number {
  return light >= LIT ? lit : light <= DIM ? shade : base;
}

/**
 * Paints tail, ears, body, limbs and head as the decoder's fields say, in that order, with the coat's
 * pattern and three-tone shading.
 */
export function paintBody(canvas: Canvas, fields: Int32Array, stage: number): Anatomy {
  const parts = partsOf(fields, stage);
  const anatomy = anatomyOf(parts, stage);
  const light = field(fields, 'light');
  const patch = field(fields, 'patch');
  const pattern = field(fields, 'pattern');
  const tail = field(fields, 'tail');
  const put = (p: number, ink: number) => canvas.both(p % HALF, (p / HALF) | 0, ink);
  const is = (part: Uint8Array, p: number) => p >= 0 && p < HALF_PIXELS && part[p] === 1;

  paintTail(canvas, tail, parts, stage);
  for (let p = 0; p < HALF_PIXELS; p++) {
    if (is(parts.ears, p)) {
      const rim = !is(parts.ears, p - 1) || !is(parts.ears, p + 1) || !is(parts.ears, p - HALF) || !is(parts.ears, p + HALF);
      put(p, pattern[p] > 0 ? Ink.patch : rim ? Ink.coat : Ink.blush);
    }
    if (is(parts.body, p)) {
      const marked = patch[p] > 0 || pattern[p] > 0;
      put(p, marked ? (light[p] <= DIM * 2 ? Ink.patchShade : Ink.patch) : tone(light[p] + 6, Ink.coatShade, Ink.coat, Ink.coatLight));
      // the head's shadow on the body
      if (is(parts.head, p - HALF) && !is(parts.head, p)) put(p, marked ? Ink.patchShade : Ink.coatShade);
    }
  }
  for (let p = 0; p < HALF_PIXELS; p++) {
    if (is(parts.head, p)) {
      const marked = patch[p] > 0 || pattern[p] > 0;
      put(p, marked ? (light[p] <= DIM * 2 ? Ink.patchShade : Ink.patch) : tone(light[p], Ink.coatShade, Ink.coat, Ink.coatLight));
    }
    if (is(parts.limbs, p)) {
      const under = !is(parts.limbs, p - HALF) || !is(parts.limbs, p - 1) || !is(parts.limbs, p + 1);
      const inside = is(parts.body, p) || is(parts.head, p);
      if (is(parts.head, p) && p < (anatomy.headBottom - 1) * HALF && stage > 1) continue;
      put(p, under && inside ? Ink.coatShade : pattern[p] > 0 ? Ink.patch : Ink.coat);
    }
  }
  return anatomy;
}

/** The tail shows on the right only, behind the body; it must touch it. */
function paintTail(canvas: Canvas, tail: Int32Array, parts: Parts, stage: number): void {
  if (stage === 0) return;
  const wanted = new Uint8Array(HALF_PIXELS);
  const solid = new Uint8Array(HALF_PIXELS);
  for (let p = 0; p < HALF_PIXELS; p++) {
    const k = p % HALF;
    solid[p] = parts.head[p] | parts.body[p] | parts.limbs[p];
    wanted[p] = solid[p] || (tail[p] > 0 && k >= 1 && p >= HALF && p < HALF * 30) ? 1 : 0;
  }
  const kept = connected(wanted, solid);
  for (let p = 0; p < HALF_PIXELS; p++)
    if (kept[p] && !solid[p]) {
      const y = (p / HALF) | 0;
      canvas.set(SIZE - 1 - (p % HALF), y, tail[p] > 14 ? Ink.coat : Ink.coatShade);
    }
}
