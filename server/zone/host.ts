import { PublicKey } from '@solana/web3.js';
import { EPOCH_TICKS, NO_PREVIOUS } from '#shared/proof/epoch.ts';
import { type DeedsMessage, PROTOCOL, type Welcome } from '#shared/protocol/index.ts';
import { EMPTY, type Terrain, worldHash } from '#shared/world/index.ts';
import type { Brains, Succession } from '../learning/brains.ts';
import type { Log } from '../log.ts';
import { identitiesById, type SymbiontKey, type SymbiontRow, symbiontOf } from '../store/identities.ts';
import { evolvingIdentities, isEvolving } from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import { type Choice, epochRow, loadZone } from '../store/worlds.ts';
import { Choices } from './choices.ts';
import { Chronicle, type Grown, type Standing } from './chronicle.ts';
import { Loop } from './loop.ts';
import type { Minds } from './minds.ts';
import { type Known, People } from './people.ts';
import { Recorder } from './recorder.ts';
import { restoreZone } from './restore.ts';
import { Views } from './views.ts';
import { MAX_PLAYERS, type Seat, Zone } from './zone.ts';

export const ZONE_ID = 1;
/** The world is saved whole every ten seconds; in between, its inputs are. */
const SNAPSHOT_TICKS = 200;

/** Whoever is told what a player sees. */
export interface Connection {
  view(bytes: Uint8Array): void;
  deeds(message: DeedsMessage): void;
  /** Another connection took this one's place. */
  replaced(): void;
}

/** A player at their place, with what is on its way to them. */
export interface Presence {
  readonly seat: Seat;
  readonly person: Known;
  readonly connection: Connection;
  /** Acks whose ticks are not saved yet, and the last one that is. */
  acks: { seq: number; tick: number }[];
  ack: number;
  ackTick: number;
  viewTick: number;
}

export interface HostOptions {
  store: Store;
  terrain: Terrain;
  minds: Minds;
  /** Who takes over from whom between two epochs; none: the minds stay as they are. */
  brains?: Brains;
  zoneName: string;
  map: string;
  seed: number;
  /** Milliseconds of a tick. */
  tickMs: number;
  epochsKept: number;
  log: Log;
  /** Whether these counters have earned what the symbiont is not yet. */
  grows: (person: Known, counters: number[]) => boolean;
  /** What a symbiont becomes by them, drawn and written down; null: nothing new. */
  grow: (standing: Standing) => Promise<Grown | null>;
}

export interface HostEvents {
  saving(saving: boolean): void;
  epoch(epoch: number, worldHash: Uint8Array): void;
  /** An epoch is in the database, and with it what is to be done on chain. */
  epochSaved(): void;
  /** A brain has taken over. */
  swapped(succession: Succession): void;
  /** Evolutions are earned: they wait for the end of the epoch. */
  evolving(identities: number[]): void;
  /** Who walks with these now is saved. */
  chosen(identities: number[]): void;
}

/**
 * A zone at work: its clock, its memory and its players. It steps at 20 Hz, tells what it sees, and lets the recorder
 * write; it waits for neither players nor database.
 */
export class ZoneHost {
  readonly zone: Zone;
  readonly people: People;
  readonly recorder: Recorder;
  readonly chronicle: Chronicle;
  readonly choices: Choices;
  readonly loop: Loop;
  readonly options: HostOptions;
  events: HostEvents | null = null;
  private readonly views: Views;
  private readonly presences = new Map<number, Presence>();
  /** Who has earned an evolution that nobody has opened, as far as is known. */
  private readonly earnedUnseen = new Set<number>();
  private viewDue = false;
  private fresh = true;

  private constructor(options: HostOptions, zone: Zone, people: People, chronicle: Chronicle) {
    this.options = options;
    this.zone = zone;
    this.people = people;
    this.chronicle = chronicle;
    this.views = new Views(zone.world);
    const { store, log } = options;
    this.choices = new Choices({ store, people, log, onSettled: (person) => this.lookAgain(person) });
    this.recorder = new Recorder(
      {
        store: options.store,
        zone: ZONE_ID,
        epochTicks: EPOCH_TICKS,
        epochsKept: options.epochsKept,
        earned: (id, counters) => this.earned(id, counters),
        grow: options.grow,
        snapshot: () => ({ tick: zone.world.tick, bytes: zone.world.bytes.slice() }),
        onSaved: (tick, deeds, evolving, epochs, choices) => {
          this.saved(tick, deeds, evolving, epochs, choices);
          if (choices.length > 0) void this.settle(choices);
        },
        onSaving: (saving) => this.events?.saving(saving),
        log: options.log,
      },
      zone.world.tick - 1,
    );
    this.loop = new Loop(options.tickMs, () => this.beat());
  }

