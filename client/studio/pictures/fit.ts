import { Refused, type Rgba } from './limits.ts';
import { crop } from './sheet.ts';

/** A picture's filled part, at its own size. @throws Refused when nothing is filled */
export function trim(picture: Rgba): Rgba {
  const { width, height, data } = picture;
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (data[(y * width + x) * 4 + 3] < 128) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  if (right < 0) throw new Refused('is empty');
  return crop(picture, left, top, right - left + 1, bottom - top + 1);
}

/** How many pixels each of its pixels is drawn with: pixel art is often kept enlarged. At least 1. */
export function enlargement({ width, height, data }: Rgba): number {
  const same = (a: number, b: number) => {
    for (let i = 0; i < 4; i++) if (data[a * 4 + i] !== data[b * 4 + i]) return false;
    return true;
  };
  const fits = (k: number): boolean => {
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        if (!same(y * width + x, (y - (y % k)) * width + x - (x % k))) return false;
    return true;
  };
  for (let k = 16; k > 1; k--) if (width % k === 0 && height % k === 0 && fits(k)) return k;
  return 1;
}

/** Every k-th pixel. */
export function shrink({ width, height, data }: Rgba, k: number): Rgba {
  if (k === 1) return { width, height, data };
  const [w, h] = [width / k, height / k];
  const out = new Uint8ClampedArray(w * h * 4);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const from = (y * k * width + x * k) * 4;
      out.set(data.subarray(from, from + 4), (y * w + x) * 4);
    }
  return { width: w, height: h, data: out };
}

/**
 * A picture within `size` × `size`: standing on the ground line with a margin of one pixel for its outline, smaller
 * where it is too large (averaged by area and alpha), pixel for pixel where it fits. Never enlarged but by whole
 * numbers.
 */
export function fitInto(picture: Rgba, size: number): Rgba {
  const trimmed = trim(shrink(picture, enlargement(picture)));
  const room = size - 2;
  const grow = Math.floor(room / Math.max(trimmed.width, trimmed.height));
  const scale = grow >= 1 ? Math.min(grow, 4) : room / Math.max(trimmed.width, trimmed.height);
  const w = Math.max(1, Math.min(room, Math.round(trimmed.width * scale)));
  const h = Math.max(1, Math.min(room, Math.round(trimmed.height * scale)));
  const scaled = averaged(trimmed, w, h);
  const out = new Uint8ClampedArray(size * size * 4);
  const left = (size - w) >> 1;
  const top = size - 1 - h;
  for (let y = 0; y < h; y++)
    out.set(scaled.subarray(y * w * 4, (y + 1) * w * 4), ((top + y) * size + left) * 4);
  return { width: size, height: size, data: out };
}

/** Area averages, colours weighted by alpha. */
function averaged({ width, height, data }: Rgba, w: number, h: number): Uint8ClampedArray {
  const out = new Uint8ClampedArray(w * h * 4);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const [x0, x1] = [(x * width) / w, ((x + 1) * width) / w];
      const [y0, y1] = [(y * height) / h, ((y + 1) * height) / h];
      const sum = [0, 0, 0];
      let [alpha, area] = [0, 0];
      for (let sy = Math.floor(y0); sy < y1; sy++)
        for (let sx = Math.floor(x0); sx < x1; sx++) {
          const share = (Math.min(x1, sx + 1) - Math.max(x0, sx)) * (Math.min(y1, sy + 1) - Math.max(y0, sy));
          const at = (sy * width + sx) * 4;
          const weight = share * data[at + 3];
          for (let i = 0; i < 3; i++) sum[i] += data[at + i] * weight;
          alpha += weight;
          area += share;
        }
      if (alpha === 0) continue;
      const to = (y * w + x) * 4;
      for (let i = 0; i < 3; i++) out[to + i] = sum[i] / alpha;
      out[to + 3] = alpha / area;
    }
  return out;
}

/** Distinct colours of what is filled, told apart by five bits a channel. */
export function countColours({ data }: Rgba): number {
  const seen = new Set<number>();
  for (let at = 0; at < data.length; at += 4)
    if (data[at + 3] >= 128)
      seen.add(((data[at] >> 3) << 10) | ((data[at + 1] >> 3) << 5) | (data[at + 2] >> 3));
  return seen.size;
}
