/**
 * Proximal policy optimisation (Schulman et al. 2017) with generalised advantage estimation (Schulman et al. 2016)
 * and what of "The 37 Implementation Details of PPO" (Huang et al. 2022) applies: vectorised environments, Adam with
 * ε = 1e-5, annealed learning rate, advantages normalised per minibatch, clipped surrogate and value loss, global
 * gradient clipping, masked actions.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { PpoOptions } from './behavior.ts';
import type { ActorCritic } from './net/actorCritic.ts';
import { type Adam, clipNorm } from './net/adam.ts';
import { shuffle } from './net/random.ts';

/** Decisions of T steps by N learners, step by step: row t · N + n. */
export interface Rollout {
  readonly steps: number;
  readonly learners: number;
  /** [T · N][observations] */
  readonly observations: Uint8Array;
  readonly masks: Uint32Array;
  readonly actions: Uint8Array;
  readonly rewards: Float32Array;
  /** 1 where the episode was cut off after this step. */
  readonly truncated: Uint8Array;
}

/**
 * Generalised advantage estimation. `values` [T · N]; `nextValues` [T · N]: the value of the state that the step led
 * to, of the last one of the episode where it was cut off. Nothing ends for good here: the fallen come back.
 * Writes `advantages` and `returns` (advantage + value), [T · N] each.
 */
export function gae(
  rollout: Pick<Rollout, 'steps' | 'learners' | 'rewards' | 'truncated'>,
  values: Float32Array,
  nextValues: Float32Array,
  gamma: number,
  lambda: number,
  advantages: Float32Array,
  returns: Float32Array,
): void {
  const { steps, learners, rewards, truncated } = rollout;
  for (let n = 0; n < learners; n++) {
    let following = 0;
    for (let t = steps - 1; t >= 0; t--) {
      const k = t * learners + n;
      const delta = rewards[k] + gamma * nextValues[k] - values[k];
      following = delta + gamma * lambda * (truncated[k] ? 0 : following);
      advantages[k] = following;
      returns[k] = following + values[k];
    }
  }
}

/** log π of every action under the mask, into `out[0..actions-1]`; illegal ones are -Infinity. */
export function logSoftmax(
  logits: Float32Array,
  at: number,
  actions: number,
  mask: number,
  out: Float64Array,
): void {
  let most = -Infinity;
  for (let a = 0; a < actions; a++) if ((mask >> a) & 1 && logits[at + a] > most) most = logits[at + a];
  let sum = 0;
  for (let a = 0; a < actions; a++) if ((mask >> a) & 1) sum += Math.exp(logits[at + a] - most);
  const log = most + Math.log(sum);
  for (let a = 0; a < actions; a++) out[a] = (mask >> a) & 1 ? logits[at + a] - log : -Infinity;
}

/** Means over an iteration's minibatches. */
export interface UpdateStats {
  policyLoss: number;
  valueLoss: number;
  entropy: number;
  approxKl: number;
  clipFraction: number;
  gradNorm: number;
  epochs: number;
}

/** What a loss reads of a minibatch besides logits and values. */
export interface Batch {
  readonly masks: Uint32Array;
  readonly actions: Uint8Array;
  readonly oldLogProbs: Float32Array;
  readonly oldValues: Float32Array;
  readonly advantages: Float32Array;
  readonly returns: Float32Array;
}

/**
 * The loss of a minibatch, policy loss - entropy · bonus + value loss · coefficient, as its gradient by logits and
 * value, `head` [count][actions + 1]. Adds to `stats`.
 */
export function lossGradient(
  options: Pick<PpoOptions, 'clip' | 'valueCoefficient'>,
  entropyBonus: number,
  actions: number,
  logits: Float32Array,
  values: Float32Array,
  batch: Batch,
  head: Float32Array,
  stats: UpdateStats,
): void {
  const count = values.length;
  const { clip, valueCoefficient } = options;
  const logPi = new Float64Array(actions);
  for (let r = 0; r < count; r++) {
    logSoftmax(logits, r * actions, actions, batch.masks[r], logPi);
    const action = batch.actions[r];
    const advantage = batch.advantages[r];
    const logRatio = logPi[action] - batch.oldLogProbs[r];
    const ratio = Math.exp(logRatio);
    const clipped = advantage > 0 ? ratio > 1 + clip : ratio < 1 - clip;
    const surrogate = clipped ? (advantage > 0 ? 1 + clip : 1 - clip) : ratio;
    let entropy = 0;
    for (let a = 0; a < actions; a++) if (logPi[a] > -Infinity) entropy -= Math.exp(logPi[a]) * logPi[a];
    const pull = clipped ? 0 : -advantage * ratio;
    const at = r * (actions + 1);
    for (let a = 0; a < actions; a++) {
      const pi = Math.exp(logPi[a]);
      const policy = pull * ((a === action ? 1 : 0) - pi);
      const bonus = pi === 0 ? 0 : entropyBonus * pi * (logPi[a] + entropy);
      head[at + a] = (policy + bonus) / count;
    }
    const old = batch.oldValues[r];
    const target = batch.returns[r];
    const moved = values[r] - old;
    const limited = old + Math.max(-clip, Math.min(clip, moved));
    const plain = values[r] - target;
    const kept = Math.abs(plain) >= Math.abs(limited - target);
    head[at + actions] = kept ? (valueCoefficient * plain) / count : 0;
    stats.policyLoss -= (advantage * surrogate) / count;
    stats.valueLoss += (0.5 * Math.max(plain * plain, (limited - target) * (limited - target))) / count;
    stats.entropy += entropy / count;
    stats.approxKl += (ratio - 1 - logRatio) / count;
    stats.clipFraction += (Math.abs(ratio - 1) > clip ? 1 : 0) / count;
  }
}

