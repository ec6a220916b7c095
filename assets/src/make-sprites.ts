/**
 * Draws `assets/sprites/creatures.png` and `things.png` with their atlases in Phaser's JSON-hash form, and the icons of the page.
 * `node --import tsx assets/src/make-sprites.ts`
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { drawCreature, LOOKS, POSES } from './art-creatures.ts';
import { drawObject } from './art-objects.ts';
import { THINGS } from './art-things.ts';
import { OBJECT_NAMES } from './objects.ts';
import { blank, blit, indexedPng, type Picture } from './png.ts';
import { type Drawing, emoji, rasterise } from './svg.ts';

const WIDTH = 1024;
const GAP = 2;

/** The rectangle of a picture that is not wholly transparent. */
function bounds(p: Picture): { x: number; y: number; w: number; h: number } {
  let [x0, y0, x1, y1] = [p.width, p.height, -1, -1];
  for (let y = 0; y < p.height; y++) {
    for (let x = 0; x < p.width; x++) {
      if (p.data[(y * p.width + x) * 4 + 3] === 0) continue;
      x0 = Math.min(x0, x);
      x1 = Math.max(x1, x);
      y0 = Math.min(y0, y);
      y1 = Math.max(y1, y);
    }
  }
  return x1 < 0 ? { x: 0, y: 0, w: 1, h: 1 } : { x: x0, y: y0, w: x1 - x0 + 1, h: y1 - y0 + 1 };
}

/** Shelves, tallest first: simple, and nearly as tight as a cleverer packer for pictures this alike. */
function pack(file: string, drawings: [string, Drawing][]): void {
  const frames = drawings.map(([name, drawing]) => {
    const picture = rasterise(drawing);
    return { name, drawing, picture, x: 0, y: 0, trim: bounds(picture) };
  });
  let [x, y, shelf] = [GAP, GAP, 0];
  for (const f of [...frames].sort((a, b) => b.trim.h - a.trim.h || (a.name < b.name ? -1 : 1))) {
    if (x + f.trim.w + GAP > WIDTH) {
      x = GAP;
      y += shelf + GAP;
      shelf = 0;
    }
    f.x = x;
    f.y = y;
    x += f.trim.w + GAP;
    shelf = Math.max(shelf, f.trim.h);
  }
  const atlas = blank(WIDTH, y + shelf + GAP);
  for (const f of frames) blit(f.picture, atlas, f.x, f.y, f.trim.x, f.trim.y, f.trim.w, f.trim.h);
  const png = indexedPng(atlas);
  writeFileSync(new URL(`${file}.png`, out), png);
  const entries = frames.map((f) => [
    f.name,
    {
      frame: { x: f.x, y: f.y, w: f.trim.w, h: f.trim.h },
      rotated: false,
      trimmed: true,
      spriteSourceSize: { x: f.trim.x, y: f.trim.y, w: f.trim.w, h: f.trim.h },
      sourceSize: { w: f.drawing.w, h: f.drawing.h },
      anchor: { x: f.drawing.ax / f.drawing.w, y: f.drawing.ay / f.drawing.h },
    },
  ]);
  const size = { w: atlas.width, h: atlas.height };
  const meta = {
    app: 'make-sprites',
    version: '1',
    image: `${file}.png`,
    format: 'RGBA8888',
    size,
    scale: '1',
  };
  const rows = entries.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join(',\n');
  writeFileSync(new URL(`${file}.json`, out), `{"frames":{\n${rows}\n},\n"meta":${JSON.stringify(meta)}}\n`);
  console.log(
    `${file}.png ${size.w}×${size.h}, ${frames.length} frames, ${(png.length / 1024).toFixed(0)} KiB`,
  );
}

const out = new URL('../sprites/', import.meta.url);
mkdirSync(new URL('ui/', out), { recursive: true });
pack(
  'creatures',
  LOOKS.flatMap((l) => POSES.map((p): [string, Drawing] => [`${l.name}/${p}`, drawCreature(l, p)])),
);
pack('things', [
  ...OBJECT_NAMES.map((n): [string, Drawing] => [n, drawObject(n)]),
  ...Object.entries(THINGS),
]);

const UI: Record<string, string> = {
  heart: 'red-heart',
  stamina: 'high-voltage',
  hunger: 'poultry-leg',
  fruit: 'red-apple',
  crystal: 'gem-stone',
  bank: 'basket',
  sound: 'speaker-high-volume',
  muted: 'muted-speaker',
  help: 'red-question-mark',
  key: 'key',
  strike: 'crossed-swords',
  guard: 'shield',
  gather: 'basket',
  give: 'wrapped-gift',
  walk: 'hiking-boot',
  time: 'hourglass-done',
  seed: 'seedling',
  bloom: 'cherry-blossom',
  thorn: 'dagger',
  stone: 'rock',
  bond: 'sparkling-heart',
  skull: 'skull',
  chat: 'speech-balloon',
  people: 'pencil',
  coin: 'coin',
  trade: 'balance-scale',
};
for (const [name, of] of Object.entries(UI)) {
  writeFileSync(
    new URL(`ui/${name}.svg`, out),
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${emoji(of)}</svg>\n`,
  );
}
for (const look of LOOKS.filter((l) => l.role === 'player')) {
  writeFileSync(
    new URL(`ui/face-${look.name}.svg`, out),
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${emoji(look.face)}</svg>\n`,
  );
}
