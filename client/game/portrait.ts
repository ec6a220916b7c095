import { hexToBytes } from '@noble/hashes/utils';
import modelUrl from '#assets/art/seedling.safetensors?url';
import { type ArtModel, loadArtModel } from '#shared/art/model.ts';
import { pictureHash, toRgba } from '#shared/art/picture.ts';
import { drawSprite } from '#shared/art/sprite.ts';
import { type FRAMES, SIZE } from '#shared/art/types.ts';

/** What a symbiont is drawn from: its genome as 64 hex digits, its stage and its branch. */
export interface Portrait {
  genome: string;
  stage: number;
  branch: number;
}

let model: ArtModel | null = null;

/** Fetches the art model, once. */
export async function loadArt(): Promise<void> {
  const response = await fetch(modelUrl);
  if (!response.ok) throw new Error(`art model: the server answered ${response.status}`);
  model = loadArtModel(new Uint8Array(await response.arrayBuffer()));
}

const drawn = (p: Portrait, frame: number) => {
  if (!model) throw new Error('art model: not loaded yet');
  return drawSprite(model, { genome: hexToBytes(p.genome), stage: p.stage, branch: p.branch }, frame);
};

/** SHA-256 of the picture as this page draws it, 64 hex digits: the same as on the chain. */
export const portraitHash = (p: Portrait): string => pictureHash(drawn(p, 0));

/** One frame, or all of them side by side, as a canvas of 32 pixels a frame. */
export function portraitCanvas(p: Portrait, frames: 1 | typeof FRAMES = 1): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = SIZE * frames;
  canvas.height = SIZE;
  const context = canvas.getContext('2d')!;
  for (let f = 0; f < frames; f++) {
    const image = context.createImageData(SIZE, SIZE);
    image.data.set(toRgba(drawn(p, f)));
    context.putImageData(image, f * SIZE, 0);
  }
  return canvas;
}
