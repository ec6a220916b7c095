import { type ArtModel, drawSprite, toRgba } from '#shared/art/index.ts';
import type { Rgba } from './pictures/limits.ts';

/** A picture as a canvas of its own pixels. */
export function canvasOf({
  width,
  height,
  data,
}: {
  width: number;
  height: number;
  data: ArrayLike<number>;
}) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(width, height);
  image.data.set(data);
  context.putImageData(image, 0, 0);
  return canvas;
}

export interface Form {
  readonly genome: Uint8Array;
  readonly stage: number;
  readonly branch: number;
}

/** A creature as a model draws it. */
export function creature(model: ArtModel, form: Form, frame = 0): HTMLCanvasElement {
  const sprite = drawSprite(model, form, frame);
  return canvasOf({ width: sprite.width, height: sprite.height, data: toRgba(sprite) });
}

export const squareOf = (size: number, data: Uint8ClampedArray): Rgba => ({
  width: size,
  height: size,
  data,
});
