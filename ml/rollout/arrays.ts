import { DECISION_TICKS, OBSERVATION_SIZE } from '#shared/world/index.ts';
import type { Behavior } from '../behavior.ts';

/**
 * What a rollout leaves: T decisions of N learners, step by step (row t · N + n), world by world within a step. Each
 * thread writes the columns of its own worlds; the memory is shared, so nothing is sent.
 */
export interface RolloutArrays {
  readonly steps: number;
  readonly learners: number;
  /** [T · N][observations] */
  readonly observations: Uint8Array;
  readonly masks: Uint32Array;
  readonly actions: Uint8Array;
  /** As the behaviour weighs them, not scaled. */
  readonly rewards: Float32Array;
  /** 1 where the episode was cut off after this step. */
  readonly truncated: Uint8Array;
  /** What the learners see after the last step; [N][observations]. */
  readonly next: Uint8Array;
  /** Per world and slot: the step after which an episode was cut off, or -1; and its last observations. */
  readonly slots: number;
  readonly finalSteps: Int32Array;
  readonly finals: Uint8Array;
}

/** Room for a behaviour's rollouts in memory that threads can share. */
export function rolloutArrays({ world, ppo }: Pick<Behavior, 'world' | 'ppo'>): RolloutArrays {
  const steps = ppo.rollout;
  const learners = world.worlds * world.learners;
  const total = steps * learners;
  // An episode ends every so many decisions; the first one, which is shortened, perhaps once more.
  const slots = Math.min(steps, Math.floor((steps * DECISION_TICKS) / world.episode) + 2);
  const bytes = (length: number) => new Uint8Array(new SharedArrayBuffer(length));
  return {
    steps,
    learners,
    observations: bytes(total * OBSERVATION_SIZE),
    masks: new Uint32Array(new SharedArrayBuffer(4 * total)),
    actions: bytes(total),
    rewards: new Float32Array(new SharedArrayBuffer(4 * total)),
    truncated: bytes(total),
    next: bytes(learners * OBSERVATION_SIZE),
    slots,
    finalSteps: new Int32Array(new SharedArrayBuffer(4 * world.worlds * slots)),
    finals: bytes(world.worlds * slots * world.learners * OBSERVATION_SIZE),
  };
}
