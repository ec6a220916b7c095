/** Assets change hands; then come instructions that are none. */
import {
  addCollectionPluginV1,
  addPluginV1,
  approvePluginAuthorityV1,
  burnV1,
  createPlugin,
  PluginType,
  removePluginV1,
  ruleSet,
  transferV1,
  updateV1,
} from '@metaplex-foundation/mpl-core';
import { none, some } from '@metaplex-foundation/umi';
import type { Keypair } from '@solana/web3.js';
import { key, signer } from '../../../testing/mpl.ts';
import {
  address,
  broken,
  collection,
  creator,
  on,
  other,
  owner,
  type Step,
  step,
  stranger,
  umi,
} from './scene.ts';

export function transferring(): Step[] {
  const to = (who: Keypair, whom: Keypair) => ({
    ...on(who),
    newOwner: key(whom),
    compressionProof: none<never>(),
  });
  return [
    step('TransferV1 by a stranger', transferV1(umi, to(stranger, stranger)), stranger),
    step('TransferV1 by the update authority', transferV1(umi, to(creator, creator)), creator),
    step('TransferV1 by the owner', transferV1(umi, to(owner, other)), owner),
    step('TransferV1 by the former owner', transferV1(umi, to(owner, owner)), owner),
    step(
      'TransferV1 of a collection',
      transferV1(umi, { ...to(creator, other), asset: key(collection) }),
      creator,
    ),
    step(
      'TransferV1 without the collection',
      transferV1(umi, { ...to(other, owner), collection: undefined }),
      other,
    ),
  ];
}

export function refusing(): Step[] {
  const update = () =>
    step('', updateV1(umi, { ...on(creator), newName: none<string>(), newUri: some('x') }), creator);
  return [
    broken({ ...update(), name: 'an account too few' }, (one) => void one.keys.pop()),
    broken({ ...update(), name: 'a byte too few' }, (one) => {
      one.data = one.data.subarray(0, -1);
    }),
    broken({ ...update(), name: 'a byte too many' }, (one) => {
      one.data = Buffer.concat([one.data, Buffer.of(0)]);
    }),
    broken({ ...update(), name: 'a URI that is not UTF-8' }, (one) => {
      one.data[one.data.length - 2] = 0xff;
    }),
    broken({ ...update(), name: 'an option that is neither' }, (one) => {
      one.data[1] = 2;
    }),
    broken({ ...update(), name: 'no data' }, (one) => {
      one.data = Buffer.alloc(0);
    }),
    broken({ ...update(), name: 'an instruction that Core does not know' }, (one) => {
      one.data[0] = 200;
    }),
    broken({ ...update(), name: 'an authority that does not sign' }, (one) => {
      one.keys[3].isSigner = false;
    }),
  ].map((one) => (one.name === 'an authority that does not sign' ? { ...one, signers: [] } : one));
}

/** What Core can do and the stand-in refuses, with Core's "not available". */
export const UNSUPPORTED: Step[] = [
  step(
    'AddCollectionPluginV1 of royalties with a list of programs',
    addCollectionPluginV1(umi, {
      collection: key(collection),
      authority: signer(creator),
      plugin: createPlugin({
        type: 'Royalties',
        data: {
          basisPoints: 500,
          creators: [{ address: key(creator), percentage: 100 }],
          ruleSet: ruleSet('ProgramDenyList', [[key(stranger)]]),
        },
      }),
    }),
    creator,
  ),
  step('BurnV1', burnV1(umi, { ...on(other), compressionProof: none() }), other),
  step('RemovePluginV1', removePluginV1(umi, { ...on(creator), pluginType: PluginType.Attributes }), creator),
  step(
    'AddPluginV1 of a freeze delegate',
    addPluginV1(umi, {
      ...on(other),
      plugin: createPlugin({ type: 'FreezeDelegate', data: { frozen: true } }),
    }),
    other,
  ),
  step(
    'ApprovePluginAuthorityV1 of a freeze delegate',
    approvePluginAuthorityV1(umi, {
      ...on(other),
      pluginType: PluginType.FreezeDelegate,
      newAuthority: address(other),
    }),
    other,
  ),
];
