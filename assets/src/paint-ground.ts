import { randomFrom } from '#shared/random.ts';
import { hash2, valueNoise } from './noise.ts';
import type { Terrain } from './plan.ts';
import { blank, type Picture } from './png.ts';
import type { Tile } from './tileset.ts';

/** Side of a painted tile in pixels. */
export const SIDE = 64;

type Rgb = readonly [number, number, number];
const hex = (s: string): Rgb => [
  Number.parseInt(s.slice(1, 3), 16),
  Number.parseInt(s.slice(3, 5), 16),
  Number.parseInt(s.slice(5, 7), 16),
];

/** The ground's colours. The sprites' greens, browns and blues are chosen to sit on these. */
export const GROUND = {
  grass: hex('#93cf63'),
  grassLight: hex('#a2da70'),
  grassDark: hex('#83c156'),
  grassRim: hex('#b5e583'),
  sand: hex('#f3dfa9'),
  sandDark: hex('#e6cd8f'),
  sandLight: hex('#fbecc2'),
  sandWet: hex('#dcc088'),
  path: hex('#dfbf8b'),
  pathDark: hex('#cfab75'),
  pathLight: hex('#ebd0a2'),
  shade: hex('#5b8f42'),
  foam: hex('#e6f8f5'),
  shallow: hex('#86d9de'),
  water: hex('#5cc0d8'),
  deep: hex('#49acd0'),
  wave: hex('#74cfe0'),
  plank: hex('#c58f5b'),
  plankLight: hex('#d7a46f'),
  plankDark: hex('#8f6040'),
};

const LEVEL: Record<Terrain, number> = { water: 0, sand: 1, path: 2, grass: 3 };
const mix = (a: Rgb, b: Rgb, t: number): Rgb => [
  a[0] + (b[0] - a[0]) * t,
  a[1] + (b[1] - a[1]) * t,
  a[2] + (b[2] - a[2]) * t,
];
const ramp = (v: number, from: number, to: number) => Math.max(0, Math.min(1, (v - from) / (to - from)));

/** Weights of the three cells across at offset t (0..1) in the middle one: the quadratic B-spline. */
const spline = (t: number): readonly [number, number, number] => [
  ((1 - t) * (1 - t)) / 2,
  0.5 + t * (1 - t),
  (t * t) / 2,
];

/**
 * Paints one ground tile from the 3 × 3 cells around it. Each terrain's share of a pixel is the B-spline of
 * the cells, which two neighbouring tiles compute alike on the edge they share: borders are round and join.
 */
export function paintGround(tile: Extract<Tile, { kind: 'ground' }>): Picture {
  const out = blank(SIDE, SIDE);
  const seed = tile.variant + 1;
  for (let y = 0; y < SIDE; y++) {
    const wy = spline((y + 0.5) / SIDE);
    for (let x = 0; x < SIDE; x++) {
      const wx = spline((x + 0.5) / SIDE);
      const above = [0, 0, 0, 0];
      for (let c = 0; c < 9; c++) {
        const weight = wx[c % 3] * wy[Math.floor(c / 3)];
        for (let k = LEVEL[tile.around[c]]; k > 0; k--) above[k] += weight;
      }
      const wobble =
        (valueNoise(x / 8, y / 8, 5, 8) - 0.5) * 0.13 + (valueNoise(x / 4, y / 4, 6, 16) - 0.5) * 0.025;
      put(out, x, y, colour(above, wobble));
    }
  }
  speckle(out, tile, seed);
  if (tile.bridge) bridge(out, tile.bridge.axis, tile.bridge.open);
  return out;
}

/** `above[k]`: the share of terrains of level k or higher. */
function colour(above: number[], wobble: number): Rgb {
  const edge = 0.014;
  const land = above[1] + wobble * 0.8;
  let c = mix(GROUND.deep, GROUND.water, ramp(land, 0.05, 0.09));
  c = mix(c, GROUND.shallow, ramp(land, 0.24, 0.27));
  c = mix(c, GROUND.foam, ramp(land, 0.4, 0.42));
  if (land > 0.5 - edge) {
    let sand = mix(GROUND.sandWet, GROUND.sand, ramp(land, 0.57, 0.6));
    const trodden = above[2] + wobble;
    if (trodden > 0.5 - edge) {
      let path: Rgb = GROUND.path;
      path = mix(GROUND.pathDark, path, ramp(trodden, 0.55, 0.58));
      sand = mix(sand, path, ramp(trodden, 0.5 - edge, 0.5 + edge));
    }
    const green = above[3] + wobble;
    const shadow = mix(sand, mix(sand, GROUND.shade, 0.45), ramp(green, 0.42, 0.45));
    let grass = mix(GROUND.grassRim, GROUND.grass, ramp(green, 0.56, 0.59));
    grass = mix(shadow, grass, ramp(green, 0.5 - edge, 0.5 + edge));
    c = mix(c, grass, ramp(land, 0.5 - edge, 0.5 + edge));
  }
  return c;
}

