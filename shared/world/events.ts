/** What a step made happen. Events are told outward (effects, rewards, deeds); the rules never read them. */
export const EVENT = {
  joined: 1,
  left: 2,
  /** actor began a blow. */
  swung: 3,
  /** actor hit target for `amount` health. */
  hit: 4,
  /** target caught actor's blow on its guard. */
  blocked: 5,
  /** actor took one good of kind `amount` from target. */
  stole: 6,
  /** target was brought down by actor (actor -1: by hunger). */
  down: 7,
  /** actor stands at home again. */
  returned: 8,
  /** actor took one good from node `amount`; target is its kind. */
  gathered: 9,
  /** actor gave target one good of kind `amount`. */
  gave: 10,
  /** actor brought home one good of kind `amount`. */
  banked: 11,
  ate: 12,
  /** actor lost `amount` health to hunger. */
  starved: 13,
  /** a deed of actor: target is its index in DEEDS, amount how many. */
  deed: 14,
  /** actor sold a good of kind `amount` to stall `target`. */
  sold: 15,
  /** actor bought a good of kind `amount` from stall `target`. */
  bought: 16,
  /** actor got `amount` coins for a good (target 1), or paid them (target 0). */
  paid: 17,
  /** actor said something to target; `amount` is its tone (TONE_NAMES). */
  spoke: 18,
  /** actor is (amount 1) or is no longer (0) what target says (RENOWN). */
  renown: 19,
} as const;

export type EventName = keyof typeof EVENT;
export const EVENT_NAMES: readonly string[] = (() => {
  const names: string[] = [];
  for (const [name, id] of Object.entries(EVENT)) names[id] = name;
  return names;
})();

const STRIDE = 4;

/** Events of one step, four words each: kind, actor, target, amount. */
export class EventList {
  readonly words: Int32Array;
  count = 0;

  constructor(limit: number) {
    this.words = new Int32Array(limit * STRIDE);
  }

  clear(): void {
    this.count = 0;
  }

  push(kind: number, actor: number, target: number, amount: number): void {
    const at = this.count * STRIDE;
    // A step makes fewer events than the list has room for (16 an agent); inputs beyond it are refused by Inputs.
    if (at >= this.words.length)
      throw new RangeError(`events: more than ${this.words.length / STRIDE} in one step`);
    this.words[at] = kind;
    this.words[at + 1] = actor;
    this.words[at + 2] = target;
    this.words[at + 3] = amount;
    this.count++;
  }

  kind(i: number): number {
    return this.words[i * STRIDE];
  }
  actor(i: number): number {
    return this.words[i * STRIDE + 1];
  }
  target(i: number): number {
    return this.words[i * STRIDE + 2];
  }
  amount(i: number): number {
    return this.words[i * STRIDE + 3];
  }
}
