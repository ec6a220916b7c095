import { EPOCH_TICKS, type World } from '#shared/world/index.ts';
import { type Log, reason } from '../../log.ts';
import { deletePlays, keepPlays, type PlayRow, prunePlays } from '../../store/plays.ts';
import type { Store } from '../../store/store.ts';
import type { Minds } from '../../zone/minds.ts';
import { writePartHeader } from './part.ts';
import { epochRoot, type LogKey, sealPart } from './seal.ts';
import { type Notes, Witness } from './witness.ts';

export interface PlayLogOptions {
  store: Store;
  key: LogKey;
  zone: number;
  /** Agents that the world has room for. */
  capacity: number;
  /** Whether what this identity does may be noted. */
  mayLearn: (identity: number) => boolean;
  /** What is kept at most; the oldest epochs go first. */
  hours: number;
  bytes: number;
  log: Log;
}

/** Epochs that wait for the store at most; a further one is let go. */
const MOST_WAITING = 4;

/** An epoch's notes on their way to the store, by identity. */
interface Waiting {
  epoch: number;
  notes: Map<number, Notes>;
}

/**
 * The log of play: what is done near inhabitants, an epoch at a time. What a crash or a full disk takes of it is lost
 * and said so; the world does not wait for it.
 */
export class PlayLog {
  /** Epochs that could not be kept. */
  lost = 0;
  private readonly options: PlayLogOptions;
  private readonly witness: Witness;
  private waiting: Waiting[] = [];
  private work: Promise<void> = Promise.resolve();

  constructor(options: PlayLogOptions) {
    this.options = options;
    this.witness = new Witness(options.capacity, options.mayLearn);
  }

  before(world: World, minds: Minds): void {
    this.witness.before(world, minds);
  }

  after(world: World, minds: Minds, tick: number): void {
    this.witness.after(world, minds, tick);
    if (tick % EPOCH_TICKS === EPOCH_TICKS - 1) this.rotate(Math.floor(tick / EPOCH_TICKS));
  }

  /** All that was rotated so far is written, or given up. */
  async settled(): Promise<void> {
    await this.work;
  }

  /** Forgets what is not written of somebody. */
  forget(identity: number): void {
    this.witness.forget(identity);
    for (const { notes } of this.waiting) notes.delete(identity);
  }

  /** Deletes all there is of somebody. @returns how many epochs held something */
  async delete(identity: number): Promise<number> {
    this.forget(identity);
    const { store, key } = this.options;
    const gone = this.work.then(() => deletePlays(store, key.pseudonym(identity), epochRoot));
    // What is written next waits for it, so that nothing of the old comes back after it.
    this.work = gone.then(
      () => {},
      () => {},
    );
    return gone;
  }

  private rotate(epoch: number): void {
    const notes = new Map(this.witness.notes);
    this.witness.notes.clear();
    if (notes.size === 0) return;
    if (this.waiting.length >= MOST_WAITING) {
      this.lost++;
      this.options.log(`epoch ${epoch}: its play is let go, ${MOST_WAITING} wait for the store already`);
      return;
    }
    const waiting = { epoch, notes };
    this.waiting.push(waiting);
    this.work = this.work.then(() => this.write(waiting));
  }

  private async write(waiting: Waiting): Promise<void> {
    const { store, key, zone, hours, bytes, mayLearn, log } = this.options;
    const { epoch, notes } = waiting;
    try {
      const sealed: { identity: number; row: PlayRow }[] = [];
      for (const [identity, { bytes, length, own, others }] of notes) {
        if (!mayLearn(identity)) continue;
        const who = key.pseudonym(identity);
        const part = bytes.subarray(0, length);
        writePartHeader(part, { zone, epoch, who }, own + others);
        const row = { zone, ...(await sealPart(key, { epoch, who, own, others, bytes: part })) };
        sealed.push({ identity, row });
      }
      // Whoever was forgotten meanwhile is in `notes` no more.
      await keepPlays(
        store,
        sealed.flatMap(({ identity, row }) => (notes.has(identity) ? [row] : [])),
        epochRoot,
      );
      await prunePlays(store, zone, { hours, bytes });
    } catch (error) {
      this.lost++;
      log(`epoch ${epoch}: its play is not kept: ${reason(error)}`);
    } finally {
      this.waiting = this.waiting.filter((one) => one !== waiting);
    }
  }
}
