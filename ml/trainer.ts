import type { Network } from '#shared/brain/network.ts';
import { DECISION_TICKS, OBSERVATION_SIZE, TICKS_PER_SECOND } from '#shared/world/index.ts';
import type { Behavior } from './behavior.ts';
import { OFFSETS } from './env/features.ts';
import { TERM_NAMES, type TermName } from './env/rewards.ts';
import { exp } from './exact.ts';
import { criticSizes, criticStart } from './mappo.ts';
import { KernelLearner } from './net/kernelLearner.ts';
import type { Learner, LearnerOptions } from './net/learner.ts';
import { initialize, layoutOf } from './net/parameters.ts';
import { seedRng } from './net/random.ts';
import { TfjsLearner } from './net/tfjsLearner.ts';
import { gae, type UpdateStats, update } from './ppo.ts';
import { quantize } from './quantize.ts';
import { ReturnScale } from './returnScale.ts';
import type { Collector } from './rollout/collector.ts';
import type { EnvState, RolloutJob } from './rollout/shard.ts';
import type { Arrays } from './run/checkpoint.ts';

/** What one iteration did. */
export interface IterationMetrics extends UpdateStats {
  readonly iteration: number;
  /** Decisions of learners so far. */
  readonly steps: number;
  /** Mean return of an agent's episode, over the episodes that ended in this iteration; null when none did. */
  readonly meanReturn: number | null;
  readonly episodes: number;
  readonly explainedVariance: number;
  readonly learningRate: number;
  /** How often each thing happened, per learner and minute of the world. */
  readonly perMinute: Readonly<Partial<Record<TermName, number>>>;
}

/** Which engine learns, and what it begins from. */
export interface TrainerOptions {
  readonly engine?: 'kernel' | 'tfjs';
  /** Parameters of a parent's actor: training begins there, and `ppo.klAnchor` holds it near. */
  readonly parent?: Float32Array;
}

/**
 * Trains one role's network: a warm start that imitates the scripted policy, where the behaviour asks for one, then
 * rollouts by the integer network and updates by PPO. With `ppo.lag` 1 the next rollout is played, by the policy as it
 * stands, while this one is learnt from; what acted is then one update old, and PPO's ratio says by how much (as in IMPALA,
 * Espeholt et al. 2018, and APPO). All of its state can be saved, and nothing in it depends on time or threads.
 */
export class Trainer {
  readonly learner: Learner;
  iteration = 0;
  steps = 0;
  readonly #behavior: Behavior;
  readonly #collector: Collector;
  readonly #random: Int32Array;
  readonly #scale: ReturnScale;
  /** Undiscounted return of the running episode, and whether it is the first (cut to another length). */
  readonly #running: Float32Array;
  readonly #first: Uint8Array;
  /** The rollout that comes next, who decides in it, and whether it was begun. */
  #job: RolloutJob;
  #begun = false;
  /** The worlds before that rollout. */
  #state: EnvState;

  constructor(behavior: Behavior, collector: Collector, options: TrainerOptions = {}) {
    const { learners, steps } = collector.arrays;
    this.#behavior = behavior;
    this.#collector = collector;
    const learnerOptions: LearnerOptions = {
      sizes: behavior.network,
      offsets: OFFSETS,
      critic: behavior.ppo.critic,
      group: behavior.world.learners,
      rows: learners * steps,
      parent: behavior.ppo.klAnchor > 0 ? options.parent : undefined,
    };
    this.learner =
      options.engine === 'tfjs' ? new TfjsLearner(learnerOptions) : new KernelLearner(learnerOptions);
    const { theta, layout } = this.learner;
    theta.set(initialize(layout, behavior.seed));
    if (behavior.ppo.critic === 'central')
      theta.set(initialize(layoutOf(criticSizes(behavior.network)), behavior.seed + 2), criticStart(layout));
    if (options.parent) theta.set(options.parent);
    this.#random = seedRng(behavior.seed + 1);
    this.#scale = new ReturnScale(learners, behavior.ppo.gamma);
    this.#running = new Float32Array(learners);
    this.#first = new Uint8Array(learners).fill(1);
    this.#state = collector.state;
    this.#job = this.#nextJob();
  }

