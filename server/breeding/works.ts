import { sha256 } from '@noble/hashes/sha2';
import { PublicKey } from '@solana/web3.js';
import { broodChance, broodCommit, mixGenomes } from '#shared/growth/index.ts';
import {
  assetAddress,
  type BreedingState,
  configAddress,
  decodeConfig,
  decodeSymbiont,
  drawIx,
  hatchIx,
  lapseIx,
  revealIx,
  symbiontAddress,
  withdrawOfferIx,
} from '../../programs/client/index.ts';
import { drawDocuments } from '../chain/documents.ts';
import type { Preparation, Seen, Work } from '../chain/work.ts';
import { friendlyName } from '../identity/words.ts';
import { type BroodKind, type BroodRow, endBrood, type Step, showEnd } from '../store/broods.ts';
import type { IntentRow } from '../store/outbox.ts';
import {
  type BreedingOptions,
  BroodWork,
  broken,
  Onward,
  offerEnd,
  ownerOf,
  pairOf,
  readBrood,
  Standing,
  sayIx,
  secretsOf,
} from './step.ts';

/** How long a wallet is waited for. */
const PATIENCE_MS = 10 * 60_000;
const HATCH_UNITS = 250_000;

/** One side's word. A guest's key is here; a wallet is waited for. */
abstract class Saying extends Standing {
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

export class Drawing extends Standing {
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
    const state = readBrood(account);
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

export class Hatching extends Onward implements Work {
  readonly voids = new Set([
    'RevealOver',
    'ParentMoved',
    'SoldOut',
    'WrongMinter',
    'WrongSecret',
    'WrongGenome',
  ]);

  async account(intent: IntentRow): Promise<PublicKey> {
    const { id, child } = await this.brood(intent);
    if (!child) throw new Error(`brood ${id}: is not drawn`);
    return symbiontAddress(new PublicKey(child));
  }

  async happened(_: IntentRow, account: Buffer | null): Promise<boolean> {
    return account !== null;
  }

  async prepare(intent: IntentRow): Promise<Preparation> {
    const { chain, cipher } = this.options;
    const { keys } = chain.options;
    const row = await this.brood(intent);
    const end = broken(row);
    if (end) return end;
    const { place, ...pair } = pairOf(row);
    const [account] = await chain.accounts([place]);
    const state = readBrood(account);
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

  protected override step(): Step {
    return { state: 'hatched', next: null };
  }
}

/** Fetches back what was laid down for a brood of which nothing comes. */
export class Ending extends BroodWork implements Work {
  readonly voids = new Set<string>();
  override readonly delays = new Set(['NotLapsed', 'WrongOwner', 'NotAccepted', 'NotOffered']);

  async account(intent: IntentRow): Promise<PublicKey> {
    return pairOf(await this.brood(intent)).place;
  }

  async happened(_: IntentRow, account: Buffer | null): Promise<boolean> {
    return readBrood(account) === null;
  }

  async prepare(intent: IntentRow, account: Buffer | null): Promise<Preparation> {
    const row = await this.brood(intent);
    const state = readBrood(account);
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

  async show(seen: readonly Seen[]): Promise<void> {
    for (const { intent, signature } of seen) await showEnd(this.options.store, intent, signature);
  }

  async final(intent: IntentRow): Promise<void> {
    await endBrood(this.options.store, intent.version);
  }

  async release(): Promise<void> {}
}

/** How each step of a brood is done on chain. */
export const breedingWorks = (options: BreedingOptions): Record<BroodKind, Work> => ({
  brood_offer: new Offering(options),
  brood_accept: new Accepting(options),
  brood_draw: new Drawing(options),
  brood_hatch: new Hatching(options),
  brood_end: new Ending(options),
});
