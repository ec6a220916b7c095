import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inhabitants } from '#ml/suite/brains.ts';
import type { Job, RoleMind } from '#ml/suite/jobs.ts';
import { runJobs } from '#ml/suite/pool.ts';
import { SUITE_ROLES } from '#ml/suite/scenario.ts';
import { bootstrap } from '#ml/suite/statistics.ts';
import { TRICK_NAMES, type TrickGame, type TrickName } from '#ml/suite/tricks.ts';
import { playLived } from '#server/learning/rehearsal/lived.ts';
import { type Comparison, GATE_EPISODES } from '#server/learning/trainer/task.ts';
import { median, report } from './report.ts';

/**
 * What one lesson of a server comes to: a player with one trick plays for ten minutes, in the ninth a lesson is held as the server
 * holds it (its decisions, its gate, from the log alone), and the candidate stands beside the brain it came of: on the role's
 * held-out scenarios, against clones of the player, and against the player itself, who comes back to fresh games
 * (`returning_…`: its success there, after by before). A lesson for each of the tricks; candidates that the gate keeps out count too.
 * `--steps N` (1,000,000: `LEARN_STEPS`), `--games N` (20 each), `--seed N` (55).
 */
const AT_SECONDS = 540;

const args = process.argv.slice(2);
const json = args.includes('--json');
function number(name: string, otherwise: number, least: number, most: number): number {
  const text = args.includes(name) ? args[args.indexOf(name) + 1] : undefined;
  const given = Number(text ?? otherwise);
  if (Number.isInteger(given) && given >= least && given <= most) return given;
  console.error(`lesson: ${name}: must be a whole number from ${least} to ${most}, is ${text}`);
  process.exit(2);
}
const steps = number('--steps', 1_000_000, 1000, 100_000_000);
const games = number('--games', 20, 2, 1000);
const seed = number('--seed', 55, 0, 0xffffffff);

const print = report('lesson', json);
const folder = fileURLToPath(new URL('../assets/brains', import.meta.url));
const brains = new Map(
  SUITE_ROLES.map((role) => [
    role as string,
    Uint8Array.from(readFileSync(path.join(folder, `${role}.safetensors`))),
  ]),
);

/** The player's whole success, game by game. */
async function returns(trick: TrickName, judged: readonly RoleMind[]): Promise<number[]> {
  const jobs = Array.from(
    { length: games },
    (_, first): Job => ({ kind: 'trick', trick, judged, seed: seed + 1, first, count: 1 }),
  );
  const played = (await runJobs(jobs)) as readonly (readonly TrickGame[])[];
  return played.map(([{ success }]) => success.reduce((sum, one) => sum + one, 0));
}

/** The folder of brains with one of them in another's place, while `work` lasts. */
async function withBrain<T>(
  role: string,
  file: Uint8Array,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const dir = mkdtempSync(path.join(tmpdir(), 'symbiont-lesson-'));
  try {
    for (const [name, bytes] of brains)
      writeFileSync(path.join(dir, `${name}.safetensors`), name === role ? file : bytes);
    return await work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const gain = ({ before, after }: Comparison): number => (100 * (after - before)) / Math.abs(before);
const suite: number[] = [];
const clones: number[] = [];
const cpu: number[] = [];
const changes: { before: number[]; after: number[] }[] = [];
let passed = 0;
let surelyBetter = 0;
for (const trick of TRICK_NAMES) {
  const timetable = { at: [AT_SECONDS], takes: 1, steps, episodes: GATE_EPISODES, quick: false };
  const { lessons, candidates } = await playLived(trick, brains, timetable, seed, 0);
  const [lesson] = lessons;
  const [candidate] = candidates;
  if (!lesson?.verdict || !candidate) {
    console.error(`${trick}: ${lesson?.why ?? 'no lesson was held'}`);
    process.exitCode = 1;
    continue;
  }
  cpu.push(lesson.cpu);
  if (lesson.passed) passed++;
  const [held, , people] = lesson.verdict.comparisons;
  suite.push(gain(held));
  if (held.low > 0) surelyBetter++;
  clones.push(gain(people));
  const before = await returns(trick, inhabitants(false, folder));
  const after = await withBrain(candidate.role, candidate.file, (dir) =>
    returns(trick, inhabitants(false, dir)),
  );
  changes.push({ before, after });
  if (!json) {
    const { mean, low, high } = change([changes[changes.length - 1]]);
    console.log(
      `${trick}: the ${candidate.role}s ${lesson.passed ? 'learn' : `would have learnt (${lesson.why})`}`,
    );
    for (const one of [held, people])
      console.log(
        `  ${one.what}: ${one.before.toFixed(2)} → ${one.after.toFixed(2)} (${one.low.toFixed(2)} … ${one.high.toFixed(2)})`,
      );
    console.log(`  the player come back: ${mean.toFixed(0)} % (${low.toFixed(0)} … ${high.toFixed(0)})`);
  }
}

/** By how much players succeed otherwise after a lesson, percent: the median over tricks. */
function change(all: typeof changes) {
  return bootstrap(games, (picked) =>
    median(
      all.map(({ before, after }) => {
        const sum = (values: number[]) => picked.reduce((total, g) => total + values[g], 0);
        return 100 * (sum(after) / sum(before) - 1);
      }),
    ),
  );
}

if (changes.length > 0) {
  const back = change(changes);
  print('lessons', changes.length, '');
  print('passed', passed, '');
  print('suite_surely_better', surelyBetter, '');
  print('suite_gain_percent', median(suite), '%');
  print('clones_gain_percent', median(clones), '%');
  print('returning_success_change_percent', back.mean, '%');
  print('returning_success_change_percent_low', back.low, '%');
  print('returning_success_change_percent_high', back.high, '%');
  print('decisions', steps, '');
  print('cpu_seconds', median(cpu), 's');
}
