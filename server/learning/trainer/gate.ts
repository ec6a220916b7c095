import type { Behavior } from '#ml/behavior.ts';
import { brainPolicy } from '#ml/env/policy.ts';
import { loadTerrain } from '#ml/env/terrain.ts';
import { EVAL_GROUP, playEpisodes } from '#ml/evaluate.ts';
import { resolveOpponents } from '#ml/opponents.ts';
import type { SuiteRole } from '#ml/suite/scenario.ts';
import { type Estimate, estimate } from '#ml/suite/statistics.ts';
import { evaluateSuite, FAIR_BAND, fairness } from '#ml/suite/suite.ts';
import { decodeBrain } from '#shared/brain/file.ts';
import type { Kernel } from '#shared/brain/kernel.ts';
import type { Comparison, Verdict } from './task.ts';

/** What a candidate may lose on the whole suite and still count as not worse, as a share of the active brain's score. */
const MARGIN = 0.05;
/** What a quick lesson's candidate may seem to lose on it. */
const QUICK_MARGIN = 0.15;
/** A single scenario in which it is surely worse by more than this share ends it. */
const COLLAPSE = 0.3;
/** Scores smaller than this are measured against this: they are events a minute. */
const LEAST_SCALE = 0.5;

export interface Contest {
  role: string;
  active: Uint8Array;
  candidate: Uint8Array;
  /** The role's behaviour with the clones alone as players; null: there are no clones. */
  clones: Behavior | null;
  kernel: Kernel;
  episodes: number;
  /** Few episodes cannot show that nothing is lost: refuse what is surely worse, and what looks much worse. */
  quick?: boolean;
  /** Told how much is done, 0..1; may take its time. */
  onDone: (share: number) => void;
}

const scale = (score: number): number => Math.max(LEAST_SCALE, Math.abs(score));
const number = (value: number): string => value.toFixed(3);

/**
 * Whether a candidate may take over: not worse than the active brain on the held-out suite, better against the players
 * that were logged, and no less fair. Every comparison is of the same episodes, with 95 % intervals.
 */
export async function judge(contest: Contest): Promise<Verdict> {
  const { role, active, candidate, clones, episodes, onDone } = contest;
  const comparisons: Comparison[] = [];
  comparisons.push(...(await onSuite(contest)));
  onDone(0.6);
  if (clones) comparisons.push(versusClones(contest, clones));
  onDone(0.8);
  const chances: (Estimate | null)[] = [];
  for (const brain of [active, candidate]) {
    const judged = { name: 'brain', brain };
    const { chance } = await fairness(role as SuiteRole, judged, {
      episodes: Math.max(2, Math.ceil(episodes / 20)),
      levels: ['regular'],
      threads: 0,
      onDone: (done, all) => onDone(0.8 + 0.1 * (chances.length + done / all)),
    });
    chances.push(chance);
  }
  comparisons.push(band(chances[0], chances[1], contest.quick ?? false));
  return { passed: comparisons.every((one) => one.passed), comparisons };
}

async function onSuite({ role, active, candidate, episodes, quick, onDone }: Contest): Promise<Comparison[]> {
  const each = Math.max(4, Math.ceil(episodes / 5));
  const policies = [
    { name: 'active', brain: active },
    { name: 'candidate', brain: candidate },
  ];
  const { scenarios, mean } = await evaluateSuite(role as SuiteRole, policies, {
    episodes: each,
    threads: 0,
    onDone: (done, all) => onDone((0.6 * done) / all),
  });
  const [before, after] = [mean[0].score.mean, mean[1].score.mean];
  const { mean: difference, low, high } = mean[1].difference;
  const margin = MARGIN * scale(before);
  const worst = scenarios.reduce((least, one) => (loss(one) < loss(least) ? one : least));
  const [was, is] = worst.scores;
  const limit = -COLLAPSE * scale(was.mean);
  return [
    {
      what: `held-out suite, ${scenarios.length} scenarios of ${each} episodes`,
      before,
      after,
      low,
      high,
      passed: quick ? high >= -margin && difference >= -QUICK_MARGIN * scale(before) : low > -margin,
      wanted: quick
        ? `not surely below ${number(-margin)}, its mean above ${number(-QUICK_MARGIN * scale(before))}`
        : `the difference's interval above ${number(-margin)}`,
    },
    {
      what: `worst scenario (${worst.name})`,
      before: was.mean,
      after: is.mean,
      low: is.difference.low,
      high: is.difference.high,
      passed: is.difference.high >= limit,
      wanted: `not surely below ${number(limit)}`,
    },
  ];
}

/** The difference in a scenario, in units of its score. */
function loss({ scores: [was, is] }: { readonly scores: readonly { mean: number; difference: Estimate }[] }) {
  return is.difference.high / scale(was.mean);
}

function versusClones(contest: Contest, behavior: Behavior): Comparison {
  const { active, candidate, kernel, episodes, quick, onDone } = contest;
  const { opponents } = resolveOpponents(behavior, kernel);
  const [before, after] = [active, candidate].map((file, k) => {
    const policy = brainPolicy('brain', kernel, decodeBrain(file).network);
    let done = 0;
    return playEpisodes(behavior, policy, opponents, loadTerrain(), 0, Math.max(2, episodes), (more) => {
      done += more;
      onDone(0.6 + 0.1 * (k + Math.min(1, done / Math.max(episodes, EVAL_GROUP))));
    }).returns;
  });
  const difference = estimate(after.map((value, e) => value - before[e]));
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  return {
    what: `players of the log, ${before.length} episodes`,
    before: mean(before),
    after: mean(after),
    low: difference.low,
    high: difference.high,
    passed: quick ? difference.mean > 0 : difference.low > 0,
    wanted: quick ? 'better on average' : "the difference's interval above 0",
  };
}

/**
 * The chance of a player at their level to win an encounter stays between 40 and 60 %. Where the active brain's is outside
 * already, the candidate's must not surely be further from it. Who fights nobody is fair.
 */
function band(active: Estimate | null, candidate: Estimate | null, quick: boolean): Comparison {
  const away = (chance: number): number => Math.max(0, FAIR_BAND.low - chance, chance - FAIR_BAND.high);
  const before = active?.mean ?? 0.5;
  const after = candidate ?? { mean: 0.5, low: 0.5, high: 0.5 };
  const outside = away(before) > 0;
  const nearest = Math.min(Math.max(0.5, after.low), after.high);
  return {
    what: 'chance of a player at their level to win an encounter',
    before,
    after: after.mean,
    low: after.low,
    high: after.high,
    passed: away(after.mean) === 0 || ((outside || quick) && away(nearest) <= away(before)),
    wanted: outside || quick ? 'not surely further from 40–60 % than now' : '40–60 %',
  };
}
