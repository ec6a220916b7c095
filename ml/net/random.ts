import * as sfc32 from '#shared/world/rng.ts';

/** Four words of a generator; they are saved with a checkpoint. */
export function seedRng(seed: number): Int32Array {
  const words = new Int32Array(4);
  sfc32.seedRng(words, 0, seed);
  return words;
}

export function nextRandom(words: Int32Array): number {
  return sfc32.nextRandom(words, 0);
}

/** Puts `order` into a random order (Fisher and Yates). */
export function shuffle(order: Uint32Array, words: Int32Array): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor((nextRandom(words) / 2 ** 32) * (i + 1));
    const swap = order[i];
    order[i] = order[j];
    order[j] = swap;
  }
}
