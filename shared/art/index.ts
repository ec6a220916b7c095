/** The art pipeline: genome, stage and branch → picture, PNG, SVG, words and metadata. */
export { describe, type Traits } from './describe.ts';
export { GIF_SIDE, toGif } from './gif.ts';
export { readGenome } from './identity.ts';
export {
  buildMetadata,
  chainAttributes,
  type HistoryEntry,
  type Metadata,
  type MetadataSource,
  type TraitNames,
} from './metadata.ts';
export { type ArtModel, type FieldModel, type GridArt, loadArtModel, saveArtModel } from './model.ts';
export {
  EDITION_SIDE,
  MAX_SCALE,
  pictureBytes,
  pictureHash,
  readPicture,
  readStrip,
  toPng,
  toRgba,
  toSvg,
} from './picture.ts';
export { drawSprite, drawStrip, MAX_MORPH, morphStrip, pictureOf, sizeOf } from './sprite.ts';
export { ArtError, BRANCHES, type Conditions, FRAMES, SIZE, type Sprite, STAGES } from './types.ts';
export { type ArtAnswer, type ArtCase, type ArtVectors, artVectors } from './vectors.ts';
