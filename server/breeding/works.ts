import { sha256 } from '@noble/hashes/sha2';
import { type Keypair, PublicKey, type TransactionInstruction } from '@solana/web3.js';
import { broodChance, broodCommit, mixGenomes } from '#shared/growth/index.ts';
import {
  acceptBreedingIx,
  assetAddress,
  type BreedingState,
  breedingAddress,
  configAddress,
  decodeBreeding,
  decodeConfig,
  decodeSymbiont,
  drawIx,
  EVOLUTION_ERRORS,
  hatchIx,
  lapseIx,
  offerBreedingIx,
  revealIx,
  symbiontAddress,
  withdrawOfferIx,
} from '../../programs/client/index.ts';
import type { Chain } from '../chain/chain.ts';
import { drawDocuments, type Style } from '../chain/documents.ts';
import type { Preparation, Seen, Work } from '../chain/work.ts';
import type { Guests } from '../identity/guests.ts';
import { friendlyName } from '../identity/words.ts';
import type { Log } from '../log.ts';
import {
  advance,
  type BroodKind,
  type BroodRow,
  broodAt,
  endBrood,
  giveUp,
  RANK,
  type Step,
  showEnd,
} from '../store/broods.ts';
import type { Cipher } from '../store/cipher.ts';
import { identitiesById } from '../store/identities.ts';
import type { IntentRow } from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import type { Models } from '../studio/models.ts';

/** What a sealed secret is for. */
export const PURPOSE = 'brood';
/** How long an offer stands on chain, and how long a wallet is waited for. */
const OFFER_SECONDS = 3600n;
const PATIENCE_MS = 10 * 60_000;
const STEP_UNITS = 60_000;
const HATCH_UNITS = 250_000;

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

const ownerOf = (row: BroodRow, side: 0 | 1): PublicKey =>
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

abstract class Breeding implements Work {
  readonly errors = EVOLUTION_ERRORS;
  abstract readonly voids: ReadonlySet<string>;
  readonly delays: ReadonlySet<string> = new Set(['Paused', 'SlotNotOver', 'NotLapsed', 'NotDrawn']);
  protected readonly options: BreedingOptions;

  constructor(options: BreedingOptions) {
    this.options = options;
  }

  async account(intent: IntentRow): Promise<PublicKey> {
    return pairOf(await this.brood(intent)).place;
  }

  /** What came after it shows that it happened, when its account is closed again. */
  async happened(intent: IntentRow, account: Buffer | null): Promise<boolean> {
    const row = await this.brood(intent);
    if (row.state !== 'failed' && RANK[row.state] > RANK[this.makes]) return true;
    const state = read(account);
    return state !== null && !row.over && this.shows(row, state);
  }

  async prepare(intent: IntentRow, account: Buffer | null): Promise<Preparation> {
    const row = await this.brood(intent);
    if (row.over || row.state === 'failed') return { is: 'void', why: row.error ?? 'brood: is over' };
    return this.next(intent, row, read(account));
  }

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

  /** The state that it leads to. */
  protected abstract readonly makes: BroodRow['state'];
  protected abstract shows(row: BroodRow, state: BreedingState): boolean;
  protected abstract next(
    intent: IntentRow,
    row: BroodRow,
    state: BreedingState | null,
  ): Promise<Preparation> | Preparation;
  protected abstract step(row: BroodRow, account: Buffer | null): Promise<Step> | Step;
}

const read = (account: Buffer | null): BreedingState | null =>
  account && account.length > 0 ? decodeBreeding(account) : null;

/** One side's word. A guest's key is here; a wallet is waited for. */
abstract class Saying extends Breeding {
  protected abstract readonly side: 0 | 1;

  protected shows(row: BroodRow, state: BreedingState): boolean {
    const { side } = this;
    if (side === 1 && state.state === 'offered') return false;
    const owner = ownerOf(row, side);
    const secret = secretsOf(this.options.cipher, row)[side];
    const ours = broodCommit(secret, pairOf(row).place.toBytes(), owner.toBytes());
    return Buffer.compare(ours, state.commits[side]) === 0;
  }

