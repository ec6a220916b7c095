/** A symbiont's Core asset as anyone sees it, read with Metaplex's own deserialisers. */
import { deserializeAssetV1 } from '@metaplex-foundation/mpl-core';
import { lamports, publicKey } from '@metaplex-foundation/umi';
import { PublicKey } from '@solana/web3.js';
import { MPL_CORE_ID } from './core.ts';

export interface AssetState {
  owner: PublicKey;
  /** Its collection's address, null outside of collections. */
  collection: PublicKey | null;
  name: string;
  uri: string;
  /** Key and value, in the order they stand on chain. */
  attributes: [string, string][];
}

/** Throws when the bytes are no Core asset's. */
export function decodeAsset(address: PublicKey, data: Uint8Array): AssetState {
  const asset = deserializeAssetV1({
    publicKey: publicKey(address.toBase58()),
    owner: publicKey(MPL_CORE_ID.toBase58()),
    data,
    lamports: lamports(0),
    executable: false,
  });
  const inCollection = asset.updateAuthority.type === 'Collection' && asset.updateAuthority.address;
  return {
    owner: new PublicKey(asset.owner),
    collection: inCollection ? new PublicKey(inCollection) : null,
    name: asset.name,
    uri: asset.uri,
    attributes: asset.attributes?.attributeList.map(({ key, value }) => [key, value]) ?? [],
  };
}
