import { sha256 } from '@noble/hashes/sha2';
import { GENOME_BYTES, Ink, SIZE, type Sprite } from './types.ts';

/**
 * Why no two genomes give the same picture. The genome goes through a bijection that spreads every bit
 * over all 256 (a four-round Feistel network over SHA-256, Luby and Rackoff 1988), and all 256 bits are then
 * written into the picture: 64 as freckles on the coat, 192 as slight tints of the fifteen colours. `readGenome`
 * takes them out again, so the map from genomes to pictures is one-to-one whatever the model draws.
 */
export const MARKS = 64;
const ROUNDS = 4;
const HALF_BYTES = GENOME_BYTES / 2;
const TAG = Uint8Array.of(0x73, 0x79, 0x6d, 0x62, 0x2f, 0x63, 0x6f, 0x61, 0x74); // "symb/coat"

function round(n: number, half: Uint8Array): Uint8Array {
  const input = new Uint8Array(TAG.length + 1 + HALF_BYTES);
  input.set(TAG);
  input[TAG.length] = n;
  input.set(half, TAG.length + 1);
  return sha256(input);
}

function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  return a.map((byte, i) => byte ^ b[i]);
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const all = new Uint8Array(GENOME_BYTES);
  all.set(left);
  all.set(right, HALF_BYTES);
  return all;
}

/** Genome → the 32 bytes written into the picture; a bijection. */
export function scatter(genome: Uint8Array): Uint8Array {
  let left: Uint8Array = genome.slice(0, HALF_BYTES);
  let right: Uint8Array = genome.slice(HALF_BYTES);
  for (let n = 0; n < ROUNDS; n++) [left, right] = [right, xor(left, round(n, right))];
  return joined(left, right);
}

/** The inverse of `scatter`. */
export function gather(written: Uint8Array): Uint8Array {
  let left: Uint8Array = written.slice(0, HALF_BYTES);
  let right: Uint8Array = written.slice(HALF_BYTES);
  for (let n = ROUNDS - 1; n >= 0; n--) [left, right] = [xor(right, round(n, left)), left];
  return joined(left, right);
}

const bitOf = (bytes: Uint8Array, n: number) => (bytes[n >> 3] >> (n & 7)) & 1;

/** Where freckles may lie on a picture of `size` pixels a side, in the order in which places are taken. */
interface Places {
  readonly size: number;
  /** Half pixels (the left half) in an order that spreads them evenly over the body: odd multiples modulo their count. */
  readonly half: Uint16Array;
  /** The same over the whole picture, each pixel followed by its mirror image. */
  readonly both: Uint16Array;
}

const mirror = (at: number, size: number) => (at & ~(size - 1)) + size - 1 - (at & (size - 1));

function placesIn(size: number): Places {
  const count = (size * size) / 2;
  const half = Uint16Array.from({ length: count }, (_, i) => {
    const p = (i * 197 + 91) & (count - 1);
    return Math.trunc(p / (size / 2)) * size + (p % (size / 2));
  });
  const both = Uint16Array.from({ length: 2 * count }, (_, i) =>
    i & 1 ? mirror(half[i >> 1], size) : half[i >> 1],
  );
  return { size, half, both };
}

const SMALL = placesIn(SIZE);
const LARGE = placesIn(2 * SIZE);
const placesFor = (pixels: Uint8Array): Places => (pixels.length > SIZE * SIZE ? LARGE : SMALL);

const isCoat = (ink: number) => ink === Ink.coat || ink === Ink.mark;

/**
 * Where freckles may lie: the left half's coat pixels, in the order of `half`, and their mirror images follow
 * them; on a body too small for that, both halves' (then the freckles are not symmetric). Writing freckles does not
 * change the answer, so a reader finds the same places.
 */
function carriers(pixels: Uint8Array): { places: Uint16Array; mirrored: boolean } {
  const { half, both } = placesFor(pixels);
  const places = coatIn(half, pixels);
  if (places.length >= MARKS) return { places, mirrored: true };
  return { places: coatIn(both, pixels), mirrored: false };
}

/** The first 64 places of an order that are coat; fewer where there are fewer. */
function coatIn(order: Uint16Array, pixels: Uint8Array): Uint16Array {
  const places = new Uint16Array(MARKS);
  let count = 0;
  for (let i = 0; i < order.length && count < MARKS; i++)
    if (isCoat(pixels[order[i]])) places[count++] = order[i];
  return places.subarray(0, count);
}

/** Whether the coat has room for the freckles as it is. */
export function roomForMarks(pixels: Uint8Array): boolean {
  return carriers(pixels).places.length >= MARKS;
}

/** Inks that give way to plain coat where even the plainest body has too little of it, first to go first. */
const YIELDING = [Ink.coatShade, Ink.coatLight, Ink.patchShade, Ink.patch, Ink.blush];

/**
 * Writes the first 64 bits as freckles.
 * @returns false when the picture has no room for them
 */
export function writeMarks(pixels: Uint8Array, written: Uint8Array): boolean {
  for (const ink of YIELDING) {
    if (roomForMarks(pixels)) break;
    for (let at = 0; at < pixels.length; at++) if (pixels[at] === ink) pixels[at] = Ink.coat;
  }
  const { places, mirrored } = carriers(pixels);
  const { size } = placesFor(pixels);
  if (places.length < MARKS) return false;
  for (let n = 0; n < MARKS; n++) {
    if (bitOf(written, n) === 0) continue;
    const at = places[n];
    pixels[at] = Ink.mark;
    if (mirrored && pixels[mirror(at, size)] === Ink.coat) pixels[mirror(at, size)] = Ink.mark;
  }
  return true;
}

/**
 * How many low bits of each colour channel carry identity: 4, and 5 for the last twelve channels,
 * 192 in all. Channel c is colour 1 + c / 3, component c % 3.
 */
const CHANNELS = 45;
const tintBits = (c: number) => (c >= CHANNELS - 12 ? 5 : 4);

/** Writes the other 192 bits into the low bits of colours 1..15 (RGBA quadruples). */
export function writeTints(palette: Uint8Array, written: Uint8Array): void {
  let n = MARKS;
  for (let c = 0; c < CHANNELS; c++) {
    const at = (1 + ((c / 3) | 0)) * 4 + (c % 3);
    const bits = tintBits(c);
    let value = 0;
    for (let b = 0; b < bits; b++) value |= bitOf(written, n++) << b;
    palette[at] = ((palette[at] >> bits) << bits) | value;
  }
}

/** The genome a picture (frame 0) was drawn from: the inverse of drawing, for any model, stage and branch. */
export function readGenome(sprite: Sprite): Uint8Array {
  const written = new Uint8Array(GENOME_BYTES);
  const put = (n: number, bit: number) => {
    written[n >> 3] |= bit << (n & 7);
  };
  carriers(sprite.pixels)
    .places.slice(0, MARKS)
    .forEach((at, n) => {
      put(n, sprite.pixels[at] === Ink.mark ? 1 : 0);
    });
  let n = MARKS;
  for (let c = 0; c < CHANNELS; c++) {
    const value = sprite.palette[(1 + ((c / 3) | 0)) * 4 + (c % 3)];
    for (let b = 0; b < tintBits(c); b++) put(n++, (value >> b) & 1);
  }
  return gather(written);
}
