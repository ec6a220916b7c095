import { bytesToHex } from '@noble/hashes/utils';
import { type Log, reason } from '../log.ts';
import { identitiesById } from '../store/identities.ts';
import { countPlays, playOf, playsEpochsOf, setLearning } from '../store/plays.ts';
import type { Store } from '../store/store.ts';
import type { People } from '../zone/people.ts';
import type { PlayLog } from './log/log.ts';
import { type Part, PlayError } from './log/part.ts';
import { type LogKey, readPart } from './log/seal.ts';

export interface PrivacyOptions {
  store: Store;
  zone: number;
  key: LogKey;
  people: People;
  playLog: PlayLog;
  /** How long what is logged is kept, hours. */
  hours: number;
  /** Somebody's play is no longer to be learnt from: whatever reads it now has to stop. */
  onForgotten: () => void;
  /** What inhabitants remember of somebody's words goes with it. @returns how many memories there were */
  forgetWords: (identity: number) => Promise<number>;
  log: Log;
}

/** What one person's play left in the log, and their say over it. */
export class Privacy {
  private readonly options: PrivacyOptions;
  /** Who said no since the start, in case that their row was read just before. */
  private readonly denied = new Set<number>();

  constructor(options: PrivacyOptions) {
    this.options = options;
  }

  mayLearn(identity: number): boolean {
    return !this.denied.has(identity);
  }

  async see(identity: number): Promise<{
    allowed: boolean;
    pseudonym: string;
    epochs: number;
    decisions: number;
    beside: number;
    bytes: number;
    keptHours: number;
  }> {
    const { store, key, hours } = this.options;
    const [row] = await identitiesById(store, [identity]);
    const who = key.pseudonym(identity);
    const { epochs, own, others, bytes } = await countPlays(store, who);
    return {
      allowed: row.learning,
      pseudonym: bytesToHex(who),
      epochs,
      decisions: own,
      beside: others,
      bytes,
      keptHours: hours,
    };
  }

  /** All that is kept of somebody, an epoch at a time. What cannot be read is left out. */
  async *parts(identity: number): AsyncGenerator<Part> {
    const { store, key, zone, log } = this.options;
    const who = key.pseudonym(identity);
    for (const epoch of await playsEpochsOf(store, zone, who)) {
      const row = await playOf(store, zone, epoch, who);
      if (!row) continue;
      try {
        yield await readPart(key, zone, row);
      } catch (error) {
        if (!(error instanceof PlayError)) throw error;
        log(`epoch ${epoch}: a part is refused: ${reason(error)}`);
      }
    }
  }

  /** @returns how many epochs held something, and how many memories of words there were */
  async delete(identity: number): Promise<{ deleted: number; words: number }> {
    const deleted = await this.options.playLog.delete(identity);
    if (deleted > 0) this.options.onForgotten();
    return { deleted, words: await this.options.forgetWords(identity) };
  }

  /** From now on, or no more. What is in the log already stays until it is deleted or too old. */
  async allow(identity: number, allowed: boolean): Promise<void> {
    const { store, people, playLog } = this.options;
    // Who says no is no longer noted at once; who says yes, when it is written down.
    if (!allowed) {
      this.denied.add(identity);
      playLog.forget(identity);
    }
    await setLearning(store, identity, allowed);
    const person = people.get(identity);
    if (person) person.learning = allowed;
    if (allowed) this.denied.delete(identity);
  }
}
