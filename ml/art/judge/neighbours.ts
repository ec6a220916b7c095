import { bytesToHex } from '@noble/hashes/utils';
import { type Conditions, Ink, type Rules, SIZE, type Sprite } from '#shared/art/types.ts';
import { finished, sureLogits } from '../data/drawn.ts';
import type { TrainingSprite } from '../finetune.ts';
import type { Asked } from './generator.ts';

/**
 * How near a picture comes to those that were learnt from. Two drawings are compared as partitions: pixels that cannot be
 * explained by recolouring one into the other, over the pixels that either fills, at the best of all flips and shifts by
 * up to two pixels. So neither colours nor place hide a copy. A training picture is finished (face, adornments,
 * markings) by the genome of the picture that it is compared with, so that these hide none either.
 */
const SHIFT = 2;
const ROLES = 16;
const joint = new Int32Array(ROLES * ROLES);

/** A drawing with a margin as wide as the largest shift; its filled pixels row by row, a bit each; both also flipped. */
interface Sheet {
  readonly roles: readonly [plain: Uint8Array, flipped: Uint8Array];
  readonly rows: readonly [plain: Uint32Array, flipped: Uint32Array];
}
const WIDE = SIZE + 2 * SHIFT;

function sheetOf(pixels: Uint8Array): Sheet {
  const roles = [new Uint8Array(WIDE * WIDE), new Uint8Array(WIDE * WIDE)] as const;
  for (let y = 0; y < SIZE; y++)
    for (let x = 0; x < SIZE; x++) {
      const ink = pixels[y * SIZE + x];
      const own = ink === Ink.mark ? Ink.coat : ink;
      roles[0][(y + SHIFT) * WIDE + x + SHIFT] = own;
      roles[1][(y + SHIFT) * WIDE + SIZE - 1 - x + SHIFT] = own;
    }
  // what little is filled at the very edge and would be shifted out is not worth a second word
  return { roles, rows: [rowsOf(roles[0]), rowsOf(roles[1])] };
}

/** Which pixels of a sheet are filled, without its margin. */
function rowsOf(roles: Uint8Array): Uint32Array {
  const rows = new Uint32Array(SIZE);
  for (let y = 0; y < SIZE; y++)
    for (let x = 0; x < SIZE; x++) if (roles[(y + SHIFT) * WIDE + x + SHIFT] !== Ink.none) rows[y] |= 1 << x;
  return rows;
}

