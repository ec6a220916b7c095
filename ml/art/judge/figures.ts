/**
 * Figures of an art model: `node --import tsx ml/art/judge/figures.ts [--model FILE] [--count 10000]
 * [--nearest docs/art-nearest.png]`. The picture shows the drawings that are nearest to what was learnt from, four of each
 * stage, in the first and third row, and below each the training picture that it is nearest to, in its face and colours.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type ArtModel, loadArtModel, rulesOf } from '#shared/art/model.ts';
import type { Rules } from '#shared/art/types.ts';
import { companionSprites } from '../companions/index.ts';
import { genomeFrom } from '../data/strips.ts';
import { bodiesOf, generatorOf, Judge, judgeMemory, judgeValidity, type Memorised } from './index.ts';
import { Neighbours } from './neighbours.ts';
import { sheetOf } from './sheet.ts';

/** What memorising is measured against: the world model's training pictures and how near they are to one another. */
export interface Training {
  readonly neighbours: Neighbours;
  readonly thresholds: readonly number[];
}

/** Seed of the companions that the world's model and its rivals learn from. */
export const TRAINING_SEED = 7;

/** @param rules of the model that is to be judged */
export function trainingOf(rules: Rules, sample = 150): Training {
  const neighbours = new Neighbours(companionSprites(TRAINING_SEED), rules);
  return { neighbours, thresholds: neighbours.thresholds(sample, (n) => genomeFrom(`threshold ${n}`)) };
}

export interface Figures {
  /** By its name, in the order in which they are printed. */
  readonly values: readonly (readonly [figure: string, value: number, unit: string])[];
  readonly memorised: Memorised;
}

export function figuresOf(judge: Judge, model: ArtModel, training: Training, count = 10_000): Figures {
  const draw = generatorOf(model);
  const validity = judgeValidity(draw, count);
  const look = judge.identity('look', draw);
  const form = judge.identity('form', draw);
  const { kernelDistance, precision, recall } = judge.fidelity(draw);
  const body = judge.fidelity(bodiesOf(model));
  const memorised = judgeMemory(draw, training.neighbours, training.thresholds);
  return {
    memorised,
    values: [
      ['own_nearest_percent', look.percent, '%'],
      ...look.steps.map((step, n) => [`own_nearest_step${n + 1}_percent`, step, '%'] as const),
      ['own_nearest_by_form_percent', form.percent, '%'],
      ['palette_legal_percent', validity.legalPercent, '%'],
      ['blank_percent', validity.blankPercent, '%'],
      ['duplicate_percent', validity.duplicatePercent, '%'],
      ['same_form_percent', validity.sameFormPercent, '%'],
      ['one_body_percent', validity.oneBodyPercent, '%'],
      ['memorised_percent', memorised.percent, '%'],
      ['kernel_distance', kernelDistance, ''],
      ['precision', precision, ''],
      ['recall', recall, ''],
      ['body_kernel_distance', body.kernelDistance, ''],
      ['body_precision', body.precision, ''],
      ['body_recall', body.recall, ''],
    ],
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values: options } = parseArgs({
    options: {
      model: { type: 'string', default: 'assets/art/companion.safetensors' },
      count: { type: 'string', default: '10000' },
      nearest: { type: 'string' },
    },
  });
  const judge = await Judge.open();
  const model = loadArtModel(new Uint8Array(readFileSync(options.model)));
  const draw = generatorOf(model);
  const found = figuresOf(judge, model, trainingOf(rulesOf(model)), Number(options.count));
  for (const [figure, value, unit] of found.values)
    console.log(`${figure.padEnd(32)} ${value.toFixed(4)} ${unit}`);
  console.log(`thresholds ${found.memorised.thresholds.map((one) => one.toFixed(3)).join(' ')}`);
  if (options.nearest) {
    const pairs = found.memorised.nearest.map(({ asked: { genome, stage, branch }, pixels }) => {
      const own = draw(genome, stage, branch);
      return [own, { ...own, pixels }] as const;
    });
    const rows = [pairs.slice(0, 10), pairs.slice(10)].flatMap((ten) => [
      ten.map(([own]) => own),
      ten.map(([, learnt]) => learnt),
    ]);
    writeFileSync(options.nearest, sheetOf(rows));
    console.log(`nearest    ${found.memorised.nearest.map((one) => one.distance.toFixed(3)).join(' ')}`);
  }
}
