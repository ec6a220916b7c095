import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import { Ink } from '#shared/art/types.ts';
import type { Icon } from './icons.ts';

/** An icon as palette roles, large, symmetric and without its face; where its eyes were. */
export interface Shape {
  readonly width: number;
  readonly height: number;
  /** [height][width] roles */
  readonly roles: Uint8Array;
  /** Row of the eyes and their distance from the middle, 0..1 of height and width. */
  readonly eyes: readonly [number, number];
}

interface Collection {
  readonly icons: Readonly<Record<string, { readonly body: string }>>;
}
let collection: Collection | undefined;
/** Pictures are read at this size. */
export const RASTER = 96;
const SCALE = RASTER;

/** @throws Error when the collection has no such icon */
export function shapeOf(icon: Icon): Shape {
  return cut(rasterOf(icon.name), icon);
}

/** The icon's picture as roles, SCALE pixels a side, with its face (`Ink.eye`). @throws Error when there is none */
export function rolesOfIcon(name: string): { readonly size: number; readonly roles: Uint8Array } {
  return { size: SCALE, roles: clustered(rasterOf(name)).roles };
}

/** RGBA of 96 × 96 pixels as roles, with the face (`Ink.eye`). */
export const rolesOfRaster = (rgba: Uint8Array): Uint8Array => clustered(rgba).roles;

