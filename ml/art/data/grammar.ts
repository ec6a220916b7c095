import { readFileSync } from 'node:fs';
import { randomFrom } from '#ml/art/dense.ts';
import { loadArtModel } from '#shared/art/model.ts';
import { drawSprite } from '#shared/art/sprite.ts';
import { GENOME_BYTES, Ink, STAGES } from '#shared/art/types.ts';
import { checkSize, FIRST_GRAMMAR, type TrainingSprite } from './types.ts';

const MODEL = new URL('../../../assets/art/seedling.safetensors', import.meta.url);
const MOST = 100_000;

/**
 * `count` creatures of the body-plan grammar, each at its five stages on one branch (by turns none, bloom, thorn,
 * stone, heart), drawn by the seedling model without the coat's freckles. At 64 each pixel is four, edges smoothed.
 */
export function grammarSprites(size: 32 | 64, count: number, seed: number): TrainingSprite[] {
  checkSize(size);
  if (!Number.isInteger(count) || count < 0 || count > MOST)
    throw new Error(`count must be a whole number 0..${MOST}, got ${count}`);
  const model = loadArtModel(readFileSync(MODEL));
  const random = randomFrom(seed);
  const sprites: TrainingSprite[] = [];
  for (let n = 0; n < count; n++) {
    const genome = Uint8Array.from({ length: GENOME_BYTES }, () => Math.floor(random() * 256));
    const branch = n % 5;
    for (let stage = 0; stage < STAGES.length; stage++) {
      const plain = drawSprite(model, { genome, stage, branch }).pixels.map((ink) =>
        ink === Ink.mark ? Ink.coat : ink,
      );
      const pixels = size === 32 ? plain : doubled(plain);
      sprites.push({ size, pixels, creature: FIRST_GRAMMAR + n, stage, branch, source: 'grammar', genome });
    }
  }
  return sprites;
}

/** 32 × 32 → 64 × 64 by EPX (Johnston 1992): a corner takes its two neighbours' role where they agree. */
export function doubled(pixels: Uint8Array): Uint8Array {
  const out = new Uint8Array(64 * 64);
  const at = (x: number, y: number) => (x < 0 || y < 0 || x > 31 || y > 31 ? 0 : pixels[y * 32 + x]);
  for (let y = 0; y < 32; y++)
    for (let x = 0; x < 32; x++) {
      const [p, up, right, left, down] = [at(x, y), at(x, y - 1), at(x + 1, y), at(x - 1, y), at(x, y + 1)];
      const corners = [
        left === up && left !== down && up !== right ? up : p,
        up === right && up !== left && right !== down ? right : p,
        down === left && down !== right && left !== up ? left : p,
        right === down && right !== up && down !== left ? down : p,
      ];
      corners.forEach((ink, c) => {
        out[(2 * y + (c >> 1)) * 64 + 2 * x + (c & 1)] = ink;
      });
    }
  return out;
}
