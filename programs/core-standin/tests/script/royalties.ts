/** Royalties are added and changed, on a collection and on an asset. */
import {
  addCollectionPluginV1,
  addPluginV1,
  approveCollectionPluginAuthorityV1,
  createCollectionV1,
  createV1,
  PluginType,
  pluginAuthorityPair,
  revokeCollectionPluginAuthorityV1,
  ruleSet,
  transferV1,
  updateCollectionPluginV1,
  updateCollectionV1,
  updatePluginV1,
  updateV1,
} from '@metaplex-foundation/mpl-core';
import { none, some } from '@metaplex-foundation/umi';
import type { Keypair } from '@solana/web3.js';
import { key, signer } from '../../../testing/mpl.ts';
import {
  address,
  attributes,
  bare,
  collection,
  creator,
  of,
  other,
  owner,
  payer,
  refused,
  royal,
  royalAsset,
  royalties,
  type Step,
  second,
  step,
  stranger,
  umi,
} from './scene.ts';

export function sharing(): Step[] {
  const add = (who: Keypair, plugin: ReturnType<typeof royalties>, place = bare) =>
    addCollectionPluginV1(umi, { ...of(who, place), plugin });
  const change = (who: Keypair, plugin: ReturnType<typeof royalties>, place = bare) =>
    updateCollectionPluginV1(umi, { ...of(who, place), plugin });
  const minted = { asset: signer(royalAsset), collection: key(bare), owner: key(owner), name: 'R', uri: 'u' };
  const onRoyal = (who: Keypair) => ({
    asset: key(royalAsset),
    collection: key(bare),
    authority: signer(who),
  });
  const whole = (percentage: number) => ({
    basisPoints: 1,
    creators: [{ address: key(owner), percentage }],
    ruleSet: ruleSet('None'),
  });
  return [
    step('AddCollectionPluginV1 of royalties by a stranger', add(stranger, royalties(500, 100)), stranger),
    step('AddCollectionPluginV1 of royalties above the whole', add(other, royalties(10_001, 100)), other),
    step('AddCollectionPluginV1 of royalties by nobody, none', add(stranger, royalties(1)), stranger),
    step('AddCollectionPluginV1 of royalties, 99 percent', add(other, royalties(500, 99)), other),
    step('AddCollectionPluginV1 of royalties, 300 percent', add(other, royalties(500, 200, 100)), other),
    step(
      'AddCollectionPluginV1 of royalties to one twice',
      add(other, royalties(1, 20, 20, 20, 20, 10, 10)),
      other,
    ),
    step('AddCollectionPluginV1 of royalties', add(other, royalties(500, 60, 40)), other),
    step('AddCollectionPluginV1 of royalties twice', add(other, royalties(500, 100)), other),
    step(
      'UpdateCollectionPluginV1 of royalties, longer',
      change(other, royalties(10_000, 20, 20, 20, 20, 20)),
      other,
    ),
    step('UpdateCollectionPluginV1 of royalties, shorter', change(other, royalties(0, 0, 100)), other),
    step('UpdateCollectionPluginV1 of royalties, 99 percent', change(other, royalties(500, 99)), other),
    step(
      'UpdateCollectionPluginV1 of royalties, 99 percent by a stranger',
      change(stranger, royalties(1, 99)),
      stranger,
    ),
    step(
      'UpdateCollectionPluginV1 of royalties that are not there',
      change(creator, royalties(1, 100), collection),
      creator,
    ),
    step(
      'UpdateCollectionV1 before royalties',
      updateCollectionV1(umi, { ...of(other, bare), newName: some('Barely'), newUri: some('longer') }),
      other,
    ),
    step(
      'CreateV1 in a collection with royalties',
      createV1(umi, {
        ...minted,
        authority: signer(other),
        plugins: [pluginAuthorityPair({ type: 'Attributes', data: { attributeList: [] } })],
      }),
      royalAsset,
      other,
    ),
    step(
      'UpdateV1 in a collection with royalties',
      updateV1(umi, { ...onRoyal(other), newName: none<string>(), newUri: some('uu') }),
      other,
    ),
    step(
      'UpdatePluginV1 in a collection with royalties',
      updatePluginV1(umi, { ...onRoyal(other), plugin: attributes(['a', 'b']) }),
      other,
    ),
    step(
      'AddPluginV1 of royalties, 99 percent',
      addPluginV1(umi, { ...onRoyal(other), plugin: royalties(1, 99) }),
      other,
    ),
    step(
      'AddPluginV1 of royalties',
      addPluginV1(umi, { ...onRoyal(other), plugin: royalties(1, 100) }),
      other,
    ),
    step(
      'UpdatePluginV1 of royalties, 99 percent',
      updatePluginV1(umi, { ...onRoyal(other), plugin: royalties(1, 99) }),
      other,
    ),
    step(
      'UpdatePluginV1 of royalties',
      updatePluginV1(umi, { ...onRoyal(other), plugin: royalties(9, 99, 1) }),
      other,
    ),
    step(
      'TransferV1 with royalties',
      transferV1(umi, { ...onRoyal(owner), newOwner: key(stranger), compressionProof: none<never>() }),
      owner,
    ),
    step(
      'ApproveCollectionPluginAuthorityV1 of royalties',
      approveCollectionPluginAuthorityV1(umi, {
        ...of(other, bare),
        pluginType: PluginType.Royalties,
        newAuthority: address(owner),
      }),
      other,
    ),
    step(
      'UpdateCollectionPluginV1 of royalties by their authority, 101 percent',
      change(owner, royalties(7, 100, 1)),
      owner,
    ),
    step('UpdateCollectionPluginV1 of royalties by their authority', change(owner, royalties(7, 100)), owner),
    step(
      'UpdateCollectionPluginV1 of royalties by who has them no longer',
      change(other, royalties(8, 100)),
      other,
    ),
    step(
      'RevokeCollectionPluginAuthorityV1 of royalties',
      revokeCollectionPluginAuthorityV1(umi, { ...of(other, bare), pluginType: PluginType.Royalties }),
      other,
    ),
    step('AddCollectionPluginV1 of royalties by a delegate', add(owner, royalties(3, 100), second), owner),
    step(
      'UpdateCollectionPluginV1 of royalties by a delegate: not looked at',
      change(owner, royalties(3, 99), second),
      owner,
    ),
    step(
      'CreateV1 in a collection with royalties that are none',
      createV1(umi, { ...minted, asset: signer(royal), collection: key(second), authority: signer(other) }),
      royal,
      other,
    ),
    step(
      'CreateCollectionV1 with royalties',
      createCollectionV1(umi, {
        collection: signer(royal),
        updateAuthority: key(creator),
        name: 'Royal',
        uri: 'r',
        plugins: [pluginAuthorityPair({ type: 'Royalties', data: whole(100), authority: address(payer) })],
      }),
      royal,
    ),
    step(
      'CreateV1 with royalties of 99 percent',
      createV1(umi, {
        ...minted,
        asset: signer(refused),
        collection: key(royal),
        authority: signer(creator),
        plugins: [pluginAuthorityPair({ type: 'Royalties', data: whole(99) })],
      }),
      refused,
      creator,
    ),
  ];
}
