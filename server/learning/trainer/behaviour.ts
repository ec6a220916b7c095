import type { Policy } from '#ml/env/policy.ts';
import { roleNumber } from '#ml/scripted/index.ts';
import { Arena, type Seat } from '#ml/suite/arena.ts';
import { episodeSeed, zoneSeats } from '#ml/suite/play.ts';
import { estimate } from '#ml/suite/statistics.ts';
import {
  ALIVE,
  DECISION_TICKS,
  DIR_X,
  DIR_Y,
  EVENT,
  GUARD,
  nearestEnemy,
  ROLE_NAMES,
  STRIKE,
  sight,
  type Terrain,
  TICKS_PER_SECOND,
  TILE,
  WAIT,
  WALK_FIRST,
  WANDERER,
  type World,
} from '#shared/world/index.ts';

/** Of each episode: a quarter of a minute to find themselves in, then two minutes that count. */
const SETTLE_TICKS = 300;
const EPISODE_TICKS = 2400;

/** What can be told of a role's brain: a figure per learner, a minute or a share of the time, and how it is said. */
interface Trait {
  readonly more: string | null;
  readonly less: string | null;
  /** Smaller changes are not worth telling: of the figure itself, in its unit. */
  readonly least: number;
}

/** Events of learners that are told of, by side (0: they did it, 1: it was done to them). */
const DEEDS: readonly (readonly [keyof typeof EVENT, 0 | 1, Trait])[] = [
  ['stole', 0, { more: 'to rob more', less: 'to rob less', least: 0.3 }],
  ['stole', 1, { more: null, less: 'to keep what they carry', least: 0.3 }],
  ['banked', 0, { more: 'to bring more home', less: null, least: 0.3 }],
  ['gathered', 0, { more: 'to gather more', less: null, least: 0.5 }],
  ['blocked', 1, { more: 'to catch blows on their guard', less: null, least: 0.2 }],
  ['blocked', 0, { more: null, less: 'not to strike at a raised guard', least: 0.2 }],
  ['gave', 0, { more: 'to give', less: null, least: 0.2 }],
  ['sold', 0, { more: 'to sell more', less: null, least: 0.3 }],
  ['down', 1, { more: null, less: 'to stay alive', least: 0.05 }],
];
const VICTIMS: Readonly<Record<string, string>> = {
  wanderer: 'travellers',
  forager: 'foragers',
  raider: 'raiders',
  guard: 'guards',
  trader: 'traders',
};
/** Somebody is close within five tiles. */
const CLOSE = 5 * TILE;
/** A change must be this sure (standard errors) and this large (of the larger figure) to be told. */
const SURE = 4;
const LARGE = 0.2;

const named = Object.entries(VICTIMS).map(([role, them]): [string, Trait] => [
  `hits ${role}`,
  { more: `to go for ${them}`, less: `to leave ${them} alone`, least: 0.3 },
]);
const atPlace = (place: string): [string, Trait][] => [
  [`waits ${place}`, { more: `to wait by ${place}`, less: null, least: 0.02 }],
  [`is ${place}`, { more: `to roam about ${place}`, less: `to keep away from ${place}`, least: 0.03 }],
];

function traitsOf(terrain: Terrain): Map<string, Trait> {
  return new Map<string, Trait>([
    ...terrain.places.flatMap(({ name }) => atPlace(name)),
    ...named,
    ...DEEDS.map(([event, side, trait]): [string, Trait] => [`${event} ${side}`, trait]),
    ['flees', { more: 'to run from whoever comes near', less: 'to stand their ground', least: 0.05 }],
    ['guards', { more: 'to hold their guard', less: null, least: 0.05 }],
  ]);
}

/** Figures of one policy: per trait one value an episode. */
export type Figures = ReadonlyMap<string, readonly number[]>;

/** A zone as it is now, with one role's mind in question. */
export interface Stage {
  role: string;
  zone: Terrain;
  /** Who decides for the inhabitants, by role; those left out follow the scripted rule. */
  minds: ReadonlyMap<string, Policy>;
  /** Who decides for each of the players. */
  players: readonly Policy[];
  episodes: number;
  seed: number;
  pause: () => void;
}

