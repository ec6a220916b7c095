import { DECISION_TICKS, type Terrain, TICKS_PER_SECOND } from '#shared/world/index.ts';
import type { Behavior } from './behavior.ts';
import type { Policy } from './env/policy.ts';
import { Rewarder, TERM_NAMES, type TermName } from './env/rewards.ts';
import { type Opponents, VectorEnv } from './env/vectorEnv.ts';
import { roleNumber } from './scripted/index.ts';

/** How a policy did. An episode is one world; its return is the mean over the agents that were judged in it. */
export interface Evaluation {
  readonly policy: string;
  readonly episodes: number;
  readonly meanReturn: number;
  /** The mean's 95 % interval: ±1.96 standard errors over episodes, which are independent. */
  readonly low: number;
  readonly high: number;
  /** Per judged agent and minute of the world. */
  readonly perMinute: Readonly<Partial<Record<TermName, number>>>;
}

/** Worlds that run side by side. */
export const EVAL_GROUP = 50;

/** What came of some episodes: their returns, and how often each of TERM_NAMES happened in all. */
export interface Played {
  readonly returns: readonly number[];
  readonly counts: readonly number[];
}

/**
 * Plays held-out episodes first..first+count-1 of a behaviour: worlds seeded from `eval.seed`, the same for every
 * policy, with the same opponents. `first` is a multiple of EVAL_GROUP.
 * @param onDone told after each group of worlds how many more episodes are done
 */
export function playEpisodes(
  behavior: Behavior,
  policy: Policy,
  opponents: readonly Opponents[],
  terrain: Terrain,
  first: number,
  count: number,
  onDone: (more: number) => void = () => {},
): Played {
  const rewarder = new Rewarder(behavior.rewards);
  const { learners } = behavior.world;
  const decisions = behavior.eval.episode / DECISION_TICKS;
  const returns: number[] = [];
  for (let at = first; at < first + count; at += EVAL_GROUP) {
    const worlds = Math.min(EVAL_GROUP, first + count - at);
    const env = new VectorEnv({
      terrain,
      worlds,
      seed: (behavior.eval.seed + at) >>> 0,
      role: roleNumber(behavior.role),
      learners,
      opponents,
      episodeTicks: behavior.eval.episode + DECISION_TICKS,
      warmupTicks: behavior.eval.warmup,
      rewarder,
      stagger: false,
    });
    const actions = new Uint8Array(env.size);
    const sums = new Float64Array(worlds);
    for (let d = 0; d < decisions; d++) {
      policy.act(env.rows, actions);
      env.step(actions);
      for (let n = 0; n < env.size; n++) sums[Math.floor(n / learners)] += env.rewards[n] / learners;
    }
    returns.push(...sums);
    onDone(worlds);
  }
  return { returns, counts: [...rewarder.counts] };
}

/** The figures of episodes that were played, perhaps in parts. */
export function summarize(behavior: Behavior, name: string, parts: readonly Played[]): Evaluation {
  const returns = parts.flatMap((part) => part.returns);
  const episodes = returns.length;
  const mean = returns.reduce((a, b) => a + b, 0) / episodes;
  const variance = returns.reduce((sum, r) => sum + (r - mean) ** 2, 0) / Math.max(1, episodes - 1);
  const half = 1.96 * Math.sqrt(variance / episodes);
  const minutes = (episodes * behavior.world.learners * behavior.eval.episode) / (TICKS_PER_SECOND * 60);
  const count = (i: number) => parts.reduce((sum, part) => sum + part.counts[i], 0);
  return {
    policy: name,
    episodes,
    meanReturn: mean,
    low: mean - half,
    high: mean + half,
    perMinute: Object.fromEntries(TERM_NAMES.map((term, i) => [term, count(i) / minutes])),
  };
}

/** Plays and sums up the first `episodes` held-out episodes. */
export function evaluate(
  behavior: Behavior,
  policy: Policy,
  opponents: readonly Opponents[],
  terrain: Terrain,
  episodes: number,
): Evaluation {
  return summarize(behavior, policy.name, [playEpisodes(behavior, policy, opponents, terrain, 0, episodes)]);
}
