/** Names, URIs and authorities change. */
import { updateAuthority, updateCollectionV1, updateV1, updateV2 } from '@metaplex-foundation/mpl-core';
import { none, some } from '@metaplex-foundation/umi';
import type { Keypair } from '@solana/web3.js';
import { key } from '../../../testing/mpl.ts';
import {
  asset,
  bare,
  collection,
  creator,
  delegate,
  free,
  loose,
  of,
  on,
  other,
  owner,
  payer,
  type Step,
  second,
  step,
  stranger,
  umi,
} from './scene.ts';

export function updating(): Step[] {
  const change = (who: Keypair, newUri: string, place = asset) => ({
    ...on(who, place),
    newName: none<string>(),
    newUri: some(newUri),
    newUpdateAuthority: none<ReturnType<typeof updateAuthority>>(),
  });
  return [
    step('UpdateV1 by a stranger', updateV1(umi, change(stranger, 'x')), stranger),
    step('UpdateV1 by the owner', updateV1(umi, change(owner, 'x')), owner),
    step(
      'UpdateV1 by the delegate',
      updateV1(umi, change(delegate, 'http://127.0.0.1/longer.json')),
      delegate,
    ),
    step(
      'UpdateV1 of the same length',
      updateV1(umi, change(creator, 'http://127.0.0.1/LONGER.json')),
      creator,
    ),
    step(
      'UpdateV1 without plugins, longer name and URI',
      updateV1(umi, { ...change(creator, 'http://127.0.0.1/much/longer.json', free), newName: some('Momo') }),
      creator,
    ),
    step('UpdateV1 of nothing', updateV1(umi, { ...change(creator, ''), newUri: none<string>() }), creator),
    step(
      'UpdateV2 by the delegate',
      updateV2(umi, change(delegate, 'http://127.0.0.1/v2222.json')),
      delegate,
    ),
    step(
      'UpdateV1 without the collection',
      updateV1(umi, { ...change(creator, 'x'), collection: undefined }),
      creator,
    ),
    step(
      'UpdateV1 with another collection',
      updateV1(umi, { ...change(creator, 'x'), collection: key(second) }),
      creator,
    ),
    step('UpdateV1 with a collection for an asset without', updateV1(umi, change(other, 'x', loose)), other),
    step(
      'UpdateV1 to take it out of the collection',
      updateV1(umi, {
        ...change(creator, 'x'),
        newUpdateAuthority: some(updateAuthority('Address', [key(other)])),
      }),
      creator,
    ),
    step(
      'UpdateV1 to another update authority',
      updateV1(umi, {
        ...change(other, 'uu', loose),
        collection: undefined,
        newUpdateAuthority: some(updateAuthority('Address', [key(stranger)])),
      }),
      other,
    ),
    step(
      'UpdateV1 by the former update authority',
      updateV1(umi, { ...change(other, 'uuu', loose), collection: undefined }),
      other,
    ),
    step('UpdateV1 of what is no asset', updateV1(umi, change(creator, 'x', collection)), creator),
    step(
      'UpdateCollectionV1 by the delegate',
      updateCollectionV1(umi, { ...of(delegate), newName: some('Symbionts!'), newUri: none<string>() }),
      delegate,
    ),
    step(
      'UpdateCollectionV1 by a stranger',
      updateCollectionV1(umi, { ...of(stranger), newName: some('Mine'), newUri: none<string>() }),
      stranger,
    ),
    step(
      'UpdateCollectionV1 to another update authority',
      updateCollectionV1(umi, {
        ...of(payer, bare),
        newUpdateAuthority: key(other),
        newName: none<string>(),
        newUri: some('uri'),
      }),
    ),
  ];
}
