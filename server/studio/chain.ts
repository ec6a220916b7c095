import { PublicKey } from '@solana/web3.js';
import type { StudioOnChain } from '#shared/protocol/index.ts';
import { brainAddress } from '../../programs/client/brains.ts';
import { type Config, configAddress, decodeConfig } from '../../programs/client/index.ts';
import type { Chain } from '../chain/chain.ts';
import { collectionRow } from '../gallery/accounts.ts';
import type { CollectionRow } from '../store/gallery.ts';
import { isRegistered } from './card.ts';

/** What the chain holds of a collection, and whether its art is registered in its creator's name. */
export interface Found {
  config: Config;
  core: CollectionRow;
  registered: boolean;
}

export const modelOf = ({ model }: Pick<Config, 'model'>): string | null =>
  model && Buffer.from(model).toString('hex');

/**
 * Looks collections up, in as few questions as can be; null where the chain holds none.
 * @param of with whose name a model is registered, and whether one needs to be
 */
export async function lookUp(
  chain: Chain,
  of: readonly { address: string; creator: string; model: string | null }[],
  isShipped: (model: string) => boolean,
): Promise<(Found | null)[]> {
  const keys = of.flatMap(({ address, creator, model }) => {
    const collection = new PublicKey(address);
    const card = model === null ? collection : brainAddress(new PublicKey(creator), model);
    return [collection, configAddress(collection), card];
  });
  const accounts = await chain.accounts(keys);
  return Promise.all(
    of.map(async ({ address, creator, model }, i): Promise<Found | null> => {
      const [core, own, card] = accounts.slice(3 * i, 3 * i + 3);
      if (!core || !own) return null;
      const config = decodeConfig(own);
      const drawnBy = modelOf(config);
      let held = card;
      // The chain may name another model than the draft.
      if (drawnBy !== null && drawnBy !== model)
        [held] = await chain.accounts([brainAddress(new PublicKey(creator), drawnBy)]);
      const registered = drawnBy === null || isShipped(drawnBy) || isRegistered(held, drawnBy);
      const row = collectionRow(configAddress(new PublicKey(address)).toBase58(), config, core);
      return { config, core: row, registered };
    }),
  );
}

/** Whether this creator has registered the model. */
export async function isModelRegistered(chain: Chain, creator: string, model: string): Promise<boolean> {
  const [card] = await chain.accounts([brainAddress(new PublicKey(creator), model)]);
  return isRegistered(card, model);
}

export function onChain(chain: Chain, { config, core }: Found): StudioOnChain {
  const { authority, proposed, minter, minted, supply, price, treasury, dailyCap, paused, zone } = config;
  return {
    authority: authority.toBase58(),
    proposed: proposed?.toBase58() ?? null,
    minter: minter?.toBase58() ?? null,
    mintsHere: minter?.equals(chain.options.keys.zone.publicKey) === true,
    growsHere: zone?.equals(chain.zone) === true,
    model: modelOf(config),
    minted,
    supply,
    price: Number(price),
    treasury: treasury?.toBase58() ?? null,
    dailyCap,
    paused,
    royalties: core.royalties && {
      basisPoints: core.royalties.basisPoints,
      shares: core.royalties.creators,
    },
  };
}
