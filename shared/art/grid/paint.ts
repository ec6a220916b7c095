import { adornBehind, adornFront } from '../adorn.ts';
import { inCore } from '../anatomy.ts';
import { Canvas } from '../canvas.ts';
import { paintFace } from '../face.ts';
import { outline } from '../finish.ts';
import { MARKS } from '../identity.ts';
import { type Conditions, HALF, Ink, SIZE } from '../types.ts';
import { anatomyIn, findEyes } from './anatomy.ts';
import { tidy } from './clean.ts';
import type { GridModel } from './file.ts';
import type { GridShape } from './network.ts';
import { answer, mirrorLogits, rolesOf } from './roles.ts';

/** A drawing without its markings: size² roles, and the row at which it bends in its frames. */
export interface Painted {
  readonly pixels: Uint8Array;
  readonly waist: number;
}

/** A body of fewer pixels is none: the least body is drawn into it. */
const LEAST_BODY = 90;
/** Pixels that do not hang together with the rest: fewer go, and so do smaller holes (of 32 × 32). */
const SPECK = 6;
const HOLE = 5;

/**
 * Paints what the network says for `inputs` (`gridInputs`, or something between two): body, and for a companion its
 * adornments, face and outline by the conditions.
 */
export function paintGrid(
  model: GridModel,
  inputs: Uint8Array,
  conditions: Conditions,
  blink: boolean,
): Painted {
  return model.style === 'companion'
    ? paintCompanion(model, inputs, conditions, blink)
    : paintWhole(model, inputs);
}

function paintCompanion(
  model: GridModel,
  inputs: Uint8Array,
  conditions: Conditions,
  blink: boolean,
): Painted {
  const { logits, roles } = answer(model, inputs, true);
  return finish(model.shape, logits, roles, conditions, blink);
}

/** The companion that these logits say (`forwardGrid`'s layout, 32 × 32), finished by the conditions. Changes `logits`. */
export function paintLogits(
  shape: GridShape,
  logits: Int32Array,
  conditions: Conditions,
  blink: boolean,
): Painted {
  mirrorLogits(shape, logits);
  return finish(shape, logits, rolesOf(shape, logits, true), conditions, blink);
}

function finish(
  shape: GridShape,
  logits: Int32Array,
  roles: Uint8Array,
  conditions: Conditions,
  blink: boolean,
): Painted {
  const { stage } = conditions;
  const canvas = new Canvas();
  canvas.pixels.set(roles);
  const { pixels } = canvas;
  // a line to stand on, and nothing loose
  pixels.fill(Ink.none, 30 * SIZE);
  tidy(pixels, SIZE, LEAST_BODY, HOLE);
  fillCore(pixels, stage);
  const eyes = findEyes(shape, logits, pixels);
  const anatomy = anatomyIn(pixels, stage, eyes);
  const bare = pixels.slice();
  const adorn = () => {
    adornBehind(canvas, conditions, anatomy);
    adornFront(canvas, conditions, anatomy);
    paintFace(canvas, conditions, anatomy, blink, eyes.apart + 1);
  };
  adorn();
  if (!canCarry(pixels)) {
    // a coat too small for the markings: the least body is plain
    pixels.set(bare);
    plainCore(pixels, stage);
    adorn();
  }
  outline(pixels, SIZE);
  return { pixels, waist: anatomy.headBottom + 2 };
}

/** Fills the least body where there is hardly one. */
function fillCore(pixels: Uint8Array, stage: number): void {
  let area = 0;
  for (const ink of pixels) if (ink !== Ink.none) area++;
  if (area < LEAST_BODY) plainCore(pixels, stage);
}

function plainCore(pixels: Uint8Array, stage: number): void {
  for (let y = 0; y < SIZE; y++)
    for (let k = 0; k < HALF; k++)
      if (inCore(stage, k, y)) {
        pixels[y * SIZE + k] = Ink.coat;
        pixels[y * SIZE + SIZE - 1 - k] = Ink.coat;
      }
}

/** Whether the markings find room once shades and patches give way to coat, as `writeMarks` will let them. */
function canCarry(pixels: Uint8Array): boolean {
  let count = 0;
  for (const ink of pixels) if (ink >= Ink.coatShade && ink <= Ink.patchShade) count++;
  return count >= MARKS;
}

/** Everything as the model draws it, the outline closed where it has gaps. Where there is too little coat for the markings, more becomes coat. */
function paintWhole(model: GridModel, inputs: Uint8Array): Painted {
  const { size } = model.shape;
  const pixels = answer(model, inputs, false).roles;
  const unit = size >> 5;
  tidy(pixels, size, SPECK * unit * unit, HOLE * unit * unit);
  outline(pixels, size, true);
  for (const ink of [Ink.leaf, Ink.accentLight, Ink.accentShade, Ink.accent, Ink.iris, Ink.white, Ink.eye]) {
    if (canCarry(pixels)) break;
    for (let at = 0; at < pixels.length; at++) if (pixels[at] === ink) pixels[at] = Ink.coat;
  }
  if (!canCarry(pixels)) {
    // hardly anything is drawn: a plain stone
    const middle = size >> 1;
    for (let at = 0; at < pixels.length; at++) {
      const dx = 2 * (at % size) + 1 - size;
      const dy = 2 * (((at / size) | 0) - middle) - size / 4;
      if (dx * dx + dy * dy < (size * size) / 4) pixels[at] = Ink.coat;
    }
    outline(pixels, size);
  }
  return { pixels, waist: (size * 5) >> 3 };
}
