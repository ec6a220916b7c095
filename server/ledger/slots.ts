import { createHash } from 'node:crypto';
import bs58 from 'bs58';
import { invalidParams } from './rpcError.ts';

const COMMITMENTS = ['processed', 'confirmed', 'finalized'] as const;
export type Commitment = (typeof COMMITMENTS)[number];

/** Slots a blockhash stays good for (agave MAX_PROCESSING_AGE). */
export const BLOCKHASH_AGE = 150;
export const SLOTS_PER_EPOCH = 432_000;
/** Slots after its own in which a transaction counts as confirmed, and as final. */
const DEPTH: Record<Commitment, number> = { processed: 0, confirmed: 1, finalized: 32 };
/** Entries of the SlotHashes sysvar. */
const SLOT_HASHES = 512;

/**
 * Slots as a function of the wall clock: slot n began n x slotMs after the ledger's first moment, also while it
 * was not running. So slots and blockhashes need no storage and never run backwards over a restart.
 */
export class SlotClock {
  slot = 0;
  /** Of the slots that are over, the latest first: [slot, hash of it], what the SlotHashes sysvar holds. */
  recent: [slot: number, hash: Uint8Array][] = [];
  private readonly valid = new Map<string, number>();

  constructor(
    private readonly seed: Uint8Array,
    readonly startedAt: number,
    readonly slotMs: number,
  ) {
    this.enter(0);
  }

  /** Moves to the slot of `now` (ms since 1970), never back; false when it is still the same slot. */
  advance(now: number): boolean {
    const target = Math.floor((now - this.startedAt) / this.slotMs);
    if (target <= this.slot) return false;
    for (let slot = Math.max(this.slot + 1, target - SLOT_HASHES); slot <= target; slot++) this.enter(slot);
    for (const [hash, slot] of this.valid) {
      if (slot + BLOCKHASH_AGE >= target) break;
      this.valid.delete(hash);
    }
    return true;
  }

  /** The last slot that has reached a commitment. */
  at(commitment: Commitment): number {
    return Math.max(0, this.slot - DEPTH[commitment]);
  }

  commitmentOf(slot: number): Commitment {
    if (slot <= this.slot - DEPTH.finalized) return 'finalized';
    return slot <= this.slot - DEPTH.confirmed ? 'confirmed' : 'processed';
  }

  blockhash(slot: number): string {
    return bs58.encode(this.hash(slot));
  }

  isValid(blockhash: string): boolean {
    const slot = this.valid.get(blockhash);
    return slot !== undefined && this.slot <= slot + BLOCKHASH_AGE;
  }

  /** Seconds since 1970 in which a slot began. */
  time(slot: number): number {
    return Math.floor((this.startedAt + slot * this.slotMs) / 1000);
  }

  get epoch(): number {
    return Math.floor(this.slot / SLOTS_PER_EPOCH);
  }

  private enter(slot: number): void {
    this.slot = slot;
    const hash = this.hash(slot);
    this.valid.set(bs58.encode(hash), slot);
    if (slot === 0) return;
    // Nobody knows a slot's hash before it is over: it is another than the blockhash, which is told in the slot.
    this.recent.unshift([slot - 1, this.digest(`over ${slot - 1}`)]);
    if (this.recent.length > SLOT_HASHES) this.recent.pop();
  }

  private hash(slot: number): Uint8Array {
    return this.digest(`slot ${slot}`);
  }

  private digest(what: string): Uint8Array {
    return createHash('sha256').update(this.seed).update(what).digest();
  }
}

/**
 * Milliseconds since 1970 that never run backwards nor stand still: where the wall clock is set back, they go on
 * by the machine's steady clock until the wall clock has caught up.
 */
export class SteadyTime {
  private value: number;
  private steadyAt: number;

  constructor(
    atLeast: number,
    private readonly wall: () => number = Date.now,
    private readonly steady: () => number = () => performance.now(),
  ) {
    this.steadyAt = steady();
    this.value = Math.max(atLeast, wall());
  }

  now(): number {
    const steady = this.steady();
    this.value = Math.max(this.wall(), this.value + steady - this.steadyAt);
    this.steadyAt = steady;
    return this.value;
  }
}

/** Reads a commitment parameter; `finalized` when absent, as Solana's RPC has it. */
export function commitmentOr(value: unknown, fallback: Commitment = 'finalized'): Commitment {
  if (value === undefined || value === null) return fallback;
  // The names that older clients still send.
  if (value === 'recent') return 'processed';
  if (value === 'single' || value === 'singleGossip') return 'confirmed';
  if (value === 'max' || value === 'root') return 'finalized';
  const found = COMMITMENTS.find((c) => c === value);
  if (!found) {
    throw invalidParams(
      `Invalid params: unknown variant \`${String(value).slice(0, 32)}\`, expected one of \`processed\`, \`confirmed\`, \`finalized\` (field commitment).`,
    );
  }
  return found;
}
