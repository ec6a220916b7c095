import { type Log, reason } from '../log.ts';
import type { SymbiontKey } from '../store/identities.ts';
import type { Store } from '../store/store.ts';
import { type Choice, type Commit, commitZone, keepLeaves, type NewEpoch } from '../store/worlds.ts';
import type { ClosedEpoch, Grown, Standing } from './chronicle.ts';
import { packEpoch } from './leaves.ts';
import type { Goods, TickRecord } from './zone.ts';

/** A tick and what closes with it. */
export interface Entry extends TickRecord {
  brains: string | null;
  snapshot: Uint8Array | null;
  epoch: ClosedEpoch | null;
  /** Who came to walk with whom before this tick. */
  choices: Choice[];
}

/** Waiting longer than this, the store counts as not saving; it is tried again after a pause. */
const SLOW_MS = 1000;
const RETRY_MS = 1000;
/** Ticks that wait for the store at most: ten minutes. Beyond, their inputs are given up for a snapshot. */
const MOST_WAITING = 12_000;
/** Ticks written in one transaction. */
const BATCH = 400;

export interface RecorderOptions {
  store: Store;
  zone: number;
  epochTicks: number;
  epochsKept: number;
  /** The evolution that counters have earned, if any. */
  earned: (identity: number, counters: number[]) => { asset: string; version: number } | null;
  /** Draws what a symbiont becomes, where its deeds have earned it. */
  grow: (standing: Standing) => Promise<Grown | null>;
  /** A copy of the world now, and its tick. */
  snapshot: () => { tick: number; bytes: Uint8Array };
  onSaved: (
    throughTick: number,
    deeds: ReadonlyMap<number, number[]>,
    evolving: SymbiontKey[],
    epochs: number,
    choices: readonly Choice[],
  ) => void;
  onSaving: (saving: boolean) => void;
  log: Log;
}

/**
 * Writes what ticks did, in their order and never holding them up. Nothing is told as saved before its transaction
 * was committed. While the store fails the world goes on; all is written when it recovers.
 */
export class Recorder {
  savedTick = -1;
  saving = true;
  private readonly options: RecorderOptions;
  private waiting: Entry[] = [];
  /** What given-up entries had to say beside their inputs. */
  private carried: Entry[] = [];
  private work: Promise<void> | null = null;
  private since = 0;
  private closed = false;
  private readonly watch: NodeJS.Timeout;

  constructor(options: RecorderOptions, savedTick: number) {
    this.options = options;
    this.savedTick = savedTick;
    this.watch = setInterval(() => {
      if (this.waiting.length > 0 && performance.now() - this.since > SLOW_MS)
        this.turn(false, 'the store is slow');
    }, SLOW_MS / 4);
    this.watch.unref();
  }

  add(entry: Entry): void {
    if (this.waiting.length === 0) this.since = performance.now();
    this.waiting.push(entry);
    if (this.waiting.length > MOST_WAITING) this.giveUp();
    this.work ??= this.write();
  }

  /** Tries to write all that waits. @returns whether it did within `ms` */
  async drain(ms: number): Promise<boolean> {
    const until = performance.now() + ms;
    while (this.waiting.length > 0 && performance.now() < until) {
      this.work ??= this.write();
      await Promise.race([this.work, pause(Math.max(1, until - performance.now()))]);
    }
    return this.waiting.length === 0;
  }

  /** Whether something of this identity is not saved yet. */
  mentions(id: number): boolean {
    const has = (entry: Entry) => entry.deeds.has(id) || entry.goods.has(id);
    return this.waiting.some(has) || this.carried.some(has);
  }

  close(): void {
    this.closed = true;
    clearInterval(this.watch);
  }

  private async write(): Promise<void> {
    await null;
    while (this.waiting.length > 0 && !this.closed) {
      try {
        const commit = await this.commitOf();
        const evolving = await commitZone(this.options.store, commit);
        const isLeft = (entry: Entry) => entry.tick > commit.throughTick;
        this.waiting = this.waiting.filter(isLeft);
        this.carried = this.carried.filter(isLeft);
        this.savedTick = commit.throughTick;
        this.since = performance.now();
        if (this.waiting.length < BATCH) this.turn(true, 'saving again');
        this.options.onSaved(
          commit.throughTick,
          commit.deeds,
          evolving,
          commit.epochs.length,
          commit.choices,
        );
      } catch (error) {
        this.turn(false, reason(error));
        await pause(RETRY_MS);
      }
    }
    this.work = null;
    if (this.waiting.length > 0 && !this.closed) this.work = this.write();
  }

