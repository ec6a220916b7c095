import { readFileSync } from 'node:fs';
import { sha256 } from '@noble/hashes/sha2';
import { utf8ToBytes } from '@noble/hashes/utils';
import { toGif } from '#shared/art/gif.ts';
import { loadArtModel } from '#shared/art/model.ts';
import { MAX_SCALE, pictureHash, toPng } from '#shared/art/picture.ts';
import { drawSprite, drawStrip } from '#shared/art/sprite.ts';
import { measureProvenance } from './art-provenance.ts';
import { median, report } from './report.ts';

const print = report('art', process.argv.includes('--json'));
const model = loadArtModel(readFileSync('assets/art/seedling.safetensors'));
const conditions = Array.from({ length: 200 }, (_, n) => ({
  genome: sha256(utf8ToBytes(`bench ${n}`)),
  stage: n % 5,
  branch: (n >> 2) % 5,
}));

/** Median milliseconds of one call, over 200 symbionts, after warming up. */
function time(draw: (one: (typeof conditions)[number]) => void): number {
  for (const one of conditions) draw(one);
  return median(
    conditions.map((one) => {
      const start = performance.now();
      draw(one);
      return performance.now() - start;
    }),
  );
}

print('render_js_ms', median([1, 2, 3].map(() => time((one) => drawSprite(model, one)))), 'ms');
print(
  'picture_hash_ms',
  time((one) => pictureHash(drawSprite(model, one))),
  'ms',
);
print(
  'png_3008_ms',
  time((one) => toPng(drawSprite(model, one), MAX_SCALE)),
  'ms',
);
print(
  'gif_ms',
  time((one) => toGif(drawStrip(model, one))),
  'ms',
);
print('provenance_redrawn', await measureProvenance(), 'of 100');
