import type { Kernel } from '#shared/brain/kernel.ts';
import { OBSERVATION_SIZE } from '#shared/world/index.ts';
import type { Behavior } from '../behavior.ts';
import { OFFSETS } from '../env/features.ts';
import type { Policy } from '../env/policy.ts';
import { loadTerrain } from '../env/terrain.ts';
import type { VectorEnv } from '../env/vectorEnv.ts';
import { type Layout, layoutOf } from '../net/parameters.ts';
import { resolveOpponents, trainingEnv } from '../opponents.ts';
import { quantize } from '../quantize.ts';
import { roleNumber, teacherPolicy } from '../scripted/index.ts';
import type { RolloutArrays } from './arrays.ts';

/** Some of a behaviour's worlds: `count` of them from `first` on. */
export interface ShardRange {
  readonly first: number;
  readonly count: number;
}

/** Who decides in a rollout. */
export interface RolloutJob {
  /** The actor's parameters. */
  readonly theta: Float32Array;
  /** The scripted policy acts in its place, to be imitated. */
  readonly teaching: boolean;
}

export type EnvState = Readonly<Record<string, Uint8Array | Int32Array>>;

/** Plays a part of the worlds and writes its columns of the rollout. What it does depends on nothing but its state and the job. */
export class Shard {
  readonly env: VectorEnv;
  /** Who the opponents are, as `resolveOpponents` names them. */
  readonly opponentIds: readonly string[];
  readonly #kernel: Kernel;
  readonly #layout: Layout;
  readonly #teacher: Policy;
  readonly #arrays: RolloutArrays;
  readonly #range: ShardRange;

  constructor(behavior: Behavior, range: ShardRange, arrays: RolloutArrays, kernel: Kernel) {
    const { opponents, ids } = resolveOpponents(behavior, kernel);
    this.opponentIds = ids;
    this.env = trainingEnv(behavior, opponents, loadTerrain(), range);
    this.#kernel = kernel;
    this.#layout = layoutOf(behavior.network);
    this.#teacher = teacherPolicy(roleNumber(behavior.role));
    this.#arrays = arrays;
    this.#range = range;
  }

  /** One rollout. @returns how often each of the rewards' events happened. */
  collect({ theta, teaching }: RolloutJob): number[] {
    const { env } = this;
    const { steps, learners, slots, ...to } = this.#arrays;
    const first = this.#range.first * env.options.learners;
    env.options.rewarder.counts.fill(0);
    to.finalSteps.fill(-1, this.#range.first * slots, (this.#range.first + this.#range.count) * slots);
    const brain = this.#kernel.load(quantize(theta, this.#layout, OFFSETS));
    const actions = new Uint8Array(env.size);
    for (let t = 0; t < steps; t++) {
      const at = t * learners + first;
      to.observations.set(env.rows.observations, at * OBSERVATION_SIZE);
      to.masks.set(env.rows.masks, at);
      if (teaching) this.#teacher.act(env.rows, actions);
      else this.#kernel.decideBatch(brain, env.rows, actions);
      to.actions.set(actions, at);
      env.step(actions);
      to.rewards.set(env.rewards, at);
      to.truncated.set(env.truncated, at);
      this.#keepFinals(t);
    }
    this.#kernel.unload(brain);
    to.next.set(env.rows.observations, first * OBSERVATION_SIZE);
    return [...env.options.rewarder.counts];
  }

  #keepFinals(t: number): void {
    const { env } = this;
    const { slots, finals, finalSteps } = this.#arrays;
    const { learners } = env.options;
    const width = learners * OBSERVATION_SIZE;
    for (let w = 0; w < this.#range.count; w++) {
      if (!env.truncated[w * learners]) continue;
      const from = (this.#range.first + w) * slots;
      const slot = finalSteps.indexOf(-1, from);
      if (slot < from || slot >= from + slots) throw new RangeError('rollout: more episodes ended than fit');
      finalSteps[slot] = t;
      finals.set(env.finalObservations.subarray(w * width, (w + 1) * width), slot * width);
    }
  }
}
