import {
  Connection,
  type Keypair,
  LAMPORTS_PER_SOL,
  type PublicKey,
  Transaction,
  type TransactionInstruction,
} from '@solana/web3.js';
import bs58 from 'bs58';
import { DEFAULT_RULE, type GrowthRule } from '#shared/growth/index.ts';
import { zoneAddress } from '../../programs/client/chronicle.ts';
import {
  type Config,
  collectionAddress,
  configAddress,
  createCollectionIx,
  decodeConfig,
  decodeSymbiont,
  type SymbiontState,
  setZoneIx,
  symbiontAddress,
} from '../../programs/client/index.ts';
import { type Log, reason } from '../log.ts';
import type { ServerKeys } from './keys.ts';

const COLLECTION_INDEX = 0;
const COLLECTION_NAME = 'Symbiont';
/** The payer's balance below which the world's own ledger is asked for more, and how much that is. */
const LOW = LAMPORTS_PER_SOL;
const AIRDROP = 100 * LAMPORTS_PER_SOL;

export interface ChainOptions {
  rpcUrl: string;
  wsUrl?: string;
  /** Whether the chain is this server's own ledger, which gives lamports on request. */
  embedded: boolean;
  keys: ServerKeys;
  publicUrl: string;
  /** The number under which the chronicle knows the zone. */
  zoneId: number;
  /** The rule of a new collection. */
  rule?: GrowthRule;
  log: Log;
}

/** A transaction signed and not sent yet. */
export interface SignedTransaction {
  signature: string;
  raw: Uint8Array;
  lastValidHeight: number;
}

/** Where a transaction stands. `missing`: never seen, and too old to be seen still. */
export type Fate = 'done' | 'failed' | 'waiting' | 'missing';

/** The chain as the game needs it. It knows the ledger by its URL only. */
export class Chain {
  readonly connection: Connection;
  readonly options: ChainOptions;
  readonly collection: PublicKey;
  /** The account of the world's zone in the chronicle. */
  readonly zone: PublicKey;
  /** The collection's rule as the chain holds it; null until it was read. */
  rule: GrowthRule | null = null;

  constructor(options: ChainOptions) {
    this.options = options;
    this.connection = new Connection(options.rpcUrl, {
      commitment: 'confirmed',
      wsEndpoint: options.wsUrl,
      disableRetryOnRateLimit: true,
    });
    const authority = options.keys.authority.publicKey;
    this.collection = collectionAddress(authority, COLLECTION_INDEX);
    this.zone = zoneAddress(authority, options.zoneId);
  }

  get ready(): boolean {
    return this.rule !== null;
  }

  /**
   * Makes sure that the world's collection exists and names our zone. Doing it again changes nothing.
   * @throws Error when the chain cannot be reached or the payer cannot pay
   */
  async ensure(): Promise<void> {
    await this.ensureFunds();
    const { keys, publicUrl, rule } = this.options;
    let config = await this.config();
    if (!config) {
      const create = createCollectionIx({
        payer: keys.payer.publicKey,
        creator: keys.authority.publicKey,
        index: COLLECTION_INDEX,
        name: COLLECTION_NAME,
        uri: `${publicUrl}/metadata/collection.json`,
        zone: this.zone,
        minter: keys.zone.publicKey,
        dailyCap: 0,
        rule: rule ?? DEFAULT_RULE,
      });
      await this.complete(await this.sign([create], [keys.payer, keys.authority]));
      config = await this.config();
    } else if (!config.zone?.equals(this.zone)) {
      const { authority } = keys;
      const change = setZoneIx({
        authority: authority.publicKey,
        collection: this.collection,
        zone: this.zone,
      });
      await this.complete(await this.sign([change], [keys.payer, authority]));
      config = await this.config();
    }
    if (!config) throw new Error(`collection ${this.collection.toBase58()}: was not made`);
    this.rule = config.rule;
  }

