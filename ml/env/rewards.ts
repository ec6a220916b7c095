import {
  ALIVE,
  BALANCE,
  CRYSTAL,
  DEED,
  EVENT,
  EVENT_NAMES,
  type EventList,
  type EventName,
  FRUIT,
  GUARDIAN,
  memoryOf,
  RAIDER,
  TILE,
  WANDERER,
  type World,
  wanted,
} from '#shared/world/index.ts';

/** One way in which an event of the world can be worth something to an agent. */
interface Term {
  readonly event: EventName;
  /**
   * Who is rewarded: the event's actor, its target, or the learner nearest to whom it befell, at any distance, so that
   * looking away is no excuse (`nearest`; `near` only within ATTENDING).
   */
  readonly to: 'actor' | 'target' | 'nearest' | 'near';
  /** Counted once an event, or by the event's amount (health). */
  readonly per?: 'amount';
  /** Only events whose `field` is `value`. */
  readonly only?: { readonly field: 'target' | 'amount'; readonly value: number };
  /** Only where this holds of the world as it stands after the step. */
  readonly where?: (world: World, actor: number, target: number) => boolean;
  readonly means: string;
}

/** How near a guard is to those it attends to, in 1/256 tile. */
const ATTENDING = 10 * TILE;
/** From here on what a player did lately is an offence: one robbery; a threat, or three wounds of one's own. */
const OFFENCE = { infamy: BALANCE.infamy.theft, harm: 8192 };

/** Whether this one has no right to strike a player: it is no outlaw and has not harmed this one lately. */
function innocent(world: World, judge: number, player: number): boolean {
  if (world.role[player] !== WANDERER || world.outlaw[player] === 1) return false;
  const k = memoryOf(world, judge, player);
  return k < 0 || world.harm[k] < OFFENCE.harm;
}

/** From here on everybody could know what a player does: twenty blows, ten caught ones within minutes. */
const KNOWN = {
  strike: 20 * BALANCE.habitRaise,
  guard: 10 * BALANCE.habitRaise,
};

const isOutlaw = (world: World, player: number): boolean => player >= 0 && world.outlaw[player] === 1;

const knownFighter = (world: World, player: number): boolean =>
  player >= 0 &&
  world.role[player] === WANDERER &&
  (world.dreaded[player] === 1 ||
    world.habitStrike[player] >= KNOWN.strike ||
    world.habitGuard[player] >= KNOWN.guard);

/** One whom guards look after: who works or trades here, and players who do no harm. */
function ward(world: World, agent: number): boolean {
  const role = world.role[agent];
  if (role === RAIDER || role === GUARDIAN) return false;
  return role !== WANDERER || world.infamy[agent] < OFFENCE.infamy;
}

/** A raider's or a player's deed against one whom guards look after. */
function outrage(world: World, actor: number, target: number): boolean {
  if (actor < 0 || !ward(world, target)) return false;
  return world.role[actor] === RAIDER || (world.role[actor] === WANDERER && world.role[target] !== WANDERER);
}

/** A blow for those who are looked after: on a raider or a robber, with one of them close by. */
function defence(world: World, actor: number, target: number): boolean {
  if (world.role[target] !== RAIDER && (world.role[target] !== WANDERER || innocent(world, actor, target)))
    return false;
  for (let j = 0; j < world.capacity; j++)
    if (j !== target && world.status[j] === ALIVE && ward(world, j) && gap(world, j, target) <= ATTENDING)
      return true;
  return false;
}

/** The greater of the distances along both axes, in 1/256 tile. */
function gap(world: World, a: number, b: number): number {
  return Math.max(Math.abs(world.x[a] - world.x[b]), Math.abs(world.y[a] - world.y[b]));
}

const fruit = { field: 'amount', value: FRUIT } as const;
const crystal = { field: 'amount', value: CRYSTAL } as const;

