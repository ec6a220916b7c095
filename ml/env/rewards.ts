import {
  CRYSTAL,
  DEED,
  EVENT,
  EVENT_NAMES,
  type EventList,
  type EventName,
  FRUIT,
} from '#shared/world/index.ts';

/** One way in which an event of the world can be worth something to an agent. */
interface Term {
  readonly event: EventName;
  /** Who is rewarded: the event's actor or its target. */
  readonly to: 'actor' | 'target';
  /** Counted once an event, or by the event's amount (health). */
  readonly per?: 'amount';
  /** Only events whose `field` is `value`. */
  readonly only?: { readonly field: 'target' | 'amount'; readonly value: number };
  readonly means: string;
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

  /** Adds what `events` are worth to agents 0..learners-1 to `rewards[at + agent]`. */
  add(events: EventList, learners: number, rewards: Float32Array, at: number): void {
    for (let e = 0; e < events.count; e++) {
      const terms = this.#byEvent[events.kind(e)];
      if (!terms) continue;
      for (const { index, term } of terms) {
        const agent = term.to === 'actor' ? events.actor(e) : events.target(e);
        if (agent < 0 || agent >= learners) continue;
        if (term.only) {
          const value = term.only.field === 'target' ? events.target(e) : events.amount(e);
          if (value !== term.only.value) continue;
        }
        const times = term.per === 'amount' ? events.amount(e) : 1;
        this.counts[index] += times;
        rewards[at + agent] += this.#weights[index] * times;
      }
    }
  }
}