  /** Tries `ensure` until it succeeds, slower and slower. */
  async ensureStubbornly(stopped: () => boolean): Promise<void> {
    for (let wait = 500; !stopped(); wait = Math.min(30_000, wait * 2)) {
      try {
        await this.ensure();
        this.options.log(`collection ${this.collection.toBase58()}`);
        return;
      } catch (error) {
        this.options.log(`not ready: ${reason(error)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  /** On the world's own ledger the payer never runs dry; on a cluster its owner has to fill it. */
  async ensureFunds(): Promise<void> {
    const { keys, embedded } = this.options;
    const { publicKey } = keys.payer;
    if ((await this.connection.getBalance(publicKey)) >= LOW) return;
    if (!embedded)
      throw new Error(`payer ${publicKey.toBase58()}: has less than ${LOW / LAMPORTS_PER_SOL} SOL`);
    const signature = await this.connection.requestAirdrop(publicKey, AIRDROP);
    await this.waitFor(signature, Number.MAX_SAFE_INTEGER);
  }

  async symbiont(asset: PublicKey): Promise<SymbiontState | null> {
    const account = await this.connection.getAccountInfo(symbiontAddress(asset), 'confirmed');
    return account ? decodeSymbiont(account.data) : null;
  }

  /** The newest transaction that touched an account. */
  async lastSignature(address: PublicKey): Promise<string | null> {
    const found = await this.connection.getSignaturesForAddress(address, { limit: 1 }, 'confirmed');
    return found[0]?.signature ?? null;
  }

  async sign(instructions: TransactionInstruction[], signers: Keypair[]): Promise<SignedTransaction> {
    const { blockhash, lastValidBlockHeight } = await this.connection.getLatestBlockhash('confirmed');
    const transaction = new Transaction({
      feePayer: this.options.keys.payer.publicKey,
      blockhash,
      lastValidBlockHeight,
    });
    transaction.add(...instructions);
    const unique = [...new Map(signers.map((s) => [s.publicKey.toBase58(), s])).values()];
    transaction.sign(...unique);
    if (!transaction.signature) throw new Error('transaction: was not signed');
    return {
      signature: bs58.encode(transaction.signature),
      raw: Uint8Array.from(transaction.serialize()),
      lastValidHeight: lastValidBlockHeight,
    };
  }

  /** Hands a transaction in. Handing it in again changes nothing. @throws Error with the cluster's refusal */
  async send(raw: Uint8Array): Promise<void> {
    await this.connection.sendRawTransaction(raw, { preflightCommitment: 'confirmed', maxRetries: 3 });
  }

  async fate(signature: string, lastValidHeight: number): Promise<{ fate: Fate; error: string | null }> {
    const { value } = await this.connection.getSignatureStatuses([signature], {
      searchTransactionHistory: true,
    });
    const status = value[0];
    if (status?.err) return { fate: 'failed', error: JSON.stringify(status.err) };
    if (status?.confirmationStatus === 'confirmed' || status?.confirmationStatus === 'finalized')
      return { fate: 'done', error: null };
    if (status) return { fate: 'waiting', error: null };
    const height = await this.connection.getBlockHeight('confirmed');
    return { fate: height > lastValidHeight ? 'missing' : 'waiting', error: null };
  }

  private async config(): Promise<Config | null> {
    const account = await this.connection.getAccountInfo(configAddress(this.collection), 'confirmed');
    return account ? decodeConfig(account.data) : null;
  }

  private async complete({ raw, signature, lastValidHeight }: SignedTransaction): Promise<void> {
    await this.send(raw);
    await this.waitFor(signature, lastValidHeight);
  }

  private async waitFor(signature: string, lastValidHeight: number): Promise<void> {
    for (let i = 0; i < 150; i++) {
      const { fate, error } = await this.fate(signature, lastValidHeight);
      if (fate === 'done') return;
      if (fate !== 'waiting') throw new Error(`transaction ${signature}: ${error ?? fate}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`transaction ${signature}: not confirmed within 30 s`);
  }
}
