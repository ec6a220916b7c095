import { adornBehind, adornFront } from './adorn.ts';
import type { Anatomy } from './anatomy.ts';
import { DETAILS, paintBody } from './body.ts';
import { Canvas } from './canvas.ts';
import { decodeInputs } from './decoder.ts';
import { paintFace } from './face.ts';
import { BLINKS, outline, posed } from './finish.ts';
import { conditionInputs } from './genes.ts';
import type { Painted } from './grid/core.ts';
import { between, gridInputs } from './grid/latent.ts';
import { paintGrid } from './grid/paint.ts';
import { roomForMarks, scatter, writeMarks, writeTints } from './identity.ts';
import { type ArtModel, rulesOf } from './model.ts';
import { paletteOf } from './palette.ts';
import { ArtError, type Conditions, checkConditions, FRAMES, SIZE, type Sprite } from './types.ts';

/** What the model is asked: its inputs, 0..127 each. */
function inputsOf(model: ArtModel, conditions: Conditions): Uint8Array {
  return model.inputs === 'art-v1' ? conditionInputs(conditions) : gridInputs(model.grid, conditions);
}

/** Pixels a side of what a model draws. */
export function sizeOf(model: ArtModel): 32 | 64 {
  return model.inputs === 'art-v1' ? SIZE : model.grid.shape.size;
}

/**
 * Draws a symbiont. Frame 0 is its picture (the one that is hashed); 1..3 go on with the idle loop, 4..7
 * are the walk.
 * @throws ArtError when a condition is out of range
 */
export function drawSprite(model: ArtModel, conditions: Conditions, frame = 0): Sprite {
  checkConditions(conditions, frame);
  return drawFrom(model, inputsOf(model, conditions), conditions, frame);
}

function drawFrom(model: ArtModel, inputs: Uint8Array, conditions: Conditions, frame: number): Sprite {
  const size = sizeOf(model);
  const written = scatter(conditions.genome);
  const { pixels, waist } =
    model.inputs === 'art-v1'
      ? paintFields(decodeInputs(model, inputs), conditions, frame === BLINKS)
      : paintGrid(model.grid, inputs, conditions, frame === BLINKS);
  if (!writeMarks(pixels, written))
    throw new ArtError('art model: it leaves no room for the coat’s markings');
  const palette = paletteOf(conditions, rulesOf(model));
  writeTints(palette, written);
  return { width: size, height: size, palette, pixels: posed(pixels, size, frame, waist) };
}

/**
 * All frames of a symbiont, one below the other: 32 × 256 pixels (or twice that). Its first is its picture.
 * @throws ArtError when a condition is out of range
 */
export function drawStrip(model: ArtModel, conditions: Conditions): Sprite {
  const frames = Array.from({ length: FRAMES }, (_, frame) => drawSprite(model, conditions, frame));
  return stacked(frames);
}

/** Longest way between two forms, in pictures. */
export const MAX_MORPH = 64;

/**
 * The way from one form to another, for an evolution that one can see: `frames` pictures (2..64), the first `from`'s own
 * and the last `to`'s own, between them the model drawing inputs that lie between; adornments, face and colours change in
 * the middle.
 * @throws ArtError when a condition is out of range
 */
export function morphStrip(model: ArtModel, from: Conditions, to: Conditions, frames: number): Sprite[] {
  checkConditions(from);
  checkConditions(to);
  if (!Number.isInteger(frames) || frames < 2 || frames > MAX_MORPH)
    throw new ArtError(`frames must be a whole number 2..${MAX_MORPH}, got ${frames}`);
  const [first, last] = [inputsOf(model, from), inputsOf(model, to)];
  return Array.from({ length: frames }, (_, n) =>
    drawFrom(model, between(first, last, n, frames - 1), 2 * n < frames - 1 ? from : to, 0),
  );
}

function stacked(frames: readonly Sprite[]): Sprite {
  const { width, height, palette } = frames[0];
  const pixels = new Uint8Array(width * height * frames.length);
  frames.forEach((one, frame) => {
    pixels.set(one.pixels, frame * width * height);
  });
  return { width, height: height * frames.length, palette, pixels };
}

/** A strip's first frame: the picture. */
export function pictureOf(strip: Sprite): Sprite {
  return { ...strip, height: strip.width, pixels: strip.pixels.subarray(0, strip.width * strip.width) };
}

/** The creature of a coordinate network, with as much of its coat's detail as leaves room for the markings. */
function paintFields(fields: Int32Array, conditions: Conditions, blink: boolean): Painted {
  for (let detail = 0; ; detail++) {
    const canvas = new Canvas();
    const anatomy: Anatomy = paintBody(canvas, fields, conditions.stage, detail);
    adornBehind(canvas, conditions, anatomy);
    adornFront(canvas, conditions, anatomy);
    paintFace(canvas, conditions, anatomy, blink);
    if (detail === DETAILS - 1 || roomForMarks(canvas.pixels)) {
      outline(canvas.pixels, SIZE);
      return { pixels: canvas.pixels, waist: anatomy.headBottom + 2 };
    }
  }
}