  protected async say(intent: IntentRow, row: BroodRow): Promise<Preparation> {
    const key = await this.keyOf(row, this.side);
    if (key) return this.signing([sayIx(this.options, row, this.side, offerEnd(row))], [key]);
    return Date.now() - intent.created.getTime() > PATIENCE_MS
      ? { is: 'void', why: 'wallet: did not sign in time' }
      : { is: 'early', why: 'wallet: has not signed yet' };
  }
}

export class Offering extends Saying {
  override readonly voids = new Set([
    'TooYoung',
    'Resting',
    'WrongOwner',
    'WrongAsset',
    'NotInCollection',
    'OfferTime',
  ]);
  protected override readonly side = 0;
  protected override readonly makes = 'offered';

  protected override next(intent: IntentRow, row: BroodRow, state: BreedingState | null) {
    if (state) return { is: 'void', why: 'breeding: another offer stands between these two' } as const;
    return this.say(intent, row);
  }

  protected override step(): Step {
    return { state: 'offered', next: 'brood_accept' };
  }
}

export class Accepting extends Saying {
  override readonly voids = new Set([
    ...['TooYoung', 'Resting', 'WrongOwner', 'ParentMoved', 'NotInCollection'],
    ...['OfferOver', 'OtherTerms', 'NotOffered'],
  ]);
  protected override readonly side = 1;
  protected override readonly makes = 'accepted';

  protected override next(intent: IntentRow, row: BroodRow, state: BreedingState | null) {
    if (!state) return { is: 'early', why: 'breeding: is not on chain yet' } as const;
    return this.say(intent, row);
  }

  protected override step(): Step {
    return { state: 'accepted', next: 'brood_draw' };
  }
}

export class Drawing extends Breeding {
  override readonly voids = new Set(['SlotGone']);
  protected override readonly makes = 'drawn';

  protected override shows(_: BroodRow, state: BreedingState): boolean {
    return state.state === 'drawn';
  }

  protected override next(_: IntentRow, row: BroodRow, state: BreedingState | null): Preparation {
    if (state?.state !== 'accepted') return { is: 'early', why: 'breeding: is not accepted yet' };
    return this.signing([drawIx(pairOf(row))], []);
  }

  /** From here on the child is known: it is drawn and named. */
  protected override async step(row: BroodRow, account: Buffer | null): Promise<Step> {
    const state = read(account);
    if (row.child) return { state: 'drawn', next: 'brood_hatch' };
    const { chain, cipher, models, styleOf, publicUrl } = this.options;
    const { collection, a, b } = pairOf(row);
    const places = [symbiontAddress(a), symbiontAddress(b), configAddress(collection)];
    const [first, second, config] = await chain.accounts(places);
    if (!state?.slotHash || !first || !second || !config)
      throw new Error(`brood ${row.id}: is not as it was on chain`);
    const assets = [a.toBytes(), b.toBytes()] as const;
    const chance = broodChance({ secrets: secretsOf(cipher, row), slotHash: state.slotHash, assets });
    const genome = mixGenomes(decodeSymbiont(first).genome, decodeSymbiont(second).genome, chance);
    const { model } = decodeConfig(config);
    // of its own: its genome's first bytes are mostly a parent's, and so would its name be
    const letters = sha256(genome);
    let byte = 0;
    const name = friendlyName((below) => letters[byte++] % below);
    const { picture, uri, blobs } = drawDocuments(
      await models.byId(model && Buffer.from(model).toString('hex')),
      publicUrl,
      {
        ...(await styleOf(collection.equals(chain.collection) ? null : row.collection)),
        genome,
        name,
        stage: 0,
        branch: 0,
        deeds: [0, 0, 0, 0, 0, 0, 0, 0],
        version: 0,
        past: [],
        parents: [row.assetA, row.assetB],
      },
    );
    const child = assetAddress(collection, genome).toBase58();
    return { state: 'drawn', next: 'brood_hatch', child: { child, genome, name, picture, uri, blobs } };
  }
}

