import { deflateSync } from 'node:zlib';
import { chunk } from '#shared/art/picture.ts';

/** An RGBA picture: `data` holds width × height × 4 bytes, row-major, straight alpha. */
export type Picture = { width: number; height: number; data: Uint8Array };

export const blank = (width: number, height: number): Picture => ({
  width,
  height,
  data: new Uint8Array(width * height * 4),
});

/** Copies `from` to (x, y) of `to`; no blending. */
export function blit(
  from: Picture,
  to: Picture,
  x: number,
  y: number,
  sx = 0,
  sy = 0,
  w = from.width,
  h = from.height,
): void {
  for (let row = 0; row < h; row++) {
    const start = ((sy + row) * from.width + sx) * 4;
    to.data.set(from.data.subarray(start, start + w * 4), ((y + row) * to.width + x) * 4);
  }
}

/** Half size by averaging 2 × 2, weighted by alpha. */
export function halve(from: Picture): Picture {
  const out = blank(from.width >> 1, from.height >> 1);
  for (let y = 0; y < out.height; y++) {
    for (let x = 0; x < out.width; x++) {
      let r = 0;
      let g = 0;
      let b = 0;
      let a = 0;
      for (const [dx, dy] of [
        [0, 0],
        [1, 0],
        [0, 1],
        [1, 1],
      ]) {
        const i = ((y * 2 + dy) * from.width + x * 2 + dx) * 4;
        const alpha = from.data[i + 3];
        r += from.data[i] * alpha;
        g += from.data[i + 1] * alpha;
        b += from.data[i + 2] * alpha;
        a += alpha;
      }
      const o = (y * out.width + x) * 4;
      if (a > 0) {
        out.data[o] = Math.round(r / a);
        out.data[o + 1] = Math.round(g / a);
        out.data[o + 2] = Math.round(b / a);
      }
      out.data[o + 3] = Math.round(a / 4);
    }
  }
  return out;
}

/**
 * A PNG with a palette of at most 256 colours: the most frequent ones; every other takes the nearest. Flat
 * art has few colours apart from its smoothed edges, so that nothing is seen of it, and files are a third.
 */
export function indexedPng(picture: Picture): Buffer {
  const words = new Uint32Array(picture.data.buffer, picture.data.byteOffset, picture.data.length >> 2);
  const counts = new Map<number, number>();
  for (const w of words) {
    const c = w >>> 24 === 0 ? 0 : w;
    counts.set(c, (counts.get(c) ?? 0) + 1);
  }
  const palette = choosePalette(counts);
  const index = new Map<number, number>();
  const raw = Buffer.alloc((picture.width + 1) * picture.height);
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const w = words[y * picture.width + x];
      const c = w >>> 24 === 0 ? 0 : w;
      let i = index.get(c);
      if (i === undefined) {
        i = nearest(palette, c);
        index.set(c, i);
      }
      raw[y * (picture.width + 1) + 1 + x] = i;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(picture.width, 0);
  header.writeUInt32BE(picture.height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const rgb = Buffer.from(palette.flatMap((c) => [c & 255, (c >>> 8) & 255, (c >>> 16) & 255]));
  const alpha = Buffer.from(palette.map((c) => c >>> 24));
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('PLTE', rgb),
    chunk('tRNS', alpha),
    chunk('IDAT', deflateSync(raw, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const channels = (c: number) => [c & 255, (c >>> 8) & 255, (c >>> 16) & 255, c >>> 24];

/** How unlike two colours look, squared: colour counts as far as it is opaque. */
function distance(a: number, b: number): number {
  const aa = a >>> 24;
  const ba = b >>> 24;
  const r = ((a & 255) * aa - (b & 255) * ba) / 255;
  const g = (((a >>> 8) & 255) * aa - ((b >>> 8) & 255) * ba) / 255;
  const l = (((a >>> 16) & 255) * aa - ((b >>> 16) & 255) * ba) / 255;
  return r * r + g * g * 1.5 + l * l + (aa - ba) * (aa - ba) * 1.2;
}

/** The palette's entry that a colour is closest to. */
function nearest(palette: readonly number[], c: number): number {
  let best = 0;
  let found = Infinity;
  for (let i = 0; i < palette.length; i++) {
    const d = distance(c, palette[i]);
    if (d < found) {
      found = d;
      best = i;
    }
  }
  return best;
}

/** Frequent colours first, none nearly the same as one already taken; then k-means settles them. */
function choosePalette(counts: Map<number, number>): number[] {
  const ranked = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  if (ranked.length <= 256) return ranked.map(([c]) => c);
  const palette: number[] = counts.has(0) ? [0] : [];
  const flat = palette.length;
  for (const apart of [900, 300, 90, 40, 12, 0]) {
    for (const [c] of ranked) {
      if (palette.length >= 256) break;
      if (palette.every((p) => distance(p, c) > apart)) palette.push(c);
    }
  }
  // The commonest colours are large flat areas and stay exact; the rest are edges and move to their mean.
  const exact = new Set([...ranked.slice(0, 72).map(([c]) => c), ...palette.slice(0, flat)]);
  for (const c of exact) if (!palette.includes(c)) palette[palette.findLastIndex((p) => !exact.has(p))] = c;
  for (let round = 0; round < 6; round++) {
    const sums = palette.map(() => [0, 0, 0, 0, 0, 0]);
    for (const [c, n] of ranked) {
      const best = nearest(palette, c);
      const [r, g, b, a] = channels(c);
      const w = Math.sqrt(n);
      const s = sums[best];
      s[0] += r * a * w;
      s[1] += g * a * w;
      s[2] += b * a * w;
      s[3] += a * w;
      s[4] += w;
    }
    for (let i = 0; i < palette.length; i++) {
      const [r, g, b, a, n] = sums[i];
      if (exact.has(palette[i]) || a === 0) continue;
      const byte = (v: number) => Math.max(0, Math.min(255, Math.round(v)));
      palette[i] = (byte(r / a) | (byte(g / a) << 8) | (byte(b / a) << 16) | (byte(a / n) << 24)) >>> 0;
    }
  }
  return [...new Set(palette)];
}
