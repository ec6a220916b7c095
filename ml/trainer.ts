import type { Kernel } from '#shared/brain/kernel.ts';
import type { Network } from '#shared/brain/network.ts';
import { DECISION_TICKS, OBSERVATION_SIZE, TICKS_PER_SECOND } from '#shared/world/index.ts';
import type { Behavior } from './behavior.ts';
import { OFFSETS } from './env/features.ts';
import type { Policy } from './env/policy.ts';
import { TERM_NAMES, type TermName } from './env/rewards.ts';
import type { VectorEnv } from './env/vectorEnv.ts';
import { imitationGradient } from './imitation.ts';
import { ActorCritic } from './net/actorCritic.ts';
import { Adam } from './net/adam.ts';
import { initialize } from './net/parameters.ts';
import { seedRng } from './net/random.ts';
import {
  gae,
  type HeadGradient,
  logSoftmax,
  lossGradient,
  type Rollout,
  type UpdateStats,
  update,
} from './ppo.ts';
import { quantize } from './quantize.ts';
import { ReturnScale } from './returnScale.ts';
import type { Arrays } from './run/checkpoint.ts';
import { roleNumber, scriptedPolicy } from './scripted/index.ts';

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

/**
 * Trains one role's network: a warm start that imitates the scripted policy, where the behaviour asks for one, then
 * rollouts by the integer network and updates by PPO. All of its state can be saved.
 */
export class Trainer {
  readonly net: ActorCritic;
  readonly theta: Float32Array;
  iteration = 0;
  steps = 0;
  readonly #behavior: Behavior;
  readonly #env: VectorEnv;
  readonly #kernel: Kernel;
  readonly #adam: Adam;
  readonly #teacher: Policy;
  readonly #random: Int32Array;
  readonly #scale: ReturnScale;
  /** Undiscounted return of the running episode, and whether it is the first (cut to another length). */
  readonly #running: Float32Array;
  readonly #first: Uint8Array;
  readonly #rollout: Required<Rollout>;

