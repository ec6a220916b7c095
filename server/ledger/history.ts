import type { Location } from './journal.ts';
import type { RecordHead } from './record.ts';
import type { TxError } from './txError.ts';

/** A transaction as the index knows it; the rest lies in the journal. */
export interface HistoryEntry {
  seq: number;
  slot: number;
  signature: string;
  err: TxError | null;
  location: Location;
}

/** Finds transactions by signature, by address and by message, over what the journal still holds. */
export class History {
  private readonly bySignature = new Map<string, HistoryEntry>();
  /** Oldest first; numbers of records. */
  private readonly byAddress = new Map<string, number[]>();
  /** Oldest first: sequence number to entry. */
  private readonly bySeq = new Map<number, HistoryEntry>();
  /** Message to slot, for as long as its blockhash could still be good. */
  private readonly messages = new Map<string, number>();

  get size(): number {
    return this.bySeq.size;
  }

  add(seq: number, slot: number, head: RecordHead, location: Location): void {
    const entry = { seq, slot, signature: head.signature, err: head.err, location };
    this.bySignature.set(head.signature, entry);
    this.bySeq.set(seq, entry);
    this.messages.set(head.messageId, slot);
    for (const key of head.keys) {
      const list = this.byAddress.get(key);
      if (list) list.push(seq);
      else this.byAddress.set(key, [seq]);
    }
  }

  find(signature: string): HistoryEntry | undefined {
    return this.bySignature.get(signature);
  }

  hasMessage(messageId: string): boolean {
    return this.messages.has(messageId);
  }

  /** Transactions that name an address, newest first. */
  *of(address: string): Generator<HistoryEntry> {
    const list = this.byAddress.get(address) ?? [];
    for (let i = list.length - 1; i >= 0; i--) {
      const entry = this.bySeq.get(list[i]);
      if (entry) yield entry;
    }
  }

  /** Forgets messages whose blockhash can no longer be used. */
  forgetMessages(beforeSlot: number): void {
    for (const [id, slot] of this.messages) {
      if (slot >= beforeSlot) break;
      this.messages.delete(id);
    }
  }

  /** Forgets every record below `seq`. */
  dropBelow(seq: number): void {
    for (const [at, entry] of this.bySeq) {
      if (at >= seq) break;
      this.bySeq.delete(at);
      if (this.bySignature.get(entry.signature) === entry) this.bySignature.delete(entry.signature);
    }
    for (const [address, list] of this.byAddress) {
      if (list[0] >= seq) continue;
      const kept = list.filter((at) => at >= seq);
      if (kept.length > 0) this.byAddress.set(address, kept);
      else this.byAddress.delete(address);
    }
  }

  /** The slot of a record still known. */
  slotOf(seq: number): number | undefined {
    return this.bySeq.get(seq)?.slot;
  }
}
