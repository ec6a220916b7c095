import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { createKernelSync } from '#shared/brain/kernel.ts';
import type { Behavior } from '../behavior.ts';
import { type RolloutArrays, rolloutArrays } from './arrays.ts';
import { type EnvState, type RolloutJob, Shard, type ShardRange } from './shard.ts';

/** Threads at most; each holds its own worlds. */
const MOST_THREADS = 16;

/** What a thread is started with, and what is said to it and by it. */
export interface WorkerSetup {
  readonly behavior: Behavior;
  readonly range: ShardRange;
  readonly arrays: RolloutArrays;
}
export type ToWorker = { readonly job: RolloutJob } | { readonly state: EnvState };
export interface FromWorker {
  readonly ids?: readonly string[];
  readonly counts?: readonly number[];
  readonly state: EnvState;
}

/** Plays rollouts, in this thread or in several beside it; the same ones in either case. */
export interface Collector {
  readonly arrays: RolloutArrays;
  /** The worlds as they are between two rollouts. */
  readonly state: EnvState;
  readonly opponentIds: readonly string[];
  /** Puts the worlds into a saved state. */
  load(state: EnvState): void;
  /** Begins a rollout; `arrays` are being written until `finish`. */
  start(job: RolloutJob): void;
  /** The rollout's end: how often each of the rewards' events happened. */
  finish(): Promise<readonly number[]>;
  close(): Promise<void>;
}

/** @param threads 0: all in this thread, when `finish` asks for it; left out: one for each core. */
export async function createCollector(behavior: Behavior, threads?: number): Promise<Collector> {
  const { worlds } = behavior.world;
  const count = Math.min(threads ?? availableParallelism(), worlds, MOST_THREADS);
  if (count < 1) return new OwnCollector(behavior);
  const arrays = rolloutArrays(behavior);
  const links = Array.from({ length: count }, (_, k) => {
    const first = Math.floor((k * worlds) / count);
    const end = Math.floor(((k + 1) * worlds) / count);
    return new Link({ behavior, range: { first, count: end - first }, arrays });
  });
  try {
    const ready = await Promise.all(links.map((link) => link.answer()));
    return new ThreadCollector(
      arrays,
      links,
      ready.map(({ state }) => state),
      ready[0].ids ?? [],
    );
  } catch (error) {
    await Promise.all(links.map((link) => link.close()));
    throw error;
  }
}

class OwnCollector implements Collector {
  readonly arrays: RolloutArrays;
  readonly opponentIds: readonly string[];
  state: EnvState;
  readonly #shard: Shard;
  #job: RolloutJob | null = null;

  constructor(behavior: Behavior) {
    this.arrays = rolloutArrays(behavior);
    const range = { first: 0, count: behavior.world.worlds };
    this.#shard = new Shard(behavior, range, this.arrays, createKernelSync());
    this.opponentIds = this.#shard.opponentIds;
    this.state = this.#shard.env.save();
  }

  load(state: EnvState): void {
    this.#shard.env.load(state);
    this.state = this.#shard.env.save();
  }

  start(job: RolloutJob): void {
    this.#job = job;
  }

  async finish(): Promise<readonly number[]> {
    if (!this.#job) throw new RangeError('rollout: none was started');
    const counts = this.#shard.collect(this.#job);
    this.#job = null;
    this.state = this.#shard.env.save();
    return counts;
  }

  async close(): Promise<void> {}
}

class ThreadCollector implements Collector {
  readonly arrays: RolloutArrays;
  readonly opponentIds: readonly string[];
  readonly #links: readonly Link[];
  #states: EnvState[];
  #answers: Promise<FromWorker[]> | null = null;

  constructor(arrays: RolloutArrays, links: readonly Link[], states: EnvState[], ids: readonly string[]) {
    this.arrays = arrays;
    this.#links = links;
    this.#states = states;
    this.opponentIds = ids;
  }

  /** The parts' states one after the other, as one thread's would be. */
  get state(): EnvState {
    const keys = Object.keys(this.#states[0]);
    return Object.fromEntries(keys.map((key) => [key, concatenate(this.#states.map((part) => part[key]))]));
  }

  load(state: EnvState): void {
    const whole = this.state;
    for (const [key, value] of Object.entries(whole))
      if (state[key]?.length !== value.length)
        throw new RangeError('environment: the saved state is of other options');
    const at: Record<string, number> = {};
    this.#states = this.#states.map((part, k) => {
      const mine = Object.fromEntries(
        Object.entries(part).map(([key, value]) => {
          const begin = at[key] ?? 0;
          at[key] = begin + value.length;
          return [key, state[key].slice(begin, at[key])];
        }),
      );
      this.#links[k].say({ state: mine });
      return mine;
    });
  }

  start(job: RolloutJob): void {
    this.#answers = Promise.all(
      this.#links.map((link) => {
        link.say({ job });
        return link.answer();
      }),
    );
    // An error is told by `finish`.
    this.#answers.catch(() => {});
  }

  async finish(): Promise<readonly number[]> {
    if (!this.#answers) throw new RangeError('rollout: none was started');
    const answers = await this.#answers;
    this.#answers = null;
    this.#states = answers.map(({ state }) => state);
    const counts = answers.map((answer) => answer.counts ?? []);
    return counts[0].map((_, i) => counts.reduce((sum, part) => sum + part[i], 0));
  }

  async close(): Promise<void> {
    await Promise.all(this.#links.map((link) => link.close()));
  }
}

function concatenate(parts: readonly (Uint8Array | Int32Array)[]): Uint8Array | Int32Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = parts[0] instanceof Int32Array ? new Int32Array(length) : new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** One thread: what is said to it, and its answers, one at a time. */
class Link {
  readonly #worker: Worker;
  #waiting: { resolve(answer: FromWorker): void; reject(error: Error): void } | null = null;
  #failed: Error | null = null;

  constructor(setup: WorkerSetup) {
    this.#worker = new Worker(new URL('./worker.mjs', import.meta.url), { workerData: setup, execArgv: [] });
    this.#worker.on('message', (answer: FromWorker) => this.#waiting?.resolve(answer));
    this.#worker.on('error', (error) =>
      this.#fail(error instanceof Error ? error : new Error(String(error))),
    );
    this.#worker.on('exit', (code) => this.#fail(new Error(`rollout: a thread ended with ${code}`)));
  }

  #fail(error: Error): void {
    this.#failed ??= error;
    this.#waiting?.reject(this.#failed);
  }

  say(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  answer(): Promise<FromWorker> {
    return new Promise((resolve, reject) => {
      if (this.#failed) reject(this.#failed);
      else this.#waiting = { resolve, reject };
    });
  }

  async close(): Promise<void> {
    this.#waiting = null;
    await this.#worker.terminate();
  }
}
