import { adornBehind, adornFront } from '../adorn.ts';
import { Canvas } from '../canvas.ts';
import { paintFace } from '../face.ts';
import { outline } from '../finish.ts';
import { MARKS } from '../identity.ts';
import { type Conditions, Ink, type Rules, SIZE } from '../types.ts';
import { anatomyIn, findEyes } from './anatomy.ts';
import { mend, tidy } from './clean.ts';
import { areaOf, canCarry, HOLE, LEAST_BODY, type Painted, plainCore, SPECK } from './core.ts';
import type { GridModel } from './file.ts';
import { finishLarge } from './large.ts';
import { type GridShape, MOST } from './network.ts';
import { answer, mirrorLogits, rolesOf } from './roles.ts';

/** The highest row of a head on which crowns are set whole. */
const CROWNS = 5;
/** By the third rules a grown body has no spots of fewer pixels; a young one is told from others by them. */
const SPOT = 4;

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
  const { shape, rules } = model;
  const sprout =
    rules >= 2 && conditions.stage === 0 ? answer(model, hatched(inputs, shape), true).roles : null;
  const { logits, roles } = answer(model, inputs, true);
  if (sprout) dress(roles, sprout);
  return shape.size === SIZE
    ? finish(shape, logits, roles, conditions, blink, rules)
    : finishLarge(shape, logits, roles, conditions, blink, rules);
}

/** The same creature's inputs a stage later: of an egg, its sprout's. */
function hatched(inputs: Uint8Array, { latents }: GridShape): Uint8Array {
  const later = inputs.slice();
  later[latents] = 0;
  later[latents + 1] = MOST;
  return later;
}

/** An egg wears the coat of what will hatch from it: the sprout's roles, as far as they lie within the egg. */
function dress(egg: Uint8Array, sprout: Uint8Array): void {
  for (let at = 0; at < egg.length; at++)
    if (egg[at] !== Ink.none && sprout[at] !== Ink.none) egg[at] = sprout[at];
}

/** How logits that come from elsewhere are finished. */
export interface Finishing {
  /** Default 1. */
  readonly rules?: Rules;
  /** Of an egg by the second and third rules: what the same creature's sprout says. Changed too. */
  readonly sprout?: Int32Array;
  /** Without face and adornments: what the model says of the body alone. */
  readonly bare?: boolean;
}

/** The companion that these logits say (`forwardGrid`'s layout, 32 × 32), finished by the conditions. Changes `logits`. */
export function paintLogits(
  shape: GridShape,
  logits: Int32Array,
  conditions: Conditions,
  { rules = 1, sprout, bare = false }: Finishing = {},
): Painted {
  mirrorLogits(shape, logits);
  const roles = rolesOf(shape, logits, true);
  if (sprout) {
    mirrorLogits(shape, sprout);
    dress(roles, rolesOf(shape, sprout, true));
  }
  return finish(shape, logits, roles, conditions, false, rules, bare);
}

function finish(
  shape: GridShape,
  logits: Int32Array,
  roles: Uint8Array,
  conditions: Conditions,
  blink: boolean,
  rules: Rules,
  unadorned = false,
): Painted {
  const { stage } = conditions;
  const canvas = new Canvas();
  canvas.pixels.set(roles);
  const { pixels } = canvas;
  // a line to stand on, and nothing loose
  pixels.fill(Ink.none, 30 * SIZE);
  tidy(pixels, SIZE, LEAST_BODY, HOLE);
  if (areaOf(pixels) < LEAST_BODY) plainCore(pixels, stage);
  if (rules === 3 && stage > 2) mend(pixels, SIZE, SPOT);
  const eyes = findEyes(shape, logits, pixels);
  const found = anatomyIn(pixels, stage, eyes);
  // what grows on a head finds room above it
  const anatomy = rules >= 2 ? { ...found, headTop: Math.max(found.headTop, CROWNS) } : found;
  const bare = pixels.slice();
  const adorn = () => {
    if (unadorned) return;
    adornBehind(canvas, conditions, anatomy);
    adornFront(canvas, conditions, anatomy);
    paintFace(canvas, conditions, anatomy, blink, eyes.apart + 1, rules);
  };
  adorn();
  if (!canCarry(pixels)) {
    // a coat too small for the markings: the least body is plain
    pixels.set(bare);
    plainCore(pixels, stage);
    adorn();
  }
  if (rules >= 2) makeRoom(pixels);
  outline(pixels, SIZE);
  return { pixels, waist: anatomy.headBottom + 2 };
}

const SHADES: readonly number[] = [Ink.coatShade, Ink.coatLight];
const PATTERN: readonly number[] = [Ink.patchShade, Ink.patch];

/**
 * Where there is too little coat for the markings, shades and then the pattern give way, row by row from the top and only
 * as many rows as needed: a creature that is mostly patch gets a cap of coat.
 */
function makeRoom(pixels: Uint8Array): void {
  let count = 0;
  for (const ink of pixels) if (ink === Ink.coat) count++;
  for (const inks of [SHADES, PATTERN])
    for (let y = 0; y < SIZE && count < MARKS; y++)
      for (let at = y * SIZE; at < (y + 1) * SIZE; at++)
        if (inks.includes(pixels[at])) {
          pixels[at] = Ink.coat;
          count++;
        }
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
