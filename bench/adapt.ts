import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { type Adaptation, knownCosts, playAdaptation } from '#ml/suite/adaptation.ts';
import { inhabitants, scriptedInhabitants } from '#ml/suite/brains.ts';
import { adaptationSvg } from '#ml/suite/charts.ts';
import type { Estimate } from '#ml/suite/statistics.ts';
import { report } from './report.ts';

/**
 * Adaptation at once: players with one winning trick against the committed, frozen brains in a zone as large as the
 * server's, ten minutes of the world, and the same with habits hidden from the brains, so that one sees what is
 * adaptation and what the world itself does. `--seeds N` (20), `--scripted` (rules instead of brains),
 * `--brains DIR`, `--picture FILE` (docs/adapt.png; `none`: draw none), `--only` (no ablation).
 */
const args = process.argv.slice(2);
const value = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const json = args.includes('--json');
const seeds = Number(value('--seeds') ?? 20);
if (!Number.isInteger(seeds) || seeds < 2 || seeds > 1000) {
  console.error(`adapt: --seeds: must be a whole number from 2 to 1000, is ${value('--seeds')}`);
  process.exit(2);
}
const print = report('adapt', json);
const folder = value('--brains');
const minds = (blind: boolean) =>
  args.includes('--scripted') ? scriptedInhabitants() : inhabitants(blind, folder);

function figure(name: string, estimate: Estimate, unit = '%'): void {
  print(name, estimate.mean, unit);
  print(`${name}_low`, estimate.low, unit);
  print(`${name}_high`, estimate.high, unit);
}

function show(prefix: string, { tricks, fall, kept }: Adaptation): void {
  figure(`${prefix}trick_success_fall_percent`, fall);
  figure(`${prefix}varied_success_kept_percent`, kept);
  for (const trick of tricks) figure(`${prefix}${trick.trick}_fall_percent`, trick.fall);
  if (json) return;
  for (const { trick, perMinute, downs } of tricks)
    console.log(
      `  ${trick.padEnd(8)} ${perMinute.map((m) => m.mean.toFixed(1).padStart(6)).join(' ')}   per minute; down ${downs.toFixed(1)} times`,
    );
}

const play = (blind: boolean) =>
  playAdaptation(minds(blind), {
    seeds,
    onDone: (done, all) => {
      if (process.stderr.isTTY)
        process.stderr.write(`\r\x1b[2K${blind ? 'habits hidden' : 'adapting'}: ${done}/${all}`);
    },
  });
const adapting = await play(false);
if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
show('', adapting);
if (!args.includes('--only') && !args.includes('--scripted')) {
  const hidden = await play(true);
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
  show('habits_hidden_', hidden);
  const { median, tricks } = knownCosts(adapting, hidden);
  figure('cost_of_being_known_percent', median);
  for (const { trick, cost } of tricks) figure(`${trick}_cost_of_being_known_percent`, cost);
  const file = value('--picture') ?? fileURLToPath(new URL('../docs/adapt.png', import.meta.url));
  if (file !== 'none') {
    const svg = adaptationSvg(adapting, hidden);
    writeFileSync(file, new Resvg(svg, { fitTo: { mode: 'zoom', value: 2 } }).render().asPng());
    // The numbers beside the picture: what `symbiont report` shows.
    writeFileSync(file.replace(/(\.png)?$/, '.json'), `${JSON.stringify([adapting, hidden])}\n`);
  }
}
