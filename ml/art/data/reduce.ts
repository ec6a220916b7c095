import { Ink } from '#shared/art/types.ts';
import { FINE, type Figure } from './raster.ts';

/** How a figure is laid into a sprite. Lengths are in the sprite's pixels. */
export interface Layout {
  readonly size: number;
  /** Most width and height of the figure, without its outline. */
  readonly wide: number;
  readonly tall: number;
  /** 0 keeps the figure's proportions, 1 makes it as wide as tall. */
  readonly round: number;
  /** 0 keeps them, towards 1 the upper half (mostly the head) takes more of the height. */
  readonly childlike: number;
}

const ROLES = 16;
/** A spot of the eye wins its pixel sooner than its share, or small faces would lose them. */
const EYE_WEIGHT = 1.9;

/** The figure in the sprite's pixels, standing on the ground line, without outline. Most of a pixel's area decides. */
export function reduce(figure: Figure, { size, wide, tall, round, childlike }: Layout): Uint8Array {
  const fromWide = figure.right - figure.left + 1;
  const fromTall = figure.bottom - figure.top + 1;
  const aspect = (fromWide / fromTall) ** (1 - round);
  const high = Math.min(tall, wide / aspect);
  const w = Math.max(4, Math.round(high * aspect));
  const h = Math.max(4, Math.round(high));
  const x0 = (size - w) >> 1;
  const y0 = size - 2 - h;
  const pixels = new Uint8Array(size * size);
  const bend = 1 + childlike;
  const rows = (y: number) => figure.top + (y / h) ** bend * (fromTall - 1);
  const votes = new Float64Array(ROLES);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      votes.fill(0);
      for (let v = 0; v < 6; v++)
        for (let u = 0; u < 6; u++) {
          const fx = Math.floor(figure.left + ((x + (u + 0.5) / 6) / w) * fromWide);
          const fy = Math.round(rows(y + (v + 0.5) / 6));
          const role = figure.pixels[fy * FINE + fx];
          votes[role] += role === Ink.eye ? EYE_WEIGHT : 1;
        }
      let total = 0;
      for (let role = 1; role < ROLES; role++) total += votes[role];
      if (votes[Ink.none] > total) continue;
      let best = 1;
      for (let role = 2; role < ROLES; role++) if (votes[role] > votes[best]) best = role;
      pixels[(y0 + y) * size + x0 + x] = best;
    }
  keepMain(pixels, size);
  return pixels;
}

/** Pieces (8-neighbours) of less than a twelfth of the largest go: they would be crumbs. */
function keepMain(pixels: Uint8Array, size: number): void {
  const seen = new Uint8Array(pixels.length);
  const pieces: number[][] = [];
  for (let start = 0; start < pixels.length; start++) {
    if (pixels[start] === Ink.none || seen[start]) continue;
    const piece = [start];
    seen[start] = 1;
    for (let i = 0; i < piece.length; i++) {
      const x = piece[i] % size;
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) {
          const q = piece[i] + dy * size + dx;
          if (x + dx < 0 || x + dx >= size || !pixels[q] || seen[q]) continue;
          seen[q] = 1;
          piece.push(q);
        }
    }
    pieces.push(piece);
  }
  const most = Math.max(...pieces.map((piece) => piece.length));
  for (const piece of pieces) if (piece.length * 12 < most) for (const p of piece) pixels[p] = Ink.none;
}

/** Light from above: the lower rim of the coats is shaded, the upper rim of the first lit. */
export function shade(pixels: Uint8Array, size: number): void {
  const before = pixels.slice();
  const deep = size / 32;
  const empty = (x: number, y: number) => x < 0 || y < 0 || x >= size || y >= size || !before[y * size + x];
  const any = (x: number, y: number, dx: number, dy: number) => {
    for (let n = 1; n <= deep; n++) if (empty(x + dx * n, y + dy * n)) return true;
    return false;
  };
  for (let p = 0; p < pixels.length; p++) {
    const x = p % size;
    const y = Math.floor(p / size);
    const low = any(x, y, 0, 1) || any(x, y, 1, 1);
    if (before[p] === Ink.coat && low) pixels[p] = Ink.coatShade;
    else if (before[p] === Ink.patch && low) pixels[p] = Ink.patchShade;
    else if (before[p] === Ink.coat && (any(x, y, 0, -1) || any(x, y, -1, -1))) pixels[p] = Ink.coatLight;
  }
}

/** A glint in every eye that is large enough for one. */
export function glint(pixels: Uint8Array, size: number): void {
  const unit = size / 32;
  const seen = new Uint8Array(pixels.length);
  for (let start = 0; start < pixels.length; start++) {
    if (pixels[start] !== Ink.eye || seen[start]) continue;
    const piece = [start];
    seen[start] = 1;
    for (let i = 0; i < piece.length; i++)
      for (const step of [-1, 1, -size, size]) {
        const q = piece[i] + step;
        if (pixels[q] !== Ink.eye || seen[q]) continue;
        seen[q] = 1;
        piece.push(q);
      }
    const xs = piece.map((p) => p % size);
    const ys = piece.map((p) => Math.floor(p / size));
    const [x, w] = [Math.min(...xs), Math.max(...xs) - Math.min(...xs) + 1];
    const [y, h] = [Math.min(...ys), Math.max(...ys) - Math.min(...ys) + 1];
    if (w < 2 * unit || h < 2 * unit || w > 4 * unit || h > 5 * unit || piece.length < w * h * 0.7) continue;
    for (let dy = 0; dy < unit; dy++)
      for (let dx = 0; dx < unit; dx++) {
        const at = (y + dy + (unit > 1 ? 1 : 0)) * size + x + dx + (unit > 1 ? 1 : 0);
        if (pixels[at] === Ink.eye) pixels[at] = Ink.white;
      }
  }
}

/** A dark line about everything. */
export function outline(pixels: Uint8Array, size: number): void {
  const before = pixels.slice();
  for (let p = 0; p < pixels.length; p++) {
    if (before[p] !== Ink.none) continue;
    const x = p % size;
    if ((x > 0 && before[p - 1]) || (x < size - 1 && before[p + 1]) || before[p - size] || before[p + size])
      pixels[p] = Ink.outline;
  }
}
