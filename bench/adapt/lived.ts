import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeHash } from '#ml/run/codeHash.ts';
import type { TrickName } from '#ml/suite/tricks.ts';
import type { LivedGame, Timetable } from '#server/learning/rehearsal/lived.ts';

/** One game for a process. */
export interface LivedJob {
  readonly trick: TrickName;
  /** Files of the roles' brains, by role. */
  readonly brains: readonly (readonly [role: string, file: string])[];
  readonly timetable: Timetable;
  readonly seed: number;
  readonly number: number;
}

/** What else decides how a lesson goes, beside what `codeHash` covers. */
const SOURCES = ['server/learning', 'ml/suite'];
/** Of those, what only sums up and shows. */
const SHOWS = /(\.test\.ts|\/(adaptation|brains|card|charts|energy|heat|session|showcase)\.ts)$/;

/** Games that were played already by the same code and brains, kept line by line so that a run can be broken off. */
class Kept {
  readonly #file: string;
  readonly #games = new Map<string, LivedGame>();

  constructor(folder: string, jobs: readonly LivedJob[], sources: string) {
    mkdirSync(folder, { recursive: true });
    const hash = createHash('sha256').update(sources).update(codeHash());
    for (const [role, file] of jobs[0].brains) hash.update(role).update(readFileSync(file));
    hash.update(JSON.stringify([jobs[0].timetable, jobs[0].seed]));
    this.#file = path.join(folder, `${hash.digest('hex').slice(0, 16)}.jsonl`);
    if (!existsSync(this.#file)) return;
    for (const line of readFileSync(this.#file, 'utf8').split('\n')) {
      // The last line may be cut off.
      if (!line.endsWith('}')) continue;
      const { key, game } = JSON.parse(line) as { key: string; game: LivedGame };
      this.#games.set(key, game);
    }
  }

  #key = ({ trick, number }: LivedJob): string => `${trick} ${number}`;

  get(job: LivedJob): LivedGame | undefined {
    return this.#games.get(this.#key(job));
  }

  put(job: LivedJob, game: LivedGame): void {
    appendFileSync(this.#file, `\n${JSON.stringify({ key: this.#key(job), game })}`);
  }
}

/** Text of all sources in which a lesson or a game could change. */
function sourcesText(root: string): string {
  const found: string[] = [];
  for (const folder of SOURCES)
    for (const file of filesUnder(path.join(root, folder)))
      if (!SHOWS.test(file)) found.push(file, readFileSync(file, 'utf8'));
  return found.map((text) => text.replace(root, '')).join('\n');
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|yaml)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/**
 * Plays all games, each in one of several processes; those that were played before are read from `runs/adapt`. Results are
 * in the jobs' order. @param minutes after which no game begins any more; what was not played is undefined. @throws Error of the first game that fails
 */
export async function playAllLived(
  jobs: readonly LivedJob[],
  processes = availableParallelism(),
  onDone: (done: number) => void = () => {},
  minutes = Number.POSITIVE_INFINITY,
): Promise<(LivedGame | undefined)[]> {
  const began = performance.now();
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const kept = new Kept(path.join(root, 'runs', 'adapt'), jobs, sourcesText(root));
  const results = jobs.map((job) => kept.get(job));
  const left = jobs.flatMap((_, j) => (results[j] ? [] : [j]));
  let done = jobs.length - left.length;
  onDone(done);
  const player = () =>
    new Promise<void>((resolve, reject) => {
      const child = fork(new URL('./player.ts', import.meta.url));
      let mine = -1;
      child.on('message', (message: { result?: LivedGame; error?: string }) => {
        if (message.error) reject(new Error(`${jobs[mine].trick} ${jobs[mine].number}: ${message.error}`));
        if (message.result) {
          results[mine] = message.result;
          kept.put(jobs[mine], message.result);
          onDone(++done);
        }
        const late = performance.now() - began > minutes * 60_000;
        const next = message.error || late ? undefined : left.shift();
        if (next === undefined) {
          child.disconnect();
          resolve();
        } else {
          mine = next;
          child.send(jobs[mine]);
        }
      });
      child.on('error', reject);
      child.on('exit', (code) => {
        if (code !== 0) reject(new Error(`adapt: a process ended with ${code}`));
      });
    });
  await Promise.all(Array.from({ length: Math.min(processes, left.length) }, player));
  return results;
}
