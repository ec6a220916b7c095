import { ArtError } from '../types.ts';

/**
 * The grid decoder: a small mixer (Tolstikhin et al. 2021) that draws a whole sprite at once, in integers.
 *
 *   inputs 0..127 → lift → spread → 8 × 8 tokens of `channels` → `blocks` × (tokens, widen, narrow) → paint
 *
 * `tokens` mixes the 64 tokens, channel by channel; `widen` and `narrow` are a two-layer network on each token; both are
 * added to what was there. `paint` gives each token's square of pixels, 16 logits a pixel. Int8 weights, int32 sums, an
 * arithmetic shift, a clamp to 0..127: the brains' arithmetic, so that every machine draws the same.
 */
export const GRID = 8;
export const TOKENS = GRID * GRID;
export const ROLES = 16;
export const MOST = 127;

/** Greatest width of any layer's input; with int8 weights and 0..127 the sums stay under 2²². */
export const MAX_GRID_WIDTH = 128;
/** Greatest |bias|. */
export const MAX_GRID_BIAS = 1 << 24;

export interface GridShape {
  /** Pixels a side. */
  readonly size: 32 | 64;
  /** Values of the latent. */
  readonly latents: number;
  readonly hidden: number;
  readonly channels: number;
  /** Inner width of a token's network. */
  readonly mix: number;
  readonly blocks: number;
}

export interface GridLayer {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly shift: number;
  /** [inputs][outputs] */
  readonly weights: Int8Array;
  /** [outputs] */
  readonly bias: Int32Array;
}

export interface GridNetwork {
  readonly shape: GridShape;
  readonly layers: readonly GridLayer[];
}

/** The condition inputs after the latent: stage and branch, one-hot. */
export const GRID_CONDITIONS = 5 + 5;

const LIMITS: Record<Exclude<keyof GridShape, 'size'>, readonly [number, number]> = {
  latents: [4, 64],
  hidden: [8, 128],
  channels: [8, 64],
  mix: [8, 128],
  blocks: [1, 4],
};

/** @throws ArtError naming the field and its limit */
export function checkShape(shape: GridShape): void {
  if (shape.size !== 32 && shape.size !== 64)
    throw new ArtError(`art model: size must be 32 or 64, got ${shape.size}`);
  for (const [field, [least, most]] of Object.entries(LIMITS)) {
    const value = shape[field as keyof GridShape];
    if (!Number.isInteger(value) || value < least || value > most)
      throw new ArtError(`art model: ${field} must be a whole number ${least}..${most}, got ${value}`);
    if (field === 'channels' && value % 8 !== 0)
      throw new ArtError(`art model: channels must be a multiple of 8, got ${value}`);
  }
}

/** Pixels a side of a token's square. */
export const patchOf = (shape: GridShape): number => shape.size / GRID;

/** Names, widths and usual shifts of a shape's layers, in the order in which they are applied. */
export function layersOf(
  shape: GridShape,
): { name: string; inputs: number; outputs: number; shift: number }[] {
  const { latents, hidden, channels, mix, blocks } = shape;
  const patch = patchOf(shape);
  return [
    { name: 'lift', inputs: latents + GRID_CONDITIONS, outputs: hidden, shift: 6 },
    { name: 'spread', inputs: hidden, outputs: TOKENS * channels, shift: 6 },
    ...Array.from({ length: blocks }, (_, b) => [
      { name: `tokens${b}`, inputs: TOKENS, outputs: TOKENS, shift: 7 },
      { name: `widen${b}`, inputs: channels, outputs: mix, shift: 6 },
      { name: `narrow${b}`, inputs: mix, outputs: channels, shift: 7 },
    ]).flat(),
    { name: 'paint', inputs: channels, outputs: patch * patch * ROLES, shift: 5 },
  ];
}

/** What remains while a network draws: allocated once. */
class Desk {
  readonly first = new Int32Array(MAX_GRID_WIDTH);
  readonly hidden = new Int32Array(MAX_GRID_WIDTH);
  readonly grid: Int32Array;
  readonly next: Int32Array;
  readonly wide: Int32Array;
  readonly columns: readonly Int32Array[];
  constructor({ shape, layers }: GridNetwork) {
    this.grid = new Int32Array(TOKENS * shape.channels);
    this.next = new Int32Array(TOKENS * shape.channels);
    this.wide = new Int32Array(MAX_GRID_WIDTH);
    this.columns = layers.map(({ weights }) => Int32Array.from(weights));
  }
}

const desks = new WeakMap<GridNetwork, Desk>();

function deskOf(network: GridNetwork): Desk {
  let desk = desks.get(network);
  if (!desk) {
    desk = new Desk(network);
    desks.set(network, desk);
  }
  return desk;
}

const active = new Int32Array(MAX_GRID_WIDTH + 3);
const strengths = new Int32Array(MAX_GRID_WIDTH + 3);

