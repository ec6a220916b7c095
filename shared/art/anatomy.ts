import { FIELDS, type FieldName, HALF_PIXELS } from './decoder.ts';
import { HALF, SIZE } from './types.ts';

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
export interface Parts {
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
  { at: 19, x: 7, y: 6 },
  { at: 17, x: 8, y: 6 },
  { at: 15, x: 8, y: 7 },
];

/** The least body: an ellipse about the head's usual place, with a pillar to the ground. */
export function inCore(stage: number, k: number, y: number): boolean {
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
export function connected(wanted: Uint8Array, seed: Uint8Array): Uint8Array {
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

export function partsOf(fields: Int32Array, stage: number): Parts {
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

export function anatomyOf(parts: Parts, stage: number): Anatomy {
  const { head, body, ears } = parts;
  const rows = (part: Uint8Array) =>
    Array.from({ length: SIZE }, (_, y) => y).filter(
      (y) => part[y * HALF + HALF - 1] || part[y * HALF + HALF - 2],
    );
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
