import { BRANCH_COUNT, type GrowthRule, MAX_STEPS, ruleNext } from '#shared/growth/index.ts';
import { wholesFrom } from '#shared/random.ts';
import { STYLES, sharesOf, WINDOW_MINUTES } from './rates.ts';

/** Hours of play that are looked at; a player's own, not the clock's. */
export const HOURS = 40;
export const WINDOWS = (HOURS * 60) / WINDOW_MINUTES;
export const PLAYERS = 1_000;
/** Of ten windows so many are played in a player's own manner, the others in anyone's. */
const OWN = 7;
const FORMS = (MAX_STEPS + 1) * (BRANCH_COUNT + 1);

/** How a thousand players' symbionts have grown after each window of play. */
export interface Spread {
  readonly players: number;
  /** Symbionts of a stage and a branch after so many windows (0: before any play). */
  at(window: number, stage: number, branch: number): number;
  /** Those that have reached a stage (and, from 1 on, are of that branch). */
  reached(window: number, stage: number, branch?: number): number;
  /** Hours of play after which half of the players have a stage; null: they never have. */
  median(stage: number): number | null;
}

/** The styles' numbers in proportion to their shares, so that one draw picks one. */
function wheel(mix: readonly number[]): number[] {
  return sharesOf(mix).flatMap((share, i) => new Array<number>(Math.round(share * 1_000)).fill(i));
}

/**
 * Plays a rule with a crowd: every window each player does what one of the sampled players of a manner did. Yields
 * after every few players, so that a page can breathe between.
 * @param rule one that checkRule takes
 * @param mix how many play in which way of CROWD
 */
export function* simulate(
  rule: GrowthRule,
  mix: readonly number[],
  players = PLAYERS,
): Generator<number, Spread> {
  const counts = new Uint16Array((WINDOWS + 1) * FORMS);
  const styles = wheel(mix);
  const deeds = new Float64Array(8);
  const last = rule.steps.length;
  for (let player = 0; player < players; player++) {
    const random = wholesFrom(player * 7919 + 1);
    const own = styles[random(styles.length)];
    let [stage, branch] = [0, 0];
    deeds.fill(0);
    counts[0]++;
    for (let window = 1; window <= WINDOWS; window++) {
      if (stage < last) {
        const { samples } = STYLES[random(10) < OWN ? own : styles[random(styles.length)]];
        const done = samples[random(samples.length)];
        for (let d = 0; d < 8; d++) deeds[d] += done[d];
        for (
          let next = ruleNext(rule, stage, branch, deeds);
          next;
          next = ruleNext(rule, stage, branch, deeds)
        )
          ({ stage, branch } = next);
      }
      counts[window * FORMS + stage * (BRANCH_COUNT + 1) + branch]++;
    }
    if (player % 20 === 19) yield (player + 1) / players;
  }
  return spreadOf(counts, players, last);
}

function spreadOf(counts: Uint16Array, players: number, last: number): Spread {
  const at = (window: number, stage: number, branch: number) =>
    counts[window * FORMS + stage * (BRANCH_COUNT + 1) + branch] ?? 0;
  const reached = (window: number, stage: number, branch?: number): number => {
    let sum = 0;
    for (let s = stage; s <= last; s++)
      for (let b = 0; b <= BRANCH_COUNT; b++)
        if (branch === undefined || branch === b) sum += at(window, s, b);
    return sum;
  };
  return {
    players,
    at,
    reached,
    median: (stage) => {
      for (let window = 0; window <= WINDOWS; window++)
        if (reached(window, stage) * 2 >= players) return (window * WINDOW_MINUTES) / 60;
      return null;
    },
  };
}

/** The whole of it at once. */
export function simulated(rule: GrowthRule, mix: readonly number[], players = PLAYERS): Spread {
  const run = simulate(rule, mix, players);
  for (;;) {
    const { done, value } = run.next();
    if (done) return value;
  }
}