  /** The integer network as it stands. */
  network(): Network {
    return quantize(this.learner.theta, this.learner.layout, OFFSETS);
  }

  /** One rollout and what is learnt from it. `progress` (0..1) of the training anneals the rates. */
  async iterate(progress: number): Promise<IterationMetrics> {
    const { ppo } = this.#behavior;
    const { learner } = this;
    const collector = this.#collector;
    const { steps, learners } = collector.arrays;
    const total = steps * learners;
    if (!this.#begun) collector.start(this.#job);
    const acted = this.#job;
    const counts = await collector.finish();
    const rollout = collector.arrays;
    learner.load({ ...rollout, count: total });
    const { rewards, ended } = this.#rewards();
    const truncated = rollout.truncated.slice();
    const values = new Float32Array(total);
    learner.values(values);
    const nextValues = this.#nextValues(values);
    // From here on nothing reads the shared arrays: the next rollout may be written there.
    this.#state = collector.state;
    this.steps += total;
    if (ppo.lag > 0) this.#begin();
    const oldLogProbs = new Float32Array(total);
    learner.logProbs(learner.theta, oldLogProbs);
    const advantages = new Float32Array(total);
    const returns = new Float32Array(total);
    gae(
      { steps, learners, rewards, truncated },
      values,
      nextValues,
      ppo.gamma,
      ppo.lambda,
      advantages,
      returns,
    );
    if (ppo.lag > 0 && !acted.teaching) this.#weigh(acted, oldLogProbs, advantages);
    learner.estimate({ oldLogProbs, oldValues: values, advantages, returns });
    const left = Math.max(0, 1 - progress);
    const learningRate = ppo.learningRate * left;
    const options = {
      imitate: acted.teaching,
      clip: ppo.clip,
      valueCoefficient: ppo.valueCoefficient,
      entropy: ppo.entropyEnd + (ppo.entropy - ppo.entropyEnd) * left,
      anchor: ppo.klAnchor,
      maxGradNorm: ppo.maxGradNorm,
      learningRate,
    };
    const stats = update(learner, total, ppo, options, this.#random);
    if (ppo.lag === 0) this.#job = this.#nextJob();
    this.iteration++;
    const minutes = (total * DECISION_TICKS) / (TICKS_PER_SECOND * 60);
    return {
      iteration: this.iteration,
      steps: this.steps,
      meanReturn: ended.length > 0 ? ended.reduce((a, b) => a + b, 0) / ended.length : null,
      episodes: ended.length,
      explainedVariance: explainedVariance(values, returns),
      learningRate,
      ...stats,
      perMinute: Object.fromEntries(TERM_NAMES.map((name, i) => [name, counts[i] / minutes])),
    };
  }

  /**
   * Weighs advantages by π / π of what acted, at most 2: so the clip is around the policy that the update begins with, not
   * around the older one that acted (decoupled objective, Hilton et al. 2022, "Batch size-invariance for policy optimization").
   */
  #weigh(acted: RolloutJob, logProbs: Float32Array, advantages: Float32Array): void {
    const before = new Float32Array(logProbs.length);
    this.learner.logProbs(acted.theta, before);
    let mean = 0;
    for (const advantage of advantages) mean += advantage / advantages.length;
    for (let k = 0; k < advantages.length; k++)
      advantages[k] = (advantages[k] - mean) * Math.min(2, exp(logProbs[k] - before[k]));
  }

  #nextJob(): RolloutJob {
    this.#begun = false;
    const { theta, layout } = this.learner;
    return { theta: theta.slice(0, layout.length), teaching: this.steps < this.#behavior.imitation.steps };
  }

  #begin(): void {
    this.#job = this.#nextJob();
    this.#collector.start(this.#job);
    this.#begun = true;
  }

