import { Ink } from '#shared/art/types.ts';

/** How large a lone picture is drawn at each stage after the egg, in 1/16 of its size. */
const SCALES = [0, 8, 11, 14, 16];
const EGG_WIDE = 7;
const EGG_HIGH = 9;

/**
 * A growth strip from one picture: an egg with its middle's pattern, then the picture ever larger on the same ground, for
 * creators who have one picture of a creature.
 * @param pixels size², role indices
 * @returns five pictures, seed to elder
 */
export function growthOf(pixels: Uint8Array, size: number): Uint8Array[] {
  return SCALES.map((scale) => (scale === 0 ? egg(pixels, size) : scaled(pixels, size, scale)));
}

/** The picture at scale / 16, standing on the row on which it stood, in the middle. */
function scaled(pixels: Uint8Array, size: number, scale: number): Uint8Array {
  if (scale === 16) return pixels.slice();
  let ground = size - 1;
  while (ground > 0 && pixels.subarray(ground * size, ground * size + size).every((ink) => ink === 0))
    ground--;
  const out = new Uint8Array(size * size);
  const counts = new Float64Array(16);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      // the square of the picture that this pixel covers; the commonest role wins, thin dark features count double
      const x0 = size / 2 + ((x - size / 2) * 16) / scale;
      const y0 = ground + 1 - ((ground + 1 - y) * 16) / scale;
      counts.fill(0);
      for (let sy = 0; sy < 4; sy++)
        for (let sx = 0; sx < 4; sx++) {
          const px = Math.floor(x0 + ((sx + 0.5) * 4) / scale);
          const py = Math.floor(y0 + ((sy + 0.5) * 4) / scale);
          const ink = px < 0 || py < 0 || px >= size || py >= size ? 0 : pixels[py * size + px];
          counts[ink] += ink === Ink.eye ? 1.6 : ink === Ink.none ? 1.05 : 1;
        }
      let best = 0;
      for (let ink = 1; ink < 16; ink++) if (counts[ink] > counts[best]) best = ink;
      out[y * size + x] = best;
    }
  return out;
}

function egg(pixels: Uint8Array, size: number): Uint8Array {
  const unit = size / 32;
  const out = new Uint8Array(size * size);
  const middle = { x: size / 2, y: size * 0.62 };
  const [wide, high] = [EGG_WIDE * unit, EGG_HIGH * unit];
  const at = { x: size / 2, y: size - 2 * unit - high };
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const dx = (x + 0.5 - at.x) / wide;
      const dy = (y + 0.5 - at.y) / high;
      // narrower above
      const r = Math.hypot(dx * (dy < 0 ? 1 - dy * 0.2 : 1), dy);
      if (r > 1) continue;
      const px = Math.round(middle.x + dx * wide * 1.2);
      const py = Math.round(middle.y + dy * high * 1.1);
      const ink = px >= 0 && py >= 0 && px < size && py < size ? pixels[py * size + px] : Ink.none;
      const plain = ink === Ink.none || ink === Ink.outline || ink === Ink.eye || ink === Ink.mark;
      out[y * size + x] = r > 0.86 ? Ink.coatShade : plain ? Ink.coat : ink;
    }
  return out;
}
