import type { Job, RoleMind } from './jobs.ts';
import { runJobs } from './pool.ts';
import { bootstrap, type Estimate, estimate, median } from './statistics.ts';
import { TRICK_NAMES, type TrickGame, type TrickName } from './tricks.ts';

/**
 * Whether inhabitants get the better of a player who wins by one trick. A game is ten minutes of the
 * player's clock. Success in a window is counted per minute; the fall is
 *
 *     1 - (success in the last two minutes) / (success in the first minute)
 *
 * with both means taken over all seeds before they are divided (a single game's first minute may hold nothing). When the
 * clock starts nobody knows the player: habits and memories of them are zero. Its interval is a bootstrap over the seeds.
 */
export const EARLY = { from: 0, to: 60 } as const;
export const LATE = { from: 480, to: 600 } as const;

export interface TrickFall {
  readonly trick: TrickName;
  /** Success per minute of the clock. */
  readonly perMinute: readonly Estimate[];
  /** Percent; can be below zero. */
  readonly fall: Estimate;
  /** Success per minute in the last two minutes, per seed. */
  readonly late: readonly number[];
  /** How often the player was brought down in a game. */
  readonly downs: number;
}

export interface Adaptation {
  readonly seeds: number;
  /** One fall per trick, and the median over tricks with a bootstrap over seeds of all. */
  readonly tricks: readonly TrickFall[];
  readonly fall: Estimate;
  /** What is left of the success of one who mixes everything, percent. */
  readonly varied: TrickFall;
  readonly kept: Estimate;
}

const perMinute = (game: TrickGame, { from, to }: { from: number; to: number }): number => {
  let sum = 0;
  for (let s = from; s < to; s++) sum += game.success[s];
  return (sum * 60) / (to - from);
};

/** The fall of the picked games, percent. */
export function fallOf(games: readonly TrickGame[], picked: readonly number[]): number {
  const mean = (window: { from: number; to: number }) =>
    picked.reduce((sum, g) => sum + perMinute(games[g], window), 0) / picked.length;
  const early = mean(EARLY);
  return early === 0 ? 0 : 100 * (1 - mean(LATE) / early);
}

function fallOfTrick(trick: TrickName, games: readonly TrickGame[]): TrickFall {
  const minutes = Math.floor(games[0].success.length / 60);
  return {
    trick,
    perMinute: Array.from({ length: minutes }, (_, m) =>
      estimate(games.map((game) => perMinute(game, { from: m * 60, to: m * 60 + 60 }))),
    ),
    fall: bootstrap(games.length, (picked) => fallOf(games, picked)),
    late: games.map((game) => perMinute(game, LATE)),
    downs: games.reduce((sum, { downs }) => sum + downs, 0) / games.length,
  };
}

/** The figures of games that were played, `games[trick][seed]`. */
export function summariseAdaptation(games: ReadonlyMap<TrickName, readonly TrickGame[]>): Adaptation {
  const of = (trick: TrickName): readonly TrickGame[] => {
    const mine = games.get(trick);
    if (!mine || mine.length < 2) throw new RangeError(`adaptation: ${trick}: needs two games`);
    return mine;
  };
  const seeds = of('varied').length;
  const varied = fallOfTrick('varied', of('varied'));
  return {
    seeds,
    tricks: TRICK_NAMES.map((trick) => fallOfTrick(trick, of(trick))),
    fall: bootstrap(seeds, (picked) => median(TRICK_NAMES.map((trick) => fallOf(of(trick), picked)))),
    varied,
    kept: {
      ...varied.fall,
      mean: 100 - varied.fall.mean,
      low: 100 - varied.fall.high,
      high: 100 - varied.fall.low,
    },
  };
}

/**
 * What being known costs a player: 1 - (success in the last two minutes) / (success in the same minutes of the same seeds
 * against the same brains with habits hidden), percent; the median over tricks and each of them. What the world does of
 * itself falls out, and so does what was learnt before the first minute was over.
 */
export function knownCosts(
  adapting: Adaptation,
  hidden: Adaptation,
): {
  readonly median: Estimate;
  readonly tricks: readonly { readonly trick: TrickName; readonly cost: Estimate }[];
} {
  const cost = (k: number, picked: readonly number[]) => {
    const sum = (late: readonly number[]) => picked.reduce((total, g) => total + late[g], 0);
    const unknown = sum(hidden.tricks[k].late);
    return unknown === 0 ? 0 : 100 * (1 - sum(adapting.tricks[k].late) / unknown);
  };
  const seeds = Math.min(adapting.seeds, hidden.seeds);
  const all = adapting.tricks.map((_, k) => k);
  return {
    median: bootstrap(seeds, (picked) => median(all.map((k) => cost(k, picked)))),
    tricks: adapting.tricks.map(({ trick }, k) => ({
      trick,
      cost: bootstrap(seeds, (picked) => cost(k, picked)),
    })),
  };
}

/** Plays all tricks and the varied player against inhabitants of these minds. @param onDone told how many games are done */
export async function playAdaptation(
  judged: readonly RoleMind[],
  options: {
    readonly seeds: number;
    readonly seed?: number;
    readonly threads?: number;
    readonly onDone?: (done: number, all: number) => void;
  },
): Promise<Adaptation> {
  const names: TrickName[] = [...TRICK_NAMES, 'varied'];
  const jobs = names.flatMap((trick) =>
    Array.from(
      { length: options.seeds },
      (_, first): Job => ({ kind: 'trick', trick, judged, seed: options.seed ?? 1, first, count: 1 }),
    ),
  );
  const played = await runJobs(jobs, options.threads, (done) => options.onDone?.(done, jobs.length));
  const games = new Map<TrickName, TrickGame[]>(names.map((name) => [name, []]));
  played.forEach((result, j) => {
    const job = jobs[j];
    if (job.kind === 'trick') games.get(job.trick)?.push(...(result as readonly TrickGame[]));
  });
  return summariseAdaptation(games);
}
