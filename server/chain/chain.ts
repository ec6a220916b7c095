import {
  Connection,
  type Keypair,
  LAMPORTS_PER_SOL,
  PublicKey,
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
  setMinterIx,
  setZoneIx,
  symbiontAddress,
} from '../../programs/client/index.ts';
import { type Log, reason } from '../log.ts';
import type { SignedTransaction } from '../store/outbox.ts';
import { budget, Fees } from './fees.ts';
import type { ServerKeys } from './keys.ts';
import { inParts } from './many.ts';
import { ensureZone } from './register.ts';
import { signWire } from './sign.ts';

const COLLECTION_INDEX = 0;
const COLLECTION_NAME = 'Symbiont';
/** The payer's balance below which the world's own ledger is asked for more, and how much that is. */
const LOW = LAMPORTS_PER_SOL;
const AIRDROP = 100 * LAMPORTS_PER_SOL;
/** A blockhash serves so long for signing; it is good for about a minute. */
const BLOCKHASH_MS = 800;
/** The height of what is final is asked for that often. */
const HEIGHT_MS = 400;
/** Micro-lamports for a compute unit at most: for an evolution some 0.00003 SOL. */
const FEE_CEILING = 200_000;
/** Compute units that are asked for where nothing else is said. */
const UNITS = 200_000;
/** Accounts in one request, Solana's own limit; and statuses. */
const MOST_ACCOUNTS = 100;
const MOST_STATUSES = 256;

export interface ChainOptions {
  rpcUrl: string;
  wsUrl?: string;
  /** Whether the chain is this server's own ledger, which gives lamports on request. */
  embedded: boolean;
  keys: ServerKeys;
  publicUrl: string;
  /** The number under which the chronicle knows the zone. */
  zoneId: number;
  /** What the zone's world draws its chance from. */
  worldSeed: () => number;
  /** The rule of a new collection. */
  rule?: GrowthRule;
  /** Micro-lamports for a compute unit at most. */
  feeCeiling?: number;
  log: Log;
}

export interface Signing {
  instructions: TransactionInstruction[];
  signers: Keypair[];
  units?: number;
  /** How often one for the same end has expired. */
  expired?: number;
}

/** What the chain says of a transaction; null: nothing. */
export type Status = { confirmed: boolean; final: boolean; error: string | null } | null;

/** The chain as the game needs it. It knows the ledger by its URL only. */
export class Chain {
  readonly connection: Connection;
  readonly options: ChainOptions;
  readonly collection: PublicKey;
  /** The account of the world's zone in the chronicle. */
  readonly zone: PublicKey;
  /** The collection's rule as the chain holds it; null until it was read. */
  rule: GrowthRule | null = null;
  private readonly fees: Fees;
  private blockhash: { blockhash: string; lastValidBlockHeight: number } | null = null;
  private blockhashAt = 0;
  private height = 0;
  private heightAt = Number.NEGATIVE_INFINITY;

  constructor(options: ChainOptions) {
    this.options = options;
    this.connection = new Connection(options.rpcUrl, {
      commitment: 'confirmed',
      wsEndpoint: options.wsUrl,
      disableRetryOnRateLimit: true,
    });
    this.fees = new Fees(this.connection, options.feeCeiling ?? FEE_CEILING);
    const authority = options.keys.authority.publicKey;
    this.collection = collectionAddress(authority, COLLECTION_INDEX);
    this.zone = zoneAddress(authority, options.zoneId);
  }

  get ready(): boolean {
    return this.rule !== null;
  }

