/**
 * mulberry32 (Tommy Ettinger): the numbers of a 32-bit seed, each 0..2^32-1, the same ones everywhere. Small and quick,
 * for cases of tests and for pictures; the world draws its own way, and nothing that must not be guessed is drawn so.
 */
export function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** The same numbers as 0 ≤ value < 1. */
export function randomFrom(seed: number): () => number {
  const next = mulberry32(seed);
  return () => next() / 0x1_0000_0000;
}

/** The same numbers as whole ones, 0 ≤ value < `below`. */
export function wholesFrom(seed: number): (below: number) => number {
  const next = randomFrom(seed);
  return (below) => Math.floor(next() * below);
}
