import { outline } from '#shared/art/finish.ts';
import { Ink, SIZE } from '#shared/art/types.ts';
import { rolesOfIcon } from '../companions/raster.ts';

/** How much of the canvas a real picture fills, as a grown companion does. */
const FILLED = 27;
const GROUND = 30;

/**
 * A real picture (Fluent Emoji, Microsoft, MIT) as a sprite's roles, size 32: on the companions' ground, in the middle,
 * with the outline that every companion has.
 * @throws Error when the collection has no such icon
 */
export function realPicture(name: string): Uint8Array {
  const { size, roles } = rolesOfIcon(name);
  const box = boundsOf(roles, size);
  const scale = Math.max(box.right - box.left, box.bottom - box.top) / FILLED;
  const middle = (box.left + box.right) / 2;
  const pixels = new Uint8Array(SIZE * SIZE);
  const counts = new Float64Array(16);
  for (let y = 1; y < SIZE - 1; y++)
    for (let x = 1; x < SIZE - 1; x++) {
      counts.fill(0);
      for (let n = 0; n < 16; n++) {
        const px = Math.floor(middle + (x + ((n & 3) + 0.5) / 4 - SIZE / 2) * scale);
        const py = Math.floor(box.bottom - (GROUND - y - ((n >> 2) + 0.5) / 4) * scale);
        const inside = px >= 0 && py >= 0 && px < size && py < size;
        const ink = inside ? roles[py * size + px] : Ink.none;
        // eyes are thin, and what makes a face
        counts[ink] += ink === Ink.eye ? 1.4 : 1;
      }
      let best = 0;
      for (let ink = 1; ink < 16; ink++) if (counts[ink] > counts[best]) best = ink;
      pixels[y * SIZE + x] = best;
    }
  outline(pixels, SIZE);
  return pixels;
}

function boundsOf(roles: Uint8Array, size: number) {
  let [left, right, top, bottom] = [size, 0, size, 0];
  for (let p = 0; p < roles.length; p++) {
    if (roles[p] === Ink.none) continue;
    left = Math.min(left, p % size);
    right = Math.max(right, (p % size) + 1);
    top = Math.min(top, Math.floor(p / size));
    bottom = Math.max(bottom, Math.floor(p / size) + 1);
  }
  return { left, right, top, bottom };
}