  /** Brings the zone back as it was last saved; whoever stood in it waits there for a while. */
  static async open(options: HostOptions): Promise<ZoneHost> {
    const { store, terrain, minds, log } = options;
    const saved = await loadZone(store, { id: ZONE_ID, name: options.zoneName, seed: options.seed });
    const last = await epochRow(store, ZONE_ID, 'latest');
    const capacity = minds.count + MAX_PLAYERS;
    const chronicle = new Chronicle(ZONE_ID, capacity, last?.hash ?? NO_PREVIOUS);
    const world = restoreZone({ terrain, saved, capacity, minds, chronicle, log });
    const zone = new Zone(world, minds);
    const people = new People();
    const present: number[] = [];
    for (let slot = minds.count; slot < world.capacity; slot++)
      if (world.status[slot] !== EMPTY) present.push(world.tag[slot]);
    for (const id of new Set([...present, ...chronicle.doers])) await meet(store, people, id);
    for (let slot = minds.count; slot < world.capacity; slot++) {
      if (world.status[slot] === EMPTY) continue;
      const person = await meet(store, people, world.tag[slot]);
      zone.restoreSeat(slot, person.id, person.counters);
    }
    for (const id of await evolvingIdentities(store)) await meet(store, people, id);
    log(`tick ${world.tick}, ${present.length} players waiting, ${saved.journal.length} ticks replayed`);
    return new ZoneHost(options, zone, people, chronicle);
  }

  start(): void {
    this.loop.start();
  }

  /** Stops the clock and writes everything. @returns whether it could be written within `ms` */
  async close(ms: number): Promise<boolean> {
    this.loop.stop();
    const saved = await this.recorder.drain(ms);
    this.recorder.close();
    return saved;
  }

  /** The share of a tick's time that the slowest ticks of late take, by their 99th percentile. */
  get strain(): number {
    return this.loop.took.percentile(99) / this.options.tickMs;
  }

  get players(): number {
    return this.presences.size;
  }

  /**
   * Takes a player in, where they were or at home.
   * @throws ZoneFull when every place is taken
   */
  async enter(row: { id: number }, connection: Connection): Promise<Presence> {
    const person = await meet(this.options.store, this.people, row.id);
    const seat = this.zone.join(person.id, person.goods, person.counters);
    const before = this.presences.get(person.id);
    const presence: Presence = {
      seat,
      person,
      connection,
      acks: [],
      ack: 0,
      ackTick: 0,
      viewTick: this.zone.world.tick,
    };
    this.presences.set(person.id, presence);
    before?.connection.replaced();
    return presence;
  }

  /** The connection of a player is gone. */
  leave(presence: Presence): void {
    const { id } = presence.person;
    if (this.presences.get(id) !== presence) return;
    this.presences.delete(id);
    this.zone.drop(presence.seat);
  }

  presence(identity: number): Presence | undefined {
    return this.presences.get(identity);
  }

  /** What the chain made of a symbiont. Whoever goes on evolving has a leaf in the next epoch, in the world or not. */
  async grown(identity: number, symbiont: SymbiontRow, evolving: boolean): Promise<void> {
    const person = evolving
      ? await meet(this.options.store, this.people, identity)
      : this.people.get(identity);
    // What walks with them no more goes on by itself.
    if (!person || (person.symbiont && person.symbiont.asset !== symbiont.asset)) return;
    person.symbiont = symbiont;
    person.evolving = evolving;
    // Deeds that were on their way to the store were not looked at when this was shown.
    this.lookAgain(person);
  }

  /** Their evolution needs a leaf. */
  async await(keys: readonly SymbiontKey[]): Promise<void> {
    for (const { identity, asset } of keys) {
      const person = await meet(this.options.store, this.people, identity);
      if (person.symbiont?.asset === asset) person.evolving = true;
    }
  }

  /** Someone who may not be in the world; known at least until the next tick. */
  know(identity: number): Promise<Known> {
    return meet(this.options.store, this.people, identity);
  }

  welcome(presence: Presence): Welcome {
    const { world } = this.zone;
    const { person, seat } = presence;
    return {
      slot: seat.slot,
      id: person.id,
      name: person.name,
      look: person.look,
      zone: this.options.zoneName,
      map: this.options.map,
      tick: world.tick,
      tickMs: this.options.tickMs,
      address: person.address,
      nodes: [...world.nodeAmount],
    };
  }

  /** One turn of the clock. */
  beat(): void {
    // Views of the tick before that still wait for their transaction go now, with the acks that are saved.
    this.flushViews();
    const { zone, chronicle } = this;
    const { world } = zone;
    const choices = this.choices.turn();
    const first = this.fresh || world.tick % EPOCH_TICKS === 0;
    this.fresh = false;
    if (world.tick % EPOCH_TICKS === 0) this.swap(world.tick / EPOCH_TICKS);
    const brains = first ? zone.minds.ids.join(',') : null;
    if (first) chronicle.setBrains(zone.minds.ids, zone.minds.counts);
    const record = zone.tick();
    for (const id of this.earnedUnseen) {
      const counters = this.people.get(id)?.counters;
      if (counters && !record.deeds.has(id)) record.deeds.set(id, [...counters]);
    }
    this.earnedUnseen.clear();
    for (const { identity } of choices) {
      const counters = this.people.get(identity)?.counters;
      if (counters) record.deeds.set(identity, [...counters]);
    }
    chronicle.note(world, record.tick, record.inputs, zone.minds);
    for (const [id, goods] of record.goods) {
      const person = this.people.get(id);
      if (person && goods) person.goods = goods;
    }
    const snapshot = world.tick % SNAPSHOT_TICKS === 0 ? world.bytes.slice() : null;
    const ends = world.tick % EPOCH_TICKS === 0;
    const epoch = ends ? chronicle.close(world, (id) => this.standing(id), this.people.evolving()) : null;
    this.recorder.add({ ...record, brains, snapshot, epoch, choices });
    if (ends) {
      const needed = (id: number) =>
        zone.seats.has(id) ||
        this.presences.has(id) ||
        this.recorder.mentions(id) ||
        this.people.get(id)?.evolving === true;
      this.people.keep(needed);
      this.events?.epoch(world.tick / EPOCH_TICKS, chronicle.worldHash ?? worldHash(world));
    }
    this.views.observe();
    for (const presence of this.presences.values()) noteAck(presence, record.tick);
    this.viewDue = world.tick % PROTOCOL.viewTicks === 0;
  }