export class Hatching extends Breeding {
  override readonly voids = new Set([
    'RevealOver',
    'ParentMoved',
    'SoldOut',
    'WrongMinter',
    'WrongSecret',
    'WrongGenome',
  ]);
  protected override readonly makes = 'hatched';

  override async account(intent: IntentRow): Promise<PublicKey> {
    const { id, child } = await this.brood(intent);
    if (!child) throw new Error(`brood ${id}: is not drawn`);
    return symbiontAddress(new PublicKey(child));
  }

  override async happened(_: IntentRow, account: Buffer | null): Promise<boolean> {
    return account !== null;
  }

  override async prepare(intent: IntentRow): Promise<Preparation> {
    const { chain, cipher } = this.options;
    const { keys } = chain.options;
    const row = await this.brood(intent);
    if (row.over || row.state === 'failed') return { is: 'void', why: row.error ?? 'brood: is over' };
    const { place, ...pair } = pairOf(row);
    const [account] = await chain.accounts([place]);
    const state = read(account);
    const { genome, name, uri, picture } = row;
    if (state?.state !== 'drawn' || !genome || !name || !uri || !picture || !state.payers[1])
      return { is: 'early', why: 'breeding: is not drawn yet' };
    const secrets = secretsOf(cipher, row);
    const reveals = ([0, 1] as const)
      .filter((side) => state.secrets[side] === null)
      .map((side) => revealIx({ ...pair, side, secret: secrets[side] }));
    const hatch = hatchIx({
      ...pair,
      payer: keys.payer.publicKey,
      minter: keys.zone.publicKey,
      owner: ownerOf(row, row.heir),
      payers: [state.payers[0], state.payers[1]],
      genome,
      name,
      uri,
      picture,
    });
    return this.signing([...reveals, hatch], [keys.zone], HATCH_UNITS);
  }

  /** The secrets stand on chain now. */
  async final(intent: IntentRow): Promise<void> {
    await endBrood(this.options.store, intent.version);
  }

  protected override shows(): boolean {
    return false;
  }

  protected override next(): Preparation {
    throw new Error('brood: hatches by its own way');
  }

  protected override step(): Step {
    return { state: 'hatched', next: null };
  }
}

/** Fetches back what was laid down for a brood of which nothing comes. */
export class Ending extends Breeding {
  override readonly voids = new Set<string>();
  override readonly delays = new Set(['NotLapsed', 'WrongOwner', 'NotAccepted', 'NotOffered']);
  protected override readonly makes = 'failed';

  override async happened(_: IntentRow, account: Buffer | null): Promise<boolean> {
    return read(account) === null;
  }

  override async prepare(intent: IntentRow, account: Buffer | null): Promise<Preparation> {
    const row = await this.brood(intent);
    const state = read(account);
    const { place: _, ...pair } = pairOf(row);
    if (!state) return { is: 'early', why: 'breeding: is not on chain' };
    const { payers } = state;
    if (state.state === 'offered' || !payers[1]) {
      const key = await this.keyOf(row, 0);
      const ix = withdrawOfferIx({ ...pair, owner: key?.publicKey ?? null, payers: [payers[0]] });
      return this.signing([ix], key ? [key] : []);
    }
    return this.signing([lapseIx({ ...pair, payers: [payers[0], payers[1]] })], []);
  }

  override async show(seen: readonly Seen[]): Promise<void> {
    for (const { intent, signature } of seen) await showEnd(this.options.store, intent, signature);
  }

  async final(intent: IntentRow): Promise<void> {
    await endBrood(this.options.store, intent.version);
  }

  override async release(): Promise<void> {}

  protected override shows(): boolean {
    return false;
  }

  protected override next(): Preparation {
    throw new Error('brood: ends by its own way');
  }

  protected override step(): Step {
    return { state: 'failed', next: null };
  }
}

/** How each step of a brood is done on chain. */
export const breedingWorks = (options: BreedingOptions): Record<BroodKind, Work> => ({
  brood_offer: new Offering(options),
  brood_accept: new Accepting(options),
  brood_draw: new Drawing(options),
  brood_hatch: new Hatching(options),
  brood_end: new Ending(options),
});
