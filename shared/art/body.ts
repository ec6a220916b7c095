import { type Anatomy, anatomyOf, connected, field, type Parts, partsOf } from './anatomy.ts';
import type { Canvas } from './canvas.ts';
import { HALF_PIXELS } from './decoder.ts';
import { HALF, Ink, SIZE } from './types.ts';

/** The light's steps between the three tones, in the decoder's units of 1/16 pixel. */
const LIT = 14;
const DIM = -18;
/** A body is lit a little more than a head of the same field, or it would drown in the head's shade. */
const BODY_LIFT = 18;

/**
 * How much of the coat is drawn, so that the markings find room on a small body: everything; no light tone; no shade
 * either; no pattern; a smaller patch; the plain coat.
 */
const DETAIL = [
  { light: true, shade: true, pattern: true, patchEdge: 0 },
  { light: false, shade: true, pattern: true, patchEdge: 0 },
  { light: false, shade: false, pattern: true, patchEdge: 0 },
  { light: false, shade: true, pattern: false, patchEdge: 0 },
  { light: false, shade: true, pattern: false, patchEdge: 14 },
  { light: false, shade: false, pattern: false, patchEdge: 1 << 20 },
] as const;
export const DETAILS = DETAIL.length;

/**
 * Paints tail, ears, body, limbs and head as the decoder's fields say, in that order, with the coat's
 * pattern and three-tone shading. `detail` 0..5 leaves out ever more.
 */
export function paintBody(canvas: Canvas, fields: Int32Array, stage: number, detail: number): Anatomy {
  const parts = partsOf(fields, stage);
  const anatomy = anatomyOf(parts, stage);
  const light = field(fields, 'light');
  const patch = field(fields, 'patch');
  const pattern = field(fields, 'pattern');
  const put = (p: number, ink: number) => canvas.both(p % HALF, (p / HALF) | 0, ink);
  const is = (part: Uint8Array, p: number) => p >= 0 && p < HALF_PIXELS && part[p] === 1;
  const drawn = DETAIL[detail];
  const patterned = (p: number) => drawn.pattern && stage > 0 && pattern[p] > 0;
  const marked = (p: number) => patch[p] > drawn.patchEdge || patterned(p);
  const shaded = (p: number, lit: number) => {
    if (marked(p)) return lit <= DIM - 20 ? Ink.patchShade : Ink.patch;
    // the young are too small for a light cap: a glint does
    if (lit >= LIT && stage > 1 && drawn.light) return Ink.coatLight;
    return lit <= DIM && drawn.shade ? Ink.coatShade : Ink.coat;
  };

  paintTail(canvas, field(fields, 'tail'), parts, stage);
  for (let p = 0; p < HALF_PIXELS; p++) {
    if (is(parts.ears, p)) {
      const around = [p - 1, p + 1, p - HALF, p + HALF];
      const rim = around.some((q) => !is(parts.ears, q));
      put(p, patterned(p) ? Ink.patch : rim ? Ink.coat : Ink.blush);
    }
    if (is(parts.body, p)) {
      put(p, shaded(p, light[p] + BODY_LIFT));
      // the head's shadow on the body
      if (is(parts.head, p - HALF) && !is(parts.head, p)) put(p, marked(p) ? Ink.patchShade : Ink.coatShade);
    }
  }
  for (let p = 0; p < HALF_PIXELS; p++) {
    if (is(parts.head, p)) put(p, shaded(p, stage < 2 ? light[p] + 5 : light[p]));
    if (!is(parts.limbs, p) || (stage > 1 && is(parts.head, p) && p < (anatomy.headBottom - 1) * HALF))
      continue;
    const rim = !is(parts.limbs, p - HALF) || !is(parts.limbs, p - 1) || !is(parts.limbs, p + 1);
    const inside = is(parts.body, p) || is(parts.head, p);
    put(p, rim && inside ? Ink.coatShade : patterned(p) ? Ink.patch : Ink.coat);
  }
  if (stage < 2) {
    canvas.set(13, anatomy.headTop + 2, Ink.coatLight);
    canvas.set(12, anatomy.headTop + 3, Ink.coatLight);
    canvas.set(12, anatomy.headTop + 4, Ink.coatLight);
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
  const free = (p: number) => kept[p] === 1 && solid[p] === 0;
  let top = SIZE;
  for (let p = HALF_PIXELS - 1; p >= 0; p--) if (free(p)) top = (p / HALF) | 0;
  for (let p = 0; p < HALF_PIXELS; p++) {
    if (!free(p)) continue;
    const y = (p / HALF) | 0;
    const touches = solid[p + 1] || solid[p - HALF] || solid[p + HALF];
    canvas.set(SIZE - 1 - (p % HALF), y, touches ? Ink.outline : y < top + 3 ? Ink.patch : Ink.coat);
  }
}
