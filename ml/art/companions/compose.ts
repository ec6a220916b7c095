import { partsOf } from '#shared/art/anatomy.ts';
import { paintBody } from '#shared/art/body.ts';
import { Canvas } from '#shared/art/canvas.ts';
import { PATTERNS } from '#shared/art/genes.ts';
import { HALF, Ink, SIZE } from '#shared/art/types.ts';
import type { TrainingSprite } from '../finetune.ts';
import { fieldsOf } from '../grid/grammar.ts';
import { markEyes } from '../grid/marks.ts';
import type { Icon } from './icons.ts';
import type { Shape } from './raster.ts';

/** Width and lower edge of a head at each stage, then height and greatest width of a whole creature. */
const HEADS = [0, 17, 17, 19, 22];
const WHOLES = [0, 14, 17, 21, 24];
const WIDEST = [0, 18, 20, 23, 26];
/** Nothing reaches higher: the adornments need room above. */
const CEILINGS = [0, 8, 5, 4, 4];
const GROUND = 29;
/** Multipliers of a branch: the head's size. */
const BRANCH_HEADS = [1, 1.03, 0.95, 1, 1.05];

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The role that fills most of a pixel, of the picture and its mirror image, or 0 where most of it is empty. */
function sample(shape: Shape, box: Box, x: number, y: number, counts: Float64Array): number {
  counts.fill(0);
  const steps = 4;
  for (let sy = 0; sy < steps; sy++)
    for (let sx = 0; sx < steps; sx++) {
      const u = (x + (sx + 0.5) / steps - box.left) / box.width;
      const v = (y + (sy + 0.5) / steps - box.top) / box.height;
      for (const side of [u, 1 - u]) {
        const px = Math.floor(side * shape.width);
        const py = Math.floor(v * shape.height);
        const inside = px >= 0 && py >= 0 && px < shape.width && py < shape.height;
        counts[inside ? shape.roles[py * shape.width + px] : 0]++;
      }
    }
  if (counts[0] > steps * steps * 1.1) return 0;
  let best = 1;
  for (let ink = 1; ink < 16; ink++) if (counts[ink] > counts[best]) best = ink;
  return best;
}

/** Draws the shape into the box, shaded: light above, shade at the lower edge. */
function paintShape(canvas: Canvas, shape: Shape, box: Box): Uint8Array {
  const counts = new Float64Array(16);
  const own = new Uint8Array(SIZE * SIZE);
  for (let y = 1; y < SIZE - 1; y++)
    for (let x = 1; x < SIZE - 1; x++) own[y * SIZE + x] = sample(shape, box, x, y, counts);
  const filled = (x: number, y: number) => own[y * SIZE + x] !== 0;
  for (let y = 1; y < SIZE - 1; y++)
    for (let x = 1; x < SIZE - 1; x++) {
      const ink = own[y * SIZE + x];
      if (ink === 0) continue;
      const below = !filled(x, y + 1) || (!filled(x, y + 2) && box.height > 15);
      const side = !filled(x - 1, y) || !filled(x + 1, y);
      const above = !filled(x, y - 1);
      let shaded = ink;
      if (ink === Ink.coat && (below || (side && y > box.top + box.height / 2))) shaded = Ink.coatShade;
      else if (ink === Ink.coat && !above && !filled(x, y - 2) && box.height > 15) shaded = Ink.coatLight;
      else if (ink === Ink.patch && below) shaded = Ink.patchShade;
      canvas.set(x, y, shaded);
    }
  return own;
}

function boxOf(shape: Shape, width: number, bottom: number): Box {
  const height = (shape.height / shape.width) * width;
  return { left: SIZE / 2 - width / 2, top: bottom - height, width, height };
}

function eyesOf(canvas: Canvas, { eyes }: Shape, box: Box, stage: number): void {
  const row = Math.round(box.top + eyes[0] * box.height - 1);
  const apart = Math.round(eyes[1] * box.width - 1);
  markEyes(canvas.pixels, row, Math.max(3, Math.min(apart, stage < 3 ? 5 : 6)));
}

const FOOT = ['ccc.', 'cccc'];
const FOOT_LARGE = ['.ccc.', 'ccccc', 'ccccc'];
const ARM = ['.c', 'cc', 'cc'];
const INKS = { c: Ink.coat, d: Ink.coatShade };

/** A body of the grammar's for a head: random once a creature. */
export interface Frame {
  readonly shapes: readonly number[];
  readonly tail: number;
  readonly phase: number;
  readonly pattern: number;
}

export function frameOf(random: () => number): Frame {
  const shapes = Array.from({ length: 10 }, random);
  return {
    shapes,
    tail: random(),
    phase: random(),
    pattern: random() < 0.6 ? 0 : Math.floor(random() * PATTERNS.length),
  };
}

/** The strip of an icon's creature: seed and sprout, then young to elder along every branch. */
export function companionStrip(icon: Icon, shape: Shape, creature: number, frame: Frame): TrainingSprite[] {
  const one = (stage: number, branch?: number): TrainingSprite => {
    const canvas = new Canvas();
    if (stage === 0) paintEgg(canvas, shape);
    else if (icon.kind === 'head') paintHead(canvas, shape, stage, branch ?? 0, frame);
    else paintWhole(canvas, icon, shape, stage, branch ?? 0, frame);
    return { size: 32, pixels: canvas.pixels, creature, stage, branch };
  };
  return [
    one(0),
    one(1),
    ...[2, 3, 4].flatMap((stage) => [0, 1, 2, 3, 4].map((branch) => one(stage, branch))),
  ];
}

