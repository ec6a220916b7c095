import { COLOURS, FRAMES, SIZE, type Sprite } from './types.ts';

/** Side of a moving picture where no scale is said: each pixel of 32 × 32 is ten pixels square, of 64 × 64 five. */
export const GIF_SIDE = 320;
const MAX_GIF_SCALE = 32;
/** Which frame is shown and for how many hundredths of a second: it breathes twice, then walks. */
const SHOWN: readonly (readonly [frame: number, hundredths: number])[] = [
  ...[0, 1, 2, 3, 0, 1, 2, 3].map((frame) => [frame, frame === 2 ? 14 : 34] as const),
  ...[4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7].map((frame) => [frame, 14] as const),
];
const MIN_CODE = 4;
const MAX_CODES = 4096;

/**
 * The idle loop and the walk as a GIF (89a) that runs for ever and refers to nothing outside of it. `strip` is what
 * `drawStrip` draws; the bytes are the same everywhere.
 * @throws RangeError unless the strip holds 8 frames of 32 × 32 or of 64 × 64 and scale is a whole number 1..32
 */
export function toGif(strip: Sprite, scale = GIF_SIDE / strip.width): Uint8Array {
  const size = strip.width;
  if ((size !== SIZE && size !== 2 * SIZE) || strip.height !== size * FRAMES)
    throw new RangeError(
      `strip must be ${SIZE} × ${SIZE * FRAMES} or ${2 * SIZE} × ${2 * SIZE * FRAMES} pixels, got ${strip.width} × ${strip.height}`,
    );
  if (!Number.isInteger(scale) || scale < 1 || scale > MAX_GIF_SCALE)
    throw new RangeError(`scale must be a whole number 1..${MAX_GIF_SCALE}, got ${scale}`);
  const side = size * scale;
  const low = side & 255;
  const high = side >> 8;
  const frames = Array.from({ length: FRAMES }, (_, frame) => lzw(enlarged(strip, frame, scale)));
  const out: number[] = [...ascii('GIF89a'), low, high, low, high, 0x80 | (7 << 4) | 3, 0, 0];
  for (let ink = 0; ink < COLOURS; ink++) out.push(...strip.palette.subarray(ink * 4, ink * 4 + 3));
  out.push(0x21, 0xff, 11, ...ascii('NETSCAPE2.0'), 3, 1, 0, 0, 0);
  for (const [frame, hundredths] of SHOWN) {
    // What is shown is cleared before the next, for it has holes; index 0 is the hole.
    out.push(0x21, 0xf9, 4, (2 << 2) | 1, hundredths, 0, 0, 0);
    out.push(0x2c, 0, 0, 0, 0, low, high, low, high, 0, MIN_CODE);
    const codes = frames[frame];
    for (let at = 0; at < codes.length; at += 255) {
      const part = codes.subarray(at, at + 255);
      out.push(part.length, ...part);
    }
    out.push(0);
  }
  out.push(0x3b);
  return Uint8Array.from(out);
}

const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));

function enlarged(strip: Sprite, frame: number, scale: number): Uint8Array {
  const size = strip.width;
  const side = size * scale;
  const pixels = new Uint8Array(side * side);
  for (let y = 0; y < side; y++) {
    const row = (frame * size + ((y / scale) | 0)) * size;
    for (let x = 0; x < side; x++) pixels[y * side + x] = strip.pixels[row + ((x / scale) | 0)];
  }
  return pixels;
}

/** LZW as GIF has it: codes of 5 to 12 bits, the table begun anew when it is full. */
function lzw(pixels: Uint8Array): Uint8Array {
  const clear = 1 << MIN_CODE;
  const end = clear + 1;
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  let width = MIN_CODE + 1;
  let next = end + 1;
  /** What a code followed by a pixel is: the code of both, or 0. */
  const table = new Uint16Array(MAX_CODES << MIN_CODE);
  const put = (code: number): void => {
    held |= code << bits;
    bits += width;
    while (bits >= 8) {
      bytes.push(held & 255);
      held >>>= 8;
      bits -= 8;
    }
  };
  put(clear);
  let code = pixels[0];
  for (let at = 1; at < pixels.length; at++) {
    const key = (code << MIN_CODE) | pixels[at];
    if (table[key] !== 0) {
      code = table[key];
      continue;
    }
    put(code);
    code = pixels[at];
    if (next < MAX_CODES) {
      if (next === 1 << width) width++;
      table[key] = next++;
    } else {
      put(clear);
      table.fill(0);
      width = MIN_CODE + 1;
      next = end + 1;
    }
  }
  put(code);
  // A reader's table has grown by now, and its codes with it.
  if (next === 1 << width && width < 12) width++;
  put(end);
  if (bits > 0) bytes.push(held & 255);
  return Uint8Array.from(bytes);
}
