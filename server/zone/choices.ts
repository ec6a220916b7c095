import { NO_DEEDS } from '#shared/growth/index.ts';
import { type Log, reason } from '../log.ts';
import { type SymbiontRow, symbiontOf } from '../store/identities.ts';
import { isEvolving } from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import type { Choice } from '../store/worlds.ts';
import type { Known, People } from './people.ts';

/** A symbiont that is to walk with somebody, with its own counters. */
export interface Companion {
  symbiont: SymbiontRow;
  counters: number[];
  /** Whether an evolution of its waits for its proof or lies in the outbox. */
  evolving: boolean;
}

export interface ChoicesOptions {
  store: Store;
  people: People;
  log: Log;
  /** With this person another symbiont walks now, and that is saved. */
  onSettled: (person: Known) => void;
}

/**
 * Who is to walk with whom. A choice is taken up between two ticks, travels with that tick to the store, and is settled
 * when it is saved; until then nobody else can be chosen for the same person.
 */
export class Choices {
  private readonly options: ChoicesOptions;
  /** Who is to walk with somebody from the next tick on; null: nobody. */
  private readonly wanted = new Map<number, Companion | null>();
  /** For whom that is decided and not saved yet. */
  private readonly choosing = new Set<number>();

  constructor(options: ChoicesOptions) {
    this.options = options;
  }

  /**
   * From the next tick on this symbiont walks with somebody, and what they do counts for it alone; null: none does.
   * Counters of the one before are kept with that change, in one transaction.
   */
  choose(identity: number, companion: Companion | null): void {
    this.choosing.add(identity);
    this.wanted.set(identity, companion);
  }

  /** Whether nobody is being chosen for them; from then on until that is saved, or `release`d, nobody else can be. */
  reserve(identity: number): boolean {
    if (this.choosing.has(identity)) return false;
    this.choosing.add(identity);
    return true;
  }

  release(identity: number): void {
    if (!this.wanted.has(identity)) this.choosing.delete(identity);
  }

  /** Lets those who were chosen come, between two ticks. */
  turn(): Choice[] {
    const { people } = this.options;
    const choices: Choice[] = [];
    for (const [identity, to] of this.wanted) {
      const person = people.get(identity);
      const before = person?.symbiont ?? null;
      if (!person || before?.asset === to?.symbiont.asset) {
        this.choosing.delete(identity);
        continue;
      }
      const from = before && { asset: before.asset, counters: [...person.counters] };
      choices.push({ identity, from, to });
      person.counters.splice(0, person.counters.length, ...(to?.counters ?? NO_DEEDS));
      person.symbiont = to?.symbiont ?? null;
      person.evolving = to?.evolving ?? false;
    }
    this.wanted.clear();
    return choices;
  }

  /** What became of those who were chosen while that was on its way to the store. */
  async settle(choices: readonly Choice[]): Promise<void> {
    const { store, people, log, onSettled } = this.options;
    for (const { identity } of choices) {
      try {
        const symbiont = await symbiontOf(store, identity);
        const evolving = symbiont !== null && (await isEvolving(store, symbiont));
        const person = people.get(identity);
        if (!person || person.symbiont?.asset !== symbiont?.asset) continue;
        person.symbiont = symbiont;
        person.evolving ||= evolving;
        onSettled(person);
      } catch (error) {
        log(`companion of ${identity}: ${reason(error)}`);
      } finally {
        // Also where they were forgotten meanwhile: they may come back and choose.
        this.choosing.delete(identity);
      }
    }
  }
}