function put(out: Picture, x: number, y: number, c: Rgb): void {
  if (x < 0 || y < 0 || x >= SIDE || y >= SIDE) return;
  const i = (y * SIDE + x) * 4;
  out.data.set([Math.round(c[0]), Math.round(c[1]), Math.round(c[2]), 255], i);
}

const same = (out: Picture, x: number, y: number, c: Rgb) => {
  const i = (y * SIDE + x) * 4;
  return (
    x >= 0 &&
    y >= 0 &&
    x < SIDE &&
    y < SIDE &&
    out.data[i] === c[0] &&
    out.data[i + 1] === c[1] &&
    out.data[i + 2] === c[2]
  );
};

/** A soft dot of `to`, drawn only where the ground is plain `on`: marks never cross a border. */
function dot(out: Picture, cx: number, cy: number, rx: number, ry: number, on: Rgb, to: Rgb): void {
  for (let y = Math.floor(cy - ry - 1); y <= cy + ry + 1; y++) {
    for (let x = Math.floor(cx - rx - 1); x <= cx + rx + 1; x++) {
      const d = ((x + 0.5 - cx) / rx) ** 2 + ((y + 0.5 - cy) / ry) ** 2;
      if (d < 1 && same(out, x, y, on)) put(out, x, y, to);
    }
  }
}

/** Blades, grains and ripples. Plain tiles differ by variant, border tiles by their own shape. */
function speckle(out: Picture, tile: Extract<Tile, { kind: 'ground' }>, seed: number): void {
  const shape = tile.around.reduce((h, t, i) => hash2(h, LEVEL[t] + i * 4, 3), 0);
  const random = randomFrom(shape ^ (seed * 7919));
  const at = () => 5 + random() * (SIDE - 10);
  const marks = tile.variant === 0 ? 2 : 3 + (tile.variant % 3);
  for (let n = 0; n < marks; n++) {
    const x = at();
    const y = at();
    const tone = random() < 0.5 ? GROUND.grassDark : GROUND.grassLight;
    // A blade pair: two short strokes leaning apart.
    for (let k = 0; k < 5; k++) {
      dot(out, x - k * 0.5, y - k, 1.1, 1.1, GROUND.grass, tone);
      dot(out, x + 4 + k * 0.6, y - k * 0.8, 1.1, 1.1, GROUND.grass, tone);
    }
  }
  for (let n = 0; n < 5; n++) {
    dot(out, at(), at(), 1.6, 1.2, GROUND.sand, random() < 0.6 ? GROUND.sandDark : GROUND.sandLight);
    dot(
      out,
      at(),
      at(),
      2.6 + random() * 2,
      1.8 + random(),
      GROUND.path,
      random() < 0.5 ? GROUND.pathDark : GROUND.pathLight,
    );
  }
  if (tile.variant === 1 || tile.variant === 3) {
    const x = at() * 0.7 + 6;
    const y = at();
    for (let k = 0; k < 16; k++)
      dot(out, x + k, y + (k < 8 ? -(k % 8) : k - 15) * 0.18, 1.4, 1.2, GROUND.deep, GROUND.wave);
    for (let k = 0; k < 16; k++)
      dot(out, x + k, y + 2 * ramp(Math.abs(k - 8), 8, 0), 1.3, 1.3, GROUND.sand, GROUND.sandDark);
  }
}

/** A deck of planks; a rail on every side that lies open to the water. `open`: north, east, south, west. */
function bridge(out: Picture, axis: 'h' | 'v', open: string): void {
  const along = (x: number, y: number) => (axis === 'h' ? x : y);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const t = along(x, y) % 16;
      const plank = Math.floor(along(x, y) / 16);
      const across = axis === 'h' ? y : x;
      let c: Rgb = t < 1.5 ? GROUND.plankDark : t < 4 ? GROUND.plankLight : GROUND.plank;
      if (t > 7 && t < 9 && (across + plank * 23) % 40 < 18) c = mix(GROUND.plank, GROUND.plankDark, 0.22);
      put(out, x, y, c);
    }
  }
  const rail = (d: number) =>
    d < 5 ? GROUND.plankDark : d < 9 ? GROUND.plankLight : d < 10.5 ? GROUND.plankDark : undefined;
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const sides = [y, SIDE - 1 - x, SIDE - 1 - y, x];
      for (let s = 0; s < 4; s++) {
        const c = open[s] === '1' ? rail(sides[s]) : undefined;
        if (c) put(out, x, y, c);
      }
    }
  }
}
