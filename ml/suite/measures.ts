import { EVENT, type EventList, type EventName } from '#shared/world/index.ts';

/** One thing that is counted: how often an event of the world happened to somebody, or how much of it. */
interface Measure {
  readonly event: EventName;
  /** To whom it happened. */
  readonly of: 'actor' | 'target';
  /** Counted by the event's amount. */
  readonly amount?: true;
  /** Only where the event's target is this (coins: 1 got, 0 paid). */
  readonly target?: number;
  readonly means: string;
}

/** The names that a scenario can score. */
export const MEASURES = {
  gathered: { event: 'gathered', of: 'actor', means: 'gathered a good' },
  banked: { event: 'banked', of: 'actor', means: 'brought a good home' },
  stole: { event: 'stole', of: 'actor', means: 'took a good from somebody' },
  robbed: { event: 'stole', of: 'target', means: 'lost a good to somebody' },
  hit: { event: 'hit', of: 'actor', means: 'landed a blow' },
  struck: { event: 'hit', of: 'target', means: 'was hit' },
  damage: { event: 'hit', of: 'actor', amount: true, means: 'each health taken from somebody' },
  wounded: { event: 'hit', of: 'target', amount: true, means: 'each health lost to a blow' },
  guarded: { event: 'blocked', of: 'target', means: 'caught a blow on the guard' },
  thwarted: { event: 'blocked', of: 'actor', means: 'own blow was caught' },
  defeated: { event: 'down', of: 'actor', means: 'brought somebody down' },
  died: { event: 'down', of: 'target', means: 'was brought down, by somebody or by hunger' },
  gave: { event: 'gave', of: 'actor', means: 'gave a good' },
  received: { event: 'gave', of: 'target', means: 'was given a good' },
  earned: { event: 'paid', of: 'actor', amount: true, target: 1, means: 'each coin got for a good' },
  spent: { event: 'paid', of: 'actor', amount: true, target: 0, means: 'each coin paid for a good' },
} as const satisfies Record<string, Measure>;

export type MeasureName = keyof typeof MEASURES;
export const MEASURE_NAMES = Object.keys(MEASURES) as MeasureName[];

const BY_EVENT: readonly (readonly [number, Measure][])[] = (() => {
  const byEvent: [number, Measure][][] = [];
  MEASURE_NAMES.forEach((name, m) => {
    const measure: Measure = MEASURES[name];
    byEvent[EVENT[measure.event]] ??= [];
    byEvent[EVENT[measure.event]].push([m, measure]);
  });
  return byEvent;
})();

/** Counts every measure per agent: `counts[measure * agents + agent]`. */
export class Tally {
  readonly agents: number;
  readonly counts: Float64Array;

  constructor(agents: number) {
    this.agents = agents;
    this.counts = new Float64Array(MEASURE_NAMES.length * agents);
  }

  add(events: EventList): void {
    for (let e = 0; e < events.count; e++) {
      const measures = BY_EVENT[events.kind(e)];
      if (!measures) continue;
      for (const [m, { of, amount, target }] of measures) {
        const who = of === 'actor' ? events.actor(e) : events.target(e);
        if (who < 0 || (target !== undefined && events.target(e) !== target)) continue;
        this.counts[m * this.agents + who] += amount ? events.amount(e) : 1;
      }
    }
  }

  /** The sum over agents first..first+count-1. */
  sum(name: MeasureName, first: number, count: number): number {
    const at = MEASURE_NAMES.indexOf(name) * this.agents + first;
    let sum = 0;
    for (let i = 0; i < count; i++) sum += this.counts[at + i];
    return sum;
  }
}
