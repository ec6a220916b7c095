/**
 * Judges the trained families side by side: `node --import tsx ml/art/rivals/compare.ts [--model FILE] [--write]`. Prints
 * a table; with `--write` also puts it into this folder's README.md, and the picture into docs/art-families.png.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { finished } from '#ml/art/data/drawn.ts';
import { genomeFrom } from '#ml/art/data/strips.ts';
import { trainingOf } from '#ml/art/judge/figures.ts';
import { type Generator, generatorOf, Judge, judgeMemory, judgeValidity } from '#ml/art/judge/index.ts';
import { sheetPng } from '#ml/art/judge/sheet.ts';
import { loadArtModel } from '#shared/art/model.ts';
import { readCheckpoint } from './checkpoint.ts';
import { FAMILIES } from './families.ts';
import type { Family } from './family.ts';

/** Rivals draw slowly: all are judged on fewer pictures than the world's model is for its own figures. */
const COUNTS = { identity: 100, fidelity: 240, validity: 200, memory: 60 };
const ROOT = new URL('../../../', import.meta.url);

interface Entry {
  readonly title: string;
  readonly note: string;
  readonly draw: Generator;
}

/** A trained family as a generator; its pictures are finished as the world's are. */
function rival(family: Family): Entry | undefined {
  const checkpoint = readCheckpoint(family.name);
  if (!checkpoint) return undefined;
  const parameters = checkpoint.parameters();
  const draw: Generator = (genome, stage, branch) => {
    const [logits] = family.draw(parameters, [{ genome, stage, branch }]);
    return finished(logits, { genome, stage, branch });
  };
  const note = `${Math.round(parameters.count() / 1000)} k weights, ${checkpoint.step} steps`;
  return { title: family.title, note, draw };
}

function committed(title: string, file: URL | string): Entry | undefined {
  if (!existsSync(file)) return undefined;
  const bytes = new Uint8Array(readFileSync(file));
  return { title, note: `${Math.round(bytes.length / 1000)} KB`, draw: generatorOf(loadArtModel(bytes)) };
}

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'assets/art/companion.safetensors' },
    write: { type: 'boolean', default: false },
  },
});
const judge = await Judge.open();
const entries = [
  committed('World’s model', values.model),
  committed('Its kind, same minutes', new URL('runs/art-rivals/grid.safetensors', ROOT)),
  ...FAMILIES.map(rival),
  committed('Grammar alone', new URL('assets/art/seedling.safetensors', ROOT)),
].filter((one) => one !== undefined);

const training = trainingOf(60);
const lines = [
  '| family | size | kernel distance | precision | recall | own nearest, by form | one body | blank | memorised |',
  '|---|---|---|---|---|---|---|---|---|',
];
const labels: string[] = [];
for (const { title, note, draw } of entries) {
  const { kernelDistance, precision, recall } = judge.fidelity(draw, COUNTS.fidelity);
  const own = judge.identity('form', draw, COUNTS.identity).percent;
  const valid = judgeValidity(draw, COUNTS.validity);
  const { percent } = judgeMemory(draw, training.neighbours, training.thresholds, COUNTS.memory);
  const figures = [kernelDistance.toFixed(2), precision.toFixed(3), recall.toFixed(3), `${own.toFixed(0)} %`];
  const rest = [valid.oneBodyPercent, valid.blankPercent, percent].map((one) => `${one.toFixed(1)} %`);
  lines.push(`| ${[title, note, ...figures, ...rest].join(' | ')} |`);
  console.log(lines[lines.length - 1]);
  labels.push(
    `${title}\nkernel distance ${figures[0]}\nprecision ${figures[1]}, recall ${figures[2]}\nown nearest ${figures[3]}, memorised ${rest[2]}`,
  );
}
console.log(lines.join('\n'));

if (values.write) {
  // two creatures grow, eight more are grown
  const shown = [
    ...[0, 1].flatMap((n) => [0, 1, 2, 3, 4].map((stage) => ({ n, stage, branch: stage < 2 ? 0 : 1 + n }))),
    ...[2, 3, 4, 5, 6, 7, 8, 9].map((n) => ({ n, stage: 3, branch: 0 })),
  ];
  const rows = entries.map(({ draw }) =>
    shown.map(({ n, stage, branch }) => {
      const genome = genomeFrom(`family ${n}`);
      return { pixels: draw(genome, stage, branch).pixels, size: 32, genome, branch };
    }),
  );
  writeFileSync(new URL('docs/art-families.png', ROOT), sheetPng(rows, 2, labels));
  const readme = new URL('README.md', import.meta.url);
  const text = readFileSync(readme, 'utf8');
  const [before, after] = [text.indexOf('<!-- table -->'), text.indexOf('<!-- end -->')];
  if (before < 0 || after < before)
    throw new Error('README.md: its marks <!-- table --> and <!-- end --> are missing');
  writeFileSync(readme, `${text.slice(0, before)}<!-- table -->\n${lines.join('\n')}\n${text.slice(after)}`);
}
