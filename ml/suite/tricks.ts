import {
  CRYSTAL,
  DEAL,
  EVENT,
  FORAGER,
  FRUIT,
  GIVE,
  RAIDER,
  ROLE_NAMES,
  stallInReach,
  TICKS_PER_SECOND,
  TILE,
  TRADE,
  TRADER,
  WAIT,
  WANDERER,
  type World,
} from '#shared/world/index.ts';
import { Arena, type Mind } from './arena.ts';
import type { Body, Manner } from './body.ts';
import { suiteMap } from './maps/index.ts';
import { zoneSeats } from './play.ts';
import { attack, kiter, robber, tollman, turtle } from './players/fighters.ts';
import { pacifist, work } from './players/peaceful.ts';

/** What an event of the world is worth to the player of a trick. */
type Worth = (world: World, e: number, player: number) => number;

const robbed: Worth = ({ events, role }, e, player) =>
  events.kind(e) === EVENT.stole && events.actor(e) === player && role[events.target(e)] !== RAIDER ? 1 : 0;
const wounds: Worth = ({ events, role }, e, player) =>
  events.kind(e) === EVENT.hit && events.actor(e) === player && role[events.target(e)] === RAIDER
    ? events.amount(e)
    : 0;
const banked: Worth = ({ events }, e, player) =>
  events.kind(e) === EVENT.banked && events.actor(e) === player ? 1 : 0;

const atOnce = () => true;
/** One of a role is within six tiles. */
const near =
  (roles: readonly number[]) =>
  (world: World, player: number): boolean => {
    const range = 6 * TILE;
    for (let j = 0; j < world.capacity; j++)
      if (
        roles.includes(world.role[j]) &&
        Math.abs(world.x[j] - world.x[player]) <= range &&
        Math.abs(world.y[j] - world.y[player]) <= range
      )
        return true;
    return false;
  };
/** At a named place that is no further from the raiders' camp than from the village. */
const atPost = ({ terrain, x, y }: World, player: number): boolean => {
  const tile = (y[player] >> 8) * terrain.width + (x[player] >> 8);
  const [village, , raiders] = terrain.campSteps.subarray(tile * terrain.camps.length);
  return terrain.placeAt[tile] !== 255 && raiders <= village;
};

/** A blow of a player takes this much. */
const BLOW = 16;

/** A way to win that works on those who do not know it, and what its success is. */
interface Trick {
  readonly about: string;
  readonly unit: string;
  readonly manner: Manner;
  readonly worth: Worth;
  /** When the clock starts: as soon as the player has come where it works, not with its first success. */
  readonly starts: (world: World, player: number) => boolean;
}

/** The market that the courier buys at: its way to the village leads past two named places. */
const MARKET = 'Lake market';
/** So little that the market's supply never runs out, and enough to be noticed on the way. */
const LOAD = 3;
/** Coins enough for ten minutes, so that prices do not count. */
const PURSE = 5000;

/** Buys at one market and carries it home by the one shortest way, whoever stands there. */
const courier: Manner = (body) => {
  const { stalls } = body.world.terrain;
  const market = stalls.findIndex(({ name }) => name === MARKET);
  if (body.home && body.goods > 0) return { action: WAIT };
  if (body.load >= LOAD + (body.world.fruit[body.me] > 0 ? 1 : 0)) body.set('laden', 1);
  if (body.goods === 0) body.set('laden', 0);
  if (body.note('laden')) return { action: body.toHome() };
  if (stallInReach(body.world, body.me) !== market) return { action: body.toStall(market) };
  const crystals = body.world.stock[market * 2 + CRYSTAL];
  return {
    action: TRADE,
    arg: crystals >= body.world.stock[market * 2 + FRUIT] ? DEAL.buyCrystal : DEAL.buyFruit,
  };
};

/** Meets each one in another manner: robs, gives, fights this way or that, runs, works; now here, now there. */
const varied: Manner = (body: Body) => {
  const { world } = body;
  const near = body.nearest(6 * TILE, (j) => world.role[j] !== WANDERER);
  if (near >= 0 && (near !== body.note('whom') || body.every('again', 300))) {
    if (near !== body.note('whom')) body.set('again', body.tick);
    body.set('whom', near);
    body.set('how', body.below(3));
  }
  if (body.every('errand', 900)) body.set('what', body.below(3));
  if (near >= 0) {
    const how = body.note('how');
    if (world.role[near] === RAIDER) return [turtle, kiter, pacifist][how](body);
    if (how === 0 && body.open(near) && world.fruit[near] + world.crystal[near] > 0)
      return { action: attack(body, near) };
    if (how === 1 && body.load > 3 && body.distance(near) < TILE) return { action: GIVE };
  }
  const what = body.note('what');
  if (what === 0) return robber(body);
  if (what === 1) return turtle(body);
  return { action: work(body, 6) };
};

export const TRICKS = {
  robber: {
    about: 'robs foragers of what they carry',
    unit: 'goods robbed',
    manner: robber,
    worth: robbed,
    starts: near([FORAGER]),
  },
  turtle: {
    about: 'catches raiders’ blows and strikes the one that reels',
    unit: 'health taken from raiders',
    manner: turtle,
    worth: wounds,
    starts: atPost,
  },
  kiter: {
    about: 'strikes raiders and is gone before the answer',
    unit: 'health taken from raiders',
    manner: kiter,
    worth: wounds,
    starts: atPost,
  },
  courier: {
    about: 'carries goods from market to village, always by the same way',
    unit: 'goods banked',
    manner: courier,
    worth: banked,
    starts: atOnce,
  },
  tollman: {
    about: 'stands at a market and robs who comes there',
    unit: 'goods robbed',
    manner: tollman('Camp market'),
    worth: robbed,
    starts: near([FORAGER, TRADER]),
  },
} as const satisfies Record<string, Trick>;

