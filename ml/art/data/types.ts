/** One picture that an art model learns from. */
export interface TrainingSprite {
  readonly size: 32 | 64;
  /** size × size palette roles (`Ink` of shared/art), row by row, top first. */
  readonly pixels: Uint8Array;
  /** Pictures of one creature have one number: below 1,000 real, from 1,000 the grammar's. */
  readonly creature: number;
  /** 0..4. */
  readonly stage: number;
  /** 0..4. */
  readonly branch: number;
  readonly source: 'real' | 'grammar';
  /** What the grammar drew it from, 32 bytes. */
  readonly genome?: Uint8Array;
}

/** The grammar's creatures are numbered from here. */
export const FIRST_GRAMMAR = 1000;

/** The picture seen in a mirror. */
export function flipped(sprite: TrainingSprite): TrainingSprite {
  const { size } = sprite;
  const pixels = sprite.pixels.map((_, p) => sprite.pixels[p - (p % size) + size - 1 - (p % size)]);
  return { ...sprite, pixels };
}

/** Throws unless `size` is one the sprites have. */
export function checkSize(size: number): asserts size is 32 | 64 {
  if (size !== 32 && size !== 64) throw new Error(`size must be 32 or 64, got ${size}`);
}
