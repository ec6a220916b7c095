import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import { Ink } from '#shared/art/types.ts';
import { DARK_ROLE, rolesOf, WHITE_ROLE } from './roles.ts';

/** Icons are read at this size, without anti-aliasing, and then reduced to a sprite's. */
export const FINE = 256;

/** A picture in roles: `pixels` row by row, 0 where empty; its opaque part spans left..right, top..bottom. */
export interface Figure {
  readonly pixels: Uint8Array;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface IconSet {
  readonly icons: Readonly<Record<string, { readonly body: string }>>;
}

const require = createRequire(import.meta.url);
let set: IconSet | undefined;

function bodyOf(icon: string): string {
  set ??= JSON.parse(
    readFileSync(require.resolve('@iconify-json/fluent-emoji-flat/icons.json'), 'utf8'),
  ) as IconSet;
  const found = set.icons[icon];
  if (!found) throw new Error(`icon must be one of fluent-emoji-flat, got ${icon}`);
  return found.body;
}

/**
 * An icon in palette roles, 256 × 256.
 * @throws Error when the set has no such icon
 */
export function figureOf(icon: string, faceless = false): Figure {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" shape-rendering="crispEdges">${bodyOf(icon)}</svg>`;
  const image = new Resvg(svg, { fitTo: { mode: 'width', value: FINE } }).render();
  return figureFrom(image.pixels, faceless);
}

/** RGBA, 256 × 256, as a figure. */
export function figureFrom(rgba: Uint8Array, faceless = false): Figure {
  const colours = new Uint32Array(FINE * FINE);
  const counts = new Map<number, number>();
  let opaque = 0;
  for (let p = 0; p < colours.length; p++) {
    if (rgba[p * 4 + 3] < 128) continue;
    const rgb = (rgba[p * 4] << 16) | (rgba[p * 4 + 1] << 8) | rgba[p * 4 + 2];
    colours[p] = rgb + 1;
    counts.set(rgb, (counts.get(rgb) ?? 0) + 1);
    opaque++;
  }
  // gradients have many colours: those of few pixels take the role of the nearest that counts
  const main = [...counts].filter(([, n]) => n >= opaque * 0.002);
  const roles = rolesOf(main.map(([rgb, n]) => ({ rgb, share: n / opaque })));
  for (const rgb of counts.keys())
    if (!roles.has(rgb)) roles.set(rgb, roles.get(nearest(rgb, main)) ?? Ink.coat);
  const pixels = Uint8Array.from(colours, (colour) => (colour ? roles.get(colour - 1)! : Ink.none));
  settle(pixels, DARK_ROLE, opaque * 0.03, Ink.eye, Ink.outline);
  settle(pixels, WHITE_ROLE, opaque * 0.03, Ink.white, Ink.patch);
  const figure = { pixels, ...boundsOf(pixels, FINE) };
  if (faceless) paintFace(figure);
  return figure;
}

function nearest(rgb: number, main: readonly (readonly [number, number])[]): number {
  const far = (other: number) =>
    [16, 8, 0].reduce((sum, bits) => sum + (((rgb >> bits) & 255) - ((other >> bits) & 255)) ** 2, 0);
  return main.reduce((best, [one]) => (far(one) < far(best) ? one : best), main[0][0]);
}

/** Each connected piece of `role` becomes `small` where it has at most `limit` pixels, else `large`. */
function settle(pixels: Uint8Array, role: number, limit: number, small: number, large: number): void {
  for (let start = 0; start < pixels.length; start++) {
    if (pixels[start] !== role) continue;
    const piece = [start];
    pixels[start] = large;
    for (let i = 0; i < piece.length; i++)
      for (const step of [-1, 1, -FINE, FINE]) {
        const q = piece[i] + step;
        if (pixels[q] !== role) continue;
        pixels[q] = large;
        piece.push(q);
      }
    if (piece.length <= limit) for (const p of piece) pixels[p] = small;
  }
}

/** The box about what is not empty, inclusive. */
export function boundsOf(pixels: Uint8Array, width: number): Omit<Figure, 'pixels'> {
  let [left, top, right, bottom] = [width, width, -1, -1];
  for (let p = 0; p < pixels.length; p++) {
    if (pixels[p] === Ink.none) continue;
    const x = p % width;
    const y = Math.floor(p / width);
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { left, top, right, bottom };
}

/** Eyes, cheeks and a mouth about the middle of the figure's mass, a little lower. */
function paintFace(figure: Figure): void {
  const { pixels } = figure;
  const face = widest(figure);
  const eye = Math.max(9, Math.min(15, face.wide * 0.09));
  const apart = Math.max(eye * 1.6, face.wide * 0.22);
  for (let p = 0; p < pixels.length; p++) {
    if (pixels[p] === Ink.none) continue;
    const dx = Math.abs((p % FINE) - face.x);
    const dy = Math.floor(p / FINE) - face.y;
    const from = (x: number, y: number, rx: number, ry: number) =>
      ((dx - x) / rx) ** 2 + ((dy - y) / ry) ** 2;
    if (from(apart + eye * 1.1, eye * 1.7, eye * 1.1, eye * 0.7) < 1) pixels[p] = Ink.blush;
    if (from(apart, 0, eye, eye * 1.35) < 1) pixels[p] = Ink.eye;
    const smile = from(0, eye, eye * 0.8, eye * 0.8);
    if (dy > eye && smile < 1.1) pixels[p] = Ink.eye;
  }
}

/** Where the figure is widest without a gap, over a band of rows about its mass. */
function widest({ pixels, top, bottom }: Figure): { x: number; y: number; wide: number } {
  let best = { x: FINE / 2, y: (top + bottom) / 2, wide: 0 };
  const tall = bottom - top;
  for (let y = Math.round(top + tall * 0.3); y < top + tall * 0.68; y += 2) {
    let run = 0;
    for (let x = 0; x < FINE; x++) {
      run = pixels[y * FINE + x] === Ink.none ? 0 : run + 1;
      const lean = Math.abs(y - (top + tall * 0.52)) * 0.25;
      if (run - lean > best.wide) best = { x: x - run / 2, y, wide: run - lean };
    }
  }
  return best;
}
