import { hexToBytes } from '@noble/hashes/utils';
import modelUrl from '#assets/art/companion.safetensors?url';
import firstUrl from '#assets/art/seedling.safetensors?url';
import { accelerate } from '#shared/art/grid/kernel.ts';
import { type ArtModel, loadArtModel } from '#shared/art/model.ts';
import { pictureHash, toRgba } from '#shared/art/picture.ts';
import { drawSprite, morphStrip } from '#shared/art/sprite.ts';
import { type Conditions, type FRAMES, SIZE, type Sprite } from '#shared/art/types.ts';

/**
 * What a symbiont is drawn from: its genome as 64 hex digits, its stage and its branch. `picture`: the hash on the chain,
 * which says which model drew it; without it the newest does.
 */
export interface Portrait {
  genome: string;
  stage: number;
  branch: number;
  picture?: string;
}

/** The world's models, newest first. */
let models: readonly ArtModel[] = [];

/** Fetches the art models, once. */
export async function loadArt(): Promise<void> {
  models = await Promise.all(
    [modelUrl, firstUrl].map(async (url) => {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`art model: the server answered ${response.status}`);
      const model = loadArtModel(new Uint8Array(await response.arrayBuffer()));
      if (model.inputs === 'art-v2') await accelerate(model.grid);
      return model;
    }),
  );
}

const conditionsOf = ({ genome, stage, branch }: Portrait): Conditions => ({
  genome: hexToBytes(genome),
  stage,
  branch,
});

/** Which model drew a picture, by its hash; filled as pictures are seen. */
const drewIt = new Map<string, ArtModel>();
const MOST_KNOWN = 4096;

function modelOf(p: Portrait): ArtModel {
  if (models.length === 0) throw new Error('art model: not loaded yet');
  if (!p.picture) return models[0];
  const known = drewIt.get(p.picture);
  if (known) return known;
  const conditions = conditionsOf(p);
  const found = models.find((model) => pictureHash(drawSprite(model, conditions)) === p.picture) ?? models[0];
  if (drewIt.size >= MOST_KNOWN) drewIt.clear();
  drewIt.set(p.picture, found);
  return found;
}

const drawn = (p: Portrait, frame: number) => drawSprite(modelOf(p), conditionsOf(p), frame);

/** SHA-256 of the picture as this page draws it, 64 hex digits: the same as on the chain. */
export const portraitHash = (p: Portrait): string => pictureHash(drawn(p, 0));

/** Sprites side by side. */
function canvasOf(sprites: readonly Sprite[]): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = SIZE * sprites.length;
  canvas.height = SIZE;
  const context = canvas.getContext('2d')!;
  sprites.forEach((sprite, n) => {
    const image = context.createImageData(SIZE, SIZE);
    image.data.set(toRgba(sprite));
    context.putImageData(image, n * SIZE, 0);
  });
  return canvas;
}

/** One frame, or all of them side by side, as a canvas of 32 pixels a frame. */
export function portraitCanvas(p: Portrait, frames: 1 | typeof FRAMES = 1): HTMLCanvasElement {
  return canvasOf(Array.from({ length: frames }, (_, f) => drawn(p, f)));
}

/** Pictures of an evolution, both forms' own among them. */
export const MORPH_FRAMES = 12;

/** The way from one form to the next, side by side: `MORPH_FRAMES` pictures of 32 pixels. */
export function morphCanvas(from: Portrait, to: Portrait): HTMLCanvasElement {
  return canvasOf(morphStrip(modelOf(to), conditionsOf(from), conditionsOf(to), MORPH_FRAMES));
}
