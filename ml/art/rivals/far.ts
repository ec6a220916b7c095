/**
 * How far from the mean latents are drawn, and what it changes: `node --import tsx ml/art/rivals/far.ts [--write]`. The
 * world's model and the plain VAE, each with its latents at so many times their usual distance, all finished by the
 * world's rules. Prints a table; with `--write` also puts it into this folder's README.md.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { finished } from '#ml/art/data/drawn.ts';
import { type Fidelity, type Generator, Judge } from '#ml/art/judge/index.ts';
import { conditionValues, LATENT_MIDDLE, latentOf } from '#shared/art/grid/latent.ts';
import { MOST } from '#shared/art/grid/network.ts';
import { answer } from '#shared/art/grid/roles.ts';
import { loadQuickArtSync } from '#shared/art/quick.ts';
import { readCheckpoint } from './checkpoint.ts';
import { writeTable } from './table.ts';
import { gaussianVae } from './vae.ts';

const FARS = [0.5, 0.75, 1, 1.5, 2, 2.5];
const ROOT = new URL('../../../', import.meta.url);

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const judge = await Judge.open();
const model = loadQuickArtSync(
  new Uint8Array(readFileSync(new URL('assets/art/companion.safetensors', ROOT))),
);
if (model.inputs !== 'art-v2') throw new Error(`companion.safetensors must be art-v2, is ${model.inputs}`);
const { grid } = model;
const parameters = readCheckpoint('vae')?.parameters();
if (!parameters) throw new Error('runs/art-rivals/vae.bin is missing: run ml/art/rivals/train.ts vae first');

/** The second rules' latents are as long as what was learnt: at once. */
const ours =
  (far: number, bare: boolean): Generator =>
  (genome, stage, branch) => {
    const latent = latentOf({ ...grid, rules: 2 }, genome).map((value) =>
      Math.max(0, Math.min(LATENT_MIDDLE + Math.round(far * (value - LATENT_MIDDLE)), MOST)),
    );
    const inputs = Uint8Array.from([...latent, ...conditionValues(stage, branch)]);
    const logits = answer(grid, inputs, false).logits.slice();
    return finished(logits, { genome, stage, branch }, { rules: grid.rules, bare });
  };

const theirs = (far: number, bare: boolean): Generator => {
  const family = gaussianVae(false, far);
  return (genome, stage, branch) => {
    const conditions = { genome, stage, branch };
    return finished(family.draw(parameters, [conditions])[0], conditions, { rules: grid.rules, bare });
  };
};

const shown = ({ kernelDistance, precision, recall }: Fidelity) =>
  `${kernelDistance.toFixed(2)}; ${precision.toFixed(3)}; ${recall.toFixed(3)}`;
const lines = [
  '| times as far | world’s model | its bodies alone | Gaussian VAE | its bodies alone |',
  '|---|---|---|---|---|',
];
for (const far of FARS) {
  const cells = [ours, theirs].flatMap((drawn) =>
    [false, true].map((bare) => shown(judge.fidelity(drawn(far, bare)))),
  );
  lines.push(`| ${[far, ...cells].join(' | ')} |`);
  console.log(lines[lines.length - 1]);
}
if (values.write) writeTable('far', lines);
