import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { sha256 } from '@noble/hashes/sha2';
import { utf8ToBytes } from '@noble/hashes/utils';
import { BRANCHES, STAGES } from '#shared/art/types.ts';
import { grown } from './growth.ts';
import { CREATURES, kinOf } from './icons.ts';
import { figureOf } from './raster.ts';
import { checkSize, type TrainingSprite } from './types.ts';

/** Pictures a creature: each stage on each branch. */
const EACH = STAGES.length * BRANCHES.length;
const HELD_OUT_PERCENT = 20;
const CACHE = new URL('../../../runs/art-data/', import.meta.url);

/** Whether a creature is kept from training, by the hash of its kin's name. */
export function isHeldOut(creature: number): boolean {
  return (sha256(utf8ToBytes(`held out ${kinOf(CREATURES[creature])}`))[0] * 100) >> 8 < HELD_OUT_PERCENT;
}

/**
 * Real pictures to train on: every creature that is not held out at every stage (0..4) and branch (0..4).
 * `adorned` (the default) paints on what the branch grows; without, only branch 0 is given.
 */
export function realSprites(size: 32 | 64, adorned = true): TrainingSprite[] {
  return all(size, adorned).filter((one) => !isHeldOut(one.creature));
}

/** Real pictures that no model may learn from, otherwise as `realSprites`. */
export function heldOut(size: 32 | 64, adorned = true): TrainingSprite[] {
  return all(size, adorned).filter((one) => isHeldOut(one.creature));
}

function all(size: 32 | 64, adorned: boolean): TrainingSprite[] {
  checkSize(size);
  const bytes = cached(size);
  const area = size * size;
  const sprites: TrainingSprite[] = [];
  for (let n = 0; n < CREATURES.length * EACH; n++) {
    const branch = n % BRANCHES.length;
    if (!adorned && branch > 0) continue;
    const pixels = bytes.slice(n * area, (n + 1) * area);
    const creature = Math.floor(n / EACH);
    const stage = Math.floor(n / BRANCHES.length) % STAGES.length;
    sprites.push({ size, pixels, creature, stage, branch, source: 'real' });
  }
  return sprites;
}

const known = new Map<number, Uint8Array>();

/** All pictures one after the other: made once for this code and these icons, then read from a file. */
function cached(size: 32 | 64): Uint8Array {
  const before = known.get(size);
  if (before) return before;
  const file = new URL(`real-${size}-${fingerprint()}.bin`, CACHE);
  let bytes: Uint8Array;
  if (existsSync(file)) bytes = new Uint8Array(readFileSync(file));
  else {
    bytes = made(size);
    mkdirSync(CACHE, { recursive: true });
    const part = new URL(`${file.href}.${process.pid}`);
    writeFileSync(part, bytes);
    renameSync(part, file);
  }
  known.set(size, bytes);
  return bytes;
}

function made(size: 32 | 64): Uint8Array {
  const bytes = new Uint8Array(CREATURES.length * EACH * size * size);
  let at = 0;
  for (const { icon, face, faceless } of CREATURES) {
    const figure = figureOf(icon, faceless);
    const front = face ? figureOf(face) : undefined;
    for (let stage = 0; stage < STAGES.length; stage++)
      for (let branch = 0; branch < BRANCHES.length; branch++) {
        bytes.set(grown(figure, front, { size, stage, branch, adorned: true }), at);
        at += size * size;
      }
  }
  return bytes;
}

/** Changes with this folder's code, with what it draws adornments by and with the icons' version. */
function fingerprint(): string {
  const hash = createHash('sha256');
  const here = new URL('./', import.meta.url);
  for (const name of readdirSync(here).sort())
    if (name.endsWith('.ts') && !name.endsWith('.test.ts')) hash.update(readFileSync(new URL(name, here)));
  hash.update(readFileSync(new URL('../../../shared/art/adorn.ts', import.meta.url)));
  const require = createRequire(import.meta.url);
  hash.update(readFileSync(require.resolve('@iconify-json/fluent-emoji-flat/info.json')));
  hash.update(readFileSync(require.resolve('@iconify-json/fluent-emoji-flat/package.json')));
  return hash.digest('hex').slice(0, 16);
}
