/**
 * What the art pipeline draws from and what it draws.
 *
 * A picture is a pure function of (art model, genome, stage, branch, frame): integers only, so the same
 * bytes come out of Node, of a browser and of anyone's re-check.
 */

export const SIZE = 32;
export const HALF = SIZE / 2;
export const PIXELS = SIZE * SIZE;
export const COLOURS = 16;
export const GENOME_BYTES = 32;

export const STAGES = ['seed', 'sprout', 'young', 'grown', 'elder'] as const;
export const BRANCHES = ['none', 'bloom', 'thorn', 'stone', 'heart'] as const;
/** Frames 0..3 are the idle loop (frame 0 is the picture itself), 4..7 the walk. */
export const FRAMES = 8;

/** What a picture is drawn from. `genome` is 32 bytes, `stage` 0..4, `branch` 0..4. */
export interface Conditions {
  readonly genome: Uint8Array;
  readonly stage: number;
  readonly branch: number;
}

/**
 * By which rules a genome is read and a picture finished; a model's file names them, one that names none means the first.
 * The second: an egg wears the coat of what will hatch from it, colours are told apart more finely, and mixed latents
 * keep their length. The third: mixed latents are twice as long, and a grown one has no
 * specks and keeps a young one's eyes, with smaller cheeks and mouth.
 */
export type Rules = 1 | 2 | 3;

/** A palette-indexed picture: `palette` 16 × RGBA, `pixels` row by row, top first; index 0 is transparent. */
export interface Sprite {
  readonly width: number;
  readonly height: number;
  readonly palette: Uint8Array;
  readonly pixels: Uint8Array;
}

/** Palette indices by their use. */
export const Ink = {
  none: 0,
  outline: 1,
  coatShade: 2,
  coat: 3,
  coatLight: 4,
  mark: 5,
  patch: 6,
  patchShade: 7,
  eye: 8,
  iris: 9,
  white: 10,
  accent: 11,
  accentShade: 12,
  accentLight: 13,
  blush: 14,
  leaf: 15,
} as const;

/** A refusal by the art pipeline: the message names the field and its limit. */
export class ArtError extends Error {
  override readonly name = 'ArtError';
}

function whole(field: string, value: number, limit: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= limit)
    throw new ArtError(`${field} must be a whole number 0..${limit - 1}, got ${value}`);
}

/** Throws `ArtError` unless the conditions (and the frame) are ones that can be drawn. */
export function checkConditions({ genome, stage, branch }: Conditions, frame = 0): void {
  if (!(genome instanceof Uint8Array) || genome.length !== GENOME_BYTES)
    throw new ArtError(`genome must be ${GENOME_BYTES} bytes, got ${genome?.length ?? 'none'}`);
  whole('stage', stage, STAGES.length);
  whole('branch', branch, BRANCHES.length);
  whole('frame', frame, FRAMES);
}