/** Plays a zone and notes what those of the role do, each on average: shares of their time, and deeds a minute. */
export function figuresOf(stage: Stage, policy: Policy): Figures {
  const { role, zone, minds, players, episodes, seed, pause } = stage;
  const seats: Seat[] = zoneSeats(
    new Map([...minds, [role, policy] as const].map(([name, policy]) => [name, { policy }])),
  );
  for (const policy of players)
    seats.push({ who: { role: WANDERER, tag: seats.length + 1 }, mind: { policy } });
  const number = roleNumber(role);
  const learners = seats.flatMap(({ who }, i) => (who.role === number ? [i] : []));
  const sums = new Map([...traitsOf(zone).keys()].map((name) => [name, new Array<number>(episodes).fill(0)]));
  const share = DECISION_TICKS / (EPISODE_TICKS * learners.length);
  const perMinute = (TICKS_PER_SECOND * 60) / (EPISODE_TICKS * learners.length);
  for (let e = 0; e < episodes; e++) {
    pause();
    const add = (name: string, value: number): void => {
      const values = sums.get(name);
      if (values) values[e] += value;
    };
    const arena = new Arena(zone, episodeSeed('chronicle', seed, e), seats);
    arena.run(SETTLE_TICKS);
    arena.run(EPISODE_TICKS, (world) => {
      const { events } = world;
      for (let k = 0; k < events.count; k++) {
        const [kind, actor, target] = [events.kind(k), events.actor(k), events.target(k)];
        const mine = (agent: number) => agent >= 0 && world.role[agent] === number;
        if (kind === EVENT.hit && mine(actor)) add(`hits ${ROLE_NAMES[world.role[target]]}`, perMinute);
        for (const [event, side] of DEEDS)
          if (kind === EVENT[event] && mine(side === 0 ? actor : target)) add(`${event} ${side}`, perMinute);
      }
      // Just after a decision has entered.
      if (world.tick % DECISION_TICKS !== 1) return;
      sight(world);
      for (const i of learners) {
        if (world.status[i] !== ALIVE) continue;
        const intent = world.intent[i];
        const place = placeOf(zone, world, i);
        if (place) add(`is ${place}`, share);
        if (place && intent === WAIT) add(`waits ${place}`, share);
        if (intent === GUARD) add('guards', share);
        if (runsAway(world, i, intent)) add('flees', share);
      }
    });
  }
  return sums;
}

function placeOf(terrain: Terrain, world: World, i: number): string | null {
  const at = terrain.placeAt[(world.y[i] >> 8) * terrain.width + (world.x[i] >> 8)];
  return at === 255 ? null : terrain.places[at].name;
}

/** Whether a walk leads away from an enemy close by. */
function runsAway(world: World, i: number, intent: number): boolean {
  if (intent === WAIT || intent >= STRIKE) return false;
  const enemy = nearestEnemy(world, i, CLOSE);
  if (enemy < 0) return false;
  const [dx, dy] = [DIR_X[intent - WALK_FIRST], DIR_Y[intent - WALK_FIRST]];
  return dx * (world.x[enemy] - world.x[i]) + dy * (world.y[enemy] - world.y[i]) < 0;
}

/**
 * What the new brain does otherwise than the old one, as players are told: the surest change among those that are
 * large. Null where nothing stands out; nothing is made up.
 */
export function taleOf(
  role: string,
  zone: string,
  terrain: Terrain,
  before: Figures,
  after: Figures,
): string | null {
  let best: { sure: number; what: string } | null = null;
  for (const [name, trait] of traitsOf(terrain)) {
    const [was, is] = [before.get(name), after.get(name)];
    if (!was || !is) continue;
    const { mean, high } = estimate(is.map((value, e) => value - was[e]));
    const error = (high - mean) / 1.96;
    const larger = Math.max(average(was), average(is));
    const what = mean > 0 ? trait.more : trait.less;
    if (!what || Math.abs(mean) < trait.least || Math.abs(mean) < LARGE * larger) continue;
    const sure = Math.abs(mean) / Math.max(error, 1e-9);
    if (sure >= SURE && sure > (best?.sure ?? 0)) best = { sure, what };
  }
  return best ? `The ${role}s of ${zone.replace(/^The /, 'the ')} have learned ${best.what}.` : null;
}

function average(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
