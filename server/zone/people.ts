import { PublicKey } from '@solana/web3.js';
import type { IdentityRow, SymbiontRow } from '../store/identities.ts';
import type { Goods } from './zone.ts';

/** Someone the zone has to know now: a player in the world, or one who did something in the running epoch. */
export interface Known {
  readonly id: number;
  /** The guest's own, or the wallet's that they belong to. */
  address: string;
  /** The address's 32 bytes. */
  key: Uint8Array;
  name: string;
  look: number;
  /** Deeds over the whole life, as of the last tick; the seat shares this array. */
  readonly counters: number[];
  /** The same, as far as it is saved: what may be told as never lost. */
  saved: number[];
  /** What they own while they are not in the world. */
  goods: Goods;
  symbiont: SymbiontRow | null;
  /** Whether inhabitants may learn from them. */
  learning: boolean;
  /** An evolution of theirs waits for its proof or lies in the outbox. */
  evolving: boolean;
}

/** The people a zone knows, by number. What the database holds may be a few ticks older than this. */
export class People {
  private readonly known = new Map<number, Known>();

  get(id: number): Known | undefined {
    return this.known.get(id);
  }

  /** The one that is known already, or this row. */
  know(row: IdentityRow, symbiont: SymbiontRow | null, evolving: boolean): Known {
    const present = this.known.get(row.id);
    if (present) return present;
    const { id, name, look, address, learning, fruit, crystal, bankedFruit, bankedCrystal, coins } = row;
    const person: Known = {
      id,
      name,
      look,
      address,
      key: new PublicKey(address).toBytes(),
      counters: [...row.deeds],
      saved: row.deeds,
      goods: { fruit, crystal, bankedFruit, bankedCrystal, coins },
      symbiont,
      learning,
      evolving,
    };
    this.known.set(id, person);
    return person;
  }

  /** Someone belongs to another address now. */
  moved(row: IdentityRow, symbiont: SymbiontRow | null): void {
    const person = this.known.get(row.id);
    if (!person) return;
    person.address = row.address;
    person.key = new PublicKey(row.address).toBytes();
    if (symbiont) person.symbiont = symbiont;
  }

  /** Forgets everyone whom nobody needs any more. */
  keep(needed: (id: number) => boolean): void {
    for (const id of this.known.keys()) if (!needed(id)) this.known.delete(id);
  }

  /** Those whose symbiont is about to evolve, as its owner lets it. */
  evolving(): number[] {
    const growing = [...this.known.values()].filter((person) => person.evolving && person.symbiont?.consent);
    return growing.map((person) => person.id);
  }

  values(): IterableIterator<Known> {
    return this.known.values();
  }
}