export const VARIED: Trick = {
  about: 'mixes all of these at random',
  unit: 'goods and blows landed,',
  manner: varied,
  worth: (world, e, player) =>
    robbed(world, e, player) + banked(world, e, player) + wounds(world, e, player) / BLOW,
  starts: near([FORAGER, RAIDER]),
};

export type TrickName = keyof typeof TRICKS | 'varied';
export const TRICK_NAMES = Object.keys(TRICKS) as (keyof typeof TRICKS)[];
export const trickOf = (name: TrickName): Trick => (name === 'varied' ? VARIED : TRICKS[name]);

/** Seconds that inhabitants live before the player comes, and that are counted from the first meeting on. */
export const SETTLE_SECONDS = 120;
export const TRICK_SECONDS = 600;
/** A player who is on the way for so long starts the clock anyway. */
const PATIENCE_SECONDS = 90;
const SETTLE_TICKS = SETTLE_SECONDS * TICKS_PER_SECOND;
/** By which inhabitants remember the player. */
export const PLAYER_TAG = 1_000_001;

/** Ten minutes of one player with one trick among the inhabitants of a zone. */
export interface TrickGame {
  /** Success per second of the player's clock. */
  readonly success: readonly number[];
  /** Health lost to raiders per second. */
  readonly lost: readonly number[];
  /** How often the player was brought down. */
  readonly downs: number;
}

/** Whoever looks on: before each tick, when all have decided, and after it. */
export interface TrickWatcher {
  readonly before: (world: World) => void;
  readonly after: (world: World) => void;
}

/** A game of one player with one trick, played a piece at a time. */
export class TrickPlay {
  readonly world: World;
  /** The tick at which the player's clock started; -1: not yet. */
  start = -1;
  readonly #arena: Arena;
  readonly #trick: Trick;
  readonly #player: number;
  readonly #watcher: TrickWatcher | undefined;
  readonly #game: { success: number[]; lost: number[]; downs: number };

  /** @param minds who plays the inhabitants, by role; the scripted rule where none is named */
  constructor(name: TrickName, minds: ReadonlyMap<string, Mind>, seed: number, watcher?: TrickWatcher) {
    this.#trick = trickOf(name);
    this.#watcher = watcher;
    const seats = zoneSeats(minds);
    this.#player = seats.length;
    seats.push({
      who: { role: WANDERER, tag: PLAYER_TAG, coins: PURSE },
      mind: { manner: this.#trick.manner },
      at: SETTLE_TICKS,
    });
    this.#arena = new Arena(suiteMap('hollow'), seed, seats);
    this.world = this.#arena.world;
    const none = () => new Array<number>(TRICK_SECONDS).fill(0);
    this.#game = { success: none(), lost: none(), downs: 0 };
  }

  /** The tick at which the game is over; unknown before the clock has started. */
  get end(): number {
    return this.start < 0 ? Number.POSITIVE_INFINITY : this.start + TRICK_SECONDS * TICKS_PER_SECOND;
  }

  /** Plays on to a tick of the world, at most to the end. */
  runTo(tick: number): void {
    const { world } = this;
    const watcher = this.#watcher;
    const before = watcher && (() => watcher.before(world));
    while (world.tick < Math.min(tick, this.end)) {
      // The end is known only when the clock has started.
      const to = this.start < 0 ? Math.min(tick, world.tick + TICKS_PER_SECOND) : Math.min(tick, this.end);
      this.#arena.run(to - world.tick, () => this.#watch(), before);
    }
  }

  get game(): TrickGame {
    return this.#game;
  }

  #watch(): void {
    const { world } = this;
    this.#watcher?.after(world);
    if (world.tick <= SETTLE_TICKS) return;
    const late = world.tick - SETTLE_TICKS > PATIENCE_SECONDS * TICKS_PER_SECOND;
    if (this.start < 0 && (late || this.#trick.starts(world, this.#player))) this.start = world.tick;
    if (this.start < 0) return;
    const second = Math.floor((world.tick - this.start) / TICKS_PER_SECOND);
    if (second >= TRICK_SECONDS) return;
    const game = this.#game;
    const { events } = world;
    for (let e = 0; e < events.count; e++) {
      game.success[second] += this.#trick.worth(world, e, this.#player);
      if (events.target(e) !== this.#player) continue;
      if (events.kind(e) === EVENT.hit) game.lost[second] += events.amount(e);
      if (events.kind(e) === EVENT.down) game.downs++;
    }
  }
}

/** A whole game. @param minds as `TrickPlay` */
export function playTrick(name: TrickName, minds: ReadonlyMap<string, Mind>, seed: number): TrickGame {
  const play = new TrickPlay(name, minds, seed);
  play.runTo(Number.POSITIVE_INFINITY);
  return play.game;
}

/** The names of roles, as `playTrick` takes them. */
export const INHABITANTS = ROLE_NAMES.slice(1);
