/**
 * Trains grid models: from nothing (the world's own) or from a model's weights (a creator's). It uses tfjs as the caller
 * has set it up, in Node and in a browser's worker alike; tfjs trains, the integer network alone draws.
 *
 * A variational auto-decoder: each creature has a posterior over latents of its own (mean and spread, learnt like weights;
 * Bojanowski et al. 2018, Zadeh et al. 2019), all its pictures are drawn from samples of it under their conditions, and
 * the loss is the categorical cross entropy of the palette roles plus the Kullback–Leibler distance to N(0, 1). So the
 * same latent must draw every stage of a creature.
 */
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { type GridStyle, MAX_ANCHORS, readGrid, saveGrid } from '#shared/art/grid/file.ts';
import { conditionValues, LATENT_MIDDLE, LATENT_UNIT } from '#shared/art/grid/latent.ts';
import {
  checkShape,
  GRID_CONDITIONS,
  type GridShape,
  MOST,
  patchOf,
  TOKENS,
} from '#shared/art/grid/network.ts';
import { ArtError, BRANCHES, Ink, type Rules, STAGES } from '#shared/art/types.ts';
import type { Json } from '#shared/brain/file.ts';
import { merkleRoot } from '#shared/proof/index.ts';
import { randomFrom } from './dense.ts';
import { readCheckpoint, writeCheckpoint } from './grid/checkpoint.ts';
import { type Batch, gradients } from './grid/graph.ts';
import {
  adamStep,
  freshMasters,
  integersOf,
  type Masters,
  mastersOf,
  moved,
  usedOf,
} from './grid/parameters.ts';
import { growthOf } from './grid/strip.ts';
import { tourOf } from './grid/tour.ts';

export interface TrainingSprite {
  readonly size: 32 | 64;
  /** size² role indices (`Ink`), row by row. */
  readonly pixels: Uint8Array;
  /** Pictures of the same creature share a latent. Without it the sprite is a creature of its own. */
  readonly creature?: number;
  /** 0..4; without it a strip of growth is made of the picture. */
  readonly stage?: number;
  /** 0..4; without it the picture stands for every branch. */
  readonly branch?: number;
}

export interface TrainerOptions {
  readonly size: 32 | 64;
  /** 1..20,000 */
  readonly sprites: readonly TrainingSprite[];
  /** An `art-v2` file of the same size whose weights are gone on from. */
  readonly base?: Uint8Array;
  readonly seed: number;
  /** Steps over which the learning rate falls to nothing; default 2,000. */
  readonly steps?: number;
  /** Pictures a step, 1..128; default 16, which keeps a step under a tenth of a second in WebAssembly. */
  readonly batch?: number;
  /** Adam's step; default 0.003, or 0.004 from a base. */
  readonly rate?: number;
  /** What the distance to the prior counts; default 0.3, or 0.02 from a base: a creator's pictures are few. */
  readonly prior?: number;
  readonly style?: GridStyle;
  /**
   * How its genomes are read and its pictures finished; default: the second of a companion, else the first. The third are
   * the world's own: they would leave a creator's few anchors too far behind and take small spots away that were meant.
   */
  readonly rules?: Rules;
  readonly name?: string;
  readonly shape?: Omit<GridShape, 'size'>;
}

export interface Trainer {
  /** One batch. `loss`: nats a pixel. */
  step(): Promise<{ readonly step: number; readonly loss: number }>;
  /** Steps planned, and steps done. */
  readonly steps: number;
  readonly done: number;
  /** Everything needed to go on, to the bit. */
  checkpoint(): Uint8Array;
  /** Goes on from a checkpoint of the same data, seed and shape. @throws ArtError naming what differs */
  resume(bytes: Uint8Array): void;
  /** The quantised model so far: an `art-v2` file. `extra` joins its provenance. */
  model(extra?: { readonly [key: string]: Json }): Uint8Array;
  /** Whatever happens after this throws. */
  dispose(): void;
}

export const WORLD_SHAPE = { latents: 32, hidden: 64, channels: 48, mix: 64, blocks: 2 } as const;
export const MAX_SPRITES = 20_000;
/** What a pixel's error counts: eyes are few and matter most, the empty ground least. */
const COUNTS = Float32Array.from({ length: 16 }, (_, ink) =>
  ink === Ink.none ? 0.6 : ink === Ink.eye || ink === Ink.white || ink === Ink.iris ? 3 : 1,
);

interface Picture {
  readonly pixels: Uint8Array;
  readonly creature: number;
  readonly stage: number;
  readonly branch: number | undefined;
}

/** The Merkle root over the training pictures, 64 hex digits: each leaf is a picture and its conditions. */
export function dataRoot(sprites: readonly TrainingSprite[]): string {
  const leaves = sprites.map(({ pixels, creature, stage, branch }) => {
    const leaf = new Uint8Array(6 + pixels.length);
    new DataView(leaf.buffer).setUint32(0, (creature ?? 0xffffffff) >>> 0);
    leaf.set([stage ?? 255, branch ?? 255], 4);
    leaf.set(pixels, 6);
    return leaf;
  });
  return bytesToHex(merkleRoot(leaves));
}

