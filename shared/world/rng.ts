/**
 * sfc32 (Chris Doty-Humphrey's Small Fast Counter, PractRand): four 32-bit words that live in the world's own
 * state, so that chance is part of what is saved, hashed and replayed.
 */
export function seedRng(words: Int32Array, at: number, seed: number): void {
  words[at] = seed | 0;
  words[at + 1] = 0x9e3779b9 | 0;
  words[at + 2] = 0x243f6a88 | 0;
  words[at + 3] = 1;
  for (let i = 0; i < 12; i++) nextRandom(words, at);
}

/** The next 32 random bits, as an unsigned number. */
export function nextRandom(words: Int32Array, at: number): number {
  const a = words[at];
  const b = words[at + 1];
  const c = words[at + 2];
  const d = words[at + 3];
  const t = (a + b + d) | 0;
  words[at + 3] = (d + 1) | 0;
  words[at] = b ^ (b >>> 9);
  words[at + 1] = (c + (c << 3)) | 0;
  words[at + 2] = (((c << 21) | (c >>> 11)) + t) | 0;
  return t >>> 0;
}

/** A whole number 0..bound-1 (bound at most 65536; the bias is below bound / 2^32). */
export function randomBelow(words: Int32Array, at: number, bound: number): number {
  return (((nextRandom(words, at) >>> 16) * bound) >>> 16) | 0;
}