/** An egg with the middle of the creature on it. */
function paintEgg(canvas: Canvas, shape: Shape): void {
  const [cx, cy, rx, ry] = [16, 21.5, 7.4, 8];
  const counts = new Float64Array(16);
  // the pattern of the creature's middle, as large as the egg
  const box = { left: cx - 9.5, top: cy - 10.5, width: 19, height: 20 };
  for (let y = 0; y < SIZE; y++)
    for (let x = 0; x < SIZE; x++) {
      const dx = (x + 0.5 - cx) / rx;
      const dy = (y + 0.5 - cy) / ry;
      const r = Math.hypot(dx * (dy < 0 ? 1 - dy * 0.18 : 1), dy);
      if (r > 1) continue;
      const ink = sample(shape, box, x, y, counts);
      const plain = ink === 0 || ink === Ink.leaf || ink === Ink.blush;
      const shade = r > 0.8 && dy > 0.35;
      const own = plain ? Ink.coat : ink;
      canvas.set(x, y, shade ? (own === Ink.patch ? Ink.patchShade : Ink.coatShade) : own);
    }
  canvas.set(13, 15, Ink.coatLight);
  canvas.set(12, 16, Ink.coatLight);
  canvas.set(12, 17, Ink.coatLight);
  markEyes(canvas.pixels, 21, 3);
}

function paintHead(canvas: Canvas, shape: Shape, stage: number, branch: number, frame: Frame): void {
  const width = HEADS[stage] * (stage > 1 ? BRANCH_HEADS[branch] : 1);
  if (stage === 1) {
    feet(canvas, 3, FOOT);
    const box = boxOf(shape, width, GROUND - 1);
    paintShape(canvas, shape, box);
    eyesOf(canvas, shape, box, stage);
    return;
  }
  const plan = { ...frame, stage, branch };
  const fields = fieldsOf(plan);
  const anatomy = paintBody(canvas, fields, stage, 0);
  const parts = partsOf(fields, stage);
  // the grammar's own head gives way
  for (let p = 0; p < parts.head.length; p++)
    if ((parts.head[p] || parts.ears[p]) && !parts.body[p] && !parts.limbs[p])
      canvas.both(p % HALF, Math.floor(p / HALF), Ink.none);
  const bottom = anatomy.headBottom + 1;
  let box = boxOf(shape, width, bottom);
  const ceiling = CEILINGS[stage];
  if (box.top < ceiling) box = boxOf(shape, (width * (bottom - ceiling)) / box.height, bottom);
  neck(canvas, bottom);
  paintShape(canvas, shape, box);
  eyesOf(canvas, shape, box, stage);
}

/** A pillar of coat between head and body, and the head's shadow on it. */
function neck(canvas: Canvas, bottom: number): void {
  for (let x = 12; x < 20; x++)
    for (let y = bottom - 3; y < bottom + 2; y++) if (canvas.get(x, y) === 0) canvas.set(x, y, Ink.coat);
  for (let x = 0; x < SIZE; x++)
    if (canvas.get(x, bottom) === Ink.coat || canvas.get(x, bottom) === Ink.coatLight)
      canvas.set(x, bottom, Ink.coatShade);
}

function feet(canvas: Canvas, apart: number, foot: readonly string[]): void {
  const width = foot[0].length;
  const y = GROUND - foot.length + 1;
  canvas.stamp(foot, SIZE / 2 - apart - width + 1, y, INKS);
  canvas.stamp(foot, SIZE / 2 + apart - 1, y, INKS, { flip: true });
}

function paintWhole(
  canvas: Canvas,
  icon: Icon,
  shape: Shape,
  stage: number,
  branch: number,
  frame: Frame,
): void {
  const grown = stage > 1 ? BRANCH_HEADS[branch] : 1;
  const size = WHOLES[stage] * grown * (0.96 + 0.08 * frame.shapes[0]);
  const widest = WIDEST[stage] * grown;
  let width = (size * shape.width) / shape.height;
  if (width > widest) width = widest;
  const box = boxOf(shape, width, icon.limbs === false ? GROUND + 1 : GROUND - 1);
  if (icon.limbs !== false) {
    feet(canvas, stage > 2 ? 4 : 3, stage > 2 ? FOOT_LARGE : FOOT);
    const own = paintShape(new Canvas(), shape, box);
    if (stage > 1) arms(canvas, own, Math.round(box.top + box.height * 0.66));
  }
  paintShape(canvas, shape, box);
  eyesOf(canvas, shape, box, stage);
}

/** Arms at the outline of what is drawn on row y. */
function arms(canvas: Canvas, own: Uint8Array, y: number): void {
  let left = 0;
  while (left < SIZE / 2 && own[y * SIZE + left] === 0) left++;
  canvas.stamp(ARM, left - 2, y - 1, INKS);
  canvas.stamp(ARM, SIZE - left, y - 1, INKS, { flip: true });
}