/** Writes a loss's gradient by logits and value to `head` [count][actions + 1]; adds to `stats`. */
export type HeadGradient = (
  logits: Float32Array,
  values: Float32Array,
  batch: Batch,
  head: Float32Array,
  stats: UpdateStats,
) => void;

/**
 * One iteration's learning: some epochs of minibatches over the rollout (what is left over for no whole minibatch
 * waits for the next epoch's order). Changes `theta` and `adam`.
 */
export function update(
  net: ActorCritic,
  theta: Float32Array,
  adam: Adam,
  rollout: Rollout,
  estimates: {
    oldLogProbs: Float32Array;
    values: Float32Array;
    advantages: Float32Array;
    returns: Float32Array;
  },
  options: PpoOptions,
  learningRate: number,
  loss: HeadGradient,
  random: Int32Array,
): UpdateStats {
  const total = rollout.steps * rollout.learners;
  const inputs = net.layout.sizes[0];
  const order = Uint32Array.from({ length: total }, (_, k) => k);
  const gradient = new Float32Array(theta.length);
  const stats = noStats();
  let batches = 0;
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(order, random);
    let epochKl = 0;
    let epochBatches = 0;
    for (let start = 0; start + options.minibatch <= total; start += options.minibatch) {
      const rows = order.subarray(start, start + options.minibatch);
      const batch = pick(rollout, estimates, rows, inputs);
      normalize(batch.advantages);
      const before = stats.approxKl;
      tf.tidy(() => {
        const pass = net.forward(theta, batch.observations, rows.length);
        const head = new Float32Array(rows.length * (net.actions + 1));
        loss(pass.logits, pass.values, batch, head, stats);
        net.backward(pass, head, gradient);
      });
      stats.gradNorm += clipNorm(gradient, options.maxGradNorm);
      adam.step(theta, gradient, learningRate);
      net.clamp(theta);
      epochKl += stats.approxKl - before;
      epochBatches++;
    }
    batches += epochBatches;
    stats.epochs++;
    if (options.targetKl !== undefined && epochKl / epochBatches > options.targetKl) break;
  }
  for (const key of ['policyLoss', 'valueLoss', 'entropy', 'approxKl', 'clipFraction', 'gradNorm'] as const)
    stats[key] /= batches;
  return stats;
}

export function noStats(): UpdateStats {
  return { policyLoss: 0, valueLoss: 0, entropy: 0, approxKl: 0, clipFraction: 0, gradNorm: 0, epochs: 0 };
}

function pick(
  rollout: Rollout,
  estimates: {
    oldLogProbs: Float32Array;
    values: Float32Array;
    advantages: Float32Array;
    returns: Float32Array;
  },
  rows: Uint32Array,
  inputs: number,
): Batch & { observations: Uint8Array } {
  const count = rows.length;
  const batch = {
    observations: new Uint8Array(count * inputs),
    masks: new Uint32Array(count),
    actions: new Uint8Array(count),
    oldLogProbs: new Float32Array(count),
    oldValues: new Float32Array(count),
    advantages: new Float32Array(count),
    returns: new Float32Array(count),
  };
  for (let r = 0; r < count; r++) {
    const k = rows[r];
    const from = k * inputs;
    for (let i = 0, to = r * inputs; i < inputs; i++)
      batch.observations[to + i] = rollout.observations[from + i];
    batch.masks[r] = rollout.masks[k];
    batch.actions[r] = rollout.actions[k];
    batch.oldLogProbs[r] = estimates.oldLogProbs[k];
    batch.oldValues[r] = estimates.values[k];
    batch.advantages[r] = estimates.advantages[k];
    batch.returns[r] = estimates.returns[k];
  }
  return batch;
}

function normalize(advantages: Float32Array): void {
  let mean = 0;
  for (const a of advantages) mean += a / advantages.length;
  let variance = 0;
  for (const a of advantages) variance += ((a - mean) * (a - mean)) / advantages.length;
  const scale = 1 / (Math.sqrt(variance) + 1e-8);
  for (let r = 0; r < advantages.length; r++) advantages[r] = (advantages[r] - mean) * scale;
}
