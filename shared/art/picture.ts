import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { zlibSync } from 'fflate';
import { COLOURS, FRAMES, SIZE, type Sprite } from './types.ts';

/**
 * The canonical bytes of a picture, 1,092 of one of 32 × 32: width u16, height u16 (little-endian), the palette (16 ×
 * RGBA), the pixels (one index a byte, row by row, top first). Their SHA-256 is the `picture` attribute on chain.
 */
export function pictureBytes(sprite: Sprite): Uint8Array {
  const bytes = new Uint8Array(4 + COLOURS * 4 + sprite.pixels.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, sprite.width, true);
  view.setUint16(2, sprite.height, true);
  bytes.set(sprite.palette, 4);
  bytes.set(sprite.pixels, 4 + COLOURS * 4);
  return bytes;
}

/** SHA-256 of `pictureBytes`, 64 hex digits. */
export function pictureHash(sprite: Sprite): string {
  return bytesToHex(sha256(pictureBytes(sprite)));
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** Pixels a side of the picture that an edition shows: 94 of each of 32 × 32, 47 of each of 64 × 64. */
export const EDITION_SIDE = 3008;
/** Largest upscale. */
export const MAX_SCALE = EDITION_SIDE / SIZE;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

/** The checksum of a PNG's parts (ISO 3309). */
export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = CRC_TABLE[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/** A part of a PNG: length, a name of four letters, its data, their checksum. */
export function chunk(name: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = name.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/**
 * A PNG (colour type 3, 4 bits a pixel, with transparency) of palette-indexed pixels, each of them `scale` pixels square.
 * The bytes are the same everywhere (fflate is plain integer JavaScript).
 * @throws RangeError unless scale is a whole number 1..94
 */
export function toPng(sprite: Sprite, scale = 1): Uint8Array {
  if (!Number.isInteger(scale) || scale < 1 || scale > MAX_SCALE)
    throw new RangeError(`scale must be a whole number 1..${MAX_SCALE}, got ${scale}`);
  const width = sprite.width * scale;
  const height = sprite.height * scale;
  const stride = 1 + ((width + 1) >> 1);
  const raw = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const row = ((y / scale) | 0) * sprite.width;
    // a row's copies are filter 2 (up) of zeros: they deflate to almost nothing
    if (y % scale !== 0) {
      raw[y * stride] = 2;
      continue;
    }
    for (let x = 0; x < width; x++) {
      const ink = sprite.pixels[row + ((x / scale) | 0)];
      raw[y * stride + 1 + (x >> 1)] |= x & 1 ? ink : ink << 4;
    }
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([4, 3, 0, 0, 0], 8);
  const colours = new Uint8Array(COLOURS * 3);
  const alphas = new Uint8Array(COLOURS);
  for (let c = 0; c < COLOURS; c++) {
    colours.set(sprite.palette.subarray(c * 4, c * 4 + 3), c * 3);
    alphas[c] = sprite.palette[c * 4 + 3];
  }
  const parts = [
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('tRNS', alphas),
    chunk('IDAT', zlibSync(raw, { level: 9 })),
    chunk('IEND', new Uint8Array(0)),
  ];
  const png = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    png.set(part, at);
    at += part.length;
  }
  return png;
}

/** An SVG of the sprite: one path a colour, made of horizontal runs; crisp at any size. */
export function toSvg(sprite: Sprite): string {
  const paths: string[] = Array.from({ length: COLOURS }, () => '');
  for (let y = 0; y < sprite.height; y++)
    for (let x = 0; x < sprite.width; ) {
      const ink = sprite.pixels[y * sprite.width + x];
      let end = x + 1;
      while (end < sprite.width && sprite.pixels[y * sprite.width + end] === ink) end++;
      if (sprite.palette[ink * 4 + 3] > 0) paths[ink] += `M${x} ${y}h${end - x}v1h-${end - x}z`;
      x = end;
    }
  const body = paths
    .map((d, ink) =>
      d === '' ? '' : `<path fill="#${bytesToHex(sprite.palette.subarray(ink * 4, ink * 4 + 3))}" d="${d}"/>`,
    )
    .join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${sprite.width} ${sprite.height}" width="1024" height="1024" shape-rendering="crispEdges">${body}</svg>`;
}

/** RGBA bytes (width × height × 4), for canvases and textures. */
export function toRgba(sprite: Sprite): Uint8Array {
  const rgba = new Uint8Array(sprite.pixels.length * 4);
  sprite.pixels.forEach((ink, at) => {
    rgba.set(sprite.palette.subarray(ink * 4, ink * 4 + 4), at * 4);
  });
  return rgba;
}

/** Whether bytes could be a picture's canonical bytes: the inverse of `pictureBytes`, or null. */
export function readPicture(bytes: Uint8Array): Sprite | null {
  return read(bytes, 1);
}

/** Whether bytes could be the canonical bytes of a strip of all frames, as `drawStrip` draws it; else null. */
export function readStrip(bytes: Uint8Array): Sprite | null {
  return read(bytes, FRAMES);
}

function read(bytes: Uint8Array, frames: number): Sprite | null {
  if (bytes.length < 4 + COLOURS * 4) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = view.getUint16(0, true);
  if (size !== SIZE && size !== 2 * SIZE) return null;
  const height = size * frames;
  if (view.getUint16(2, true) !== height || bytes.length !== 4 + COLOURS * 4 + size * height) return null;
  const pixels = bytes.slice(4 + COLOURS * 4);
  if (pixels.some((ink) => ink >= COLOURS)) return null;
  return { width: size, height, palette: bytes.slice(4, 4 + COLOURS * 4), pixels };
}
