/**
 * Figures of the world's art model: how fast it draws, whether every engine draws the same, and what the judge
 * (ml/art/judge) says of its pictures beside the grammar's alone and a plain VAE's. `--quick` leaves out what needs a
 * browser and a ledger.
 */
import { existsSync, readFileSync } from 'node:fs';
import { sha256 } from '@noble/hashes/sha2';
import { utf8ToBytes } from '@noble/hashes/utils';
import { figuresOf, trainingOf } from '#ml/art/judge/figures.ts';
import { bodiesOf, generatorOf, Judge } from '#ml/art/judge/index.ts';
import { toGif } from '#shared/art/gif.ts';
import { accelerateSync } from '#shared/art/grid/kernel.ts';
import { type ArtModel, loadArtModel, rulesOf } from '#shared/art/model.ts';
import { MAX_SCALE, pictureHash, toPng } from '#shared/art/picture.ts';
import { drawSprite, drawStrip } from '#shared/art/sprite.ts';
import { artSweep } from '#shared/art/vectors.ts';
import { sweepInChromium } from './art-chromium.ts';
import { measureProvenance } from './art-provenance.ts';
import { median, report } from './report.ts';

const MODEL = 'assets/art/companion.safetensors';
const GRAMMAR = 'assets/art/seedling.safetensors';
/** What the rival families were judged at, by `ml/art/rivals`. */
const RIVALS = 'ml/art/rivals/figures.json';
/** As many as the vectors' page sweeps. */
const SWEEP = 10_000;

const print = report('art', process.argv.includes('--json'));
const quick = process.argv.includes('--quick');
const load = (path: string) => loadArtModel(new Uint8Array(readFileSync(path)));
const model = load(MODEL);
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
const timeOf = (of: ArtModel) => median([1, 2, 3].map(() => time((one) => drawSprite(of, one))));

print('render_js_ms', timeOf(model), 'ms');
const sweep = artSweep(model, SWEEP);
if (model.inputs === 'art-v2') {
  const fast = load(MODEL);
  if (fast.inputs === 'art-v2') accelerateSync(fast.grid);
  print('render_wasm_ms', timeOf(fast), 'ms');
  print('same_in_wasm', artSweep(fast, SWEEP) === sweep ? SWEEP : 0, `of ${SWEEP}`);
}
if (!quick) print('same_in_chromium', (await sweepInChromium()) === sweep ? SWEEP : 0, `of ${SWEEP}`);
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

/** Figures that are set beside others': the lesser kernel distance is better, the greater precision and recall. */
const COMPARED = ['kernel_distance', 'precision', 'recall'].flatMap((one) => [one, `body_${one}`]);
const judge = await Judge.open();
const training = trainingOf(rulesOf(model));
const found = figuresOf(judge, model, training);
const grammar = judge.fidelity(generatorOf(load(GRAMMAR)));
const grammarBody = judge.fidelity(bodiesOf(load(GRAMMAR)));
const beside: Record<string, number> = {
  kernel_distance: grammar.kernelDistance,
  precision: grammar.precision,
  recall: grammar.recall,
  body_kernel_distance: grammarBody.kernelDistance,
  body_precision: grammarBody.precision,
  body_recall: grammarBody.recall,
};
const rivals: Record<string, Record<string, number>> = existsSync(RIVALS)
  ? JSON.parse(readFileSync(RIVALS, 'utf8'))
  : {};
for (const [figure, value, unit] of found.values) {
  if (!COMPARED.includes(figure)) {
    print(figure, value, unit);
    continue;
  }
  print(figure, value, unit, { peer: 'the grammar alone', peerValue: beside[figure] });
  for (const [family, figures] of Object.entries(rivals))
    if (figures[figure] !== undefined)
      print(`${figure}_beside_${family}`, value, unit, { peer: family, peerValue: figures[figure] });
}
if (!quick) print('provenance_redrawn', await measureProvenance(), 'of 100');