  /** Those whose epoch begins now take over, before anybody decides in it. */
  private swap(epoch: number): void {
    for (const succession of this.options.brains?.begin(epoch) ?? []) {
      const { role, why, loaded } = succession;
      this.zone.minds.swap(role, loaded.brain);
      this.options.log(`epoch ${epoch}: brain ${loaded.brain.id.slice(0, 12)} decides for ${role}s (${why})`);
      this.events?.swapped(succession);
    }
  }

  private saved(
    tick: number,
    deeds: ReadonlyMap<number, number[]>,
    evolving: readonly SymbiontKey[],
    epochs: number,
    choices: readonly Choice[],
  ): void {
    const chosen = new Set(choices.map(({ identity }) => identity));
    for (const [id, counters] of deeds) {
      const person = this.people.get(id);
      if (person) person.saved = counters;
      this.presences.get(id)?.connection.deeds({
        counters,
        savedTick: tick,
        ...(chosen.has(id) ? { anew: true } : {}),
      });
    }
    const growing: number[] = [];
    for (const { identity, asset } of evolving) {
      const person = this.people.get(identity);
      if (person?.symbiont?.asset !== asset) continue;
      person.evolving = true;
      growing.push(identity);
    }
    if (growing.length > 0) this.events?.evolving(growing);
    if (epochs > 0) this.events?.epochSaved();
    if (tick === this.zone.world.tick - 1) this.flushViews();
  }

  private flushViews(): void {
    if (!this.viewDue) return;
    this.viewDue = false;
    const { world } = this.zone;
    for (const presence of this.presences.values()) {
      const { slot } = presence.seat;
      if (world.status[slot] === EMPTY) continue;
      while (presence.acks.length > 0 && presence.acks[0].tick <= this.recorder.savedTick) {
        const ack = presence.acks.shift() as { seq: number; tick: number };
        presence.ack = ack.seq;
        presence.ackTick = ack.tick;
      }
      presence.connection.view(this.views.encode(slot, presence.ack, presence.ackTick, presence.viewTick));
      presence.viewTick = world.tick;
    }
    this.views.told();
  }

  /** What they have earned, if they have, goes to the store with the next tick. */
  private lookAgain({ id, counters }: Known): void {
    if (this.earned(id, counters)) this.earnedUnseen.add(id);
  }

  /** Those who were chosen walk, and that is saved. */
  private async settle(choices: readonly Choice[]): Promise<void> {
    await this.choices.settle(choices);
    this.events?.chosen(choices.map(({ identity }) => identity));
  }

  private earned(id: number, counters: number[]): { asset: string; version: number } | null {
    const person = this.people.get(id);
    if (!person?.symbiont?.minted || person.evolving) return null;
    const { asset, version } = person.symbiont;
    return this.options.grows(person, counters) ? { asset, version: version + 1 } : null;
  }

  private standing(id: number): Standing | null {
    const person = this.people.get(id);
    if (!person) return null;
    const { key, counters } = person;
    const symbiont = person.symbiont?.minted ? person.symbiont : null;
    const asset = symbiont ? new PublicKey(symbiont.asset).toBytes() : key;
    return { identity: id, asset, counters: [...counters], symbiont };
  }
}

/** Acks of one client that wait for the store at most; older ones are covered by the newest. */
const MOST_ACKS = 1000;

function noteAck(presence: Presence, tick: number): void {
  const { seat, acks } = presence;
  if (seat.ack === 0 || seat.ackTick !== tick) return;
  if (acks.length >= MOST_ACKS) acks.shift();
  acks.push({ seq: seat.ack, tick });
}

/**
 * The person behind a number, with their symbiont. Whoever is not known is not in the world and has nothing waiting
 * for the store, so that the row is not older than the world.
 */
async function meet(store: Store, people: People, id: number): Promise<Known> {
  const present = people.get(id);
  if (present) return present;
  const [row] = await identitiesById(store, [id]);
  if (!row) throw new Error(`identity ${id}: is not in the database`);
  const symbiont = await symbiontOf(store, id);
  const evolving = symbiont !== null && (await isEvolving(store, symbiont));
  return people.know(row, symbiont, evolving);
}
