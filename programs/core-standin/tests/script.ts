/**
 * One long life of collections and assets: every instruction that the stand-in answers, and every
 * refusal. It is played on Metaplex Core's real binary to record what that does (record.ts) and on the
 * stand-in to see that it does the same.
 */
import {
  addCollectionPluginV1,
  addPluginV1,
  addressPluginAuthority,
  approveCollectionPluginAuthorityV1,
  approvePluginAuthorityV1,
  burnV1,
  createCollectionV1,
  createCollectionV2,
  createPlugin,
  createV1,
  createV2,
  DataState,
  nonePluginAuthority,
  PluginType,
  pluginAuthorityPair,
  removePluginV1,
  revokeCollectionPluginAuthorityV1,
  revokePluginAuthorityV1,
  transferV1,
  updateAuthority,
  updateCollectionPluginV1,
  updateCollectionV1,
  updatePluginAuthority,
  updatePluginV1,
  updateV1,
  updateV2,
} from '@metaplex-foundation/mpl-core';
import { none, some, type TransactionBuilder } from '@metaplex-foundation/umi';
import { Keypair, type PublicKey, type TransactionInstruction } from '@solana/web3.js';
import { context, instructions, key, signer } from '../../testing/mpl.ts';
import type { Svm } from '../../testing/svm.ts';

export interface Step {
  name: string;
  send: TransactionInstruction[];
  signers: Keypair[];
}

const named = (seed: number): Keypair => Keypair.fromSeed(new Uint8Array(32).fill(seed));

export const PEOPLE = {
  payer: named(1),
  creator: named(2),
  delegate: named(3),
  owner: named(4),
  other: named(5),
  stranger: named(6),
};

/** Every account that the script makes or could make. */
export const PLACES = {
  collection: named(20),
  second: named(21),
  bare: named(22),
  asset: named(30),
  free: named(31),
  loose: named(32),
  refused: named(33),
};

const { payer, creator, delegate, owner, other, stranger } = PEOPLE;
const { collection, second, bare, asset, free, loose, refused } = PLACES;
const umi = context(payer);
const address = (who: Keypair) => addressPluginAuthority(key(who));
const byUpdateAuthority = updatePluginAuthority();

const list = (...pairs: [string, string][]) => ({
  attributeList: pairs.map(([name, value]) => ({ key: name, value })),
});
const attributes = (...pairs: [string, string][]) =>
  createPlugin({ type: 'Attributes', data: list(...pairs) });
const updateDelegate = (...who: Keypair[]) =>
  createPlugin({ type: 'UpdateDelegate', data: { additionalDelegates: who.map(key) } });
const withAttributes = (authority: Parameters<typeof pluginAuthorityPair>[0]['authority']) =>
  pluginAuthorityPair({ type: 'Attributes', data: list(['stage', '0'], ['genome', 'ab']), authority });

const step = (name: string, builder: TransactionBuilder, ...signers: Keypair[]): Step => ({
  name,
  send: instructions(builder),
  signers,
});

/** Drops the last account of an instruction, or its last byte of data. */
const broken = (one: Step, change: (instruction: TransactionInstruction) => void): Step => {
  for (const instruction of one.send) change(instruction);
  return one;
};

const on = (who: Keypair, place: Keypair = asset) => ({
  asset: key(place),
  collection: key(collection),
  authority: signer(who),
});
const of = (who: Keypair, place: Keypair = collection) => ({
  collection: key(place),
  authority: signer(who),
});

export const SCRIPT: Step[] = [
  ...creating(),
  ...updating(),
  ...attributing(),
  ...authorising(),
  ...transferring(),
  ...refusing(),
];

function creating(): Step[] {
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

function updating(): Step[] {
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

function attributing(): Step[] {
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

function authorising(): Step[] {
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

function transferring(): Step[] {
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

function refusing(): Step[] {
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

/** One step's outcome and the state of every account after it. */
export interface Record {
  name: string;
  error: null | number | string;
  accounts: { [place: string]: { lamports: string; data: string } | null };
}

/** Plays one step; all keys of PEOPLE must be funded before. */
export function play(svm: Svm, one: Step): Record {
  const { error } = svm.send(one.send, one.signers, PEOPLE.payer);
  const state = ([place, keypair]: [string, { publicKey: PublicKey }]) => {
    const stored = svm.account(keypair.publicKey);
    const seen = stored && {
      lamports: stored.lamports.toString(),
      data: Buffer.from(stored.data).toString('base64'),
    };
    return [place, seen];
  };
  return { name: one.name, error, accounts: Object.fromEntries(Object.entries(PLACES).map(state)) };
}
