/** What the people of a collection try at Core itself, behind the program's back: all of it is refused. */
import {
  addCollectionPluginV1,
  addPluginV1,
  addressPluginAuthority,
  approvePluginAuthorityV1,
  createPlugin,
  createV1,
  PluginType,
  removePluginV1,
  revokePluginAuthorityV1,
  ruleSet,
  updateAuthority,
  updateCollectionPluginV1,
  updateCollectionV1,
  updatePluginV1,
  updateV1,
  updateV2,
} from '@metaplex-foundation/mpl-core';
import { none, some, type TransactionBuilder } from '@metaplex-foundation/umi';
import { Keypair } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { setRoyaltiesIx } from '../../client/index.ts';
import { context, instructions, key, signer } from '../../testing/mpl.ts';
import { refusal } from '../../testing/refusals.ts';
import { Scene, uriOf } from '../../testing/scene.ts';
import { CORES } from '../../testing/svm.ts';

const NEW = Keypair.generate();

/** Every way to write an asset or its collection that Core has, as this person would go it. */
function attempts(scene: Scene, who: Keypair): Record<string, TransactionBuilder> {
  const umi = context(scene.svm.payer);
  const collection = { collection: key(scene.collection), authority: signer(who) };
  const asset = { ...collection, asset: key(scene.asset) };
  const same = { newName: none<string>(), newUri: none<string>() };
  const me = addressPluginAuthority(key(who));
  const attributes = createPlugin({
    type: 'Attributes',
    data: { attributeList: [{ key: 'stage', value: '4' }] },
  });
  const delegate = createPlugin({ type: 'UpdateDelegate', data: { additionalDelegates: [key(who)] } });
  const royalties = createPlugin({
    type: 'Royalties',
    data: {
      basisPoints: 10_000,
      creators: [{ address: key(who), percentage: 100 }],
      ruleSet: ruleSet('None'),
    },
  });
  const ours = { pluginType: PluginType.Attributes };
  const away = some(updateAuthority('Address', [key(who)]));
  return {
    'the asset’s name': updateV1(umi, { ...asset, ...same, newName: some('Mine') }),
    'the asset’s URI': updateV1(umi, { ...asset, ...same, newUri: some(uriOf('f')) }),
    'its update authority': updateV2(umi, { ...asset, ...same, newUpdateAuthority: away }),
    'its attributes': updatePluginV1(umi, { ...asset, plugin: attributes }),
    'the authority over its attributes': approvePluginAuthorityV1(umi, {
      ...asset,
      ...ours,
      newAuthority: me,
    }),
    'taking them back': revokePluginAuthorityV1(umi, { ...asset, ...ours }),
    'removing them': removePluginV1(umi, { ...asset, ...ours }),
    'a delegate on the asset': addPluginV1(umi, { ...asset, plugin: delegate }),
    'royalties on the asset': addPluginV1(umi, { ...asset, plugin: royalties }),
    'a delegate on the collection': addCollectionPluginV1(umi, { ...collection, plugin: delegate }),
    'attributes on the collection': addCollectionPluginV1(umi, { ...collection, plugin: attributes }),
    'the collection’s royalties': updateCollectionPluginV1(umi, { ...collection, plugin: royalties }),
    'the collection’s name': updateCollectionV1(umi, { ...collection, ...same, newName: some('Mine') }),
    'the collection’s update authority': updateCollectionV1(umi, {
      ...collection,
      ...same,
      newUpdateAuthority: key(who),
    }),
    'another asset in it': createV1(umi, {
      ...collection,
      asset: signer(NEW),
      owner: key(who),
      name: 'Mine',
      uri: uriOf('f'),
    }),
  };
}

describe.each(CORES)('past the program (%s)', (core) => {
  it.each(['creator', 'minter', 'owner', 'stranger'] as const)(
    'cannot write asset or collection as %s',
    (role) => {
      const scene = Scene.living(core);
      const { creator, collection } = scene;
      const shares = [{ address: creator.publicKey, percentage: 100 }];
      const of = { payer: scene.payer, authority: creator.publicKey, collection, basisPoints: 500 };
      expect(refusal(scene.svm.send([setRoyaltiesIx({ ...of, shares })], [creator]))).toBeNull();
      const before = scene.everything();
      for (const [what, builder] of Object.entries(attempts(scene, scene[role]))) {
        const signers = what === 'another asset in it' ? [scene[role], NEW] : [scene[role]];
        expect(typeof scene.svm.send(instructions(builder), signers).error, what).toBe('number');
      }
      expect(scene.everything()).toEqual(before);
      // and the program still does
      expect(refusal(scene.evolve())).toBeNull();
    },
  );
});
