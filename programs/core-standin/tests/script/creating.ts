/** Collections and assets come to be. */
import {
  createCollectionV1,
  createCollectionV2,
  createV1,
  createV2,
  DataState,
  pluginAuthorityPair,
} from '@metaplex-foundation/mpl-core';
import { none } from '@metaplex-foundation/umi';
import type { Keypair } from '@solana/web3.js';
import { key, signer } from '../../../testing/mpl.ts';
import {
  address,
  asset,
  bare,
  byUpdateAuthority,
  collection,
  creator,
  delegate,
  free,
  loose,
  other,
  owner,
  refused,
  type Step,
  second,
  step,
  stranger,
  umi,
  withAttributes,
} from './scene.ts';

export function creating(): Step[] {
  const inCollection = (who: Keypair, place = asset) => ({
    asset: signer(place),
    collection: key(collection),
    authority: signer(who),
    owner: key(owner),
    name: 'Mo',
    uri: 'http://127.0.0.1/1.json',
  });
  return [
    step(
      'CreateCollectionV1 with an update delegate',
      createCollectionV1(umi, {
        collection: signer(collection),
        updateAuthority: key(creator),
        name: 'Symbionts',
        uri: 'http://127.0.0.1/c.json',
        plugins: [pluginAuthorityPair({ type: 'UpdateDelegate', authority: address(delegate) })],
      }),
      collection,
    ),
    step(
      'CreateCollectionV2 without plugins; the payer is its authority',
      createCollectionV2(umi, { collection: signer(bare), name: 'Bare', uri: '', plugins: none() }),
      bare,
    ),
    step(
      'CreateCollectionV1 with attributes and delegates, empty external list',
      createCollectionV2(umi, {
        collection: signer(second),
        updateAuthority: key(other),
        name: 'Zweite ✦',
        uri: 'ü',
        plugins: [
          withAttributes(byUpdateAuthority),
          pluginAuthorityPair({
            type: 'UpdateDelegate',
            data: { additionalDelegates: [key(delegate), key(owner)] },
          }),
        ],
        externalPluginAdapters: [],
      }),
      second,
    ),
    step(
      'CreateCollectionV1 twice',
      createCollectionV1(umi, { collection: signer(collection), name: 'Again', uri: 'x' }),
      collection,
    ),
    step(
      'CreateCollectionV1 with one plugin twice',
      createCollectionV1(umi, {
        collection: signer(refused),
        name: 'Twice',
        uri: 'x',
        plugins: [withAttributes(undefined), withAttributes(undefined)],
      }),
      refused,
    ),
    step('CreateV1 by a stranger', createV1(umi, inCollection(stranger)), asset, stranger),
    step(
      'CreateV1 by the update delegate',
      createV1(umi, { ...inCollection(delegate), plugins: [withAttributes(address(delegate))] }),
      asset,
      delegate,
    ),
    step('CreateV1 twice', createV1(umi, inCollection(creator)), asset, creator),
    step('CreateV2 by the update authority', createV2(umi, inCollection(creator, free)), free, creator),
    step(
      'CreateV1 outside of collections, for another authority',
      createV1(umi, {
        asset: signer(loose),
        updateAuthority: key(other),
        name: '',
        uri: 'u',
        plugins: [withAttributes(undefined), pluginAuthorityPair({ type: 'UpdateDelegate' })],
      }),
      loose,
    ),
    step(
      'CreateV1 with both an authority and a collection',
      createV1(umi, { ...inCollection(creator, refused), updateAuthority: key(other) }),
      refused,
      creator,
    ),
    step(
      'CreateV1 into the ledger state',
      createV1(umi, { ...inCollection(creator, refused), dataState: DataState.LedgerState }),
      refused,
      creator,
    ),
    step(
      'CreateV1 into what is no collection',
      createV1(umi, { ...inCollection(creator, refused), collection: key(asset) }),
      refused,
      creator,
    ),
    step(
      'CreateV1 with one plugin twice',
      createV1(umi, {
        ...inCollection(creator, refused),
        plugins: [withAttributes(undefined), withAttributes(undefined)],
      }),
      refused,
      creator,
    ),
    step(
      'CreateV1 with another system program',
      createV1(umi, { ...inCollection(creator, refused), systemProgram: key(stranger) }),
      refused,
      creator,
    ),
    step(
      'CreateV1 with another log wrapper',
      createV1(umi, { ...inCollection(creator, refused), logWrapper: key(stranger) }),
      refused,
      creator,
    ),
  ];
}
