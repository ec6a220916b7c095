/**
 * Judges the trained families side by side: `node --import tsx ml/art/rivals/compare.ts [--model FILE] [--memory 60]
 * [--write] [--picture FILE]`. Prints a table; with `--write` also puts it into this folder's README.md, its numbers into
 * figures.json and the picture into docs/art-families.png or another file. `--memory 0` leaves memorising out, which takes
 * longest.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { companionSprites } from '#ml/art/companions/index.ts';
import { finished, sureLogits } from '#ml/art/data/drawn.ts';
import { genomeFrom } from '#ml/art/data/strips.ts';
import type { TrainingSprite } from '#ml/art/finetune.ts';
import { TRAINING_SEED, trainingOf } from '#ml/art/judge/figures.ts';
import type { Fidelity } from '#ml/art/judge/index.ts';
import {
  bodiesOf,
  type Generator,
  generatorOf,
  heldOutSprites,
  Judge,
  judgeMemory,
  judgeValidity,
} from '#ml/art/judge/index.ts';
import { loadArtModel } from '#shared/art/model.ts';
import { readCheckpoint } from './checkpoint.ts';
import { FAMILIES } from './families.ts';
import type { Family } from './family.ts';
import { sheetPng } from './sheet.ts';
import { writeTable } from './table.ts';

/** Rivals draw slowly: all are judged on fewer pictures than the world's model is for its own figures. */
const COUNTS = { identity: 100, validity: 100 };
/** Precision and recall are the means of groups as large as the held-out pictures. */
const GROUPS = 8;
const ROOT = new URL('../../../', import.meta.url);

interface Entry {
  readonly name: string;
  readonly title: string;
  readonly note: string;
  readonly draw: Generator;
  /** Its bodies alone, without face and adornments. */
  readonly bodies: Generator;
}

/** Everyone's pictures are finished by the world's rules. */
const RULES = 3;

/** A trained family as a generator; its pictures are finished as the world's are. */
function rival(family: Family): Entry | undefined {
  const checkpoint = readCheckpoint(family.name);
  if (!checkpoint) return undefined;
  const parameters = checkpoint.parameters();
  const drawn =
    (bare: boolean): Generator =>
    (genome, stage, branch) => {
      // an egg wears what its sprout does
      const asked = stage === 0 ? [stage, 1] : [stage];
      const [logits, sprout] = family.draw(
        parameters,
        asked.map((one) => ({ genome, stage: one, branch })),
      );
      return finished(logits, { genome, stage, branch }, { rules: RULES, sprout, bare });
    };
  const weights = Math.round(parameters.count() / 1000);
  const note = `${checkpoint.spent.toFixed(0)} s, ${checkpoint.step} steps, ${weights} k weights`;
  return { name: family.name, title: family.title, note, draw: drawn(false), bodies: drawn(true) };
}

function committed(name: string, title: string, told: string, file: URL | string): Entry | undefined {
  if (!existsSync(file)) return undefined;
  const model = loadArtModel(new Uint8Array(readFileSync(file)));
  const { seconds, steps } = model.manifest.provenance;
  const note = told || `${seconds} s, ${steps} steps`;
  return { name, title, note, draw: generatorOf(model), bodies: bodiesOf(model) };
}

