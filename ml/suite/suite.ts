import type { Outcome } from './encounter.ts';
import type { Job } from './jobs.ts';
import { MEASURE_NAMES, type MeasureName } from './measures.ts';
import type { Episode } from './play.ts';
import { SKILLS, type SkillName } from './players/peaceful.ts';
import { idOf, type Judged } from './policies.ts';
import { runJobs } from './pool.ts';
import { type Scenario, ScenarioError, type SuiteRole } from './scenario.ts';
import { SCENARIOS, scenariosOf } from './scenarios.ts';
import { type Estimate, estimate, share } from './statistics.ts';

export const DEFAULT_EPISODES = 40;
export const DEFAULT_SEED = 20_261;
/** A player's chance to win that is fair. */
export const FAIR_BAND = { low: 0.4, high: 0.6 } as const;

export interface SuiteOptions {
  /** Episodes of each scenario, 2..10,000. */
  readonly episodes?: number;
  readonly seed?: number;
  /** Names of the scenarios to play; all of the role unless said. */
  readonly scenarios?: readonly string[];
  /** Threads; as many as there are cores unless said. 0: in this one. */
  readonly threads?: number;
  /** Told how many of all episodes are done. */
  readonly onDone?: (done: number, all: number) => void;
}

/** How one policy did in one scenario. */
export interface ScenarioScore extends Estimate {
  /** 0 as random, 1 as the scripted rule; null where these two hardly differ or were not played. */
  readonly normalised: Estimate | null;
  /** The mean over episodes of the difference to the first policy, episode by episode (they have the same seeds). */
  readonly difference: Estimate;
  /** Per judged agent and minute. */
  readonly perMinute: Readonly<Partial<Record<MeasureName, number>>>;
}

export interface SuiteResult {
  readonly role: SuiteRole;
  readonly episodes: number;
  readonly seed: number;
  readonly policies: readonly { readonly name: string; readonly id: string; readonly blind: boolean }[];
  readonly scenarios: readonly {
    readonly name: string;
    readonly about: string;
    readonly map: string;
    /** In the order of `policies`. */
    readonly scores: readonly ScenarioScore[];
  }[];
  /** Per policy, the mean over scenarios of the score, and of the difference to the first policy. */
  readonly mean: readonly { readonly score: Estimate; readonly difference: Estimate }[];
}

function whole(field: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most)
    throw new ScenarioError(`${field}: must be a whole number from ${least} to ${most}, is ${value}`);
  return value;
}

/**
 * Plays the held-out scenarios of a role with each policy, the same episodes for all.
 * @param policies the first is what the others are compared with
 * @throws ScenarioError (a name, a limit), or what reading a brain throws
 */
export async function evaluateSuite(
  role: SuiteRole,
  policies: readonly Judged[],
  options: SuiteOptions = {},
): Promise<SuiteResult> {
  const episodes = whole('episodes', options.episodes ?? DEFAULT_EPISODES, 2, 10_000);
  const seed = whole('seed', options.seed ?? DEFAULT_SEED, 0, 0xffffffff);
  if (policies.length < 1 || policies.length > 16)
    throw new ScenarioError(`policies: 1 to 16, there are ${policies.length}`);
  for (const name of options.scenarios ?? [])
    if (!SCENARIOS.some((s) => s.name === name && s.role === role))
      throw new ScenarioError(
        `scenarios: "${name}" is none of ${scenariosOf(role)
          .map((s) => s.name)
          .join(', ')}`,
      );
  const scenarios = scenariosOf(role).filter((s) => options.scenarios?.includes(s.name) ?? true);
  const jobs: Job[] = [];
  for (const scenario of scenarios)
    for (const judged of policies)
      for (let first = 0; first < episodes; first += CHUNK)
        jobs.push({
          kind: 'scenario',
          scenario,
          judged,
          seed,
          first,
          count: Math.min(CHUNK, episodes - first),
        });
  const played = await runJobs(jobs, options.threads, (done) =>
    options.onDone?.(done, scenarios.length * policies.length * episodes),
  );
  let at = 0;
  const all = scenarios.map(() =>
    policies.map(() => {
      const mine: Episode[] = [];
      for (let first = 0; first < episodes; first += CHUNK) mine.push(...(played[at++] as Episode[]));
      return mine;
    }),
  );
  return summarise(role, policies, scenarios, all, { episodes, seed });
}

const CHUNK = 10;

