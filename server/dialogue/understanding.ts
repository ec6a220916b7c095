import { TONE_NAMES } from '#shared/world/index.ts';

/** What a sentence was understood as. It only proposes: what a tone does is the world's rules. */
export interface Understood {
  /** An index into TONE_NAMES; 0: nothing that matters. */
  tone: number;
  /** 0..1. */
  confidence: number;
  /** Normalised; null where only keywords were looked for. */
  embedding: Float32Array | null;
  german: boolean;
}

/** Whoever understands sentences. */
export interface Understanding {
  /** What understands: `encoder`, the name of a hub model, or `keywords`. */
  readonly name: string;
  /** Changes when embeddings of before can no longer be compared. */
  readonly model: string;
  understand(sentence: string): Promise<Understood>;
  close(): Promise<void>;
}

/** What the classifiers call what has no tone. */
export const OTHER = 'other';

/** The number of a tone by the name that a head uses, or 0. */
export function toneNumber(name: string): number {
  return Math.max(0, (TONE_NAMES as readonly string[]).indexOf(name));
}

/** The cosine of two normalised vectors; 0 where they cannot be compared. */
export function similarity(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return 0;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
