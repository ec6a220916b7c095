import type { MapPictures } from './map.ts';

/** Pixels per tile of the shading picture. */
const FINE = 2;

/** Mean over a square of radius r, twice: near enough to a soft brush. */
function blur(field: Float32Array, width: number, height: number, r: number): Float32Array {
  let from = field;
  for (let pass = 0; pass < 2; pass++) {
    for (const [stepX, stepY] of [
      [1, 0],
      [0, 1],
    ]) {
      const to = new Float32Array(width * height);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          let sum = 0;
          for (let k = -r; k <= r; k++) {
            const cx = Math.max(0, Math.min(width - 1, x + k * stepX));
            const cy = Math.max(0, Math.min(height - 1, y + k * stepY));
            sum += from[cy * width + cx];
          }
          to[y * width + x] = sum / (2 * r + 1);
        }
      }
      from = to;
    }
  }
  return from;
}

/**
 * A small picture laid softly over the ground: woods darken it, water deepens away from its shore, and meadows
 * are not all one green. Stretched over the map by the graphics card, it costs nothing.
 */
export function shading(map: MapPictures): HTMLCanvasElement {
  const w = map.width * FINE;
  const h = map.height * FINE;
  const trees = new Float32Array(w * h);
  const water = new Float32Array(w * h);
  const noise = new Float32Array(w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const cell = Math.floor(y / FINE) * map.width + Math.floor(x / FINE);
      trees[y * w + x] = map.solid[cell] && map.terrain[cell] !== 'water' ? 1 : 0;
      water[y * w + x] = map.terrain[cell] === 'water' ? 1 : 0;
      const n = Math.imul(Math.floor(x / 9) * 374761393 + Math.floor(y / 9) * 668265263, 1274126177);
      noise[y * w + x] = ((n ^ (n >>> 15)) & 255) / 255;
    }
  }
  const wood = blur(trees, w, h, 2);
  const depth = blur(water, w, h, 5);
  const tone = blur(noise, w, h, 7);
  const canvas = document.createElement('canvas');
  canvas.width = w;
  canvas.height = h;
  const context = canvas.getContext('2d')!;
  const image = context.createImageData(w, h);
  for (let i = 0; i < w * h; i++) {
    const dark = Math.min(0.3, wood[i] * 0.34);
    const sea = water[i] * Math.max(0, depth[i] - 0.55) * 0.75;
    const light = (tone[i] - 0.5) * (1 - water[i]);
    const colour = sea > 0.02 ? [18, 74, 140] : light > 0.03 && dark < 0.1 ? [255, 244, 150] : [16, 62, 44];
    const alpha = sea > 0.02 ? sea : colour[0] === 255 ? light * 0.55 : dark + Math.max(0, -light) * 0.5;
    image.data.set([...colour, Math.round(Math.max(0, Math.min(0.45, alpha)) * 255)], i * 4);
  }
  context.putImageData(image, 0, 0);
  return canvas;
}
