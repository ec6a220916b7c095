import { feature, OFFSETS } from '#ml/env/features.ts';
import { nextRandom, seedRng } from '#ml/net/random.ts';
import { EVENT, GATHER, GIVE, GUARD, STRIKE, TRADE, WAIT } from '#shared/world/index.ts';
import type { Play } from '../log/part.ts';
import type { Person } from './read.ts';

/** Kinds of players that are told apart at most. */
export const MOST_TYPES = 6;
/** Types nearer to each other than this (root of the summed squares of profiles) are one. */
const APART = 0.15;
const ROUNDS = 25;

const NEAR = feature('enemy 1 near');
const STANCE = feature('enemy 1 stance');
const DX = feature('enemy 1 dx');
const FRUIT = feature('fruit');
const CRYSTAL = feature('crystal');
/** Nearness (127 beside one, 0 at the edge of sight) within about five tiles. */
const CLOSE = 75;

type Share = readonly [name: string, among: (p: Play) => boolean, is: (p: Play) => boolean];

const close = (p: Play): boolean => p.observation[NEAR] > CLOSE;
const can = (action: number) => (p: Play) => ((p.mask >> action) & 1) === 1;
const does = (action: number) => (p: Play) => p.action === action;
const always = (): boolean => true;
const did = (kind: number, side: 0 | 1) => (p: Play) =>
  p.events.some((e) => e.kind === kind && e.side === side);

const walks = (p: Play): boolean => p.action > WAIT && p.action < STRIKE;
/** Cosine-free: whether a walk leads away from (-1) or towards (+1) the nearest enemy. */
function heading(p: Play): number {
  const [dx, dy] = [p.observation[DX] - OFFSETS[DX], p.observation[DX + 1] - OFFSETS[DX + 1]];
  const [wx, wy] = [[1, 1, 0, -1, -1, -1, 0, 1][p.action - 1], [0, 1, 1, 1, 0, -1, -1, -1][p.action - 1]];
  return Math.sign(dx * wx + dy * wy);
}

/** What a manner of playing is told by: how often one does a thing where one could. */
const SHARES: readonly Share[] = [
  ['strikes', can(STRIKE), does(STRIKE)],
  ['guards', (p) => close(p) && can(GUARD)(p), does(GUARD)],
  ['guards against a blow', (p) => close(p) && p.observation[STANCE] > 100, does(GUARD)],
  ['gathers', can(GATHER), does(GATHER)],
  ['gives', can(GIVE), does(GIVE)],
  ['trades', can(TRADE), does(TRADE)],
  ['runs away', (p) => close(p) && walks(p), (p) => heading(p) < 0],
  ['runs at them', (p) => close(p) && walks(p), (p) => heading(p) > 0],
  ['stands still', always, does(WAIT)],
  ['carries goods', always, (p) => p.observation[FRUIT] + p.observation[CRYSTAL] > 40],
  ['robs', can(STRIKE), did(EVENT.stole, 0)],
];

export const PROFILE_NAMES: readonly string[] = SHARES.map(([name]) => name);

/** Habits of a person as numbers 0..1, in the order of PROFILE_NAMES; 0 where there was no occasion. */
export function profileOf(plays: readonly Play[]): number[] {
  return SHARES.map(([, among, is]) => {
    const chances = plays.filter(among);
    // A few chances say little: the share is drawn towards none.
    return chances.length === 0 ? 0 : chances.filter(is).length / (chances.length + 10);
  });
}

export interface PlayerType {
  people: Person[];
  centre: number[];
  /** What marks it most against all others. */
  habit: string;
}

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]) ** 2, 0));

function meanOf(profiles: readonly (readonly number[])[]): number[] {
  return profiles[0].map((_, i) => profiles.reduce((sum, p) => sum + p[i], 0) / profiles.length);
}

/**
 * Sorts people by their manner: k-means (Lloyd 1982) from far-apart beginnings (k-means++, Arthur and Vassilvitskii
 * 2007), then types that hardly differ become one. The same people and seed give the same types.
 */
export function typesOf(people: readonly Person[], seed: number, most = MOST_TYPES): PlayerType[] {
  if (people.length === 0) return [];
  const profiles = people.map(({ plays }) => profileOf(plays));
  const random = seedRng(seed);
  let centres = [profiles[Math.floor((nextRandom(random) / 2 ** 32) * profiles.length)]];
  const nearest = (p: readonly number[]): number =>
    centres.reduce((best, c, k) => (distance(p, c) < distance(p, centres[best]) ? k : best), 0);
  while (centres.length < Math.min(most, people.length)) {
    const weights = profiles.map((p) => distance(p, centres[nearest(p)]) ** 2);
    const total = weights.reduce((a, b) => a + b, 0);
    if (total === 0) break;
    let at = (nextRandom(random) / 2 ** 32) * total;
    let k = 0;
    while (k < weights.length - 1 && at >= weights[k]) at -= weights[k++];
    centres.push(profiles[k]);
  }
  for (let round = 0; round < ROUNDS; round++) {
    const owners = profiles.map(nearest);
    centres = centres.map((centre, k) => {
      const mine = profiles.filter((_, i) => owners[i] === k);
      return mine.length > 0 ? meanOf(mine) : centre;
    });
  }
  centres = centres.filter((c, k) => centres.slice(0, k).every((other) => distance(c, other) >= APART));
  const owners = profiles.map(nearest);
  const all = meanOf(profiles);
  return centres.flatMap((_, k) => {
    const mine = people.filter((_, i) => owners[i] === k);
    if (mine.length === 0) return [];
    const centre = meanOf(profiles.filter((_, i) => owners[i] === k));
    const differs = centre.map((x, i) => (centres.length > 1 ? Math.abs(x - all[i]) : x));
    const mark = differs.indexOf(Math.max(...differs));
    const percent = Math.round(centre[mark] * 100);
    return [{ people: mine, centre, habit: `${PROFILE_NAMES[mark]} (${percent} %)` }];
  });
}