  constructor(behavior: Behavior, env: VectorEnv, kernel: Kernel) {
    this.#behavior = behavior;
    this.#env = env;
    this.#kernel = kernel;
    this.net = new ActorCritic(behavior.network, OFFSETS);
    this.theta = initialize(this.net.layout, behavior.seed);
    this.#adam = new Adam(this.theta.length);
    this.#teacher = scriptedPolicy(roleNumber(behavior.role));
    this.#random = seedRng(behavior.seed + 1);
    this.#scale = new ReturnScale(env.size, behavior.ppo.gamma);
    this.#running = new Float32Array(env.size);
    this.#first = new Uint8Array(env.size).fill(1);
    const total = behavior.ppo.rollout * env.size;
    this.#rollout = {
      steps: behavior.ppo.rollout,
      learners: env.size,
      observations: new Uint8Array(total * OBSERVATION_SIZE),
      masks: new Uint32Array(total),
      actions: new Uint8Array(total),
      rewards: new Float32Array(total),
      truncated: new Uint8Array(total),
    };
  }

  /** The integer network as it stands. */
  network(): Network {
    return quantize(this.theta, this.net.layout, OFFSETS);
  }

  /** One rollout and what is learnt from it. `progress` (0..1) of the training anneals the rates. */
  iterate(progress: number): IterationMetrics {
    const { ppo } = this.#behavior;
    const rollout = this.#rollout;
    const total = rollout.steps * rollout.learners;
    this.#env.options.rewarder.counts.fill(0);
    const teaching = this.steps < this.#behavior.imitation.steps;
    const { finals, finalRows, ended } = this.#collect(teaching);
    const logits = new Float32Array(total * this.net.actions);
    const values = new Float32Array(total);
    this.net.evaluate(this.theta, rollout.observations, total, logits, values);
    const nextValues = this.#nextValues(values, finals, finalRows);
    const oldLogProbs = new Float32Array(total);
    const logPi = new Float64Array(this.net.actions);
    for (let k = 0; k < total; k++) {
      logSoftmax(logits, k * this.net.actions, this.net.actions, rollout.masks[k], logPi);
      // A teacher may do what the mask forbids; imitation does not read this.
      const known = logPi[rollout.actions[k]];
      oldLogProbs[k] = Number.isFinite(known) ? known : 0;
    }
    const advantages = new Float32Array(total);
    const returns = new Float32Array(total);
    gae(rollout, values, nextValues, ppo.gamma, ppo.lambda, advantages, returns);
    const left = Math.max(0, 1 - progress);
    const learningRate = ppo.learningRate * left;
    const entropy = ppo.entropyEnd + (ppo.entropy - ppo.entropyEnd) * left;
    const estimates = { oldLogProbs, values, advantages, returns };
    const { actions } = this.net;
    const loss: HeadGradient = teaching
      ? (...pass) => imitationGradient(ppo.valueCoefficient, actions, ...pass)
      : (...pass) => lossGradient(ppo, entropy, actions, ...pass);
    const stats = update(
      this.net,
      this.theta,
      this.#adam,
      rollout,
      estimates,
      ppo,
      learningRate,
      loss,
      this.#random,
    );
    this.iteration++;
    this.steps += total;
    const minutes = (total * DECISION_TICKS) / (TICKS_PER_SECOND * 60);
    const { counts } = this.#env.options.rewarder;
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

  /** A rollout by the integer network as it stands, or by the teacher. */
  #collect(teaching: boolean): { finals: Uint8Array; finalRows: number[]; ended: number[] } {
    const env = this.#env;
    const rollout = this.#rollout;
    const finals: number[] = [];
    const finalRows: number[] = [];
    const ended: number[] = [];
    const brain = this.#kernel.load(this.network());
    const actions = new Uint8Array(env.size);
    for (let t = 0; t < rollout.steps; t++) {
      const at = t * env.size;
      rollout.observations.set(env.rows.observations, at * OBSERVATION_SIZE);
      rollout.masks.set(env.rows.masks, at);
      if (teaching) this.#teacher.act(env.rows, actions);
      else this.#kernel.decideBatch(brain, env.rows, actions);
      rollout.actions.set(actions, at);
      env.step(actions);
      rollout.truncated.set(env.truncated, at);
      for (let n = 0; n < env.size; n++) {
        this.#running[n] += env.rewards[n];
        if (!env.truncated[n]) continue;
        if (!this.#first[n]) ended.push(this.#running[n]);
        this.#first[n] = 0;
        this.#running[n] = 0;
        finalRows.push(at + n);
        for (let i = 0; i < OBSERVATION_SIZE; i++)
          finals.push(env.finalObservations[n * OBSERVATION_SIZE + i]);
      }
      this.#scale.scale(env.rewards, env.truncated, rollout.rewards, at);
    }
    this.#kernel.unload(brain);
    return { finals: Uint8Array.from(finals), finalRows, ended };
  }

  #nextValues(values: Float32Array, finals: Uint8Array, finalRows: readonly number[]): Float32Array {
    const { size, rows } = this.#env;
    const extra = size + finalRows.length;
    const observations = new Uint8Array(extra * OBSERVATION_SIZE);
    observations.set(rows.observations);
    observations.set(finals, size * OBSERVATION_SIZE);
    const last = new Float32Array(extra);
    this.net.evaluate(this.theta, observations, extra, new Float32Array(extra * this.net.actions), last);
    const next = new Float32Array(values.length);
    next.set(values.subarray(size));
    next.set(last.subarray(0, size), values.length - size);
    finalRows.forEach((row, k) => {
      next[row] = last[size + k];
    });
    return next;
  }

  /** Everything `load` needs to go on exactly here. */
  save(): Arrays {
    const env = Object.entries(this.#env.save()).map(([key, value]): [string, Uint8Array | Int32Array] => [
      `env.${key}`,
      value,
    ]);
    return {
      theta: this.theta,
      adamM: this.#adam.m,
      adamV: this.#adam.v,
      counters: Float64Array.of(this.iteration, this.steps, this.#adam.t),
      random: this.#random,
      running: this.#running,
      first: this.#first,
      scaleReturns: this.#scale.returns,
      scaleMoments: this.#scale.moments,
      ...Object.fromEntries(env),
    };
  }

  /** @throws RangeError when the arrays are of another behaviour. */
  load(arrays: Arrays): void {
    const mine = this.save();
    for (const [key, value] of Object.entries(mine)) {
      const saved = arrays[key];
      if (saved?.constructor !== value.constructor || saved.length !== value.length)
        throw new RangeError(`checkpoint: ${key} is of another behaviour`);
    }
    const into = { theta: this.theta, adamM: this.#adam.m, adamV: this.#adam.v, random: this.#random };
    for (const [key, target] of Object.entries(into)) target.set(arrays[key] as never);
    this.#running.set(arrays.running as Float32Array);
    this.#first.set(arrays.first as Uint8Array);
    this.#scale.returns.set(arrays.scaleReturns as Float32Array);
    this.#scale.moments.set(arrays.scaleMoments as Float64Array);
    [this.iteration, this.steps, this.#adam.t] = arrays.counters;
    const env: Record<string, Uint8Array | Int32Array> = {};
    for (const [key, value] of Object.entries(arrays))
      if (key.startsWith('env.')) env[key.slice(4)] = value as Uint8Array | Int32Array;
    this.#env.load(env);
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
    variance += (returns[k] - mean) ** 2;
    error += (returns[k] - values[k] - meanError) ** 2;
  }
  return variance > 0 ? 1 - error / variance : 0;
}