/** @throws ArtError naming the field and its limit */
export function createTrainer(options: TrainerOptions): Trainer {
  const { size, sprites, seed } = options;
  const base = options.base && readGrid(options.base);
  if (base && base.shape.size !== size)
    throw new ArtError(`base: size must be ${size}, got ${base.shape.size}`);
  const shape: GridShape = base ? base.shape : { size, ...(options.shape ?? WORLD_SHAPE) };
  checkShape(shape);
  whole('seed', seed, 0, 0xffffffff);
  const batch = options.batch ?? 16;
  whole('batch', batch, 1, 128);
  const planned = options.steps ?? 2000;
  whole('steps', planned, 1, 1_000_000);
  const { pictures, creatures } = picturesOf(sprites, size);
  const root = dataRoot(sprites);
  const parent = options.base ? bytesToHex(sha256(options.base)) : null;
  const random = randomFrom(seed);
  let masters: Masters = base ? mastersOf(base) : freshMasters(shape, random);
  let latents = freshLatents(creatures, shape.latents, random, base ? FEW : MANY);
  let done = 0;
  let alive = true;
  const style = options.style ?? base?.style ?? 'whole';
  const rate = options.rate ?? (base ? 0.004 : 0.003);
  const prior = options.prior ?? (base ? 0.02 : 0.3);
  const perCreature = pictures.length / creatures;
  const identity = { seed, batch, planned, rate, prior, shape, root, parent: parent ?? '' };

  const check = () => {
    if (!alive) throw new ArtError('trainer: was disposed');
  };
  return {
    steps: planned,
    get done() {
      return done;
    },
    async step() {
      check();
      const t = done + 1;
      const drawn = draw(pictures, latents.values, shape, batch, randomFrom(seed ^ Math.imul(t, 0x9e3779b1)));
      const per = batch * size * size;
      const found = await gradients(shape, usedOf(shape, masters), drawn, per);
      check();
      // warms up over 50 steps, then falls along a cosine
      const falling = 0.5 + 0.5 * Math.cos(Math.PI * Math.min(1, done / planned));
      const now = rate * Math.min(1, t / 50) * Math.max(0.02, falling);
      adamStep(shape, masters, found, now, t);
      moveLatents(latents, drawn, found.inputs, shape, prior / perCreature / per, Math.min(0.05, 8 * now), t);
      done = t;
      return { step: t, loss: found.loss };
    },
    checkpoint() {
      check();
      return writeCheckpoint({ identity, step: done, masters, latents });
    },
    resume(bytes) {
      check();
      const saved = readCheckpoint(bytes, identity, masters.values.length, latents.values.length);
      masters = saved.masters;
      latents = saved.latents;
      done = saved.step;
    },
    model(extra = {}) {
      check();
      const network = integersOf(shape, masters);
      return saveGrid({
        ...network,
        name: options.name ?? base?.name ?? 'art',
        style,
        rules: options.rules ?? (style === 'companion' ? 2 : 1),
        anchors: anchorsOf(latents.values, creatures, shape.latents),
        provenance: {
          data: root,
          parent,
          seed,
          steps: done,
          planned,
          batch,
          rate,
          prior,
          creatures,
          ...extra,
        },
      });
    },
    dispose() {
      alive = false;
    },
  };
}

function whole(field: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most)
    throw new ArtError(`${field} must be a whole number ${least}..${most}, got ${value}`);
}

function picturesOf(sprites: readonly TrainingSprite[], size: number) {
  whole('sprites', sprites.length, 1, MAX_SPRITES);
  const ids = new Map<number | string, number>();
  const patch = size / 8;
  const pictures = sprites.flatMap((sprite, n): Picture[] => {
    const field = (name: string) => `sprites[${n}].${name}`;
    if (sprite.size !== size) throw new ArtError(`${field('size')} must be ${size}, got ${sprite.size}`);
    if (sprite.pixels.length !== size * size)
      throw new ArtError(
        `${field('pixels')} must be ${size * size} role indices, got ${sprite.pixels.length}`,
      );
    const wrong = sprite.pixels.find((ink) => ink > 15);
    if (wrong !== undefined) throw new ArtError(`${field('pixels')} must be 0..15, got ${wrong}`);
    if (sprite.stage !== undefined) whole(field('stage'), sprite.stage, 0, STAGES.length - 1);
    if (sprite.branch !== undefined) whole(field('branch'), sprite.branch, 0, BRANCHES.length - 1);
    const id = sprite.creature ?? `own ${n}`;
    if (!ids.has(id)) ids.set(id, ids.size);
    const { branch } = sprite;
    const creature = ids.get(id)!;
    const one = (pixels: Uint8Array, stage: number): Picture => ({
      pixels: byTokens(pixels, size, patch),
      creature,
      stage,
      branch,
    });
    return sprite.stage === undefined
      ? growthOf(sprite.pixels, size).map(one)
      : [one(sprite.pixels, sprite.stage)];
  });
  if (ids.size > MAX_ANCHORS)
    throw new ArtError(`sprites: creatures must be at most ${MAX_ANCHORS}, got ${ids.size}`);
  return { pictures, creatures: ids.size };
}

