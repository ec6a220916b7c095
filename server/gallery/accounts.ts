import { type AssetV1, deserializeAssetV1, deserializeCollectionV1 } from '@metaplex-foundation/mpl-core';
import { lamports, publicKey } from '@metaplex-foundation/umi';
import type { PublicKey } from '@solana/web3.js';
import { type Config, MPL_CORE_ID } from '../../programs/client/index.ts';
import type { CollectionRow } from '../store/gallery.ts';
import type { AttributesPlugin } from '../store/mirror.ts';

const account = (address: string, data: Uint8Array) => ({
  publicKey: publicKey(address),
  owner: publicKey(MPL_CORE_ID.toBase58()),
  data,
  lamports: lamports(0),
  executable: false,
});

/** An asset as Core has it; null where it is burnt: what is left of it then is one byte, or nothing. */
export function readAsset(address: PublicKey, data: Buffer | null): AssetV1 | null {
  return data && data.length > 1 ? deserializeAssetV1(account(address.toBase58(), data)) : null;
}

export function attributesOf({ attributes }: AssetV1): AttributesPlugin | null {
  if (!attributes) return null;
  const { attributeList, authority, offset } = attributes;
  return {
    list: attributeList.map(({ key, value }) => ({ key, value })),
    authority: { type: authority.type, address: authority.address ? String(authority.address) : null },
    offset: Number(offset ?? 0),
  };
}

/** A collection from its config and its account at Core. @throws Error when the bytes are no collection's */
export function collectionRow(config: string, state: Config, data: Buffer): CollectionRow {
  const address = state.collection.toBase58();
  const core = deserializeCollectionV1(account(address, data));
  return {
    address,
    config,
    authority: state.authority.toBase58(),
    zone: state.zone?.toBase58() ?? null,
    minter: state.minter?.toBase58() ?? null,
    name: core.name,
    uri: core.uri,
    minted: state.minted,
    dailyCap: state.dailyCap,
    paused: state.paused,
    rule: state.rule,
    model: state.model && Buffer.from(state.model).toString('hex'),
    royalties: core.royalties
      ? {
          basisPoints: core.royalties.basisPoints,
          creators: core.royalties.creators.map((one) => ({
            address: String(one.address),
            percentage: one.percentage,
          })),
        }
      : null,
  };
}
