import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import type { Picture } from './png.ts';

/** A drawing in game pixels (64 to a tile). (ax, ay) is the point that stands on the ground. */
export type Drawing = { w: number; h: number; ax: number; ay: number; body: string };

const require = createRequire(import.meta.url);
const icons = JSON.parse(
  readFileSync(require.resolve('@iconify-json/fluent-emoji-flat/icons.json'), 'utf8'),
) as {
  icons: Record<string, { body: string }>;
};

/** The inside of a Fluent flat emoji (a 32 × 32 drawing). Throws where the set has no such name. */
export function emoji(name: string): string {
  const icon = icons.icons[name];
  if (!icon) throw new Error(`emoji: no icon named ${name}`);
  return icon.body;
}

/** An emoji at (x, y), `size` pixels wide. */
export const placed = (name: string, x: number, y: number, size: number, more = ''): string =>
  `<g transform="translate(${x} ${y}) ${more} scale(${size / 32})">${emoji(name)}</g>`;

export const shadow = (cx: number, cy: number, rx: number, ry: number): string =>
  `<ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}" fill="#2c4a1e" fill-opacity=".26"/>`;

export const svgText = (d: Drawing): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${d.w}" height="${d.h}" viewBox="0 0 ${d.w} ${d.h}">${d.body}</svg>`;

/** Draws to straight-alpha RGBA. */
export function rasterise(d: Drawing): Picture {
  const image = new Resvg(svgText(d)).render();
  const data = new Uint8Array(image.pixels);
  for (let i = 0; i < data.length; i += 4) {
    const a = data[i + 3];
    if (a === 0 || a === 255) continue;
    for (let k = 0; k < 3; k++) data[i + k] = Math.min(255, Math.round((data[i + k] * 255) / a));
  }
  return { width: image.width, height: image.height, data };
}
