import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { createTrainer, type Trainer } from '../finetune.ts';
import { bodyStrip } from './bodies.ts';
import { enlarged } from './enlarge.ts';

/** What a creator's training needs to be known by: the same order gives the same bytes on the same backend. */
export interface OwnOrder {
  readonly size: 32 | 64;
  /** Of each picture its size² roles (`Ink`). */
  readonly sprites: readonly Uint8Array[];
  readonly seed: number;
  readonly steps: number;
  /** The world's own file; null: it begins from nothing. */
  readonly base: Uint8Array | null;
  /** 1..64 characters */
  readonly name: string;
  /** An SPDX identifier: it joins the model's provenance. */
  readonly licence: string;
}

/** A trainer that also knows what it is given to say of the model's origin. */
export interface OwnTrainer extends Trainer {
  /** The finished file, with licence and parent. */
  finished(): Uint8Array;
}

/**
 * The trainer of a creator's order, in a browser's worker or in a process of the server alike. Pictures become bodies of
 * companions, whose faces and adornments are painted by rule.
 * @throws ArtError naming the field and its limit
 */
export function ownTrainer({ size, sprites, seed, steps, base, name, licence }: OwnOrder): OwnTrainer {
  const trainer = createTrainer({
    size,
    sprites: sprites.flatMap((roles, creature) => bodyStrip(roles, creature, size)),
    seed,
    steps,
    style: 'companion',
    name,
    ...(base ? { base: size === 32 ? base : enlarged(base) } : {}),
  });
  const parent = base ? bytesToHex(sha256(base)) : null;
  return {
    ...trainer,
    get done() {
      return trainer.done;
    },
    finished: () => trainer.model({ licence, parent }),
  };
}