  /**
   * Makes sure that the world's collection exists and believes our zone, and that the chronicle knows that zone. Doing
   * it again changes nothing.
   * @throws Error when the chain cannot be reached, the payer cannot pay or the zone is another world's
   */
  async ensure(): Promise<void> {
    await this.ensureFunds();
    const { keys, publicUrl, rule } = this.options;
    let config = await this.config();
    const minter = keys.zone.publicKey;
    const named = { authority: keys.authority.publicKey, collection: this.collection };
    const wanted: TransactionInstruction[] = [];
    if (!config)
      wanted.push(
        createCollectionIx({
          payer: keys.payer.publicKey,
          creator: keys.authority.publicKey,
          index: COLLECTION_INDEX,
          name: COLLECTION_NAME,
          uri: `${publicUrl}/metadata/collection.json`,
          zone: this.zone,
          minter,
          dailyCap: 0,
          rule: rule ?? DEFAULT_RULE,
        }),
      );
    if (config && !config.zone?.equals(this.zone)) wanted.push(setZoneIx({ ...named, zone: this.zone }));
    if (config && !config.minter?.equals(minter)) wanted.push(setMinterIx({ ...named, minter }));
    if (wanted.length > 0) {
      await this.complete({ instructions: wanted, signers: [keys.authority] });
      config = await this.config();
    }
    if (!config) throw new Error(`collection ${this.collection.toBase58()}: was not made`);
    await ensureZone(this);
    this.rule = config.rule;
  }

  /** Tries `ensure` until it succeeds, slower and slower. */
  async ensureStubbornly(stopped: () => boolean): Promise<void> {
    for (let wait = 500; !stopped(); wait = Math.min(30_000, wait * 2)) {
      try {
        await this.ensure();
        this.options.log(`collection ${this.collection.toBase58()}, zone ${this.zone.toBase58()}`);
        return;
      } catch (error) {
        this.options.log(`not ready: ${reason(error)}`);
      }
      await pause(wait);
    }
  }

  /** On the world's own ledger the payer never runs dry; on a cluster its owner has to fill it. */
  async ensureFunds(least = LOW): Promise<void> {
    const { keys, embedded } = this.options;
    const { publicKey } = keys.payer;
    if ((await this.connection.getBalance(publicKey)) >= least) return;
    if (!embedded)
      throw new Error(`payer ${publicKey.toBase58()}: has less than ${least / LAMPORTS_PER_SOL} SOL`);
    const signature = await this.connection.requestAirdrop(publicKey, AIRDROP);
    await this.waitFor(signature, Number.MAX_SAFE_INTEGER);
  }

  async symbiont(asset: PublicKey): Promise<SymbiontState | null> {
    const account = await this.connection.getAccountInfo(symbiontAddress(asset), 'confirmed');
    return account ? decodeSymbiont(account.data) : null;
  }

  /** The bytes of accounts, null where there is none. */
  async accounts(
    addresses: readonly PublicKey[],
    commitment: 'confirmed' | 'finalized' = 'confirmed',
  ): Promise<(Buffer | null)[]> {
    return inParts(addresses, MOST_ACCOUNTS, async (some) => {
      const infos = await this.connection.getMultipleAccountsInfo([...some], commitment);
      if (infos.length !== some.length)
        throw new Error(`accounts: asked for ${some.length}, got ${infos.length}`);
      return infos.map((info) => info?.data ?? null);
    });
  }

  /** The newest transaction that touched an account. */
  async lastSignature(address: PublicKey): Promise<string | null> {
    const found = await this.connection.getSignaturesForAddress(address, { limit: 10 }, 'confirmed');
    return found.find((one) => one.err === null)?.signature ?? null;
  }

  /** Signs with the payer and these signers. @throws Error when it is too large for a packet */
  async sign({ instructions, signers, units = UNITS, expired = 0 }: Signing): Promise<SignedTransaction> {
    const { payer } = this.options.keys;
    const { blockhash, lastValidBlockHeight } = await this.recentBlockhash();
    const written = instructions.flatMap((ix) => ix.keys.filter((k) => k.isWritable).map((k) => k.pubkey));
    const price = await this.fees.now(written, expired);
    const unique = [
      ...new Map([payer, ...signers].map((s) => [s.publicKey.toBuffer().toString('latin1'), s])).values(),
    ];
    const build = (paid: TransactionInstruction[]): Buffer =>
      signWire({ payer: payer.publicKey, blockhash, instructions: [...paid, ...instructions] }, unique);
    let raw: Buffer;
    try {
      raw = build(budget(instructions, units, price));
    } catch (error) {
      // Where a proof leaves no room for a price, it goes without one.
      if (!(error instanceof RangeError) || price === 0) throw error;
      raw = build([]);
    }
    return {
      signature: bs58.encode(raw.subarray(1, 65)),
      raw: Uint8Array.from(raw),
      lastValidHeight: lastValidBlockHeight,
    };
  }

