import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { createKernelSync } from '#shared/brain/index.ts';
import { type Job, type JobResult, playJob } from './jobs.ts';

/** Threads at most; each holds its own worlds. */
const MOST_THREADS = 8;

/** Plays jobs on threads, each taking the next one when it is done; results are in the jobs' order whatever the threads. */
export async function runJobs(
  jobs: readonly Job[],
  threads = Math.min(availableParallelism(), MOST_THREADS),
  onDone: (episodes: number) => void = () => {},
): Promise<JobResult[]> {
  const results: JobResult[] = new Array(jobs.length);
  let next = 0;
  let episodes = 0;
  const finish = (j: number, result: JobResult) => {
    results[j] = result;
    episodes += jobs[j].count;
    onDone(episodes);
  };
  if (threads === 0) {
    const kernel = createKernelSync();
    for (const [j, job] of jobs.entries()) finish(j, playJob(job, kernel));
    return results;
  }
  const workers: Worker[] = [];
  const thread = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL('./worker.mjs', import.meta.url), { execArgv: [] });
      workers.push(worker);
      let mine = -1;
      const send = () => {
        mine = next++;
        if (mine < jobs.length) worker.postMessage(jobs[mine]);
        else resolve(worker.terminate().then(() => {}));
      };
      worker.on('message', (message: { result?: JobResult; error?: Error; ready?: true }) => {
        if (message.error) reject(message.error);
        else {
          if (message.result) finish(mine, message.result);
          send();
        }
      });
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`suite: a thread ended with ${code}`)));
    });
  try {
    await Promise.all(Array.from({ length: Math.max(1, Math.min(threads, jobs.length)) }, thread));
  } finally {
    for (const worker of workers) void worker.terminate();
  }
  return results;
}