/** Pixels in the order of tokens and of the pixels within each. */
function byTokens(pixels: Uint8Array, size: number, patch: number): Uint8Array {
  const out = new Uint8Array(pixels.length);
  let at = 0;
  for (let ty = 0; ty < 8; ty++)
    for (let tx = 0; tx < 8; tx++)
      for (let y = 0; y < patch; y++)
        for (let x = 0; x < patch; x++) out[at++] = pixels[(ty * patch + y) * size + tx * patch + x];
  return out;
}

/** Spread of fresh latents and the logarithm of their variance: a creator's few pictures are told apart at once. */
const MANY = { spread: 0.6, variance: -2 };
const FEW = { spread: 1.1, variance: -4.5 };

/** [creatures][latents] means, then as many logarithms of variances. */
function freshLatents(
  creatures: number,
  latents: number,
  random: () => number,
  { spread, variance }: typeof MANY,
): Masters {
  const count = creatures * latents;
  const values = new Float32Array(2 * count);
  for (let i = 0; i < count; i++) {
    values[i] = spread * gauss(random);
    values[count + i] = variance;
  }
  return { values, first: new Float32Array(2 * count), second: new Float32Array(2 * count) };
}

function gauss(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

interface Drawn extends Batch {
  readonly creatures: Int32Array;
  /** The samples' noise, [rows][latents]. */
  readonly noise: Float32Array;
}

function draw(
  pictures: readonly Picture[],
  latents: Float32Array,
  shape: GridShape,
  rows: number,
  random: () => number,
): Drawn {
  const width = shape.latents + GRID_CONDITIONS;
  const inputs = new Float32Array(rows * width);
  const noise = new Float32Array(rows * shape.latents);
  const creatures = new Int32Array(rows);
  const square = patchOf(shape) ** 2;
  const targets = new Uint8Array(rows * TOKENS * square);
  const half = latents.length / 2;
  for (let r = 0; r < rows; r++) {
    const picture = pictures[Math.floor(random() * pictures.length)];
    creatures[r] = picture.creature;
    for (let j = 0; j < shape.latents; j++) {
      const k = picture.creature * shape.latents + j;
      const e = gauss(random);
      noise[r * shape.latents + j] = e;
      const z = latents[k] + Math.exp(0.5 * latents[half + k]) * e;
      const value = Math.round(LATENT_MIDDLE + LATENT_UNIT * z);
      inputs[r * width + j] = Math.max(0, Math.min(MOST, value)) / MOST;
    }
    const branch = picture.branch ?? Math.floor(random() * BRANCHES.length);
    conditionValues(picture.stage, branch).forEach((value, i) => {
      inputs[r * width + shape.latents + i] = value / MOST;
    });
    for (let t = 0; t < TOKENS; t++)
      targets.set(picture.pixels.subarray(t * square, (t + 1) * square), (t * rows + r) * square);
  }
  const weights = Float32Array.from(targets, (ink) => COUNTS[ink]);
  return { inputs, targets, weights, rows, creatures, noise };
}

function moveLatents(
  latents: Masters,
  { creatures, noise, rows }: Drawn,
  byInputs: Float32Array,
  { latents: width }: GridShape,
  prior: number,
  rate: number,
  t: number,
): void {
  const all = width + GRID_CONDITIONS;
  const half = latents.values.length / 2;
  const mean = new Float32Array(width);
  const spread = new Float32Array(width);
  for (let r = 0; r < rows; r++) {
    const at = creatures[r] * width;
    for (let j = 0; j < width; j++) {
      const d = byInputs[r * all + j] * (LATENT_UNIT / MOST);
      const variance = Math.exp(latents.values[half + at + j]);
      mean[j] = d + prior * latents.values[at + j];
      spread[j] = 0.5 * (d * Math.sqrt(variance) * noise[r * width + j] + prior * (variance - 1));
    }
    moved(latents, mean, at, rate, t, 3);
    moved(latents, spread, half + at, rate, t, 8);
  }
}

function anchorsOf(latents: Float32Array, creatures: number, width: number): Int8Array {
  const means = latents.subarray(0, creatures * width);
  const anchors = new Int8Array(creatures * width);
  tourOf(means, width).forEach((creature, row) => {
    for (let j = 0; j < width; j++) {
      const value = Math.round(LATENT_UNIT * means[creature * width + j]);
      anchors[row * width + j] = Math.max(-64, Math.min(63, value));
    }
  });
  return anchors;
}
