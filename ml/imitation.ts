import { exp } from './exact.ts';
import { logSoftmax, type UpdateStats } from './ppo.ts';

/** What imitation reads of a minibatch: what the teacher did, where, and what came of it. */
interface Demonstration {
  readonly masks: Uint32Array;
  readonly actions: Uint8Array;
  readonly returns: Float32Array;
}

/**
 * Behavioural cloning (Pomerleau 1991), the warm start before PPO: the gradient of cross-entropy with the teacher's
 * actions plus the critic's squared error · `valueCoefficient`, by logits and value, as `lossGradient` in ppo.ts
 * gives it. An action that the mask forbids (a teacher that walks while its blow is on the way) teaches nothing.
 */
export function imitationGradient(
  valueCoefficient: number,
  actions: number,
  logits: Float32Array,
  values: Float32Array,
  batch: Demonstration,
  head: Float32Array,
  stats: UpdateStats,
): void {
  const count = values.length;
  const logPi = new Float64Array(actions);
  for (let r = 0; r < count; r++) {
    const at = r * (actions + 1);
    const action = batch.actions[r];
    const error = values[r] - batch.returns[r];
    head[at + actions] = (valueCoefficient * error) / count;
    stats.valueLoss += (0.5 * error * error) / count;
    if (action >= actions || ((batch.masks[r] >> action) & 1) === 0) continue;
    logSoftmax(logits, r * actions, actions, batch.masks[r], logPi);
    stats.policyLoss -= logPi[action] / count;
    for (let a = 0; a < actions; a++) {
      const pi = exp(logPi[a]);
      head[at + a] = (pi - (a === action ? 1 : 0)) / count;
      if (pi > 0) stats.entropy -= (pi * logPi[a]) / count;
    }
  }
}
