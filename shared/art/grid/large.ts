import { adornBehind, adornFront } from '../adorn.ts';
import { Canvas } from '../canvas.ts';
import { paintFace } from '../face.ts';
import { outline } from '../finish.ts';
import { type Conditions, Ink, type Rules, SIZE } from '../types.ts';
import { anatomyIn, findEyes } from './anatomy.ts';
import { tidy } from './clean.ts';
import { areaOf, canCarry, HOLE, LEAST_BODY, type Painted, plainCore } from './core.ts';
import { type GridShape, logitAt, logitCount, ROLES } from './network.ts';

/**
 * A companion of 64 × 64. Its body is as fine as the model draws it; face and adornments are those of 32 × 32, placed by
 * the same anatomy and drawn twice as large with their corners rounded.
 */
const LARGE = 2 * SIZE;

/** The companion of these mirrored logits and their roles (64²), finished by the conditions. Changes `roles`. */
export function finishLarge(
  shape: GridShape,
  logits: Int32Array,
  roles: Uint8Array,
  conditions: Conditions,
  blink: boolean,
  rules: Rules,
): Painted {
  const { stage } = conditions;
  const pixels = roles;
  // a line to stand on, and nothing loose
  pixels.fill(Ink.none, 60 * LARGE);
  tidy(pixels, LARGE, 4 * LEAST_BODY, 4 * HOLE);
  if (areaOf(pixels) < 4 * LEAST_BODY) addCore(pixels, stage);
  const small = halved(pixels);
  const eyes = findEyes({ ...shape, size: SIZE }, pooled(shape, logits), small);
  const anatomy = anatomyIn(small, stage, eyes);
  const bare = pixels.slice();
  const adorn = (): void => {
    const canvas = new Canvas();
    canvas.pixels.set(halved(pixels));
    const paint = (draw: () => void, over: boolean): void => {
      const before = canvas.pixels.slice();
      draw();
      const layer = doubled(canvas.pixels.map((ink, at) => (ink === before[at] ? Ink.none : ink)));
      for (let at = 0; at < layer.length; at++)
        if (layer[at] !== Ink.none && (over || pixels[at] === Ink.none)) pixels[at] = layer[at];
    };
    paint(() => adornBehind(canvas, conditions, anatomy), false);
    paint(() => adornFront(canvas, conditions, anatomy), true);
    paint(() => paintFace(canvas, conditions, anatomy, blink, eyes.apart + 1, rules), true);
  };
  adorn();
  if (!canCarry(pixels)) {
    // a coat too small for the markings: the least body is plain
    pixels.set(bare);
    addCore(pixels, stage);
    adorn();
  }
  outline(pixels, LARGE);
  return { pixels, waist: 2 * (anatomy.headBottom + 2) };
}

function addCore(pixels: Uint8Array, stage: number): void {
  const core = new Uint8Array(SIZE * SIZE);
  plainCore(core, stage);
  doubled(core).forEach((ink, at) => {
    if (ink !== Ink.none) pixels[at] = ink;
  });
}

/** Each role's logits of every two by two pixels together, in the order of a network of 32 × 32. */
function pooled(shape: GridShape, logits: Int32Array): Int32Array {
  const to = { ...shape, size: SIZE } as const;
  const sums = new Int32Array(logitCount(to));
  for (let y = 0; y < LARGE; y++)
    for (let x = 0; x < LARGE; x++) {
      const from = logitAt(shape, x, y);
      const at = logitAt(to, x >> 1, y >> 1);
      for (let role = 0; role < ROLES; role++) sums[at + role] = (sums[at + role] + logits[from + role]) | 0;
    }
  return sums;
}

/** Half as large: empty where three of four pixels are, else the commonest of the others, the lowest of equals. */
export function halved(pixels: Uint8Array): Uint8Array {
  const counts = new Uint8Array(16);
  return Uint8Array.from({ length: SIZE * SIZE }, (_, at) => {
    const corner = ((at / SIZE) | 0) * 2 * LARGE + (at % SIZE) * 2;
    counts.fill(0);
    counts[pixels[corner]]++;
    counts[pixels[corner + 1]]++;
    counts[pixels[corner + LARGE]]++;
    counts[pixels[corner + LARGE + 1]]++;
    if (counts[Ink.none] > 2) return Ink.none;
    let best = 1;
    for (let ink = 2; ink < 16; ink++) if (counts[ink] > counts[best]) best = ink;
    return best;
  });
}

/** Twice as large, corners rounded (Scale2x, Mazzoleni 2001). */
export function doubled(layer: Uint8Array): Uint8Array {
  const get = (x: number, y: number) =>
    x < 0 || y < 0 || x >= SIZE || y >= SIZE ? Ink.none : layer[y * SIZE + x];
  const out = new Uint8Array(LARGE * LARGE);
  for (let y = 0; y < SIZE; y++)
    for (let x = 0; x < SIZE; x++) {
      const own = get(x, y);
      const up = get(x, y - 1);
      const down = get(x, y + 1);
      const left = get(x - 1, y);
      const right = get(x + 1, y);
      const corner = 2 * y * LARGE + 2 * x;
      const plain = up === down || left === right;
      out[corner] = !plain && left === up ? left : own;
      out[corner + 1] = !plain && up === right ? right : own;
      out[corner + LARGE] = !plain && left === down ? left : own;
      out[corner + LARGE + 1] = !plain && down === right ? right : own;
    }
  return out;
}
