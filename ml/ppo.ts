/**
 * Proximal policy optimisation (Schulman et al. 2017) with generalised advantage estimation (Schulman et al. 2016)
 * and what of "The 37 Implementation Details of PPO" (Huang et al. 2022) applies: vectorised environments, Adam with
 * ε = 1e-5, annealed learning rate, advantages normalised per minibatch, clipped surrogate and value loss, global
 * gradient clipping, masked actions.
 */
import type { PpoOptions } from './behavior.ts';
import { exp, log } from './exact.ts';
import type { Learner, StepOptions } from './net/learner.ts';
import { shuffle } from './net/random.ts';

/** Decisions of T steps by N learners, step by step: row t · N + n. */
export interface Rollout {
  readonly steps: number;
  readonly learners: number;
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
  rollout: Rollout,
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
  for (let a = 0; a < actions; a++) if ((mask >> a) & 1) sum += exp(logits[at + a] - most);
  const total = most + log(sum);
  for (let a = 0; a < actions; a++) out[a] = (mask >> a) & 1 ? logits[at + a] - total : -Infinity;
}

/** Means over an iteration's minibatches. */
export interface UpdateStats {
  policyLoss: number;
  valueLoss: number;
  entropy: number;
  approxKl: number;
  clipFraction: number;
  /** KL divergence from the parent's policy, where there is one. */
  anchorKl: number;
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
  /** The parent's logits [count][actions], where an anchor holds the policy near to it. */
  readonly parent?: Float32Array;
}

/**
 * The loss of a minibatch, policy loss - entropy · bonus + value loss · coefficient + KL(π ‖ parent) · anchor, as its
 * gradient by logits and value, `head` [count][actions + 1]. Adds to `stats`.
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
  anchor = 0,
): void {
  const count = values.length;
  const { clip, valueCoefficient } = options;
  const logPi = new Float64Array(actions);
  const logParent = new Float64Array(actions);
  for (let r = 0; r < count; r++) {
    logSoftmax(logits, r * actions, actions, batch.masks[r], logPi);
    const action = batch.actions[r];
    const advantage = batch.advantages[r];
    const logRatio = logPi[action] - batch.oldLogProbs[r];
    const ratio = exp(logRatio);
    const clipped = advantage > 0 ? ratio > 1 + clip : ratio < 1 - clip;
    const surrogate = clipped ? (advantage > 0 ? 1 + clip : 1 - clip) : ratio;
    let entropy = 0;
    for (let a = 0; a < actions; a++) if (logPi[a] > -Infinity) entropy -= exp(logPi[a]) * logPi[a];
    const pull = clipped ? 0 : -advantage * ratio;
    const at = r * (actions + 1);
    for (let a = 0; a < actions; a++) {
      const pi = exp(logPi[a]);
      const policy = pull * ((a === action ? 1 : 0) - pi);
      const bonus = pi === 0 ? 0 : entropyBonus * pi * (logPi[a] + entropy);
      head[at + a] = (policy + bonus) / count;
    }
    if (batch.parent) {
      logSoftmax(batch.parent, r * actions, actions, batch.masks[r], logParent);
      let kl = 0;
      for (let a = 0; a < actions; a++)
        if (logPi[a] > -Infinity) kl += exp(logPi[a]) * (logPi[a] - logParent[a]);
      for (let a = 0; a < actions; a++)
        if (logPi[a] > -Infinity)
          head[at + a] += (anchor * exp(logPi[a]) * (logPi[a] - logParent[a] - kl)) / count;
      stats.anchorKl += kl / count;
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

const MEANS = [
  'policyLoss',
  'valueLoss',
  'entropy',
  'approxKl',
  'clipFraction',
  'anchorKl',
  'gradNorm',
] as const;

/**
 * One iteration's learning: some epochs of minibatches over the rows that the learner has loaded (what is left over for
 * no whole minibatch waits for the next epoch's order).
 */
export function update(
  learner: Learner,
  total: number,
  ppo: Pick<PpoOptions, 'epochs' | 'minibatch' | 'targetKl'>,
  options: StepOptions,
  random: Int32Array,
): UpdateStats {
  const order = Uint32Array.from({ length: total }, (_, k) => k);
  const stats = noStats();
  let batches = 0;
  for (let epoch = 0; epoch < ppo.epochs; epoch++) {
    shuffle(order, random);
    let epochKl = 0;
    let epochBatches = 0;
    for (let start = 0; start + ppo.minibatch <= total; start += ppo.minibatch) {
      const one = learner.step(order.subarray(start, start + ppo.minibatch), options);
      for (const key of MEANS) stats[key] += one[key];
      epochKl += one.approxKl;
      epochBatches++;
    }
    batches += epochBatches;
    stats.epochs++;
    if (ppo.targetKl !== undefined && epochKl / epochBatches > ppo.targetKl) break;
  }
  for (const key of MEANS) stats[key] /= batches;
  return stats;
}

export function noStats(): UpdateStats {
  return {
    policyLoss: 0,
    valueLoss: 0,
    entropy: 0,
    approxKl: 0,
    clipFraction: 0,
    anchorKl: 0,
    gradNorm: 0,
    epochs: 0,
  };
}

/** Takes the mean off and divides by the deviation. */
export function normalize(advantages: Float32Array): void {
  let mean = 0;
  for (const a of advantages) mean += a / advantages.length;
  let variance = 0;
  for (const a of advantages) variance += ((a - mean) * (a - mean)) / advantages.length;
  const scale = 1 / (Math.sqrt(variance) + 1e-8);
  for (let r = 0; r < advantages.length; r++) advantages[r] = (advantages[r] - mean) * scale;
}