  /** Waits for a rollout that was begun and lets it go, so that the collector can serve another trainer. */
  async settle(): Promise<void> {
    if (this.#begun) await this.#collector.finish();
    this.#begun = false;
  }

  /** The rollout's rewards, scaled, and the returns of the episodes that ended in it. */
  #rewards(): { rewards: Float32Array; ended: number[] } {
    const { steps, learners, rewards: raw, truncated } = this.#collector.arrays;
    const rewards = new Float32Array(raw.length);
    const ended: number[] = [];
    for (let t = 0; t < steps; t++) {
      const at = t * learners;
      for (let n = 0; n < learners; n++) {
        this.#running[n] += raw[at + n];
        if (!truncated[at + n]) continue;
        if (!this.#first[n]) ended.push(this.#running[n]);
        this.#first[n] = 0;
        this.#running[n] = 0;
      }
      const row = (array: Float32Array) => array.subarray(at, at + learners);
      this.#scale.scale(row(raw), truncated.subarray(at, at + learners), rewards, at);
    }
    return { rewards, ended };
  }

  /** Values of the states that the steps led to: of the episode's last one where it was cut off. */
  #nextValues(values: Float32Array): Float32Array {
    const { learners: all, next: last, slots, finalSteps, finals } = this.#collector.arrays;
    const { worlds, learners } = this.#behavior.world;
    const next = new Float32Array(values.length);
    next.set(values.subarray(all));
    const final = new Float32Array(all);
    this.learner.evaluate(last, all, null, final);
    next.set(final, values.length - all);
    const width = learners * OBSERVATION_SIZE;
    const some = new Float32Array(learners);
    for (let slot = 0; slot < worlds * slots; slot++) {
      const t = finalSteps[slot];
      if (t < 0) continue;
      this.learner.evaluate(finals.subarray(slot * width, (slot + 1) * width), learners, null, some);
      next.set(some, t * all + Math.floor(slot / slots) * learners);
    }
    return next;
  }

  /** Everything `load` needs to go on exactly here. */
  save(): Arrays {
    const env = Object.entries(this.#state).map(([key, value]): [string, Uint8Array | Int32Array] => [
      `env.${key}`,
      value,
    ]);
    const { theta, m, v, t } = this.learner;
    return {
      theta,
      adamM: m,
      adamV: v,
      counters: Float64Array.of(this.iteration, this.steps, t, this.#job.teaching ? 1 : 0),
      acting: this.#job.theta,
      random: this.#random,
      running: this.#running,
      first: this.#first,
      scaleReturns: this.#scale.returns,
      scaleMoments: this.#scale.moments,
      ...Object.fromEntries(env),
    };
  }

  /** Before the first `iterate`. @throws RangeError when the arrays are of another behaviour. */
  load(arrays: Arrays): void {
    const mine = this.save();
    for (const [key, value] of Object.entries(mine)) {
      const saved = arrays[key];
      if (saved?.constructor !== value.constructor || saved.length !== value.length)
        throw new RangeError(`checkpoint: ${key} is of another behaviour`);
    }
    const { learner } = this;
    const into = { theta: learner.theta, adamM: learner.m, adamV: learner.v, random: this.#random };
    for (const [key, target] of Object.entries(into)) target.set(arrays[key] as never);
    this.#running.set(arrays.running as Float32Array);
    this.#first.set(arrays.first as Uint8Array);
    this.#scale.returns.set(arrays.scaleReturns as Float32Array);
    this.#scale.moments.set(arrays.scaleMoments as Float64Array);
    const [iteration, steps, t, teaching] = arrays.counters;
    this.iteration = iteration;
    this.steps = steps;
    learner.t = t;
    this.#job = { theta: arrays.acting as Float32Array, teaching: teaching === 1 };
    const env: Record<string, Uint8Array | Int32Array> = {};
    for (const [key, value] of Object.entries(arrays))
      if (key.startsWith('env.')) env[key.slice(4)] = value as Uint8Array | Int32Array;
    this.#collector.load(env);
    this.#state = env;
  }
}

/** 1 - Var(returns - values) / Var(returns): how much of the returns the critic foresaw. */
function explainedVariance(values: Float32Array, returns: Float32Array): number {
  let mean = 0;
  let meanError = 0;
  for (let k = 0; k < values.length; k++) {
    mean += returns[k] / values.length;
    meanError += (returns[k] - values[k]) / values.length;
  }
  let variance = 0;
  let error = 0;
  for (let k = 0; k < values.length; k++) {
    variance += (returns[k] - mean) * (returns[k] - mean);
    const missed = returns[k] - values[k] - meanError;
    error += missed * missed;
  }
  return variance > 0 ? 1 - error / variance : 0;
}
