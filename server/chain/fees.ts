import {
  ComputeBudgetProgram,
  type Connection,
  type PublicKey,
  type TransactionInstruction,
} from '@solana/web3.js';

/** What is offered first when a transaction expired on a cluster that says nobody pays anything. */
const FIRST_OFFER = 1_000;
/** A price is asked for again after so long. */
const FRESH_MS = 10_000;
/** Prices of the last slots are put in order, and the one at this share is taken. */
const SHARE = 0.75;

/** What has to be paid for a place in a block. */
export class Fees {
  private readonly connection: Connection;
  private readonly ceiling: number;
  private price = 0;
  private asked = Number.NEGATIVE_INFINITY;

  constructor(connection: Connection, ceiling: number) {
    this.connection = connection;
    this.ceiling = ceiling;
  }

  /**
   * Micro-lamports for a compute unit, by what was paid of late for writing these accounts; twice that for each time
   * that a transaction expired, and never above the ceiling. Where the cluster says nothing, what it said last counts.
   */
  async now(accounts: PublicKey[], expired: number): Promise<number> {
    const now = performance.now();
    if (now - this.asked > FRESH_MS) {
      this.asked = now;
      const recent = await this.connection
        .getRecentPrioritizationFees({ lockedWritableAccounts: accounts.slice(0, 128) })
        .catch(() => null);
      const paid = recent?.map((slot) => slot.prioritizationFee).sort((a, b) => a - b);
      if (paid?.length) this.price = paid[Math.floor((paid.length - 1) * SHARE)];
    }
    const base = expired > 0 ? Math.max(this.price, FIRST_OFFER) : this.price;
    return Math.min(this.ceiling, base * 2 ** Math.min(expired, 20));
  }
}

/**
 * What a transaction says of its compute units and their price: nothing where nothing is to be paid, for every byte
 * counts. Instructions that name their units themselves keep them.
 */
export function budget(
  instructions: readonly TransactionInstruction[],
  units: number,
  price: number,
): TransactionInstruction[] {
  if (price === 0) return [];
  const named = instructions.some((ix) => ix.programId.equals(ComputeBudgetProgram.programId));
  const limit = named ? [] : [ComputeBudgetProgram.setComputeUnitLimit({ units })];
  return [...limit, ComputeBudgetProgram.setComputeUnitPrice({ microLamports: price })];
}
