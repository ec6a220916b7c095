import { type AssetV1, fetchAsset, mplCore } from '@metaplex-foundation/mpl-core';
import { publicKey } from '@metaplex-foundation/umi';
import { createUmi } from '@metaplex-foundation/umi-bundle-defaults';

/** An asset and its attributes, as any wallet reads them from the chain. */
export async function onChain(
  url: string,
  address: string,
): Promise<{ asset: AssetV1; attributes: Record<string, string> }> {
  const asset = await fetchAsset(createUmi(`${url}/rpc`, 'confirmed').use(mplCore()), publicKey(address));
  const list = asset.attributes?.attributeList ?? [];
  return { asset, attributes: Object.fromEntries(list.map(({ key, value }) => [key, value])) };
}