  private async commitOf(): Promise<Commit> {
    const { zone, epochTicks, epochsKept, earned } = this.options;
    // Where inputs are missing the world starts anew from a snapshot of now, so all that waits goes with it.
    const anew = this.carried.length > 0 ? this.options.snapshot() : null;
    const entries = anew ? [...this.carried, ...this.waiting] : this.waiting.slice(0, BATCH);
    const last = entries[entries.length - 1];
    const deeds = new Map<number, number[]>();
    const goods = new Map<number, Goods | null>();
    const commit: Commit = {
      zone,
      throughTick: last.tick,
      journal: [],
      deeds,
      goods,
      evolutions: [],
      choices: [],
      snapshots: [],
      epochs: [],
      pruneBefore: null,
      leavesFrom: Math.floor(last.tick / epochTicks) - epochsKept,
    };
    for (const entry of entries) {
      if (entry.inputs.length > 0 || entry.brains !== null)
        commit.journal.push({ tick: entry.tick, inputs: entry.inputs, brains: entry.brains });
      for (const choice of entry.choices) {
        commit.choices.push(choice);
        // What was earned until then is in the choice.
        deeds.delete(choice.identity);
      }
      for (const [id, counters] of entry.deeds) deeds.set(id, counters);
      for (const [id, held] of entry.goods) goods.set(id, held);
      if (entry.snapshot) {
        commit.snapshots.push({ tick: entry.tick + 1, bytes: entry.snapshot });
        commit.pruneBefore = Math.floor((entry.tick + 1) / epochTicks) * epochTicks;
      }
      if (entry.epoch) commit.epochs.push(await this.epochRow(entry.epoch));
    }
    if (anew) {
      commit.journal = [];
      commit.snapshots = [anew];
      commit.pruneBefore = anew.tick;
    }
    const chosen = this.chosenAfter(last.tick);
    for (const [identity, counters] of deeds) {
      // These counters are of one that walks with them no more; it is looked at when it does again.
      const next = chosen.has(identity) ? null : earned(identity, counters);
      if (next) commit.evolutions.push({ identity, ...next, counters });
    }
    return commit;
  }

  private chosenAfter(tick: number): Set<number> {
    const later = this.waiting.filter((entry) => entry.tick > tick);
    return new Set(later.flatMap(({ choices }) => choices.map(({ identity }) => identity)));
  }

  /** Writes an epoch's leaves, and gives the row that will name their root. */
  private async epochRow(epoch: ClosedEpoch): Promise<NewEpoch> {
    const { header, bytes, hash, leaves, growths } = await epoch.seal(this.options.grow);
    if (leaves.length > 0)
      await keepLeaves(this.options.store, this.options.zone, header.epoch, await packEpoch(leaves));
    return { epoch: header.epoch, header: bytes, hash, growths };
  }

  /** Lets the inputs of the older half of what waits go; deeds, goods and epoch headers are carried on. */
  private giveUp(): void {
    const gone = this.waiting.splice(0, MOST_WAITING / 2);
    const last: Entry = { ...gone[gone.length - 1], inputs: NONE, snapshot: null, epoch: null };
    last.deeds = new Map(gone.flatMap((e) => [...e.deeds]));
    last.goods = new Map(gone.flatMap((e) => [...e.goods]));
    last.choices = gone.flatMap((e) => e.choices);
    for (const entry of gone) {
      if (!entry.epoch) continue;
      entry.epoch.drop();
      this.carried.push({
        ...entry,
        inputs: NONE,
        deeds: new Map(),
        goods: new Map(),
        snapshot: null,
        choices: [],
      });
    }
    this.carried.push(last);
  }

  private turn(saving: boolean, why: string): void {
    if (this.saving === saving) return;
    this.saving = saving;
    this.options.log(saving ? why : `not saving: ${why}`);
    this.options.onSaving(saving);
  }
}

const NONE = new Uint8Array(0);

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
