import { adornBehind, adornFront } from '#shared/art/adorn.ts';
import type { Anatomy } from '#shared/art/anatomy.ts';
import { Canvas } from '#shared/art/canvas.ts';
import { GENOME_BYTES, HALF, Ink, SIZE } from '#shared/art/types.ts';
import { boundsOf, FINE, type Figure } from './raster.ts';
import { glint, outline, reduce, shade } from './reduce.ts';

/** Width and height that a stage's body may take of a 32 × 32 sprite, and how childlike it is. */
const STAGES = [
  { wide: 15, tall: 17, round: 1, childlike: 0 },
  { wide: 20, tall: 19, round: 0.5, childlike: 0.28 },
  { wide: 24, tall: 23, round: 0.22, childlike: 0.14 },
  { wide: 27, tall: 26, round: 0.06, childlike: 0 },
  { wide: 30, tall: 29, round: 0, childlike: 0 },
] as const;
/** What an adornment needs above the body, by stage. */
const ROOM = [3, 4, 4, 4, 5];

/** The creature at a stage (0..4) and branch (0..4), in roles; `adorned` adds what the branch grows. */
export function grown(
  figure: Figure,
  face: Figure | undefined,
  how: { size: 32 | 64; stage: number; branch: number; adorned: boolean },
): Uint8Array {
  const { size, stage, branch, adorned } = how;
  const unit = size / SIZE;
  const plan = STAGES[stage];
  const room = branch > 0 && adorned ? Math.max(0, ROOM[stage] - (29 - plan.tall)) : 0;
  const layout = { ...plan, size, wide: plan.wide * unit - room * unit, tall: (plan.tall - room) * unit };
  const shown = stage < 2 && face ? face : figure;
  const pixels = reduce(stage === 0 ? eggOf(shown) : shown, layout);
  shade(pixels, size);
  glint(pixels, size);
  if (adorned && branch > 0) adorn(pixels, size, stage, branch);
  outline(pixels, size);
  return pixels;
}

/** An egg that shows the creature's own face and markings, as if painted on its shell. */
function eggOf({ pixels, left, top, right, bottom }: Figure): Figure {
  const egg = new Uint8Array(FINE * FINE);
  const [rx, ry] = [FINE * 0.4, FINE * 0.47];
  const [w, h] = [right - left + 1, bottom - top + 1];
  const scale = Math.min(w, h) * 0.5 + Math.max(w, h) * 0.42;
  for (let p = 0; p < egg.length; p++) {
    const dx = (p % FINE) - FINE / 2 + 0.5;
    const dy = Math.floor(p / FINE) - FINE / 2 + 0.5;
    // narrower towards the top
    const wide = rx * (1 + (0.2 * dy) / ry);
    if ((dx / wide) ** 2 + (dy / ry) ** 2 > 1) continue;
    const x = Math.round((left + right) / 2 + (dx / (2 * rx)) * scale);
    const y = Math.round((top + bottom) / 2 + (dy / (2 * ry)) * scale);
    const inside = x >= 0 && y >= 0 && x < FINE && y < FINE;
    egg[p] = (inside && pixels[y * FINE + x]) || Ink.coat;
  }
  return { pixels: egg, ...boundsOf(egg, FINE) };
}

/** Lays the branch's growth behind and before the body, placed by the body's own outline. */
function adorn(pixels: Uint8Array, size: number, stage: number, branch: number): void {
  const unit = size / SIZE;
  const body = anatomyOf(pixels, size);
  const conditions = { genome: new Uint8Array(GENOME_BYTES), stage, branch };
  const behind = new Canvas();
  const front = new Canvas();
  adornBehind(behind, conditions, body);
  adornFront(front, conditions, body);
  // the edge rows and columns are the outline's
  const within = (x: number, y: number) => x > 0 && y > 0 && x < size - 1 && y < size - 2;
  for (let p = 0; p < pixels.length; p++) {
    const x = p % size;
    const y = Math.floor(p / size);
    if (!within(x, y)) continue;
    const at = Math.floor(y / unit) * SIZE + Math.floor(x / unit);
    const spare = pixels[p] === Ink.eye || pixels[p] === Ink.white;
    if (front.pixels[at] && !spare) pixels[p] = front.pixels[at];
    else if (!pixels[p] && behind.pixels[at]) pixels[p] = behind.pixels[at];
  }
}

/** Where a head and a chest would be on a silhouette, in pixels of a 32 × 32 sprite. */
function anatomyOf(pixels: Uint8Array, size: number): Anatomy {
  const unit = size / SIZE;
  const filled = (x: number, y: number) => pixels[y * unit * size + x * unit] !== Ink.none;
  const wide = (y: number) => {
    let n = 0;
    while (n < HALF - 1 && (filled(HALF - 1 - n, y) || filled(HALF + n, y))) n++;
    return n;
  };
  const rows = Array.from({ length: SIZE }, (_, y) => y).filter(
    (y) => filled(HALF - 1, y) || filled(HALF, y),
  );
  const headTop = rows[0] ?? HALF;
  const bodyBottom = rows[rows.length - 1] ?? SIZE - 3;
  const tall = bodyBottom - headTop;
  const eyeLine = Math.round(headTop + tall * 0.4);
  const headBottom = Math.round(headTop + tall * 0.62);
  const chest = Math.min(27, Math.round(headTop + tall * 0.75));
  const tops = Array.from({ length: HALF }, (_, n) => {
    for (let y = 0; y < SIZE; y++) if (filled(HALF - 1 - n, y)) return y;
    return SIZE;
  });
  return {
    headTop,
    headBottom,
    eyeLine,
    headWide: wide(eyeLine),
    bodyBottom,
    chest,
    bodyWide: wide(chest),
    tops,
  };
}