/** The names that a behaviour file may weigh. */
export const TERMS = {
  gathered: { event: 'gathered', to: 'actor', means: 'gathered a good' },
  'gathered-fruit': {
    event: 'gathered',
    to: 'actor',
    only: { field: 'target', value: FRUIT },
    means: 'gathered a fruit',
  },
  'gathered-crystal': {
    event: 'gathered',
    to: 'actor',
    only: { field: 'target', value: CRYSTAL },
    means: 'gathered a crystal',
  },
  banked: { event: 'banked', to: 'actor', means: 'brought a good home' },
  'banked-fruit': { event: 'banked', to: 'actor', only: fruit, means: 'brought a fruit home' },
  'banked-crystal': { event: 'banked', to: 'actor', only: crystal, means: 'brought a crystal home' },
  stole: { event: 'stole', to: 'actor', means: 'took a good from somebody' },
  robbed: { event: 'stole', to: 'target', means: 'lost a good to somebody' },
  swung: { event: 'swung', to: 'actor', means: 'began a blow' },
  hit: { event: 'hit', to: 'actor', means: 'landed a blow' },
  damage: { event: 'hit', to: 'actor', per: 'amount', means: 'each health taken from somebody' },
  wounded: { event: 'hit', to: 'target', per: 'amount', means: 'each health lost to a blow' },
  thwarted: { event: 'blocked', to: 'actor', means: 'own blow was caught on a guard' },
  guarded: { event: 'blocked', to: 'target', means: 'caught a blow on the guard' },
  defeated: { event: 'down', to: 'actor', means: 'brought somebody down' },
  died: { event: 'down', to: 'target', means: 'was brought down, by somebody or by hunger' },
  returned: { event: 'returned', to: 'actor', means: 'stood up again at home' },
  gave: { event: 'gave', to: 'actor', means: 'gave a good' },
  received: { event: 'gave', to: 'target', means: 'was given a good' },
  ate: { event: 'ate', to: 'actor', means: 'ate a fruit' },
  starved: { event: 'starved', to: 'actor', per: 'amount', means: 'each health lost to hunger' },
  walked: {
    event: 'deed',
    to: 'actor',
    only: { field: 'target', value: DEED.walked },
    means: 'walked sixteen tiles',
  },
  sold: { event: 'sold', to: 'actor', means: 'sold a good' },
  bought: { event: 'bought', to: 'actor', means: 'bought a good' },
  earned: {
    event: 'paid',
    to: 'actor',
    per: 'amount',
    only: { field: 'target', value: 1 },
    means: 'each coin got for a good',
  },
  spent: {
    event: 'paid',
    to: 'actor',
    per: 'amount',
    only: { field: 'target', value: 0 },
    means: 'each coin paid for a good',
  },
  'ally-robbed': {
    event: 'stole',
    to: 'nearest',
    where: outrage,
    means: 'one in whose service guards are lost a good to a raider or player, this guard being the nearest',
  },
  'ally-wounded': {
    event: 'hit',
    to: 'nearest',
    per: 'amount',
    where: outrage,
    means: 'each health such a one lost to a raider or player, this guard being the nearest',
  },
  'ally-gathered': {
    event: 'gathered',
    to: 'near',
    where: (world, actor) => ward(world, actor),
    means: 'such a one gathered a good within ten tiles',
  },
  'ally-banked': {
    event: 'banked',
    to: 'near',
    where: (world, actor) => ward(world, actor),
    means: 'such a one brought a good home within ten tiles',
  },
  'drove-off': {
    event: 'hit',
    to: 'actor',
    where: defence,
    means: 'struck a raider or outlaw within ten tiles of such a one',
  },
  'felled-offender': {
    event: 'down',
    to: 'actor',
    where: defence,
    means: 'brought a raider or outlaw down within ten tiles of such a one',
  },
  'struck-wanted': {
    event: 'hit',
    to: 'actor',
    where: (world, _actor, target) => wanted(world) === target,
    means: 'struck the one that guards look for',
  },
  'felled-wanted': {
    event: 'down',
    to: 'actor',
    where: (world, _actor, target) => wanted(world) === target,
    means: 'brought the one down that guards look for',
  },
  'fooled-robbed': {
    event: 'stole',
    to: 'target',
    where: isOutlaw,
    means: 'lost a good to an outlaw',
  },
  'fooled-wounded': {
    event: 'hit',
    to: 'target',
    per: 'amount',
    where: knownFighter,
    means: 'each health lost to a player known to fight',
  },
  'fooled-thwarted': {
    event: 'blocked',
    to: 'actor',
    where: (world, _actor, target) => knownFighter(world, target),
    means: 'own blow was caught by a player known to fight',
  },
  'hit-innocent': {
    event: 'hit',
    to: 'actor',
    where: innocent,
    means: 'struck a player who did no harm lately',
  },
} as const satisfies Record<string, Term>;

