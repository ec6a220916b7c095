import { appendFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { createKernel, encodeBrain, type Json, type Kernel } from '#shared/brain/index.ts';
import { OBSERVATION_LAYOUT } from '#shared/world/index.ts';
import type { Behavior } from './behavior.ts';
import { brainPolicy } from './env/policy.ts';
import { loadTerrain } from './env/terrain.ts';
import type { Opponents } from './env/vectorEnv.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import { writeAtomically } from './files.ts';
import { startBackend } from './net/backend.ts';
import { resolveOpponents, resolvePolicy } from './opponents.ts';
import { type Plan, planOf } from './plan.ts';
import { type Collector, createCollector } from './rollout/collector.ts';
import { ChainError, ChainWriter, type Genesis, SEGMENTS } from './run/chain.ts';
import { CheckpointError, encodeCheckpoint, readCheckpoint } from './run/checkpoint.ts';
import { codeHash } from './run/codeHash.ts';
import { CHECKPOINT, cutMetrics, METRICS, makeDirectory, runDirectory, SOURCE } from './run/directory.ts';
import { genesisOf } from './run/genesis.ts';
import { lockDirectory } from './run/lock.ts';
import { EventWriter } from './run/tfevents.ts';
import { type IterationMetrics, Trainer } from './trainer.ts';

export interface TrainOptions {
  readonly behaviorFile: string;
  /** Stops (and anneals) by the clock as well; minutes of training over all resumptions. */
  readonly minutes?: number;
  /** Decisions to train on, in place of the behaviour's. */
  readonly steps?: number;
  readonly out?: string;
  readonly resume?: boolean;
  /** The brain file to write besides the run's own. */
  readonly exportTo?: string;
  /** Episodes of the evaluation at the end. */
  readonly episodes?: number;
  /** Milliseconds between checkpoints. */
  readonly checkpointEvery?: number;
  /** Who computes gradients; `kernel` unless told. */
  readonly engine?: 'kernel' | 'tfjs';
  /** Threads that play beside the learner, one for each core unless told; the result is the same for any number. */
  readonly threads?: number;
  /** In place of the behaviour's: a brain file to begin from, and how strongly KL(π ‖ parent) holds on to it. */
  readonly parent?: string;
  readonly klAnchor?: number;
  /** In place of the behaviour's `ppo.critic`. */
  readonly critic?: 'own' | 'central';
  /** Merkle root of the logged play that opponents were made of, 64 hex digits; part of the proof. */
  readonly data?: string;
}

/** What a training tells of itself as it goes. */
export interface Progress {
  readonly directory: string;
  readonly metrics: IterationMetrics;
  readonly totalSteps: number;
  readonly stepsPerSecond: number;
  readonly secondsLeft: number;
  /** Mean return over the last hundred iterations' last episodes, smoothed. */
  readonly smoothReturn: number | null;
}

export interface Listener {
  onStart?(directory: string, resumedAt: number): void;
  onIteration?(progress: Progress): void;
  onEvaluate?(): void;
  /** Asked after every iteration. */
  shouldStop?(): boolean;
}

export interface TrainResult {
  readonly directory: string;
  readonly finished: boolean;
  readonly steps: number;
  readonly seconds: number;
  readonly brainFile?: string;
  readonly evaluations?: readonly Evaluation[];
}

const metaSchema = z.strictObject({
  behavior: z.string(),
  opponents: z.array(z.string()),
  seconds: z.number().min(0),
  smoothReturn: z.number().nullable(),
  segment: z.int().min(0),
  progress: z.array(z.number()),
});

/** Trains a behaviour in its run directory; see README.md for the files there. */
export async function train(options: TrainOptions, listener: Listener = {}): Promise<TrainResult> {
  const plan = planOf(options);
  const { behavior } = plan;
  const name = path.basename(options.behaviorFile).replace(/\.ya?ml$/, '');
  const directory = runDirectory(name, options.out, options.resume === true);
  const checkpointFile = path.join(directory, CHECKPOINT);
  if (!options.resume && existsSync(checkpointFile))
    throw new CheckpointError(
      `${directory}: holds a run already; --resume continues it, --out names another place`,
    );
  if (options.resume && !existsSync(checkpointFile))
    throw new CheckpointError(`${checkpointFile}: there is no checkpoint to resume from`);
  makeDirectory(directory);
  const unlock = lockDirectory(directory);
  let collector: Collector | undefined;
  try {
    if (plan.engine === 'tfjs') await startBackend();
    const kernel = await createKernel();
    const { opponents } = resolveOpponents(behavior, kernel);
    collector = await createCollector(behavior, options.threads);
    return await new Session(options, plan, directory, kernel, opponents, collector, listener).run();
  } finally {
    await collector?.close();
    unlock();
  }
}

class Session {
  readonly #options: TrainOptions;
  readonly #plan: Plan;
  readonly #behavior: Behavior;
  readonly #directory: string;
  readonly #kernel: Kernel;
  readonly #listener: Listener;
  readonly #opponents: readonly Opponents[];
  readonly #opponentIds: string[];
  readonly #collector: Collector;
  readonly #trainer: Trainer;
  readonly #chain: ChainWriter;
  /** Progress before each iteration since the last border. */
  #progresses: number[] = [];
  readonly #totalSteps: number;
  /** Training time of earlier sessions, and when this one began (milliseconds). */
  #secondsBefore = 0;
  #begun = 0;
  #smoothReturn: number | null = null;

  constructor(
    options: TrainOptions,
    plan: Plan,
    directory: string,
    kernel: Kernel,
    opponents: readonly Opponents[],
    collector: Collector,
    listener: Listener,
  ) {
    this.#options = options;
    this.#plan = plan;
    this.#behavior = plan.behavior;
    this.#directory = directory;
    this.#kernel = kernel;
    this.#listener = listener;
    this.#opponents = opponents;
    this.#opponentIds = [...collector.opponentIds];
    this.#collector = collector;
    const { engine, parent } = plan;
    this.#trainer = new Trainer(plan.behavior, collector, { engine, parent: parent?.theta });
    this.#totalSteps = options.steps ?? plan.behavior.steps;
    const genesis = genesisOf(plan, this.#opponentIds);
    if (options.resume) this.#chain = this.#restore(genesis);
    else {
      const source = { behaviorFile: path.resolve(options.behaviorFile), parent: options.parent ?? null };
      writeAtomically(path.join(directory, SOURCE), new TextEncoder().encode(JSON.stringify(source)));
      this.#chain = ChainWriter.begin(directory, genesis, this.#trainer.save());
    }
  }

  async run(): Promise<TrainResult> {
    const trainer = this.#trainer;
    cutMetrics(this.#directory, trainer.iteration);
    const now = Date.now() / 1000;
    const events = new EventWriter(this.#directory, now);
    if (trainer.steps > 0) events.restart(trainer.steps, now);
    this.#listener.onStart?.(this.#directory, trainer.steps);
    this.#begun = performance.now();
    let saved = this.#begun;
    const first = trainer.steps;
    const every = this.#options.checkpointEvery ?? 30_000;
    for (let progress = this.#progress(); progress < 1; ) {
      const before = progress;
      const metrics = await trainer.iterate(before);
      this.#progresses.push(before);
      progress = this.#progress();
      this.#record(metrics, events, first);
      // A segment ends where another fiftieth of the budget is used up.
      const ends = fiftieth(progress) > fiftieth(before);
      if (ends || progress >= 1) this.#endSegment();
      if (performance.now() - saved >= every) {
        this.#save();
        saved = performance.now();
      }
      if (this.#listener.shouldStop?.() && progress < 1) {
        this.#save();
        return {
          directory: this.#directory,
          finished: false,
          steps: trainer.steps,
          seconds: this.#seconds(),
        };
      }
    }
    if (this.#progresses.length > 0) this.#endSegment();
    this.#save();
    await this.#collector.close();
    const seconds = this.#seconds();
    this.#listener.onEvaluate?.();
    return { directory: this.#directory, finished: true, steps: trainer.steps, seconds, ...this.#finish() };
  }

  #endSegment(): void {
    const { iteration, steps } = this.#trainer;
    this.#chain.add({ iteration, steps, progress: this.#progresses }, this.#trainer.save());
    this.#progresses = [];
  }

  #seconds(): number {
    return this.#secondsBefore + (performance.now() - this.#begun) / 1000;
  }

  /** 0..1: how much of the budget is used, by steps or by the clock. */
  #progress(): number {
    const { minutes } = this.#options;
    const bySteps = this.#trainer.steps / this.#totalSteps;
    return minutes === undefined ? bySteps : Math.max(bySteps, this.#seconds() / (minutes * 60));
  }

  #record(metrics: IterationMetrics, events: EventWriter, firstStep: number): void {
    const seconds = this.#seconds();
    const progress = this.#progress();
    const elapsed = (performance.now() - this.#begun) / 1000;
    const stepsPerSecond = (metrics.steps - firstStep) / elapsed;
    if (metrics.meanReturn !== null) {
      const before = this.#smoothReturn ?? metrics.meanReturn;
      this.#smoothReturn = before + 0.2 * (metrics.meanReturn - before);
    }
    const line = { ...metrics, smoothReturn: this.#smoothReturn, seconds, stepsPerSecond };
    appendFileSync(path.join(this.#directory, METRICS), `${JSON.stringify(line)}\n`);
    const { perMinute, meanReturn, iteration, steps, episodes, ...scalars } = metrics;
    const tags: Record<string, number> = { 'charts/steps_per_second': stepsPerSecond };
    if (meanReturn !== null) tags['charts/episodic_return'] = meanReturn;
    for (const [tag, value] of Object.entries(scalars)) tags[`losses/${tag}`] = value;
    for (const [tag, value] of Object.entries(perMinute)) tags[`per_minute/${tag}`] = value;
    events.scalars(steps, Date.now() / 1000, tags);
    this.#listener.onIteration?.({
      directory: this.#directory,
      metrics,
      totalSteps: this.#totalSteps,
      stepsPerSecond,
      secondsLeft: Math.max(0, Math.min(this.#left(stepsPerSecond), (seconds / progress) * (1 - progress))),
      smoothReturn: this.#smoothReturn,
    });
  }

  #left(stepsPerSecond: number): number {
    const { minutes } = this.#options;
    const bySteps = (this.#totalSteps - this.#trainer.steps) / stepsPerSecond;
    return minutes === undefined ? bySteps : Math.min(bySteps, minutes * 60 - this.#seconds());
  }

  #save(): void {
    const meta = {
      behavior: this.#behavior.hash,
      opponents: this.#opponentIds,
      seconds: this.#seconds(),
      smoothReturn: this.#smoothReturn,
      segment: this.#chain.segment,
      progress: this.#progresses,
    };
    writeAtomically(path.join(this.#directory, CHECKPOINT), encodeCheckpoint(meta, this.#trainer.save()));
  }

  #restore(genesis: Omit<Genesis, 'format' | 'state'>): ChainWriter {
    const file = path.join(this.#directory, CHECKPOINT);
    const { meta, arrays } = readCheckpoint(file);
    const parsed = metaSchema.safeParse(meta);
    if (!parsed.success) throw new CheckpointError(`${file}: meta: ${parsed.error.issues[0].message}`);
    if (parsed.data.behavior !== this.#behavior.hash)
      throw new CheckpointError(`${file}: was made by another version of ${this.#options.behaviorFile}`);
    if (parsed.data.opponents.join() !== this.#opponentIds.join())
      throw new CheckpointError(
        `${file}: was trained against other opponents (${parsed.data.opponents.join(', ')})`,
      );
    try {
      this.#trainer.load(arrays);
    } catch (error) {
      throw error instanceof RangeError ? new CheckpointError(`${file}: ${error.message}`) : error;
    }
    this.#secondsBefore = parsed.data.seconds;
    this.#smoothReturn = parsed.data.smoothReturn;
    this.#progresses = [...parsed.data.progress];
    const { writer, genesis: begun } = ChainWriter.resume(this.#directory, parsed.data.segment);
    // Other code may go on, but then the whole can no longer be re-run: the chain would tell an untruth.
    for (const [key, value] of Object.entries(genesis))
      if (JSON.stringify(begun[key as keyof Genesis]) !== JSON.stringify(value))
        throw new ChainError(
          `${this.#directory}: ${key}: the run began with ${JSON.stringify(begun[key as keyof Genesis])}, now it is ${JSON.stringify(value)}`,
        );
    return writer;
  }

  /** Evaluates the integer network beside its baselines and writes the brain file. */
  #finish(): { brainFile: string; evaluations: Evaluation[] } {
    const behavior = this.#behavior;
    const network = this.#trainer.network();
    const episodes = this.#options.episodes ?? 200;
    const policies = [
      brainPolicy('brain', this.#kernel, network),
      ...['scripted', 'random'].map((name) => resolvePolicy(name, behavior.role, '.', this.#kernel).policy),
    ];
    const evaluations = policies.map((policy) =>
      evaluate(behavior, policy, this.#opponents, loadTerrain(), episodes),
    );
    const round = (value: number) => Math.round(value * 1000) / 1000;
    const summary: Record<string, Json> = { episodes, seed: behavior.eval.seed };
    for (const { policy, meanReturn, low, high } of evaluations)
      summary[policy] = { mean: round(meanReturn), low: round(low), high: round(high) };
    const bytes = encodeBrain({
      role: behavior.role,
      name: behavior.name,
      observation: OBSERVATION_LAYOUT,
      network,
      provenance: {
        behavior: behavior.hash,
        algorithm: behavior.ppo.critic === 'central' ? 'mappo' : 'ppo',
        seed: behavior.seed,
        steps: this.#trainer.steps,
        opponents: this.#opponentIds,
        parent: this.#plan.parent?.id ?? null,
        evaluation: summary,
        training: {
          root: this.#chain.root,
          code: codeHash(),
          data: this.#plan.data,
          segments: this.#chain.segment,
        },
        verified: null,
      },
    });
    const brainFile = path.join(this.#directory, `${behavior.role}.safetensors`);
    writeAtomically(brainFile, bytes);
    if (this.#options.exportTo) writeAtomically(this.#options.exportTo, bytes);
    return { brainFile: this.#options.exportTo ?? brainFile, evaluations };
  }
}

/** Rounding must not move a border by an iteration. */
function fiftieth(progress: number): number {
  return Math.floor(progress * SEGMENTS + 1e-9);
}
