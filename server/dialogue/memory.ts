import { type Log, reason } from '../log.ts';
import { deleteMemories, type MemoryRow, memoriesOfPair, writeMemories } from '../store/memories.ts';
import type { Store } from '../store/store.ts';
import { similarity, type Understood } from './understanding.ts';

/** Memories of one NPC of one player, at most. */
export const MOST_MEMORIES = 16;
/** From this cosine on, two sentences of one tone say the same. */
const THE_SAME = 0.9;
/** From this one on, a sentence brings an earlier one to mind. */
const ALIKE = 0.6;
/** Pairs kept in mind at once; the one that spoke longest ago is read from the database again. */
const MOST_PAIRS = 2000;
const WRITE_EVERY_MS = 1000;
/** How long a tone stays relevant, in ticks: a threat is remembered longer than a question. */
const WEIGHT = [1, 1, 2, 8, 4, 1, 4, 5, 6, 1];
const FADE_TICKS = 36_000;
/** Memories written in one transaction, and those that wait for a database that cannot be written, at most. */
const MOST_AT_ONCE = 500;
const MOST_UNWRITTEN = 10_000;

interface Pair {
  npc: number;
  identity: number;
  rows: MemoryRow[];
}

/** What a sentence brings to an NPC's mind. */
export interface Recalled {
  /** Sentences of this player before, as far as they are remembered. */
  met: number;
  /** The earlier sentence most like this one, where one is alike. */
  alike: { tone: number; times: number; tick: number } | null;
  /** The most relevant thing that this player ever said, and the last one. */
  strongest: { tone: number; tick: number } | null;
  last: { tone: number; tick: number } | null;
}

/**
 * What NPCs remember of what players said: meanings as embeddings, in the database. Reading is once a pair; writing
 * happens behind, a second later at the most.
 */
export class Memory {
  private readonly store: Store;
  private readonly zone: number;
  private readonly log: Log;
  private readonly pairs = new Map<string, Promise<Pair>>();
  private readonly dirty = new Set<MemoryRow>();
  /** Rows that gave way, perhaps while they were being written. */
  private readonly gone = new WeakSet<MemoryRow>();
  private readonly dropped: number[] = [];
  private readonly timer: NodeJS.Timeout;
  private writing: Promise<void> = Promise.resolve();

  constructor(store: Store, zone: number, log: Log) {
    this.store = store;
    this.zone = zone;
    this.log = log;
    this.timer = setInterval(() => void this.write(), WRITE_EVERY_MS);
    this.timer.unref();
  }

  /** What comes to mind, before this sentence is remembered too. */
  async recall(npc: number, identity: number, { embedding }: Understood, model: string): Promise<Recalled> {
    const { rows } = await this.pair(npc, identity);
    let alike: MemoryRow | null = null;
    let nearest = ALIKE;
    for (const row of rows) {
      const near = embedding && row.model === model ? similarity(embedding, unpack(row.embedding)) : 0;
      if (near > nearest) [alike, nearest] = [row, near];
    }
    const now = rows.reduce((most, row) => Math.max(most, row.tick), 0);
    const strongest = rows.reduce<MemoryRow | null>(
      (best, row) => (best && relevance(best, now) >= relevance(row, now) ? best : row),
      null,
    );
    const last = rows.reduce<MemoryRow | null>(
      (best, row) => (best && best.tick > row.tick ? best : row),
      null,
    );
    return { met: rows.reduce((sum, row) => sum + row.times, 0), alike, strongest, last };
  }

  /** Takes a sentence's meaning in; the least relevant one gives way. */
  async remember(
    npc: number,
    identity: number,
    understood: Understood,
    at: { tick: number; model: string },
  ): Promise<void> {
    const { rows } = await this.pair(npc, identity);
    const { tone, embedding } = understood;
    const same = rows.find(
      (row) =>
        row.tone === tone &&
        (embedding && row.model === at.model
          ? similarity(embedding, unpack(row.embedding)) > THE_SAME
          : row.embedding.length === 0 && !embedding),
    );
    if (same) {
      same.times = Math.min(1_000_000, same.times + 1);
      same.tick = at.tick;
      this.dirty.add(same);
      return;
    }
    const row: MemoryRow = {
      id: 0,
      zone: this.zone,
      npc,
      identity,
      tone,
      times: 1,
      tick: at.tick,
      model: at.model,
      embedding: embedding ? pack(embedding) : new Uint8Array(0),
    };
    rows.push(row);
    this.dirty.add(row);
    while (rows.length > MOST_MEMORIES) {
      const least = rows.reduce((a, b) => (relevance(b, at.tick) < relevance(a, at.tick) ? b : a));
      rows.splice(rows.indexOf(least), 1);
      this.drop(least);
    }
  }

