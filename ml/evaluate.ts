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
const WIDTH = 50;

/**
 * Plays `episodes` held-out episodes of a behaviour: worlds seeded from `eval.seed`, the same for every policy, with
 * the same opponents. @param onDone told after each group of worlds how many episodes are done
 */
export function evaluate(
  behavior: Behavior,
  policy: Policy,
  opponents: readonly Opponents[],
  terrain: Terrain,
  episodes: number,
  onDone: (done: number) => void = () => {},
): Evaluation {
  const rewarder = new Rewarder(behavior.rewards);
  const { learners } = behavior.world;
  const decisions = behavior.eval.episode / DECISION_TICKS;
  const returns: number[] = [];
  for (let first = 0; first < episodes; first += WIDTH) {
    const worlds = Math.min(WIDTH, episodes - first);
    const env = new VectorEnv({
      terrain,
      worlds,
      seed: (behavior.eval.seed + first) >>> 0,
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
    onDone(first + worlds);
  }
  const mean = returns.reduce((a, b) => a + b, 0) / episodes;
  const variance = returns.reduce((sum, r) => sum + (r - mean) ** 2, 0) / Math.max(1, episodes - 1);
  const half = 1.96 * Math.sqrt(variance / episodes);
  const minutes = (episodes * learners * behavior.eval.episode) / (TICKS_PER_SECOND * 60);
  return {
    policy: policy.name,
    episodes,
    meanReturn: mean,
    low: mean - half,
    high: mean + half,
    perMinute: Object.fromEntries(TERM_NAMES.map((name, i) => [name, rewarder.counts[i] / minutes])),
  };
}