/** out[to..] = bias + weights × given[from..], four active inputs at a time; order does not matter, the sums are exact. */
function product(
  columns: Int32Array,
  { bias, inputs, outputs }: GridLayer,
  given: Int32Array,
  from: number,
  out: Int32Array,
  to: number,
): void {
  let count = 0;
  for (let i = 0; i < inputs; i++) {
    const value = given[from + i];
    if (value === 0) continue;
    active[count] = i * outputs;
    strengths[count++] = value;
  }
  for (let n = count; n < count + 3; n++) {
    active[n] = 0;
    strengths[n] = 0;
  }
  for (let o = 0; o < outputs; o++) out[to + o] = bias[o];
  for (let n = 0; n < count; n += 4) {
    const a = active[n];
    const b = active[n + 1];
    const c = active[n + 2];
    const d = active[n + 3];
    const p = strengths[n];
    const q = strengths[n + 1];
    const r = strengths[n + 2];
    const t = strengths[n + 3];
    for (let o = 0; o < outputs; o++) {
      const first = (Math.imul(columns[a + o], p) + Math.imul(columns[b + o], q)) | 0;
      const second = (Math.imul(columns[c + o], r) + Math.imul(columns[d + o], t)) | 0;
      out[to + o] = (out[to + o] + ((first + second) | 0)) | 0;
    }
  }
}

const clamped = (value: number): number => Math.max(0, Math.min(value, MOST));

/** now += (bias[t] + Σ weights[s][t] · now[s]) >> shift, clamped; every channel apart. */
function mixTokens(
  columns: Int32Array,
  { bias, shift }: GridLayer,
  now: Int32Array,
  next: Int32Array,
  channels: number,
): void {
  for (let t = 0; t < TOKENS; t++) {
    const to = t * channels;
    for (let c = 0; c < channels; c++) next[to + c] = bias[t];
    for (let s = 0; s < TOKENS; s += 4) {
      const p = columns[s * TOKENS + t];
      const q = columns[(s + 1) * TOKENS + t];
      const r = columns[(s + 2) * TOKENS + t];
      const u = columns[(s + 3) * TOKENS + t];
      let at = s * channels;
      for (let c = 0; c < channels; c++, at++) {
        const first = (Math.imul(now[at], p) + Math.imul(now[at + channels], q)) | 0;
        const second = (Math.imul(now[at + 2 * channels], r) + Math.imul(now[at + 3 * channels], u)) | 0;
        next[to + c] = (next[to + c] + ((first + second) | 0)) | 0;
      }
    }
  }
  for (let i = 0; i < next.length; i++) now[i] = clamped(now[i] + (next[i] >> shift));
}

/**
 * Runs the network. `inputs` 0..127, latents first, then the conditions. `logits` receives [64 tokens][patch²][16]:
 * see `logitAt`. Sums are exact in int32.
 */
export function forwardGrid(network: GridNetwork, inputs: Uint8Array, logits: Int32Array): void {
  const { layers, shape } = network;
  const { channels, blocks } = shape;
  const desk = deskOf(network);
  const { first, hidden, grid, next, wide, columns } = desk;
  first.set(inputs);
  product(columns[0], layers[0], first, 0, hidden, 0);
  for (let o = 0; o < layers[0].outputs; o++) hidden[o] = clamped(hidden[o] >> layers[0].shift);
  product(columns[1], layers[1], hidden, 0, grid, 0);
  for (let i = 0; i < grid.length; i++) grid[i] = clamped(grid[i] >> layers[1].shift);
  for (let b = 0, l = 2; b < blocks; b++, l += 3) {
    mixTokens(columns[l], layers[l], grid, next, channels);
    const { outputs, shift } = layers[l + 1];
    for (let at = 0; at < grid.length; at += channels) {
      product(columns[l + 1], layers[l + 1], grid, at, wide, 0);
      for (let o = 0; o < outputs; o++) wide[o] = clamped(wide[o] >> shift);
      product(columns[l + 2], layers[l + 2], wide, 0, next, at);
    }
    const narrow = layers[l + 2].shift;
    for (let i = 0; i < grid.length; i++) grid[i] = clamped(grid[i] + (next[i] >> narrow));
  }
  const last = layers.length - 1;
  const { outputs } = layers[last];
  for (let t = 0; t < TOKENS; t++)
    product(columns[last], layers[last], grid, t * channels, logits, t * outputs);
}

/** Where the 16 logits of pixel (x, y) begin in what `forwardGrid` gives. */
export function logitAt(shape: GridShape, x: number, y: number): number {
  const patch = patchOf(shape);
  const token = ((y / patch) | 0) * GRID + ((x / patch) | 0);
  return (token * patch * patch + (y % patch) * patch + (x % patch)) * ROLES;
}

/** Logits a whole sprite has. */
export const logitCount = ({ size }: GridShape): number => size * size * ROLES;

/** Sizes, ranges and shifts of a network. @throws ArtError naming the field and its limit */
export function checkGrid({ shape, layers }: GridNetwork): void {
  checkShape(shape);
  const wanted = layersOf(shape);
  if (layers.length !== wanted.length)
    throw new ArtError(`art model: layers must be ${wanted.length}, got ${layers.length}`);
  layers.forEach((layer, l) => {
    const { name, inputs, outputs } = wanted[l];
    const is = (field: string, value: number | string, limit: number | string) => {
      if (value !== limit) throw new ArtError(`art model: ${name}.${field} must be ${limit}, got ${value}`);
    };
    is('name', layer.name, name);
    is('inputs', layer.inputs, inputs);
    is('outputs', layer.outputs, outputs);
    is('weights', layer.weights.length, inputs * outputs);
    is('bias', layer.bias.length, outputs);
    if (!Number.isInteger(layer.shift) || layer.shift < 0 || layer.shift > 12)
      throw new ArtError(`art model: ${name}.shift must be a whole number 0..12, got ${layer.shift}`);
    const worst = layer.bias.find((b) => Math.abs(b) > MAX_GRID_BIAS);
    if (worst !== undefined)
      throw new ArtError(`art model: ${name}.bias must be at most ±${MAX_GRID_BIAS}, got ${worst}`);
  });
}