function bits(n: number): number {
  n -= (n >>> 1) & 0x55555555;
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Pixels that one of two silhouettes fills and the other does not, over those that either fills. */
function outside(a: Uint32Array, b: Uint32Array, dx: number, dy: number): number {
  let [one, either] = [0, 0];
  for (let y = -SHIFT; y < SIZE + SHIFT; y++) {
    const own = a[y] ?? 0;
    const row = b[y - dy] ?? 0;
    const other = dx >= 0 ? row << dx : row >>> -dx;
    one += bits(own ^ other);
    either += bits(own | other);
  }
  return either === 0 ? 0 : one / either;
}

function apart(a: Uint8Array, b: Uint8Array, dx: number, dy: number): number {
  joint.fill(0);
  const [left, right] = [Math.max(0, dx), Math.min(WIDE, WIDE + dx)];
  for (let y = Math.max(0, dy); y < Math.min(WIDE, WIDE + dy); y++) {
    const back = (y - dy) * WIDE - dx;
    for (let x = left; x < right; x++) joint[a[y * WIDE + x] * ROLES + b[back + x]]++;
  }
  let agreed = 0;
  let union = 0;
  for (let i = 0; i < ROLES; i++) {
    let [row, column] = [0, 0];
    for (let j = i === 0 ? 1 : 0; j < ROLES; j++) union += joint[i * ROLES + j];
    for (let j = 1; j < ROLES; j++) {
      row = Math.max(row, joint[i * ROLES + j]);
      column = Math.max(column, joint[j * ROLES + i]);
    }
    if (i > 0) agreed += row + column;
  }
  return union === 0 ? 0 : 1 - agreed / (2 * union);
}

/** Every flip and shift. */
const WAYS = [0, 1].flatMap((flip) =>
  Array.from({ length: (2 * SHIFT + 1) ** 2 }, (_, n) => ({
    flip: flip as 0 | 1,
    dx: (n % (2 * SHIFT + 1)) - SHIFT,
    dy: Math.floor(n / (2 * SHIFT + 1)) - SHIFT,
  })),
);

/** The distance, or `most` if it is no less. Silhouettes bound it, so that few ways are gone to the end. */
function between(a: Sheet, b: Sheet, most: number): number {
  let least = most;
  const ways = WAYS.map((way) => ({ way, bound: outside(a.rows[0], b.rows[way.flip], way.dx, way.dy) }));
  ways.sort((p, q) => p.bound - q.bound);
  for (const { way, bound } of ways) {
    if (bound >= least) break;
    least = Math.min(least, apart(a.roles[0], b.roles[way.flip], way.dx, way.dy));
  }
  return least;
}

/** 0 (one is the other, recoloured, shifted or flipped) to 1. Both 32 × 32 roles. */
export const distance = (a: Uint8Array, b: Uint8Array): number => between(sheetOf(a), sheetOf(b), 1);

interface Learnt {
  readonly roles: Uint8Array;
  readonly logits: Int32Array;
  /** Of an egg by the second and third rules: its sprout's logits. */
  readonly sprout: Int32Array | undefined;
  readonly stage: number;
  readonly branch: number;
  /** Creatures of one source share their egg, and are one group. */
  readonly group: number;
  readonly rows: Uint32Array;
}

export interface Nearest {
  readonly distance: number;
  /** The training picture, finished as the judged one is. */
  readonly pixels: Uint8Array;
}

/** How many of the training pictures of the most similar silhouettes are compared pixel by pixel. */
const CANDIDATES = 20;

/** The training set to find neighbours in. */
export class Neighbours {
  private readonly learnt: Learnt[];
  private readonly rules: Rules;

  /** @param rules by which the pictures are finished that are compared with these */
  constructor(sprites: readonly TrainingSprite[], rules: Rules = 1) {
    this.rules = rules;
    const sprouts = new Map<number, Int32Array>();
    if (rules >= 2)
      for (const { pixels, creature = 0, stage } of sprites)
        if (stage === 1) sprouts.set(creature, sureLogits(pixels));
    const groups = new Map<string, number>();
    const groupOf = new Map<number, number>();
    for (const { pixels, creature = 0, stage } of sprites) {
      if (stage !== 0) continue;
      const egg = bytesToHex(pixels);
      groups.set(egg, groups.get(egg) ?? groups.size);
      groupOf.set(creature, groups.get(egg)!);
    }
    this.learnt = sprites.map(({ pixels, creature = 0, stage = 0, branch = 0 }) => {
      const own = {
        logits: sureLogits(pixels),
        sprout: stage === 0 ? sprouts.get(creature) : undefined,
      };
      const genome = new Uint8Array(32);
      const { pixels: drawn } = this.finish(own, { genome, stage, branch });
      return {
        ...own,
        roles: pixels,
        stage,
        branch,
        group: groupOf.get(creature) ?? -1,
        rows: rowsOf(drawn),
      };
    });
  }

  private finish({ logits, sprout }: Pick<Learnt, 'logits' | 'sprout'>, conditions: Conditions): Sprite {
    return finished(logits.slice(), conditions, { rules: this.rules, sprout: sprout?.slice() });
  }

  /** The nearest training picture of the same stage and branch to a picture of these conditions. */
  nearest(pixels: Uint8Array, conditions: Asked, not = -2): Nearest {
    const { stage, branch } = conditions;
    const sheet = sheetOf(pixels);
    const rows = sheet.rows[0];
    const likely = this.learnt
      .filter((one) => one.stage === stage && one.branch === branch && one.group !== not)
      .map((one) => ({ one, apart: rows.reduce((sum, row, y) => sum + bits(row ^ one.rows[y]), 0) }))
      .sort((a, b) => a.apart - b.apart)
      .slice(0, CANDIDATES);
    let best: Nearest = { distance: 1, pixels: new Uint8Array(SIZE * SIZE) };
    for (const { one } of likely) {
      const drawn = this.finish(one, conditions).pixels;
      const found = between(sheet, sheetOf(drawn), best.distance);
      if (found < best.distance) best = { distance: found, pixels: drawn };
    }
    return best;
  }

  /**
   * For each stage the first percentile of the distances between training pictures and their nearest of another source:
   * what is nearer than that is nearer than real creatures are to one another. `genomes` finish the pictures.
   */
  thresholds(sample: number, genomeOf: (n: number) => Uint8Array): number[] {
    return [0, 1, 2, 3, 4].map((stage) => {
      const own = this.learnt.filter((one) => one.stage === stage);
      const step = Math.max(1, Math.floor(own.length / sample));
      const distances = own
        .filter((_, n) => n % step === 0)
        .map((one, n) => {
          const conditions = { genome: genomeOf(n), stage, branch: one.branch };
          return this.nearest(this.finish(one, conditions).pixels, conditions, one.group).distance;
        })
        .sort((a, b) => a - b);
      return distances[Math.floor(distances.length / 100)] ?? 0;
    });
  }
}
