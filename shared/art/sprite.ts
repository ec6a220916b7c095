import { adornBehind, adornFront } from './adorn.ts';
import type { Anatomy } from './anatomy.ts';
import { DETAILS, paintBody } from './body.ts';
import { Canvas } from './canvas.ts';
import { decode } from './decoder.ts';
import { paintFace } from './face.ts';
import { roomForMarks, scatter, writeMarks, writeTints } from './identity.ts';
import type { ArtModel } from './model.ts';
import { paletteOf } from './palette.ts';
import {
  ArtError,
  type Conditions,
  checkConditions,
  FRAMES,
  Ink,
  PIXELS,
  SIZE,
  type Sprite,
} from './types.ts';

/** Idle: open, breathing in, blinking, breathing in. Walk: one foot, down, the other foot, down. */
const BLINKS = 2;
const SQUASHED = [1, 3, 5, 7];
const LIFTED: Readonly<Record<number, number>> = { 4: 0, 6: 1 };

/**
 * Draws a symbiont. Frame 0 is its picture (the one that is hashed); 1..3 go on with the idle loop, 4..7
 * are the walk.
 * @throws ArtError when a condition is out of range
 */
export function drawSprite(model: ArtModel, conditions: Conditions, frame = 0): Sprite {
  checkConditions(conditions, frame);
  const fields = decode(model, conditions);
  const written = scatter(conditions.genome);

  const { canvas, anatomy } = painted(fields, conditions, frame === BLINKS);
  if (!writeMarks(canvas.pixels, written))
    throw new ArtError('art model: it leaves no room for the coat’s markings');
  outline(canvas);

  const palette = paletteOf(conditions);
  writeTints(palette, written);
  return { width: SIZE, height: SIZE, palette, pixels: posed(canvas.pixels, frame, anatomy.headBottom + 2) };
}

/**
 * All frames of a symbiont, one below the other: 32 × 256 pixels. Its first is its picture.
 * @throws ArtError when a condition is out of range
 */
export function drawStrip(model: ArtModel, conditions: Conditions): Sprite {
  const frames = Array.from({ length: FRAMES }, (_, frame) => drawSprite(model, conditions, frame));
  const pixels = new Uint8Array(PIXELS * FRAMES);
  frames.forEach((one, frame) => {
    pixels.set(one.pixels, frame * PIXELS);
  });
  return { width: SIZE, height: SIZE * FRAMES, palette: frames[0].palette, pixels };
}

/** A strip's first frame: the picture. */
export function pictureOf(strip: Sprite): Sprite {
  return { ...strip, height: SIZE, pixels: strip.pixels.subarray(0, PIXELS) };
}

/** The creature without outline and markings, with as much of its coat's detail as leaves room for them. */
function painted(
  fields: Int32Array,
  conditions: Conditions,
  blink: boolean,
): { canvas: Canvas; anatomy: Anatomy } {
  for (let detail = 0; ; detail++) {
    const canvas = new Canvas();
    const anatomy = paintBody(canvas, fields, conditions.stage, detail);
    adornBehind(canvas, conditions, anatomy);
    adornFront(canvas, conditions, anatomy);
    paintFace(canvas, conditions, anatomy, blink);
    if (detail === DETAILS - 1 || roomForMarks(canvas.pixels)) return { canvas, anatomy };
  }
}

/** A dark line around everything: what is empty beside something becomes outline. */
function outline(canvas: Canvas): void {
  const before = canvas.pixels.slice();
  const filled = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < SIZE && y < SIZE && before[y * SIZE + x] !== Ink.none;
  for (let at = 0; at < PIXELS; at++) {
    if (before[at] !== Ink.none) continue;
    const x = at % SIZE;
    const y = (at / SIZE) | 0;
    if (filled(x - 1, y) || filled(x + 1, y) || filled(x, y - 1) || filled(x, y + 1))
      canvas.pixels[at] = Ink.outline;
  }
}

/** The frame's pose: rows above the waist sink by one, or one foot is lifted. */
function posed(pixels: Uint8Array, frame: number, waist: number): Uint8Array {
  const moved = pixels.slice();
  if (SQUASHED.includes(frame)) {
    const split = Math.min(waist, SIZE - 4);
    moved.copyWithin(SIZE, 0, split * SIZE);
    moved.fill(Ink.none, 0, SIZE);
  }
  const foot = LIFTED[frame];
  if (foot !== undefined)
    for (let y = 27; y < SIZE; y++)
      for (let x = foot * 16; x < foot * 16 + 16; x++)
        moved[y * SIZE + x] = y + 1 < SIZE ? pixels[(y + 1) * SIZE + x] : 0;
  return moved;
}
