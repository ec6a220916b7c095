import { randomBytes } from 'node:crypto';
import { PublicKey, Transaction } from '@solana/web3.js';
import {
  assetAddress,
  type Config,
  configAddress,
  decodeConfig,
  mintIx,
} from '../../programs/client/index.ts';
import type { Chain } from '../chain/chain.ts';
import { drawDocuments } from '../chain/documents.ts';
import { friendlyName } from '../identity/words.ts';
import { Refusal } from '../refusal.ts';
import { endOffers, keepOffer, oldOffers } from '../store/offers.ts';
import type { Store } from '../store/store.ts';
import { studioCollection } from '../store/studio.ts';
import { modelOf } from '../studio/chain.ts';
import type { Models } from '../studio/models.ts';

/** An offer that nobody has minted after so long is forgotten: its blockhash ended long before. */
const KEPT_MINUTES = 30;
const SWEPT_AT_ONCE = 100;

/** A mint that cannot be offered; `field` names what is in its way. */
export class OfferRefused extends Refusal {
  override name = 'OfferRefused';

  constructor(field: string, message: string) {
    super(409, field, message);
  }
}

export interface Offer {
  /** Signed by the minter where it has to be; the wallet signs for the rest. */
  transaction: Uint8Array;
  asset: string;
  name: string;
}

export interface OffersOptions {
  store: Store;
  chain: Chain;
  models: Models;
  publicUrl: string;
}

/** Transactions by which a wallet mints a symbiont for itself, at its own cost. */
export class Offers {
  private readonly options: OffersOptions;

  constructor(options: OffersOptions) {
    this.options = options;
  }

  /**
   * What a mint by anyone costs (lamports, beside fee and rent), and why a collection's symbionts cannot be
   * minted now (`closed`; null: they can).
   * @throws Error when the chain does not answer
   */
  async terms(collection: PublicKey): Promise<{ closed: string | null; price: bigint }> {
    const config = await this.config(collection);
    return config
      ? { closed: await this.reason(config), price: config.price }
      : { closed: 'is not on the chain', price: 0n };
  }

  private async config(collection: PublicKey): Promise<Config | null> {
    const { connection } = this.options.chain;
    const account = await connection.getAccountInfo(configAddress(collection), 'confirmed');
    return account && decodeConfig(account.data);
  }

  private async reason(config: Config): Promise<string | null> {
    const { store, models, chain } = this.options;
    const { options } = chain;
    if (config.paused) return 'is paused: nothing is minted in it now';
    if (!config.minter?.equals(options.keys.zone.publicKey)) return 'names another minter than this world';
    if (config.supply > 0 && config.minted >= config.supply) return 'is sold out: no more will be minted';
    const model = modelOf(config);
    if (model && !(await models.known([model])).has(model))
      return 'is drawn by an art model that is not on this server';
    const row = await studioCollection(store, config.collection.toBase58());
    if (row && row.state !== 'registered') return 'is not finished by its creator yet';
    return null;
  }

  /** @throws OfferRefused; Error when the chain or the database does not answer */
  async make(account: PublicKey, collection: PublicKey): Promise<Offer> {
    const { store, chain, models, publicUrl } = this.options;
    if (!PublicKey.isOnCurve(account.toBytes()))
      throw new OfferRefused('account', 'must be a wallet’s address, which can sign');
    const config = await this.config(collection);
    const closed = config ? await this.reason(config) : 'is not on the chain';
    if (!config || closed) throw new OfferRefused('collection', closed ?? '');
    await this.sweep();
    const genome = Uint8Array.from(randomBytes(32));
    let byte = 0;
    const name = friendlyName((below) => genome[byte++] % below);
    const style = (await studioCollection(store, collection.toBase58()))?.draft;
    const drawn = drawDocuments(await models.byId(modelOf(config)), publicUrl, {
      symbol: style?.symbol,
      traits: style?.traits,
      genome,
      stage: 0,
      branch: 0,
      name,
      deeds: [0, 0, 0, 0, 0, 0, 0, 0],
      version: 0,
      past: [],
    });
    const { picture, uri, blobs } = drawn;
    const asset = assetAddress(collection, genome).toBase58();
    const metadata = blobs.find(({ kind }) => kind === 'metadata')?.hash as Uint8Array;
    await keepOffer(store, { asset, picture, metadata }, blobs);
    const { zone } = chain.options.keys;
    const latest = await chain.connection.getLatestBlockhash('confirmed');
    const transaction = new Transaction({ feePayer: account, ...latest }).add(
      mintIx({
        payer: account,
        minter: zone.publicKey,
        owner: account,
        collection,
        genome,
        name,
        uri,
        picture,
        consent: true,
        treasury: config.treasury,
      }),
    );
    transaction.partialSign(zone);
    const bytes = transaction.serialize({ requireAllSignatures: false, verifySignatures: false });
    return { transaction: Uint8Array.from(bytes), asset, name };
  }

  /** Forgets offers that nobody took; the chain says which were. */
  async sweep(minutes = KEPT_MINUTES): Promise<void> {
    const { store, chain } = this.options;
    const old = await oldOffers(store, minutes, SWEPT_AT_ONCE);
    if (old.length === 0) return;
    const accounts = await chain.accounts(old.map(({ asset }) => new PublicKey(asset)));
    await endOffers(
      store,
      old.filter((_, i) => accounts[i] !== null),
      old.filter((_, i) => accounts[i] === null),
    );
  }
}
