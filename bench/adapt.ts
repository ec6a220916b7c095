import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { type Adaptation, knownCosts, playAdaptation, summariseAdaptation } from '#ml/suite/adaptation.ts';
import { inhabitants, scriptedInhabitants } from '#ml/suite/brains.ts';
import { adaptationSvg } from '#ml/suite/charts.ts';
import { SUITE_ROLES } from '#ml/suite/scenario.ts';
import type { Estimate } from '#ml/suite/statistics.ts';
import { TRICK_NAMES, type TrickGame, type TrickName } from '#ml/suite/tricks.ts';
import type { LivedGame, Timetable } from '#server/learning/rehearsal/lived.ts';
import { type LivedJob, playAllLived } from './adapt/lived.ts';
import { median, report } from './report.ts';

/**
 * Adaptation within ten minutes of the world: players with one winning trick in a zone as large as the server's, against the
 * brains that live there, and against the same with habits hidden from them (`habits_hidden_…`: what the world does of
 * itself). With `--lessons` a third time, with a quick lesson in between (server/learning/rehearsal; `lesson_…`).
 *
 * `--seeds N` (20), `--seed N` (1): which games; `--minutes M`: begins no game with lessons after so long, and counts the
 * seeds that are whole; those played are kept in `runs/adapt`, so that the next run goes on. `--only`: no habits hidden;
 * `--scripted` (rules instead of brains), `--brains DIR`, `--picture FILE` (docs/adapt.png; `none`: draw none).
 */
const TIMETABLE: Timetable = { at: [150], takes: 2, steps: 250_000, episodes: 10 };

const args = process.argv.slice(2);
const value = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const json = args.includes('--json');

function number(name: string, otherwise: number, least: number, most: number): number {
  const given = Number(value(name) ?? otherwise);
  if (given >= least && given <= most && (name === '--minutes' || Number.isInteger(given))) return given;
  console.error(`adapt: ${name}: must be a number from ${least} to ${most}, is ${value(name)}`);
  process.exit(2);
}

const seeds = number('--seeds', 20, 2, 1000);
const seed = number('--seed', 1, 0, 0xffffffff);
const minutes = number('--minutes', 1e6, 0, 1e6);
const print = report('adapt', json);
const folder = path.resolve(value('--brains') ?? fileURLToPath(new URL('../assets/brains', import.meta.url)));
const scripted = args.includes('--scripted');
const names: TrickName[] = [...TRICK_NAMES, 'varied'];

function figure(name: string, estimate: Estimate, unit = '%'): void {
  print(name, estimate.mean, unit);
  print(`${name}_low`, estimate.low, unit);
  print(`${name}_high`, estimate.high, unit);
}

function show(prefix: string, { tricks, varied, fall, kept, seeds }: Adaptation): void {
  figure(`${prefix}trick_success_fall_percent`, fall);
  figure(`${prefix}varied_success_kept_percent`, kept);
  for (const trick of tricks) figure(`${prefix}${trick.trick}_fall_percent`, trick.fall);
  print(`${prefix}seeds`, seeds, '');
  if (json) return;
  for (const { trick, perMinute, downs } of [...tricks, varied])
    console.log(
      `  ${trick.padEnd(8)} ${perMinute.map((m) => m.mean.toFixed(1).padStart(6)).join(' ')}   per minute; down ${downs.toFixed(1)} times`,
    );
}

const progress = (what: string) => (done: number, all: number) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${done < all ? `${what}: ${done}/${all}` : ''}`);
};

const frozen = (blind: boolean) =>
  playAdaptation(scripted ? scriptedInhabitants() : inhabitants(blind, folder), {
    seeds,
    seed,
    onDone: progress(blind ? 'habits hidden' : 'as they live'),
  });

/** The games with lessons, of the seeds that are whole; seed by seed, so that each more makes the figure surer. */
async function lived(): Promise<{ adapting: Adaptation; games: LivedGame[] } | null> {
  const brains = SUITE_ROLES.map((role) => [role, path.join(folder, `${role}.safetensors`)] as const);
  const missing = brains.find(([, file]) => !existsSync(file));
  if (missing) throw new Error(`adapt: --brains: ${missing[1]} is missing`);
  const jobs = Array.from({ length: seeds }, (_, number) =>
    names.map((trick): LivedJob => ({ trick, brains, timetable: TIMETABLE, seed, number })),
  ).flat();
  const tell = progress('with lessons');
  const played = await playAllLived(jobs, undefined, (done) => tell(done, jobs.length), minutes);
  const first = played.indexOf(undefined);
  const whole = first < 0 ? seeds : Math.floor(first / names.length);
  if (whole < 2) {
    console.error(`adapt: --minutes: only ${whole} seeds with lessons were played, two are needed`);
    return null;
  }
  const games = played.slice(0, whole * names.length) as LivedGame[];
  const byTrick = new Map<TrickName, TrickGame[]>(
    names.map((name, k) => [name, games.flatMap(({ game }, j) => (j % names.length === k ? [game] : []))]),
  );
  return { adapting: summariseAdaptation(byTrick), games };
}

function showLessons(games: readonly LivedGame[]): void {
  const lessons = games.flatMap((game) => game.lessons);
  if (lessons.length === 0) return;
  const passed = lessons.filter((one) => one.passed).length;
  print('lessons', lessons.length, '');
  print('lessons_passed_percent', (100 * passed) / lessons.length, '%');
  print('lesson_decisions', TIMETABLE.steps, '');
  print('lesson_cpu_seconds', median(lessons.map(({ cpu }) => cpu)), 's');
  if (json) return;
  const refused = new Map<string, number>();
  for (const { verdict, why } of lessons.filter((one) => !one.passed)) {
    const what = verdict?.comparisons.find((one) => !one.passed)?.what.replace(/[(,].*/, '') ?? why;
    refused.set(what, (refused.get(what) ?? 0) + 1);
  }
  for (const [what, times] of refused) console.log(`  refused ${times} times: ${what}`);
}

const only = args.includes('--only');
if (scripted && args.includes('--lessons')) {
  console.error('adapt: --lessons: rules take none, leave out --scripted');
  process.exit(2);
}
const habits = await frozen(false);
show('', habits);
const hidden = only || scripted ? null : await frozen(true);
const learnt = args.includes('--lessons') ? await lived() : null;
if (learnt) {
  show('lesson_', learnt.adapting);
  showLessons(learnt.games);
}
if (hidden) {
  show('habits_hidden_', hidden);
  const { median, tricks } = knownCosts(habits, hidden);
  figure('cost_of_being_known_percent', median);
  for (const { trick, cost } of tricks) figure(`${trick}_cost_of_being_known_percent`, cost);
  const file = value('--picture') ?? fileURLToPath(new URL('../docs/adapt.png', import.meta.url));
  if (file !== 'none') {
    const svg = adaptationSvg(habits, hidden);
    writeFileSync(file, new Resvg(svg, { fitTo: { mode: 'zoom', value: 2 } }).render().asPng());
    // The numbers beside the picture: what `symbiont report` shows.
    writeFileSync(file.replace(/(\.png)?$/, '.json'), `${JSON.stringify([habits, hidden])}\n`);
  }
}
