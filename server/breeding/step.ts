import { type Keypair, PublicKey, type TransactionInstruction } from '@solana/web3.js';
import { broodCommit } from '#shared/growth/index.ts';
import {
  acceptBreedingIx,
  type BreedingState,
  breedingAddress,
  decodeBreeding,
  EVOLUTION_ERRORS,
  offerBreedingIx,
} from '../../programs/client/index.ts';
import type { Chain } from '../chain/chain.ts';
import type { Style } from '../chain/documents.ts';
import type { Preparation, Seen, Work } from '../chain/work.ts';
import type { Guests } from '../identity/guests.ts';
import type { Log } from '../log.ts';
import { advance, type BroodRow, broodAt, giveUp, RANK, type Step } from '../store/broods.ts';
import type { Cipher } from '../store/cipher.ts';
import { identitiesById } from '../store/identities.ts';
import type { IntentRow } from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import type { Models } from '../studio/models.ts';

/** What a sealed secret is for. */
export const PURPOSE = 'brood';
/** How long an offer stands on chain. */
const OFFER_SECONDS = 3600n;
const STEP_UNITS = 60_000;

export interface BreedingOptions {
  store: Store;
  chain: Chain;
  guests: Guests;
  cipher: Cipher;
  models: Models;
  /** What a creator calls things, where the collection is a creator's. */
  styleOf: (collection: string | null) => Promise<Style>;
  publicUrl: string;
  /** It is further, or over. */
  onChanged: (brood: BroodRow) => Promise<void> | void;
  log: Log;
}

/** Where a brood's accounts are. */
export function pairOf(row: BroodRow) {
  const [a, b] = [new PublicKey(row.assetA), new PublicKey(row.assetB)];
  return { collection: new PublicKey(row.collection), a, b, place: breedingAddress(a, b) };
}

/** @throws Error where the secrets have been dropped */
export function secretsOf(cipher: Cipher, { id, secretA, secretB }: BroodRow): [Uint8Array, Uint8Array] {
  if (!secretA || !secretB) throw new Error(`brood ${id}: is over`);
  return [cipher.open(secretA, PURPOSE), cipher.open(secretB, PURPOSE)];
}

export const ownerOf = (row: BroodRow, side: 0 | 1): PublicKey =>
  new PublicKey(side === 0 ? row.ownerA : row.ownerB);

/**
 * What a side says on chain: that it offers, or that it accepts. The server lays both deposits down, for it alone
 * keeps the secrets and could withhold one.
 */
export function sayIx(
  { chain, cipher }: Pick<BreedingOptions, 'chain' | 'cipher'>,
  row: BroodRow,
  side: 0 | 1,
  until: bigint,
): TransactionInstruction {
  const { place, ...pair } = pairOf(row);
  const owner = ownerOf(row, side);
  const said = {
    ...pair,
    payer: chain.options.keys.payer.publicKey,
    owner,
    commit: broodCommit(secretsOf(cipher, row)[side], place.toBytes(), owner.toBytes()),
    deposit: BigInt(row.deposit),
    heir: row.heir,
    consent: true,
  };
  return side === 0 ? offerBreedingIx({ ...said, until }) : acceptBreedingIx(said);
}

/** Unix seconds until which the offer stands: the same whenever it is asked, so that a signed one can be known again. */
export const offerEnd = ({ created }: BroodRow): bigint =>
  BigInt(Math.floor(created.getTime() / 1000)) + OFFER_SECONDS;

/** What all works on a brood have in common. */
export abstract class BroodWork {
  readonly errors = EVOLUTION_ERRORS;
  readonly delays: ReadonlySet<string> = new Set(['Paused', 'SlotNotOver', 'NotLapsed', 'NotDrawn']);
  protected readonly options: BreedingOptions;

  constructor(options: BreedingOptions) {
    this.options = options;
  }

  protected brood(intent: IntentRow): Promise<BroodRow> {
    return broodAt(this.options.store, intent.version);
  }

  /** The guest's key; null where a wallet holds it. */
  protected async keyOf(row: BroodRow, side: 0 | 1): Promise<Keypair | null> {
    const { store, guests } = this.options;
    const [identity] = await identitiesById(store, [side === 0 ? row.a : row.b]);
    const key = identity ? guests.keypair(identity) : null;
    return key?.publicKey.equals(ownerOf(row, side)) ? key : null;
  }

  protected signing(
    instructions: TransactionInstruction[],
    signers: Keypair[],
    units = STEP_UNITS,
  ): Preparation {
    return { is: 'transaction', signing: { instructions, signers, units }, plan: null };
  }
}

/** A step that brings a brood further. */
export abstract class Onward extends BroodWork {
  async show(seen: readonly Seen[]): Promise<void> {
    const { store, onChanged, log } = this.options;
    for (const { intent, account, signature } of seen) {
      const before = await this.brood(intent);
      const row = await advance(store, intent, signature, await this.step(before, account));
      if (row.state === before.state) continue;
      log(`brood ${row.id} of ${row.assetA} and ${row.assetB}: ${row.state}`);
      await onChanged(row);
    }
  }

  async release(intent: IntentRow, why: string): Promise<void> {
    const { store, onChanged, log } = this.options;
    const row = await giveUp(store, intent, why);
    log(`brood ${row.id}: ${intent.kind} cannot be: ${why}`);
    await onChanged(row);
  }

  protected abstract step(row: BroodRow, account: Buffer | null): Promise<Step> | Step;
}

/** A step that the brood's own account shows, for as long as it stands. */
export abstract class Standing extends Onward implements Work {
  abstract readonly voids: ReadonlySet<string>;

  async account(intent: IntentRow): Promise<PublicKey> {
    return pairOf(await this.brood(intent)).place;
  }

  /** What came after it shows that it happened, when its account is closed again. */
  async happened(intent: IntentRow, account: Buffer | null): Promise<boolean> {
    const row = await this.brood(intent);
    if (row.state !== 'failed' && RANK[row.state] > RANK[this.makes]) return true;
    const state = readBrood(account);
    return state !== null && !row.over && this.shows(row, state);
  }

  async prepare(intent: IntentRow, account: Buffer | null): Promise<Preparation> {
    const row = await this.brood(intent);
    return broken(row) ?? this.next(intent, row, readBrood(account));
  }

  /** The state that it leads to. */
  protected abstract readonly makes: BroodRow['state'];
  protected abstract shows(row: BroodRow, state: BreedingState): boolean;
  protected abstract next(
    intent: IntentRow,
    row: BroodRow,
    state: BreedingState | null,
  ): Promise<Preparation> | Preparation;
}

/** Nothing more is done for a brood that has come to its end. */
export const broken = ({ over, state, error }: BroodRow): Preparation | null =>
  over || state === 'failed' ? { is: 'void', why: error ?? 'brood: is over' } : null;

/** null: it is not there, or closed. */
export const readBrood = (account: Buffer | null): BreedingState | null =>
  account && account.length > 0 ? decodeBreeding(account) : null;
