import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { writeAtomically } from '../files.ts';
import { readBrain } from '../opponents.ts';
import { modelCard } from '../suite/card.ts';
import { suiteSvg } from '../suite/charts.ts';
import { startEnergy } from '../suite/energy.ts';
import { type Judged, judged } from '../suite/policies.ts';
import { SUITE_ROLES, type SuiteRole } from '../suite/scenario.ts';
import {
  DEFAULT_EPISODES,
  evaluateSuite,
  FAIR_BAND,
  type Fairness,
  fairness,
  type SuiteResult,
} from '../suite/suite.ts';
import { readArguments, UsageError } from './options.ts';
import { duration } from './table.ts';

const OPTIONS = {
  suite: 'boolean',
  episodes: 'string',
  previous: 'string',
  threads: 'string',
  seed: 'string',
  blind: 'boolean',
  json: 'string',
  card: 'string',
  only: 'string',
} as const;

const FAIRNESS_EPISODES = 12;

/** `eval --suite BRAIN…`: the held-out scenarios of each brain's role, beside the scripted rule and random. */
export async function run(args: readonly string[]): Promise<void> {
  const given = readArguments(args, OPTIONS, [1, 8]);
  const episodes = given.number('episodes', 2, 10_000) ?? DEFAULT_EPISODES;
  const threads = given.number('threads', 0, 64);
  const seed = given.number('seed', 0, 0xffffffff);
  const previous = given.text('previous');
  const card = given.text('card');
  const scenarios = given.text('only')?.split(',');
  const progress = (what: string) => (done: number, all: number) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${what}: ${done}/${all}`);
  };
  const files = given.positionals;
  const roles = files.map((file) => roleOf(file));
  if (previous !== undefined && !roles.includes(roleOf(previous)))
    throw new UsageError(`--previous: is a ${roleOf(previous)}, no other brain is`);
  const all: {
    result: SuiteResult;
    fairness: Fairness;
    energy: ReturnType<ReturnType<typeof startEnergy>>;
  }[] = [];
  for (const [k, file] of files.entries()) {
    const role = roles[k];
    const policies: Judged[] = [judged(file), { name: 'scripted' }, { name: 'random' }];
    if (previous !== undefined && roleOf(previous) === role)
      policies.push({ ...judged(previous), name: `previous (${path.basename(previous)})` });
    if (given.flag('blind')) policies.push({ ...judged(file), name: 'habits hidden', blind: true });
    const stop = startEnergy();
    const begin = performance.now();
    const result = await evaluateSuite(role, policies, {
      episodes,
      threads,
      seed,
      scenarios,
      onDone: progress(role),
    });
    const fair = await fairness(role, policies[0], {
      episodes: Math.min(episodes, FAIRNESS_EPISODES),
      threads,
      seed,
      onDone: progress(`${role}: fairness`),
    });
    const energy = stop();
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
    all.push({ result, fairness: fair, energy });
    console.log(suiteTable(result, fair));
    console.log(
      `${duration((performance.now() - begin) / 1000)}, ${energy.joules.toFixed(0)} J (${energy.how})\n`,
    );
    if (card !== undefined) {
      mkdirSync(card, { recursive: true });
      const png = new Resvg(suiteSvg(result), { fitTo: { mode: 'zoom', value: 2 } }).render().asPng();
      const name = path.basename(file, '.safetensors');
      writeAtomically(path.join(card, `${name}.png`), png);
      const text = modelCard(readBrain(file), result, fair, energy, `${name}.png`);
      writeAtomically(path.join(card, `${name}.md`), new TextEncoder().encode(text));
      console.log(path.join(card, `${name}.md`));
    }
  }
  const json = given.text('json');
  if (json !== undefined)
    writeAtomically(
      json,
      new TextEncoder().encode(`${JSON.stringify({ format: 1, brains: all }, null, 1)}\n`),
    );
}

function roleOf(file: string): SuiteRole {
  const role = SUITE_ROLES.find((name) => name === readBrain(file).manifest.role);
  if (!role) throw new UsageError(`${file}: is of no role that the suite judges (${SUITE_ROLES.join(', ')})`);
  return role;
}

/** A suite's result as lines of a table. */
export function suiteTable(
  { role, episodes, policies, scenarios, mean }: SuiteResult,
  fair: Fairness,
): string {
  const short = (name: string) => path.basename(name);
  const cell = ({ mean: m, low, high }: { mean: number; low: number; high: number }) =>
    `${m.toFixed(2)} [${low.toFixed(2)} ${high.toFixed(2)}]`;
  const rows = [
    [role, ...policies.map(({ name }) => short(name)), 'normalised'],
    ...scenarios.map(({ name, scores }) => [
      name,
      ...scores.map(cell),
      scores[0].normalised ? scores[0].normalised.mean.toFixed(2) : '-',
    ]),
    ['mean', ...mean.map(({ score }) => cell(score)), ''],
    ['less the first', ...mean.map(({ difference }) => cell(difference)), ''],
  ];
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  const lines = rows.map((row) =>
    row.map((text, c) => (c === 0 ? text.padEnd(widths[c]) : text.padStart(widths[c]))).join('  '),
  );
  const chance = (Object.entries(fair.levels) as [string, Fairness['chance']][]).map(([level, e]) =>
    e
      ? `${level} ${(e.mean * 100).toFixed(0)} % [${(e.low * 100).toFixed(0)} ${(e.high * 100).toFixed(0)}]`
      : `${level} none`,
  );
  lines.push(
    `${episodes} episodes each. A player's chance to win an encounter: ${chance.join(', ')}; ` +
      `the band ${FAIR_BAND.low * 100}..${FAIR_BAND.high * 100} %, the regular one is: ${fair.verdict}`,
  );
  return lines.join('\n');
}
