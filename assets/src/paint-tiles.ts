import { DECOR_ART, drawObject } from './art-objects.ts';
import { OBJECTS } from './objects.ts';
import { paintGround, SIDE } from './paint-ground.ts';
import { blank, blit, type Picture } from './png.ts';
import { rasterise } from './svg.ts';
import type { Tile } from './tileset.ts';

/** Pixels of one tileset picture. Objects are shrunk into their footprint: the game draws them in full size. */
export function paintTile(tile: Tile): Picture {
  if (tile.kind === 'ground') return paintGround(tile);
  if (tile.kind === 'decor')
    return rasterise({ w: SIDE, h: SIDE, ax: 0, ay: 0, body: DECOR_ART[tile.decor] });
  const { w, h } = OBJECTS[tile.object];
  const d = drawObject(tile.object);
  const scale = Math.min((w * SIDE) / d.w, (h * SIDE) / d.h);
  const whole = rasterise({
    w: w * SIDE,
    h: h * SIDE,
    ax: 0,
    ay: 0,
    body: `<g transform="translate(${(w * SIDE - d.w * scale) / 2} ${h * SIDE - d.h * scale}) scale(${scale})">${d.body}</g>`,
  });
  const out = blank(SIDE, SIDE);
  blit(whole, out, 0, 0, (tile.part % w) * SIDE, Math.floor(tile.part / w) * SIDE, SIDE, SIDE);
  return out;
}

/** Lays pictures out in `columns`; each keeps a rim of its own edge pixels, `margin` wide. */
export function sheet(pictures: Picture[], columns: number, margin: number): Picture {
  const step = SIDE + margin * 2;
  const out = blank(columns * step, Math.ceil(pictures.length / columns) * step);
  pictures.forEach((p, n) => {
    const x = (n % columns) * step + margin;
    const y = Math.floor(n / columns) * step + margin;
    for (let k = margin; k > 0; k--) {
      blit(p, out, x - k, y, 0, 0, 1, SIDE);
      blit(p, out, x + SIDE - 1 + k, y, SIDE - 1, 0, 1, SIDE);
    }
    for (let k = 1; k <= margin; k++) {
      blit(p, out, x, y - k, 0, 0, SIDE, 1);
      blit(p, out, x, y + SIDE - 1 + k, 0, SIDE - 1, SIDE, 1);
    }
    blit(p, out, x, y);
  });
  return out;
}
