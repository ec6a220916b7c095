/** For tests: PNG files made by hand, so that they can be wrong in one place. */
import { zlibSync } from 'fflate';
import { chunk } from '#shared/art/picture.ts';

export function header(width: number, height: number, depth = 8, colour = 6, interlace = 0): Uint8Array {
  const body = new Uint8Array(13);
  new DataView(body.buffer).setUint32(0, width);
  new DataView(body.buffer).setUint32(4, height);
  body.set([depth, colour, 0, 0, interlace], 8);
  return chunk('IHDR', body);
}

export function join(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
export const END = chunk('IEND', new Uint8Array(0));

/** A PNG of RGBA pixels, its rows unfiltered. */
export function pngOf(
  width: number,
  height: number,
  rgba: ArrayLike<number>,
  extra?: Uint8Array,
): Uint8Array {
  const raw = new Uint8Array(height * (width * 4 + 1));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width * 4; x++) raw[y * (width * 4 + 1) + 1 + x] = rgba[y * width * 4 + x];
  const parts = [
    SIGNATURE,
    header(width, height),
    ...(extra ? [extra] : []),
    chunk('IDAT', zlibSync(raw)),
    END,
  ];
  return join(...parts);
}
