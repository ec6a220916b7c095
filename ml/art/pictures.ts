import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { outline } from '#shared/art/finish.ts';
import { ArtError, Ink } from '#shared/art/types.ts';
import { RASTER, rolesOfRaster } from './companions/raster.ts';
import type { TrainingSprite } from './finetune.ts';

/** Limits of what a creator may bring. */
export const MAX_PICTURES = 1000;
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const MAX_SIDE = 2048;

/** What no picture needs and what would reach outside of it. */
const FORBIDDEN_SVG = /<script|<foreignObject|<image|<!ENTITY|\son\w+\s*=|href\s*=\s*["'](?!#)/i;

/** Width and height of a PNG by its header. @throws ArtError when it is none, or moving */
function sizeOfPng(name: string, bytes: Uint8Array): [number, number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 33 || view.getUint32(0) !== 0x89504e47 || view.getUint32(4) !== 0x0d0a1a0a)
    throw new ArtError(`${name}: is no PNG`);
  if (Buffer.from(bytes.subarray(0, Math.min(bytes.length, 4096))).includes('acTL'))
    throw new ArtError(`${name}: must be one picture, is a moving PNG`);
  return [view.getUint32(16), view.getUint32(20)];
}

/** The picture as SVG of 32 × 32 units. */
function asSvg(name: string, bytes: Uint8Array): string {
  if (extname(name).toLowerCase() === '.svg') {
    const text = new TextDecoder().decode(bytes);
    if (FORBIDDEN_SVG.test(text))
      throw new ArtError(`${name}: must hold shapes only: no scripts, handlers, pictures or links outside`);
    return text;
  }
  const [width, height] = sizeOfPng(name, bytes);
  if (width < 8 || height < 8 || width > MAX_SIDE || height > MAX_SIDE)
    throw new ArtError(`${name}: sides must be 8..${MAX_SIDE} pixels, are ${width} × ${height}`);
  const data = Buffer.from(bytes).toString('base64');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><image width="32" height="32" image-rendering="optimizeSpeed" href="data:image/png;base64,${data}"/></svg>`;
}

/**
 * A PNG or an SVG as a sprite to learn from: its colours as palette roles, standing on the ground line, outlined.
 * @throws ArtError naming the file and the limit
 */
export function spriteFrom(name: string, bytes: Uint8Array, size: 32 | 64): TrainingSprite {
  if (bytes.length > MAX_FILE_BYTES)
    throw new ArtError(`${name}: must be at most ${MAX_FILE_BYTES} bytes, is ${bytes.length}`);
  const svg = asSvg(name, bytes);
  let rgba: Uint8Array;
  try {
    const image = new Resvg(svg, {
      fitTo: { mode: 'width', value: RASTER },
      font: { loadSystemFonts: false },
    });
    const drawn = image.render();
    if (drawn.height !== RASTER)
      throw new ArtError(`${name}: must be as high as it is wide, is ${image.width} × ${image.height}`);
    rgba = drawn.pixels;
  } catch (error) {
    if (error instanceof ArtError) throw error;
    throw new ArtError(`${name}: cannot be drawn: ${error instanceof Error ? error.message : String(error)}`);
  }
  let opaque = 0;
  for (let at = 3; at < rgba.length; at += 4) if (rgba[at] >= 128) opaque++;
  const share = Math.round((100 * opaque) / (RASTER * RASTER));
  if (share < 4 || share > 92)
    throw new ArtError(`${name}: must be filled to 4..92 %, transparent around, is filled to ${share} %`);
  const pixels = fitted(rolesOfRaster(rgba), size);
  outline(pixels, size);
  return { size, pixels };
}

/** What is filled of a raster of roles, as large as fits with two pixels to spare, on the ground line. */
function fitted(roles: Uint8Array, size: number): Uint8Array {
  let [left, right, top, bottom] = [RASTER, 0, RASTER, 0];
  for (let p = 0; p < roles.length; p++) {
    if (roles[p] === 0) continue;
    const [x, y] = [p % RASTER, Math.floor(p / RASTER)];
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
  }
  const scale = Math.max(right - left, bottom - top) / (size - 4);
  const x0 = (left + right) / 2 - (size / 2) * scale;
  const y0 = bottom - (size - 2) * scale;
  const pixels = new Uint8Array(size * size);
  const votes = new Float64Array(16);
  for (let p = 0; p < pixels.length; p++) {
    votes.fill(0);
    for (let n = 0; n < 16; n++) {
      const x = Math.floor(x0 + ((p % size) + ((n & 3) + 0.5) / 4) * scale);
      const y = Math.floor(y0 + (Math.floor(p / size) + ((n >> 2) + 0.5) / 4) * scale);
      const inside = x >= left && x < right && y >= top && y < bottom;
      const role = inside ? roles[y * RASTER + x] : Ink.none;
      // small dark spots are eyes: they win their pixel sooner than their share
      votes[role] += role === Ink.eye ? 1.7 : 1;
    }
    for (let role = 1; role < 16; role++) if (votes[role] > votes[pixels[p]]) pixels[p] = role;
  }
  return pixels;
}

/** Every PNG and SVG of a folder, by name. @throws ArtError naming the file and the limit */
export function spritesIn(folder: string, size: 32 | 64): TrainingSprite[] {
  const names = readdirSync(folder)
    .filter((name) => ['.png', '.svg'].includes(extname(name).toLowerCase()))
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
  if (names.length < 1 || names.length > MAX_PICTURES)
    throw new ArtError(`${folder}: must hold 1..${MAX_PICTURES} PNG or SVG files, holds ${names.length}`);
  return names.map((name) => spriteFrom(name, new Uint8Array(readFileSync(join(folder, name))), size));
}
