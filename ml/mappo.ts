/**
 * Multi-agent PPO (Yu et al. 2022, "The Surprising Effectiveness of PPO in Cooperative Multi-Agent Games"): the actor sees what
 * its agent sees; the critic, which is needed in training only, also sees the team: here the mean observation of all learners
 * in the same world. It is a network of its own, with an optimiser and a gradient norm of its own; the losses are PPO's.
 */
import type { Layout } from './net/parameters.ts';

/** Where a central critic's parameters begin. */
export function criticStart(layout: Layout): number {
  return Math.ceil(layout.length / 4) * 4;
}

/** Sizes of a central critic: twice the observations, the same hidden layers, one output that is not used. */
export function criticSizes(sizes: readonly number[]): number[] {
  return [2 * sizes[0], ...sizes.slice(1, -1), 1];
}

/** Means of each team's observations, rounded, as the critic reads them: [count / group][observations]. */
export function teamMeans(
  observations: Uint8Array,
  count: number,
  inputs: number,
  group: number,
): Uint8Array {
  const teams = new Uint8Array((count / group) * inputs);
  for (let team = 0, to = 0; to < teams.length; team++)
    for (let i = 0; i < inputs; i++, to++) {
      let sum = group >> 1;
      for (let k = 0; k < group; k++) sum += observations[(team * group + k) * inputs + i];
      teams[to] = Math.floor(sum / group);
    }
  return teams;
}
