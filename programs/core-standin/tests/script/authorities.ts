/** Plugins' authorities are given and taken back. */
import {
  approveCollectionPluginAuthorityV1,
  approvePluginAuthorityV1,
  nonePluginAuthority,
  PluginType,
  revokeCollectionPluginAuthorityV1,
  revokePluginAuthorityV1,
  updateV1,
} from '@metaplex-foundation/mpl-core';
import { none, some } from '@metaplex-foundation/umi';
import { address, creator, delegate, of, on, other, owner, type Step, step, stranger, umi } from './scene.ts';

export function authorising(): Step[] {
  const plugin = { pluginType: PluginType.Attributes };
  const delegates = { pluginType: PluginType.UpdateDelegate };
  return [
    step(
      'ApprovePluginAuthorityV1 while another has it',
      approvePluginAuthorityV1(umi, { ...on(creator), ...plugin, newAuthority: address(other) }),
      creator,
    ),
    step(
      'RevokePluginAuthorityV1 by a stranger',
      revokePluginAuthorityV1(umi, { ...on(stranger), ...plugin }),
      stranger,
    ),
    step(
      'RevokePluginAuthorityV1 by the owner',
      revokePluginAuthorityV1(umi, { ...on(owner), ...plugin }),
      owner,
    ),
    step(
      'RevokePluginAuthorityV1 by itself: rent stays',
      revokePluginAuthorityV1(umi, { ...on(delegate), ...plugin }),
      delegate,
    ),
    step(
      'ApprovePluginAuthorityV1 by a stranger',
      approvePluginAuthorityV1(umi, { ...on(stranger), ...plugin, newAuthority: address(stranger) }),
      stranger,
    ),
    step(
      'ApprovePluginAuthorityV1 by the delegate',
      approvePluginAuthorityV1(umi, { ...on(delegate), ...plugin, newAuthority: address(delegate) }),
      delegate,
    ),
    step(
      'RevokePluginAuthorityV1 by the update authority: rent comes back',
      revokePluginAuthorityV1(umi, { ...on(creator), ...plugin }),
      creator,
    ),
    step(
      'ApprovePluginAuthorityV1 of a plugin that is not there',
      approvePluginAuthorityV1(umi, { ...on(creator), ...delegates, newAuthority: address(other) }),
      creator,
    ),
    step(
      'RevokeCollectionPluginAuthorityV1 by a stranger',
      revokeCollectionPluginAuthorityV1(umi, { ...of(stranger), ...delegates }),
      stranger,
    ),
    step(
      'RevokeCollectionPluginAuthorityV1 by the update authority',
      revokeCollectionPluginAuthorityV1(umi, { ...of(creator), ...delegates }),
      creator,
    ),
    step(
      'UpdateV1 by the former delegate',
      updateV1(umi, { ...on(delegate), newName: none<string>(), newUri: some('no') }),
      delegate,
    ),
    step(
      'ApproveCollectionPluginAuthorityV1 by a stranger',
      approveCollectionPluginAuthorityV1(umi, {
        ...of(stranger),
        ...delegates,
        newAuthority: address(stranger),
      }),
      stranger,
    ),
    step(
      'ApproveCollectionPluginAuthorityV1 by the update authority',
      approveCollectionPluginAuthorityV1(umi, {
        ...of(creator),
        ...delegates,
        newAuthority: address(delegate),
      }),
      creator,
    ),
    step(
      'RevokeCollectionPluginAuthorityV1 by the delegate itself',
      revokeCollectionPluginAuthorityV1(umi, { ...of(delegate), ...delegates }),
      delegate,
    ),
    step(
      'ApproveCollectionPluginAuthorityV1 to nobody',
      approveCollectionPluginAuthorityV1(umi, {
        ...of(creator),
        ...delegates,
        newAuthority: nonePluginAuthority(),
      }),
      creator,
    ),
    step(
      'RevokeCollectionPluginAuthorityV1 of nobody’s',
      revokeCollectionPluginAuthorityV1(umi, { ...of(creator), ...delegates }),
      creator,
    ),
  ];
}
