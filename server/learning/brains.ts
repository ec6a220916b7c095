import { type Brain, decodeBrain, type Json } from '#shared/brain/file.ts';
import type { LoadedBrain } from '../load.ts';
import { type Log, reason } from '../log.ts';
import { Refusal } from '../refusal.ts';
import { addTerm, brainById, epochOf, savedEpoch, type TermRow, termsOf } from '../store/brains.ts';
import type { Store } from '../store/store.ts';
import { fitsRole } from '../zone/minds.ts';

/** A change of brains that cannot be made; the message says why. */
export class BrainsRefused extends Refusal {
  override name = 'BrainsRefused';

  constructor(message: string) {
    super(409, 'role', message);
  }
}

export interface BrainsOptions {
  store: Store;
  zone: { id: number; name: string; seed: number };
  /** The brains of the files, by role: what a role begins with. */
  given: ReadonlyMap<string, LoadedBrain>;
  log: Log;
}

/** A brain that takes over. */
export interface Succession {
  role: string;
  since: number;
  why: TermRow['why'];
  tale: string | null;
  loaded: LoadedBrain;
}

/** A brain in the list of those that live here. */
export interface ListedBrain {
  role: string;
  id: string;
  since: number;
  why: TermRow['why'];
  parent: string | null;
  tale: string | null;
  created: Date;
  /** 'next' begins with a coming epoch. */
  state: 'active' | 'next' | 'past';
}

/**
 * Which brain decides for which role, and since when. A change is one row in the database, written before it happens
 * and taken up at the start of an epoch: whatever is cut off in between, the rows name exactly one brain a role.
 */
export class Brains {
  private readonly options: BrainsOptions;
  private readonly current = new Map<string, LoadedBrain>();
  /** Written down, and not begun yet. */
  private next: Succession[] = [];
  /** Roles whose next brain is being written down. */
  private readonly appointing = new Set<string>();

  private constructor(options: BrainsOptions) {
    this.options = options;
  }

  /**
   * Finds the brains that decide now. Where the given file is another one than when it was given last, it takes over:
   * somebody put it there. What does not fit the world any more gives way to the given one.
   */
  static async open(options: BrainsOptions): Promise<Brains> {
    const { store, zone, given, log } = options;
    const all = new Brains(options);
    const epoch = await epochOf(store, zone);
    const terms = await termsOf(store, zone.id);
    for (const [role, loaded] of given) {
      const ours = terms.filter((term) => term.role === role);
      const active = ours.filter((term) => term.since <= epoch).at(-1);
      const lastGiven = ours.filter((term) => term.why === 'given').at(-1);
      const learned = lastGiven?.brain === loaded.brain.id && active ? await all.load(active) : null;
      if (learned) {
        all.current.set(role, learned);
        for (const term of ours.filter((term) => term.since > epoch)) {
          const later = await all.load(term);
          if (later)
            all.next.push({ role, since: term.since, why: term.why, tale: term.tale, loaded: later });
        }
        continue;
      }
      if (active) log(`${role}: brain ${loaded.brain.id.slice(0, 12)} of its file takes over`);
      await addTerm(store, termOf(zone.id, role, epoch, 'given', null, loaded, null, null), true);
      all.current.set(role, loaded);
    }
    return all;
  }

  /** The brain that decides for a role now. @throws RangeError where there is none */
  active(role: string): LoadedBrain {
    const loaded = this.current.get(role);
    if (!loaded) throw new RangeError(`role: "${role}" has no brain here`);
    return loaded;
  }

  get roles(): string[] {
    return [...this.current.keys()];
  }

  get files(): Uint8Array[] {
    return [...this.current.values(), ...this.next.map((one) => one.loaded)].map(({ file }) => file);
  }

  /** By role, for `Minds`. */
  get byRole(): Map<string, Brain> {
    return new Map([...this.current].map(([role, { brain }]) => [role, brain]));
  }

  /**
   * A brain takes over at the start of epoch `since`, or of the next one after it is written.
   * @throws BrainsRefused when it does not fit, or another one of the role is about to
   */
  async appoint(
    role: string,
    since: number,
    file: Uint8Array,
    told: { why: TermRow['why']; tale: string | null; scores: Json },
  ): Promise<Succession> {
    const before = this.active(role);
    if (this.appointing.has(role) || this.next.some((one) => one.role === role))
      throw new BrainsRefused(`${role}: another brain is about to take over already`);
    let brain: Brain;
    try {
      brain = decodeBrain(file);
      fitsRole(role, brain);
    } catch (error) {
      throw new BrainsRefused(`${role}: the brain cannot live here: ${reason(error)}`);
    }
    if (brain.id === before.brain.id) throw new BrainsRefused(`${role}: this brain decides already`);
    const { why, tale, scores } = told;
    const loaded = { brain, file };
    const { store, zone } = this.options;
    this.appointing.add(role);
    try {
      const parent = why === 'learned' ? before.brain.id : null;
      await addTerm(store, termOf(zone.id, role, since, why, tale, loaded, parent, scores), false);
    } finally {
      this.appointing.delete(role);
    }
    const succession: Succession = { role, since, why, tale, loaded };
    this.next.push(succession);
    return succession;
  }

