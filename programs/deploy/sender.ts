/** Sends transactions by plain RPC and stays with them until the cluster has decided. */
import {
  ComputeBudgetProgram,
  type Connection,
  type Keypair,
  Transaction,
  type TransactionInstruction,
} from '@solana/web3.js';
import bs58 from 'bs58';

/** Most transactions on their way at once. */
const PARALLEL = 16;
/** Most signatures that one status request may name, Solana's own limit. */
const STATUSES = 256;
/** A transaction that is still unseen is handed in again this often. */
const RESEND_MS = 2_000;

export interface Sending {
  instructions: TransactionInstruction[];
  /** Beside the payer. */
  signers: Keypair[];
}

/** `expired`: never seen, and too old to be seen still. */
export type Fate = 'done' | 'expired' | { error: string };

interface Flying {
  raw: Uint8Array;
  signature: string;
  fate: Fate | null;
}

export class Sender {
  readonly connection: Connection;
  readonly payer: Keypair;
  /** Micro-lamports for a compute unit; 0: none. */
  private readonly price: number;

  constructor(connection: Connection, payer: Keypair, price: number) {
    this.connection = connection;
    this.payer = payer;
    this.price = price;
  }

  /** Lamports that a transaction with these signers costs, at most. */
  fee(signers: number, units: number): number {
    return signers * 5_000 + Math.ceil((units * this.price) / 1_000_000);
  }

  build({ instructions, signers }: Sending, units: number, blockhash: string, height: number): Transaction {
    const transaction = new Transaction({
      feePayer: this.payer.publicKey,
      blockhash,
      lastValidBlockHeight: height,
    });
    if (this.price > 0) {
      transaction.add(
        ComputeBudgetProgram.setComputeUnitLimit({ units }),
        ComputeBudgetProgram.setComputeUnitPrice({ microLamports: this.price }),
      );
    }
    transaction.add(...instructions);
    const all = [this.payer, ...signers];
    transaction.sign(...new Map(all.map((one) => [one.publicKey.toBase58(), one])).values());
    return transaction;
  }

  /** Sends one and waits for it. @throws Error with the cluster's refusal; an expired one is the caller's to repeat */
  async one(sending: Sending, units: number): Promise<'done' | 'expired'> {
    const { blockhash, lastValidBlockHeight } = await this.connection.getLatestBlockhash('confirmed');
    const transaction = this.build(sending, units, blockhash, lastValidBlockHeight);
    const flying = fly(transaction);
    await this.connection.sendRawTransaction(flying.raw, { preflightCommitment: 'confirmed' });
    await this.settle([flying], lastValidBlockHeight, () => {});
    if (typeof flying.fate === 'object') throw new Error(flying.fate?.error ?? 'transaction: no answer');
    return flying.fate;
  }

  /** Sends many, a bounded number at once, and tells each one's fate. */
  async many(sendings: Sending[], units: number, progress: (settled: number) => void): Promise<Fate[]> {
    const { blockhash, lastValidBlockHeight } = await this.connection.getLatestBlockhash('confirmed');
    const all = sendings.map((one) => fly(this.build(one, units, blockhash, lastValidBlockHeight)));
    const waiting = all.values();
    const lanes = Array.from({ length: Math.min(PARALLEL, all.length) }, async () => {
      for (const one of waiting) await this.handIn(one);
    });
    await Promise.all(lanes);
    await this.settle(all, lastValidBlockHeight, progress);
    return all.map(({ fate }) => fate ?? 'expired');
  }

  /** What was handed in and not taken shows in its status, or in that it never gets one. */
  private async handIn({ raw }: Flying): Promise<void> {
    await this.connection.sendRawTransaction(raw, { skipPreflight: true, maxRetries: 3 }).catch(() => {});
  }

  private async settle(
    all: Flying[],
    lastHeight: number,
    progress: (settled: number) => void,
  ): Promise<void> {
    let sent = performance.now();
    for (;;) {
      const height = await this.connection.getBlockHeight('confirmed');
      const open = all.filter(({ fate }) => fate === null);
      for (let i = 0; i < open.length; i += STATUSES) await this.look(open.slice(i, i + STATUSES));
      const left = open.filter(({ fate }) => fate === null);
      progress(all.length - left.length);
      if (left.length === 0) return;
      // the height was read before the statuses: what is unseen now will never be seen
      if (height > lastHeight) {
        for (const one of left) one.fate = 'expired';
        return;
      }
      if (performance.now() - sent > RESEND_MS) {
        sent = performance.now();
        for (const one of left) await this.handIn(one);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private async look(some: Flying[]): Promise<void> {
    const names = some.map(({ signature }) => signature);
    const { value } = await this.connection.getSignatureStatuses(names);
    value.forEach((status, i) => {
      if (status?.err) some[i].fate = { error: JSON.stringify(status.err) };
      else if (status && status.confirmationStatus !== 'processed') some[i].fate = 'done';
    });
  }
}

function fly(transaction: Transaction): Flying {
  const signature = bs58.encode(transaction.signature ?? new Uint8Array());
  return { raw: transaction.serialize(), signature, fate: null };
}
