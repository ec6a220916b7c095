import { adornBehind, adornFront } from '../adorn.ts';
import { Canvas } from '../canvas.ts';
import { paintFace } from '../face.ts';
import { outline } from '../finish.ts';
import { type Conditions, Ink, SIZE } from '../types.ts';
import { anatomyIn, findEyes } from './anatomy.ts';
import { tidy } from './clean.ts';
import { areaOf, canCarry, HOLE, LEAST_BODY, type Painted, plainCore, SPECK } from './core.ts';
import type { GridModel } from './file.ts';
import { finishLarge } from './large.ts';
import type { GridShape } from './network.ts';
import { answer, mirrorLogits, rolesOf } from './roles.ts';

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
  const finishing = model.shape.size === SIZE ? finish : finishLarge;
  return finishing(model.shape, logits, roles, conditions, blink);
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
  if (areaOf(pixels) < LEAST_BODY) plainCore(pixels, stage);
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