  /** The parent of a role's brain takes over again. @throws BrainsRefused where there is none */
  async rollback(role: string, since: number): Promise<Succession> {
    if (!this.current.has(role))
      throw new BrainsRefused(`role: must be one of ${this.roles.join(', ')}, is ${JSON.stringify(role)}`);
    const parent = await parentOf(this.options.store, role, this.active(role).brain.id);
    return this.appoint(role, since, parent.file, {
      why: 'rollback',
      tale: rollbackTale(role, this.options.zone.name),
      scores: null,
    });
  }

  /** Those that take over with this epoch; from now on they are active. Called once, at its start. */
  begin(epoch: number): Succession[] {
    const due = this.next.filter((one) => one.since <= epoch);
    if (due.length === 0) return due;
    this.next = this.next.filter((one) => !due.includes(one));
    for (const { role, loaded } of due) this.current.set(role, loaded);
    return due;
  }

  /** The file of a brain that lives or lived here; null where it is unknown. */
  async fileOf(id: string): Promise<Uint8Array | null> {
    if (!/^[0-9a-f]{64}$/.test(id)) return null;
    for (const { brain, file } of this.current.values()) if (brain.id === id) return file;
    return (await brainById(this.options.store, id))?.file ?? null;
  }

  /** The file of an earlier brain that still fits the world; null where it does not. */
  async usable(role: string, id: string): Promise<Uint8Array | null> {
    const file = await this.fileOf(id);
    try {
      if (file) fitsRole(role, decodeBrain(file));
      return file;
    } catch {
      return null;
    }
  }

  list(epoch: number): Promise<ListedBrain[]> {
    return listBrains(this.options.store, this.options.zone.id, epoch);
  }

  private async load(term: TermRow): Promise<LoadedBrain | null> {
    const row = await brainById(this.options.store, term.brain);
    try {
      if (!row) throw new Error('its file is not in the database');
      const brain = decodeBrain(row.file);
      if (brain.id !== term.brain) throw new Error('its file is another one');
      fitsRole(term.role, brain);
      return { brain, file: row.file };
    } catch (error) {
      this.options.log(`${term.role}: brain ${term.brain.slice(0, 12)} cannot live here: ${reason(error)}`);
      return null;
    }
  }
}

async function parentOf(store: Store, role: string, id: string) {
  const row = await brainById(store, id);
  const parent = row?.parent ? await brainById(store, row.parent) : null;
  if (!parent) throw new BrainsRefused(`${role}: its brain was given; there is no earlier one`);
  return parent;
}

/**
 * The parent of a role's brain takes over where no server runs: with the next tick that is lived there.
 * @throws BrainsRefused where there is none
 */
export async function rollbackStored(
  store: Store,
  zone: number,
  role: string,
  name: string,
): Promise<{ since: number; brain: string }> {
  const epoch = await savedEpoch(store, zone);
  const terms = epoch === null ? [] : await termsOf(store, zone);
  const active = terms.filter((term) => term.role === role && term.since <= (epoch ?? 0)).at(-1);
  if (epoch === null || !active)
    throw new BrainsRefused(`role: ${JSON.stringify(role)} has no brain in this world`);
  const { id, file, parent } = await parentOf(store, role, active.brain);
  const brain = { id, file, parent, scores: null };
  const tale = rollbackTale(role, name);
  await addTerm(store, { zone, role, since: epoch, why: 'rollback', tale, brain }, true);
  return { since: epoch, brain: id };
}

/** Every brain that has lived in a zone, by role and time. */
export async function listBrains(store: Store, zone: number, epoch: number): Promise<ListedBrain[]> {
  const terms = await termsOf(store, zone);
  const parents = new Map<string, string | null>();
  for (const { brain } of terms)
    if (!parents.has(brain)) parents.set(brain, (await brainById(store, brain))?.parent ?? null);
  return terms.map((term, i) => {
    const { role, brain, since, why, tale, created } = term;
    const later = terms[i + 1]?.role === role ? terms[i + 1].since : Number.POSITIVE_INFINITY;
    const state = since > epoch ? 'next' : later <= epoch ? 'past' : 'active';
    return { role, id: brain, since, why, parent: parents.get(brain) ?? null, tale, created, state };
  });
}

export function rollbackTale(role: string, zone: string): string {
  return `The ${role}s of ${zone.replace(/^The /, 'the ')} have gone back to their older ways.`;
}

function termOf(
  zone: number,
  role: string,
  since: number,
  why: TermRow['why'],
  tale: string | null,
  { brain, file }: LoadedBrain,
  parent: string | null,
  scores: Json,
) {
  return { zone, role, since, why, tale, brain: { id: brain.id, file, parent, scores } };
}