  /** Forgets a player, in mind and in the database. @returns how many memories were deleted there */
  async forget(identity: number): Promise<number> {
    for (const key of this.pairs.keys()) if (key.endsWith(`:${identity}`)) this.pairs.delete(key);
    for (const row of this.dirty) if (row.identity === identity) this.drop(row);
    await this.write();
    const run = this.writing.then(() => deleteMemories(this.store, identity));
    this.writing = run.then(
      () => {},
      () => {},
    );
    return run;
  }

  /** Writes what is not written yet. What fails is tried again with the next write. */
  write(): Promise<void> {
    this.writing = this.writing.then(async () => {
      const written = [...this.dirty].slice(0, MOST_AT_ONCE);
      const dropped = this.dropped.splice(0, MOST_AT_ONCE);
      if (written.length + dropped.length === 0) return;
      for (const row of written) this.dirty.delete(row);
      try {
        await writeMemories(this.store, { written, dropped });
      } catch (error) {
        this.log(`memories: ${reason(error)}`);
        // A player who is gone has no memories any more; everything else waits for better times.
        if (isOrphaned(error)) await this.writeSingly(written);
        else if (this.dirty.size < MOST_UNWRITTEN)
          for (const row of written) if (!this.gone.has(row)) this.dirty.add(row);
        this.dropped.push(...dropped);
      }
      for (const row of written) if (this.gone.has(row) && row.id > 0) this.dropped.push(row.id);
    });
    return this.writing;
  }

  private async writeSingly(rows: readonly MemoryRow[]): Promise<void> {
    for (const row of rows)
      await writeMemories(this.store, { written: [row], dropped: [] }).catch((error) => {
        if (!isOrphaned(error)) this.dirty.add(row);
      });
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    // What cannot be written in a few tries is let go: a server that stops has to end.
    for (let n = 0; n < 20 && this.dirty.size + this.dropped.length > 0; n++) await this.write();
    await this.writing;
  }

  private drop(row: MemoryRow): void {
    this.dirty.delete(row);
    this.gone.add(row);
    if (row.id > 0) this.dropped.push(row.id);
  }

  private pair(npc: number, identity: number): Promise<Pair> {
    const key = `${npc}:${identity}`;
    const present = this.pairs.get(key);
    if (present) {
      this.pairs.delete(key);
      this.pairs.set(key, present);
      return present;
    }
    const read = this.write()
      .then(() => memoriesOfPair(this.store, this.zone, npc, identity))
      .then((rows) => ({ npc, identity, rows }));
    this.pairs.set(key, read);
    // What could not be read is nothing to remember; the next sentence tries again.
    read.catch(() => this.pairs.delete(key));
    const oldest = this.pairs.keys().next().value;
    if (this.pairs.size > MOST_PAIRS && oldest !== undefined) this.pairs.delete(oldest);
    return read;
  }
}

function relevance(row: { tone: number; tick: number; times: number }, now: number): number {
  return ((WEIGHT[row.tone] ?? 1) * FADE_TICKS) / (FADE_TICKS + Math.max(0, now - row.tick));
}

/** Whether a row could not be written since whom it is about is not in the database. */
function isOrphaned(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause)
    if ((e as { code?: string }).code === '23503') return true;
  return false;
}

/** A normalised vector in steps of 1/127. */
export function pack(embedding: Float32Array): Uint8Array {
  const packed = new Int8Array(embedding.length);
  for (let i = 0; i < packed.length; i++)
    packed[i] = Math.max(-127, Math.min(127, Math.round(embedding[i] * 127)));
  return new Uint8Array(packed.buffer);
}

export function unpack(bytes: Uint8Array): Float32Array {
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const vector = Float32Array.from(signed, (v) => v / 127);
  const length = Math.sqrt(similarity(vector, vector)) || 1;
  return vector.map((v) => v / length);
}