function rasterOf(name: string): Uint8Array {
  collection ??= createRequire(import.meta.url)('@iconify-json/fluent-emoji-flat/icons.json') as Collection;
  const drawn = collection.icons[name];
  if (!drawn) throw new Error(`fluent-emoji-flat has no icon ${name}`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${drawn.body}</svg>`;
  const image = new Resvg(svg, { fitTo: { mode: 'width', value: SCALE } }).render();
  return image.pixels;
}

type Colour = readonly [number, number, number];
const luma = ([r, g, b]: Colour) => 0.3 * r + 0.59 * g + 0.11 * b;
const far = (a: Colour, b: Colour) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** The colours that fill at least a two-hundredth of the picture, largest first, and which pixel has which (-1: none). */
function coloursOf(rgba: Uint8Array): { colours: Colour[]; areas: number[]; of: Int16Array } {
  const counts = new Map<number, number>();
  let filled = 0;
  for (let i = 0; i < rgba.length; i += 4) {
    if (rgba[i + 3] < 128) continue;
    filled++;
    const key = (rgba[i] << 16) | (rgba[i + 1] << 8) | rgba[i + 2];
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const kept = [...counts]
    .filter(([, n]) => n > filled / 200)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 14);
  const colours = kept.map(([key]): Colour => [key >> 16, (key >> 8) & 255, key & 255]);
  const areas = colours.map(() => 0);
  const of = new Int16Array(rgba.length / 4).fill(-1);
  for (let p = 0; p < of.length; p++) {
    if (rgba[4 * p + 3] < 128) continue;
    const own: Colour = [rgba[4 * p], rgba[4 * p + 1], rgba[4 * p + 2]];
    let best = 0;
    for (let c = 1; c < colours.length; c++) if (far(own, colours[c]) < far(own, colours[best])) best = c;
    of[p] = best;
    areas[best] += 1 / filled;
  }
  return { colours, areas, of };
}

const DARK = 75;

/** A colour's role beside the coat's. */
function roleOf(colour: Colour, coat: Colour, second: Colour | undefined): number {
  const [r, g, b] = colour;
  if (g > r + 25 && g > b + 25 && !(coat[1] > coat[0] + 25 && coat[1] > coat[2] + 25)) return Ink.leaf;
  if (far(colour, coat) < 60) return luma(colour) < luma(coat) ? Ink.coatShade : Ink.coatLight;
  if (second && far(colour, second) < 70)
    return luma(colour) < luma(second) - 14 ? Ink.patchShade : Ink.patch;
  // pink of ears, tongues and cheeks
  if (r > 200 && g < 170 && b > 90) return Ink.blush;
  return luma(colour) > luma(coat) ? Ink.patch : Ink.coatShade;
}

/** Roles of the picture's pixels, and its colours: which pixel has which, and which of them are dark. */
function clustered(rgba: Uint8Array) {
  const { colours, areas, of } = coloursOf(rgba);
  const order = areas.map((_, c) => c).sort((a, b) => areas[b] - areas[a]);
  const coat = order[0];
  const second = order.slice(1).find((c) => areas[c] > 0.06 && far(colours[c], colours[coat]) > 70);
  const dark = colours.map((c, i) => luma(c) < DARK && areas[i] < 0.09);
  const roles = new Uint8Array(of.length);
  for (let p = 0; p < of.length; p++) {
    if (of[p] < 0) continue;
    const c = of[p];
    if (dark[c]) roles[p] = Ink.eye;
    else if (c === coat) roles[p] = Ink.coat;
    else if (c === second) roles[p] = Ink.patch;
    else roles[p] = roleOf(colours[c], colours[coat], second === undefined ? undefined : colours[second]);
  }
  return { roles, of, dark };
}

function cut(rgba: Uint8Array, icon: Icon): Shape {
  const { roles, of, dark } = clustered(rgba);
  const eyes = icon.eyes ?? eyesIn(of, dark);
  fillFace(roles);
  return trimmed(roles, eyes);
}

/** The roles with the dark features of the face grown over by what surrounds them. */
function fillFace(roles: Uint8Array): void {
  for (let round = 0; round < SCALE; round++) {
    const before = roles.slice();
    let left = false;
    for (let p = 0; p < roles.length; p++) {
      if (before[p] !== Ink.eye) continue;
      left = true;
      for (const q of [p - 1, p + 1, p - SCALE, p + SCALE])
        if (before[q] && before[q] !== Ink.eye && roles[p] === Ink.eye) roles[p] = before[q];
    }
    if (!left) return;
  }
  for (let p = 0; p < roles.length; p++) if (roles[p] === Ink.eye) roles[p] = Ink.coat;
}

/** Finds two dark spots that mirror each other: the highest of a fitting size. In parts of the whole raster. */
function eyesIn(of: Int16Array, dark: readonly boolean[]): readonly [number, number] {
  const both = (x: number, y: number) => {
    const a = of[y * SCALE + x];
    const b = of[y * SCALE + SCALE - 1 - x];
    return a >= 0 && b >= 0 && dark[a] && dark[b];
  };
  const seen = new Uint8Array(SCALE * SCALE);
  for (let y = SCALE >> 2; y < SCALE * 0.75; y++)
    for (let x = 8; x < SCALE / 2 - 3; x++) {
      if (seen[y * SCALE + x] || !both(x, y)) continue;
      const spot = [[x, y]];
      seen[y * SCALE + x] = 1;
      for (let n = 0; n < spot.length; n++)
        for (const [dx, dy] of [
          [1, 0],
          [-1, 0],
          [0, 1],
          [0, -1],
        ]) {
          const [u, v] = [spot[n][0] + dx, spot[n][1] + dy];
          if (u < 0 || v < 0 || u >= SCALE / 2 || v >= SCALE || seen[v * SCALE + u] || !both(u, v)) continue;
          seen[v * SCALE + u] = 1;
          spot.push([u, v]);
        }
      if (spot.length < 10 || spot.length > 350) continue;
      const mean = (k: 0 | 1) => spot.reduce((sum, one) => sum + one[k], 0) / spot.length;
      return [mean(1) / SCALE, 0.5 - mean(0) / SCALE];
    }
  return [0.5, 0.17];
}

/** Cut to what is filled; the eyes then in parts of that. */
function trimmed(roles: Uint8Array, [row, apart]: readonly [number, number]): Shape {
  let [left, right, top, bottom] = [SCALE, 0, SCALE, 0];
  for (let p = 0; p < roles.length; p++) {
    if (!roles[p]) continue;
    const [x, y] = [p % SCALE, Math.floor(p / SCALE)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  // the middle stays the middle
  const half = Math.max(SCALE / 2 - left, right + 1 - SCALE / 2);
  const width = 2 * half;
  const height = bottom - top + 1;
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = SCALE / 2 - half + x;
      if (from >= 0 && from < SCALE) out[y * width + x] = roles[(top + y) * SCALE + from];
    }
  return { width, height, roles: out, eyes: [(row * SCALE - top) / height, (apart * SCALE) / width] };
}