  /** Hands a transaction in. Handing it in again changes nothing. @throws Error with the cluster's refusal */
  async send(raw: Uint8Array): Promise<void> {
    await this.connection.sendRawTransaction(raw, { preflightCommitment: 'confirmed', maxRetries: 3 });
  }

  /** Where transactions stand, old ones too. */
  async statuses(signatures: readonly string[]): Promise<Status[]> {
    return inParts(signatures, MOST_STATUSES, async (some) => {
      const { value } = await this.connection.getSignatureStatuses([...some], {
        searchTransactionHistory: true,
      });
      if (value.length !== some.length)
        throw new Error(`statuses: asked for ${some.length}, got ${value.length}`);
      return value.map((status): Status => {
        if (!status) return null;
        const final = status.confirmationStatus === 'finalized';
        const confirmed = final || status.confirmationStatus === 'confirmed';
        return { confirmed, final, error: status.err ? JSON.stringify(status.err) : null };
      });
    });
  }

  /** Whether a transaction is over without having happened: it expired, and what is final does not hold it. */
  async isGone(signature: string, lastValidHeight: number): Promise<boolean> {
    if ((await this.finalHeight()) <= lastValidHeight) return false;
    const held = await this.connection.getTransaction(signature, {
      commitment: 'finalized',
      maxSupportedTransactionVersion: 0,
    });
    return held === null;
  }

  /** The final block's height, or what it was a moment ago. */
  private async finalHeight(): Promise<number> {
    const now = performance.now();
    if (now - this.heightAt > HEIGHT_MS) {
      this.height = await this.connection.getBlockHeight('finalized');
      this.heightAt = now;
    }
    return this.height;
  }

  /** Signs, sends and waits; for what can be done again without harm. @returns the signature */
  async complete(signing: Signing): Promise<string> {
    const { raw, signature, lastValidHeight } = await this.sign(signing);
    await this.send(raw);
    await this.waitFor(signature, lastValidHeight);
    return signature;
  }

  private async recentBlockhash(): Promise<{ blockhash: string; lastValidBlockHeight: number }> {
    const now = performance.now();
    if (!this.blockhash || now - this.blockhashAt > BLOCKHASH_MS) {
      this.blockhash = await this.connection.getLatestBlockhash('confirmed');
      this.blockhashAt = now;
    }
    return this.blockhash;
  }

  private async config(): Promise<Config | null> {
    const account = await this.connection.getAccountInfo(configAddress(this.collection), 'confirmed');
    return account ? decodeConfig(account.data) : null;
  }

  private async waitFor(signature: string, lastValidHeight: number): Promise<void> {
    for (let i = 0; i < 150; i++) {
      const [status] = await this.statuses([signature]);
      if (status?.error) throw new Error(`transaction ${signature}: ${status.error}`);
      if (status?.confirmed) return;
      if (!status && (await this.connection.getBlockHeight('confirmed')) > lastValidHeight)
        throw new Error(`transaction ${signature}: expired without having been seen`);
      await pause(200);
    }
    throw new Error(`transaction ${signature}: not confirmed within 30 s`);
  }
}

/** A symbiont's collection. */
export const collectionOf = (chain: Chain, { collection }: { collection: string | null }): PublicKey =>
  collection === null ? chain.collection : new PublicKey(collection);

/** The rule by which a symbiont grows: its collection's own, which no minted one changes. */
export const ruleOf = (chain: Chain, { rule }: { rule: GrowthRule | null }): GrowthRule | null =>
  rule ?? chain.rule;

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