function summarise(
  role: SuiteRole,
  policies: readonly Judged[],
  scenarios: readonly Scenario[],
  all: readonly (readonly (readonly Episode[])[])[],
  { episodes, seed }: { episodes: number; seed: number },
): SuiteResult {
  const index = (name: string) => policies.findIndex((p) => p.name === name);
  const difference = (a: readonly Episode[], b: readonly Episode[]) =>
    estimate(a.map(({ score }, e) => score - b[e].score));
  return {
    role,
    episodes,
    seed,
    policies: policies.map((p) => ({ name: p.name, id: idOf(p), blind: p.blind ?? false })),
    scenarios: scenarios.map(({ name, about, map }, s) => {
      const scores = all[s].map((mine) => estimate(mine.map(({ score }) => score)));
      const [low, high] = [scores[index('random')], scores[index('scripted')]];
      return {
        name,
        about,
        map,
        scores: scores.map((score, p) => ({
          ...score,
          normalised: normalise(score, low, high),
          difference: difference(all[s][p], all[s][0]),
          perMinute: Object.fromEntries(
            MEASURE_NAMES.map((measure, m) => [
              measure,
              all[s][p].reduce((sum, { counts }) => sum + counts[m], 0) / episodes,
            ]),
          ),
        })),
      };
    }),
    mean: policies.map((_, p) => {
      const over = (value: (s: number, e: number) => number) =>
        estimate(
          Array.from(
            { length: episodes },
            (_, e) => scenarios.reduce((sum, _, s) => sum + value(s, e), 0) / scenarios.length,
          ),
        );
      return {
        score: over((s, e) => all[s][p][e].score),
        difference: over((s, e) => all[s][p][e].score - all[s][0][e].score),
      };
    }),
  };
}

function normalise(score: Estimate, low?: Estimate, high?: Estimate): Estimate | null {
  if (!low || !high) return null;
  const span = high.mean - low.mean;
  // Where the two baselines are as good as equal, a share of their difference says nothing.
  if (!(span > high.high - high.mean + (low.mean - low.low))) return null;
  const to = (value: number) => (value - low.mean) / span;
  return { mean: to(score.mean), low: to(score.low), high: to(score.high), n: score.n };
}

export interface Fairness {
  readonly role: SuiteRole;
  /** The chance to win an encounter, per level of skill; null where there was none. */
  readonly levels: Readonly<Record<SkillName, Estimate | null>>;
  /** That of a player of the middle level. */
  readonly chance: Estimate | null;
  /** Whether that lies within `FAIR_BAND`: the estimate itself, not its whole interval. */
  readonly fair: boolean;
  /** `outside` only where the whole interval is; `unclear` where the estimate is outside but its interval is not. */
  readonly verdict: 'within' | 'outside' | 'unclear';
}

/**
 * The chance of scripted players to win an encounter (see encounter.ts) with inhabitants whom `judged` plays, in the
 * Hollow with as many inhabitants as a zone has. Intervals are of the encounters; those of one world count as independent.
 */
export async function fairness(
  role: SuiteRole,
  judged: Judged,
  options: Pick<SuiteOptions, 'episodes' | 'seed' | 'threads' | 'onDone'> & {
    readonly levels?: readonly SkillName[];
  } = {},
): Promise<Fairness> {
  const episodes = whole('episodes', options.episodes ?? 12, 1, 10_000);
  const seed = whole('seed', options.seed ?? DEFAULT_SEED, 0, 0xffffffff);
  const skills = options.levels ?? (Object.keys(SKILLS) as SkillName[]);
  const jobs = skills.flatMap((skill) =>
    Array.from(
      { length: episodes },
      (_, first): Job => ({ kind: 'fairness', role, skill, judged, seed, first, count: 1 }),
    ),
  );
  const played = await runJobs(jobs, options.threads, (done) => options.onDone?.(done, jobs.length));
  const levels: Record<SkillName, Estimate | null> = { newcomer: null, regular: null, veteran: null };
  skills.forEach((skill, k) => {
    const outcomes = played
      .slice(k * episodes, (k + 1) * episodes)
      .flatMap((result) => (result as readonly (readonly Outcome[])[]).flat());
    const won = outcomes.reduce((sum, o) => sum + o.won, 0);
    levels[skill] = outcomes.length > 0 ? share(won, outcomes.length) : null;
  });
  const chance = levels.regular;
  const fair = chance !== null && chance.mean >= FAIR_BAND.low && chance.mean <= FAIR_BAND.high;
  const outside = chance !== null && (chance.high < FAIR_BAND.low || chance.low > FAIR_BAND.high);
  return { role, levels, chance, fair, verdict: fair ? 'within' : outside ? 'outside' : 'unclear' };
}
