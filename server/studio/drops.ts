import { randomBytes } from 'node:crypto';
import { PublicKey } from '@solana/web3.js';
import type { StudioDrop, StudioStep } from '#shared/protocol/index.ts';
import { assetAddress, mintIx } from '../../programs/client/index.ts';
import { keyOf } from '../base58.ts';
import { drawDocuments } from '../chain/documents.ts';
import type { Offers } from '../gallery/offers.ts';
import { friendlyName } from '../identity/words.ts';
import { Refusal } from '../refusal.ts';
import { keepOffer } from '../store/offers.ts';
import { modelOf } from './chain.ts';
import { ModelMissing } from './models.ts';
import { type Plan, planSteps } from './steps.ts';
import type { Studio } from './studio.ts';

const NO_DEEDS = [0, 0, 0, 0, 0, 0, 0, 0];

/** Test drops: symbionts that a collection's authority or minter mints at the cost of their rent. */
export class Drops {
  private readonly studio: Studio;
  private readonly offers: Pick<Offers, 'sweep'>;

  constructor(studio: Studio, offers: Pick<Offers, 'sweep'>) {
    this.studio = studio;
    this.offers = offers;
  }

  /**
   * Draws so many symbionts, keeps their documents, and gives a transaction for each. What nobody mints is forgotten.
   * @param to whom they are for; the wallet itself unless given
   * @throws Refusal with nothing changed
   */
  async make(
    wallet: string,
    address: string,
    count: number,
    to: string | undefined,
  ): Promise<{ symbionts: StudioDrop[]; steps: StudioStep[] }> {
    const { store, chain, models, publicUrl } = this.studio.options;
    const owner = keyOf('to', to ?? wallet);
    const { row, found } = await this.studio.find(wallet, address);
    if (!found) throw new Refusal(409, 'collection', 'is not on chain yet');
    if (!found.registered)
      throw new Refusal(409, 'collection', 'its art model is not registered yet; sign that step first');
    const { config } = found;
    const minter = new PublicKey(wallet);
    if (!config.authority.equals(minter) && !config.minter?.equals(minter))
      throw new Refusal(403, 'collection', 'only its authority and its minter give test drops');
    if (config.paused) throw new Refusal(409, 'collection', 'is paused: resume it first');
    if (config.supply > 0 && config.minted + count > config.supply)
      throw new Refusal(
        409,
        'count',
        `${config.minted} of ${config.supply} are minted: at most ${config.supply - config.minted} more`,
      );
    const model = await models.byId(modelOf(config)).catch((error: unknown) => {
      if (!(error instanceof ModelMissing)) throw error;
      throw new Refusal(409, 'model', error.message);
    });
    await this.offers.sweep();
    const collection = new PublicKey(address);
    const symbionts: StudioDrop[] = [];
    const plans: Plan[] = [];
    for (let i = 0; i < count; i++) {
      const genome = Uint8Array.from(randomBytes(32));
      let byte = 0;
      const name = friendlyName((below) => genome[byte++] % below);
      const { symbol, traits } = row.draft;
      const source = { genome, stage: 0, branch: 0, name, deeds: NO_DEEDS, version: 0, past: [] };
      // Drawing is work, and the world's clock runs on the same thread.
      await new Promise((resolve) => setImmediate(resolve));
      const { picture, uri, blobs } = drawDocuments(model, publicUrl, { ...source, symbol, traits });
      const asset = assetAddress(collection, genome).toBase58();
      const metadata = blobs.find(({ kind }) => kind === 'metadata')?.hash as Uint8Array;
      await keepOffer(store, { asset, picture, metadata }, blobs);
      const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
      symbionts.push({ asset, name, genome: hex(genome), picture: hex(picture) });
      plans.push({
        kind: 'mint',
        what: `Mints ${name} for ${owner.equals(minter) ? 'yourself' : owner.toBase58()}, for nothing but its accounts’ rent.`,
        instructions: (payer) => [
          mintIx({
            payer,
            minter,
            owner,
            collection,
            genome,
            name,
            uri,
            picture,
            consent: owner.equals(minter),
            ...(config.authority.equals(minter) ? {} : { treasury: config.treasury }),
          }),
        ],
      });
    }
    return { symbionts, steps: await planSteps(chain, minter, plans) };
  }
}
