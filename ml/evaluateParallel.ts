import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Kernel } from '#shared/brain/index.ts';
import type { Terrain } from '#shared/world/index.ts';
import type { Behavior } from './behavior.ts';
import { EVAL_GROUP, type Evaluation, type Played, playEpisodes, summarize } from './evaluate.ts';
import { resolveOpponents, resolvePolicy } from './opponents.ts';

/** Threads at most; each holds its own worlds. */
const MOST_THREADS = 8;

/** Some episodes of an evaluation, as plain data. */
export interface EvalTask {
  readonly behavior: Behavior;
  /** `scripted`, `random` or a brain file. */
  readonly policy: string;
  readonly first: number;
  readonly count: number;
}

export function playTask(
  { behavior, policy, first, count }: EvalTask,
  kernel: Kernel,
  terrain: Terrain,
  onDone: (more: number) => void,
): Played {
  const { opponents } = resolveOpponents(behavior, kernel);
  const judged = resolvePolicy(policy, behavior.role, '.', kernel).policy;
  return playEpisodes(behavior, judged, opponents, terrain, first, count, onDone);
}

/** As `evaluate`, to the same figures, on all cores. @param onDone told how many episodes are done */
export async function evaluateParallel(
  behavior: Behavior,
  policy: string,
  episodes: number,
  onDone: (done: number) => void = () => {},
): Promise<Evaluation> {
  const groups = Math.ceil(episodes / EVAL_GROUP);
  const threads = Math.min(groups, availableParallelism(), MOST_THREADS);
  let done = 0;
  const parts = Array.from({ length: threads }, (_, k) => {
    const first = Math.floor((k * groups) / threads) * EVAL_GROUP;
    const end = Math.min(episodes, Math.floor(((k + 1) * groups) / threads) * EVAL_GROUP);
    return inThread({ behavior, policy, first, count: end - first }, (more) => {
      done += more;
      onDone(done);
    });
  });
  return summarize(behavior, policy, await Promise.all(parts));
}

function inThread(task: EvalTask, onMore: (more: number) => void): Promise<Played> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./evalWorker.mjs', import.meta.url), {
      workerData: task,
      execArgv: [],
    });
    worker.on('message', (message: { more?: number; played?: Played }) => {
      if (message.more !== undefined) onMore(message.more);
      if (message.played) resolve(message.played);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`evaluation: a thread ended with ${code}`)));
  });
}
