/** What the studio takes in; every limit is told when it is what stands in the way. */

/** Files dropped at once, and bytes of one. */
export const MAX_FILES = 500;
export const MAX_FILE_BYTES = 4 << 20;
/** Of a PNG, told by its header before anything is unpacked. */
export const MAX_SIDE = 4096;
export const MAX_PIXELS = 1 << 22;
export const MIN_SIDE = 8;
/** Sprites of a training set. */
export const MIN_SPRITES = 20;
export const MAX_SPRITES = 400;
/** Colours of one sprite, told apart by five bits a channel: a silhouette has fewer, a photograph more. */
export const MIN_COLOURS = 2;
export const MAX_COLOURS = 640;
/** Of an SVG. */
export const MAX_SVG_BYTES = 256 << 10;
export const MAX_SVG_ELEMENTS = 2_000;
export const MAX_SVG_DEPTH = 64;
export const MAX_SVG_USES = 64;
/** Cells of a sheet. */
export const MAX_CELLS = 1_024;

/** A picture that is not taken: the message says why, for the one who dropped it. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** A picture in memory: straight alpha, row by row. */
export interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}