export type TermName = keyof typeof TERMS;
export const TERM_NAMES = Object.keys(TERMS) as TermName[];

/** What the learners of one world are told of one step, and what it is worth to them. */
export class Rewarder {
  readonly #weights: Float64Array;
  /** Per kind of event, the terms that read it. */
  readonly #byEvent: readonly (readonly { index: number; term: Term }[])[];
  /** How often each term happened to learners, in the order of TERM_NAMES; for the metrics. */
  readonly counts = new Float64Array(TERM_NAMES.length);

  /** @throws RangeError on an unknown name or a weight that is not finite. */
  constructor(weights: Readonly<Partial<Record<string, number>>>) {
    for (const [name, weight] of Object.entries(weights)) {
      if (!Object.hasOwn(TERMS, name))
        throw new RangeError(`rewards.${name}: is none of ${TERM_NAMES.join(', ')}`);
      if (!Number.isFinite(weight))
        throw new RangeError(`rewards.${name}: must be a finite number, is ${weight}`);
    }
    this.#weights = Float64Array.from(TERM_NAMES, (name) => weights[name] ?? 0);
    this.#byEvent = EVENT_NAMES.map((event) =>
      TERM_NAMES.map((name, index) => ({ index, term: TERMS[name] as Term })).filter(
        ({ term }) => term.event === event && EVENT[term.event] !== undefined,
      ),
    );
  }

  /**
   * Adds what `events` of a step of `world` are worth to agents 0..learners-1 to `rewards[at + agent]`.
   */
  add(events: EventList, learners: number, rewards: Float32Array, at: number, world: World): void {
    for (let e = 0; e < events.count; e++) {
      const terms = this.#byEvent[events.kind(e)];
      if (!terms) continue;
      const actor = events.actor(e);
      const target = events.target(e);
      for (const { index, term } of terms) {
        if (term.only) {
          const value = term.only.field === 'target' ? target : events.amount(e);
          if (value !== term.only.value) continue;
        }
        const times = term.per === 'amount' ? events.amount(e) : 1;
        if (term.to === 'near' || term.to === 'nearest') {
          // Costly to find: only what a behaviour weighs is counted.
          if (this.#weights[index] === 0 || !term.where?.(world, actor, target)) continue;
          const whom = term.event === 'gathered' || term.event === 'banked' ? actor : target;
          const agent = nearestLearner(world, learners, whom, term.to === 'near' ? ATTENDING : 0x7fffffff);
          if (agent >= 0) this.#give(index, agent, times, rewards, at);
          continue;
        }
        const agent = term.to === 'actor' ? actor : target;
        if (agent < 0 || agent >= learners) continue;
        if (term.where && !term.where(world, actor, target)) continue;
        this.#give(index, agent, times, rewards, at);
      }
    }
  }

  #give(index: number, agent: number, times: number, rewards: Float32Array, at: number): void {
    this.counts[index] += times;
    rewards[at + agent] += this.#weights[index] * times;
  }
}

function nearestLearner(world: World, learners: number, whom: number, within: number): number {
  let best = -1;
  let least = within;
  for (let i = 0; i < learners; i++) {
    if (i === whom || world.status[i] !== ALIVE) continue;
    const far = gap(world, i, whom);
    if (far > least || (far === least && best >= 0)) continue;
    least = far;
    best = i;
  }
  return best;
}
