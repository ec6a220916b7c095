/** Plugins are added and changed. */
import {
  addCollectionPluginV1,
  addPluginV1,
  updateAuthority,
  updateCollectionPluginV1,
  updatePluginAuthority,
  updatePluginV1,
  updateV1,
} from '@metaplex-foundation/mpl-core';
import { none, some } from '@metaplex-foundation/umi';
import { key } from '../../../testing/mpl.ts';
import {
  address,
  attributes,
  bare,
  creator,
  delegate,
  free,
  loose,
  of,
  on,
  other,
  owner,
  type Step,
  second,
  step,
  stranger,
  umi,
  updateDelegate,
} from './scene.ts';

export function attributing(): Step[] {
  const longer = attributes(['stage', '1'], ['genome', 'ab'], ['gathered', '12345']);
  return [
    step('UpdatePluginV1 by a stranger', updatePluginV1(umi, { ...on(stranger), plugin: longer }), stranger),
    step('UpdatePluginV1 by the owner', updatePluginV1(umi, { ...on(owner), plugin: longer }), owner),
    step(
      'UpdatePluginV1 by the update authority, whose plugin it is not',
      updatePluginV1(umi, { ...on(creator), plugin: longer }),
      creator,
    ),
    step(
      'UpdatePluginV1 by its authority',
      updatePluginV1(umi, { ...on(delegate), plugin: longer }),
      delegate,
    ),
    step(
      'UpdatePluginV1 of the same length',
      updatePluginV1(umi, {
        ...on(delegate),
        plugin: attributes(['stage', '2'], ['genome', 'cd'], ['gathered', '99999']),
      }),
      delegate,
    ),
    step(
      'UpdatePluginV1 before another plugin, shorter: rent comes back',
      updatePluginV1(umi, { ...on(stranger, loose), collection: undefined, plugin: attributes() }),
      stranger,
    ),
    step(
      'UpdatePluginV1 before another plugin, longer',
      updatePluginV1(umi, { ...on(stranger, loose), collection: undefined, plugin: longer }),
      stranger,
    ),
    step(
      'UpdatePluginV1 of a plugin that is not there',
      updatePluginV1(umi, { ...on(delegate), plugin: updateDelegate(stranger) }),
      delegate,
    ),
    step(
      'UpdatePluginV1 of an asset without plugins',
      updatePluginV1(umi, { ...on(creator, free), plugin: longer }),
      creator,
    ),
    step('AddPluginV1 by a stranger', addPluginV1(umi, { ...on(stranger, free), plugin: longer }), stranger),
    step('AddPluginV1 by the owner', addPluginV1(umi, { ...on(owner, free), plugin: longer }), owner),
    step(
      'AddPluginV1 by the delegate',
      addPluginV1(umi, { ...on(delegate, free), plugin: longer }),
      delegate,
    ),
    step('AddPluginV1 twice', addPluginV1(umi, { ...on(delegate, free), plugin: longer }), delegate),
    step(
      'UpdatePluginV1 by the delegate, where it is the update authority’s',
      updatePluginV1(umi, { ...on(delegate, free), plugin: attributes(['a', 'b']) }),
      delegate,
    ),
    step(
      'AddPluginV1 of an update delegate with a list',
      addPluginV1(umi, {
        ...on(creator, free),
        plugin: updateDelegate(other, owner),
        initAuthority: updatePluginAuthority(),
      }),
      creator,
    ),
    step(
      'UpdateV1 by an additional delegate of the asset',
      updateV1(umi, { ...on(other, free), newName: none<string>(), newUri: some('http://127.0.0.1/x') }),
      other,
    ),
    step(
      'UpdateV1 by the collection’s delegate, hidden by the asset’s own',
      updateV1(umi, { ...on(delegate, free), newName: none<string>(), newUri: some('http://127.0.0.1/y') }),
      delegate,
    ),
    step(
      'UpdateV1 by the asset’s own delegate, out of the collection',
      updateV1(umi, {
        ...on(other, free),
        newName: none<string>(),
        newUri: none<string>(),
        newUpdateAuthority: some(updateAuthority('Address', [key(other)])),
      }),
      other,
    ),
    step(
      'UpdatePluginV1: a delegate adds another',
      updatePluginV1(umi, { ...on(other, free), plugin: updateDelegate(other, owner, stranger) }),
      other,
    ),
    step(
      'UpdatePluginV1: a delegate takes another off',
      updatePluginV1(umi, { ...on(other, free), plugin: updateDelegate(other) }),
      other,
    ),
    step(
      'UpdatePluginV1: a delegate takes itself off',
      updatePluginV1(umi, { ...on(other, free), plugin: updateDelegate(owner) }),
      other,
    ),
    step(
      'UpdateCollectionPluginV1 by the update authority',
      updateCollectionPluginV1(umi, { ...of(other, second), plugin: attributes(['x', 'y']) }),
      other,
    ),
    step(
      'UpdateCollectionPluginV1 by an additional delegate',
      updateCollectionPluginV1(umi, { ...of(owner, second), plugin: attributes(['x', 'yy']) }),
      owner,
    ),
    step(
      'UpdateCollectionPluginV1 by a stranger',
      updateCollectionPluginV1(umi, { ...of(stranger, second), plugin: attributes(['x', 'z']) }),
      stranger,
    ),
    step(
      'AddCollectionPluginV1 by a stranger',
      addCollectionPluginV1(umi, { ...of(stranger, bare), plugin: longer }),
      stranger,
    ),
    step(
      'AddCollectionPluginV1 by the update authority',
      addCollectionPluginV1(umi, { ...of(other, bare), plugin: longer, initAuthority: address(delegate) }),
      other,
    ),
  ];
}