/** The training pictures themselves, by the creature that a genome falls on: what a model that learns by heart would come to. */
function learnt(): Entry {
  const strips = new Map<number, TrainingSprite[]>();
  for (const sprite of companionSprites(TRAINING_SEED)) {
    const { creature = 0 } = sprite;
    strips.set(creature, [...(strips.get(creature) ?? []), sprite]);
  }
  const drawn =
    (bare: boolean): Generator =>
    (genome, stage, branch) => {
      const strip =
        strips.get(new DataView(genome.buffer, genome.byteOffset).getUint32(0) % strips.size) ?? [];
      const at = (wanted: number) =>
        strip.find((one) => one.stage === wanted && (one.branch ?? branch) === branch)?.pixels;
      const own = at(stage);
      const sprout = stage === 0 ? at(1) : undefined;
      if (!own) throw new RangeError(`no training picture of stage ${stage}, branch ${branch}`);
      const how = { rules: RULES, sprout: sprout && sureLogits(sprout), bare } as const;
      return finished(sureLogits(own), { genome, stage, branch }, how);
    };
  return {
    name: 'learnt',
    title: 'The training pictures themselves',
    note: 'drawn, not learnt',
    draw: drawn(false),
    bodies: drawn(true),
  };
}

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'assets/art/companion.safetensors' },
    memory: { type: 'string', default: '60' },
    write: { type: 'boolean', default: false },
    picture: { type: 'string', default: 'docs/art-families.png' },
  },
});
const judge = await Judge.open();
const entries = [
  committed('world', 'World’s model', 'in full', values.model),
  committed('grid', 'Its kind, as long as the rivals', '', new URL('runs/art-rivals/grid.safetensors', ROOT)),
  ...FAMILIES.map(rival),
  learnt(),
  committed('grammar', 'Grammar alone', 'in full', new URL('assets/art/seedling.safetensors', ROOT)),
].filter((one) => one !== undefined);

const memory = Number(values.memory);
if (!Number.isInteger(memory) || memory < 0 || memory > 1000)
  throw new Error(`memory must be a whole number 0..1000, got ${values.memory}`);
const training = memory > 0 ? trainingOf(RULES, memory) : undefined;
const real = heldOutSprites().length;
const columns = [
  'kernel distance',
  'precision',
  'recall',
  'of bodies alone',
  'own nearest by form',
  'one body',
  'blank',
  ...(training ? ['memorised'] : []),
];
const shown = ({ kernelDistance, precision, recall }: Fidelity) => [
  kernelDistance.toFixed(2),
  precision.toFixed(3),
  recall.toFixed(3),
];
const lines = [`| family | trained | ${columns.join(' | ')} |`, `|---|---|${'---|'.repeat(columns.length)}`];
const labels: string[] = [];
const figures: Record<string, Record<string, number>> = {};
for (const { name, title, note, draw, bodies } of entries) {
  const { kernelDistance, precision, recall } = judge.fidelity(draw, GROUPS * real);
  const body = judge.fidelity(bodies, GROUPS * real);
  const own = judge.identity('form', draw, COUNTS.identity).percent;
  const valid = judgeValidity(draw, COUNTS.validity);
  const learnt = training && judgeMemory(draw, training.neighbours, training.thresholds, memory).percent;
  const percents = [own, valid.oneBodyPercent, valid.blankPercent, ...(learnt === undefined ? [] : [learnt])];
  const parts = shown({ kernelDistance, precision, recall });
  const alone = shown(body).join('; ');
  const rest = percents.map((one) => `${one.toFixed(1)} %`);
  lines.push(`| ${[title, note, ...parts, alone, ...rest].join(' | ')} |`);
  console.log(lines[lines.length - 1]);
  labels.push(`${title}\n${note}\nkernel distance ${parts[0]}\nprecision ${parts[1]}, recall ${parts[2]}`);
  figures[name] = {
    kernel_distance: kernelDistance,
    precision,
    recall,
    body_kernel_distance: body.kernelDistance,
    body_precision: body.precision,
    body_recall: body.recall,
    one_body_percent: valid.oneBodyPercent,
    blank_percent: valid.blankPercent,
    ...(learnt === undefined ? {} : { memorised_percent: learnt }),
  };
}

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
  const told = Object.fromEntries(
    Object.entries(figures).filter(([name]) => name !== 'world' && name !== 'grammar'),
  );
  writeFileSync(new URL('figures.json', import.meta.url), `${JSON.stringify(told, null, 2)}\n`);
  writeFileSync(new URL(values.picture, ROOT), sheetPng(rows, 2, labels));
  writeTable('table', lines);
}
