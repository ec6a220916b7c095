/** Random moves of the evolution program, and Core's own on what it has made. */
import {
  addressPluginAuthority,
  approveCollectionPluginAuthorityV1,
  approvePluginAuthorityV1,
  createPlugin,
  PluginType,
  revokeCollectionPluginAuthorityV1,
  revokePluginAuthorityV1,
  transferV1,
  updatePluginV1,
  updateV1,
} from '@metaplex-foundation/mpl-core';
import { none, some, type TransactionBuilder } from '@metaplex-foundation/umi';
import type { Keypair, PublicKey } from '@solana/web3.js';
import { DEFAULT_RULE, type GrowthRule } from '#shared/growth/index.ts';
import {
  assetAddress,
  collectionAddress,
  configAddress,
  createCollectionIx,
  decodeAsset,
  decodeConfig,
  decodeSymbiont,
  evolveIx,
  mintIx,
  setConsentIx,
  setPausedIx,
  setRuleIx,
  setZoneIx,
  symbiontAddress,
} from '../client/index.ts';
import { context, instructions, key, signer } from '../testing/mpl.ts';
import { uriOf } from '../testing/scene.ts';
import type { Ground, Move } from './ground.ts';

const EASY: GrowthRule = {
  ...DEFAULT_RULE,
  steps: DEFAULT_RULE.steps.map((step, i) => ({ ...step, minimum: 10 * (i + 1) })),
};
const U32 = 0xffff_ffff;

export function evolutionMoves(ground: Ground): Record<string, () => Move> {
  const { random, people } = ground;
  const umi = context(people[0]);
  const collections = people
    .slice(0, 2)
    .flatMap((creator) =>
      [0, 1].map((index) => ({ creator, index, collection: collectionAddress(creator.publicKey, index) })),
    );
  const assets = collections.flatMap(({ creator, collection }) =>
    [1, 2, 3].map((fill) => {
      const genome = new Uint8Array(32).fill(fill);
      return { creator, collection, genome, asset: assetAddress(collection, genome) };
    }),
  );
  for (const { collection } of collections)
    for (const one of [collection, configAddress(collection)]) ground.meet(one);
  for (const { asset } of assets) for (const one of [asset, symbiontAddress(asset)]) ground.meet(one);

  const holder = (found: PublicKey | null | undefined): Keypair =>
    people.find(({ publicKey }) => found?.equals(publicKey)) ?? random.pick(people);
  /** Mostly the rightful one. */
  const mostly = (right: Keypair): Keypair => (random.chance(85) ? right : random.pick(people));
  const configOf = (collection: PublicKey) => {
    const stored = ground.account(configAddress(collection));
    return stored && stored.data.length > 0 ? decodeConfig(stored.data) : null;
  };
  const symbiontOf = (asset: PublicKey) => {
    const stored = ground.account(symbiontAddress(asset));
    return stored && stored.data.length > 0 ? decodeSymbiont(stored.data) : null;
  };
  const ownerOf = (asset: PublicKey): Keypair => {
    const stored = ground.account(asset);
    return holder(stored && stored.data.length > 100 ? decodeAsset(asset, stored.data).owner : null);
  };
  const number = (): number => random.pick([0, 1, 5, 40, 1_000, U32, random.next()]);
  const move = (one: Move['instructions'][0], ...signers: Keypair[]): Move => ({
    instructions: [one],
    signers,
  });
  const core = (builder: TransactionBuilder, by: Keypair): Move => ({
    instructions: instructions(builder),
    // the context's payer, and who acts
    signers: [people[0], by],
  });

  return {
    create_collection: () => {
      const { creator, index } = random.pick(collections);
      const [payer, by] = [random.pick(people), mostly(creator)];
      const zone = random.chance(80) ? random.pick(people).publicKey : null;
      const rule = random.chance(90) ? EASY : { ...EASY, branchStage: random.below(256) };
      const args = {
        payer: payer.publicKey,
        creator: by.publicKey,
        index,
        name: 'Fuzz',
        uri: uriOf('c'),
        zone,
        rule,
      };
      return move(createCollectionIx(args), payer, by);
    },
    set_rule: () => {
      const { creator, collection } = random.pick(collections);
      const by = mostly(creator);
      return move(setRuleIx({ authority: by.publicKey, collection, rule: EASY }), by);
    },
    set_zone: () => {
      const { creator, collection } = random.pick(collections);
      const by = mostly(creator);
      const zone = random.chance(85) ? random.pick(people).publicKey : null;
      return move(setZoneIx({ authority: by.publicKey, collection, zone }), by);
    },
    set_paused: () => {
      const { creator, collection } = random.pick(collections);
      const by = mostly(creator);
      return move(setPausedIx({ authority: by.publicKey, collection, paused: random.chance(15) }), by);
    },
    mint: () => {
      const { creator, collection, genome } = random.pick(assets);
      const minter = mostly(random.chance(50) ? creator : holder(configOf(collection)?.zone));
      const [payer, owner] = [random.pick(people), random.pick(people)];
      const consent = random.chance(60);
      const args = {
        payer: payer.publicKey,
        minter: minter.publicKey,
        owner: owner.publicKey,
        collection,
        genome,
      };
      const ix = mintIx({ ...args, name: 'Mo', uri: uriOf('0'), picture: random.bytes(32), consent });
      return move(ix, payer, minter, ...(consent ? [owner] : []));
    },
    set_consent: () => {
      const { collection, asset } = random.pick(assets);
      const owner = mostly(ownerOf(asset));
      return move(
        setConsentIx({ owner: owner.publicKey, collection, asset, consent: random.chance(70) }),
        owner,
      );
    },
    evolve: () => {
      const { collection, asset } = random.pick(assets);
      const state = symbiontOf(asset);
      const zone = mostly(holder(configOf(collection)?.zone));
      const owner = random.chance(50) ? mostly(ownerOf(asset)) : null;
      const payer = random.pick(people);
      const before = state?.deeds ?? [0, 0, 0, 0, 0, 0, 0, 0];
      const deeds = before.map((deed) =>
        random.chance(3) ? number() : Math.min(U32, deed + random.below(20)),
      );
      const version = random.chance(90) ? (state?.version ?? 0n) : BigInt(random.below(5));
      const ix = evolveIx({
        payer: payer.publicKey,
        zone: zone.publicKey,
        owner: owner?.publicKey ?? null,
        collection,
        asset,
        deeds,
        version,
        uri: random.chance(90) ? uriOf(random.pick(['1', '2'])) : 'u',
        picture: random.bytes(32),
      });
      return move(ix, payer, zone, ...(owner ? [owner] : []));
    },
    core_transfer: () => {
      const { collection, asset } = random.pick(assets);
      const by = mostly(ownerOf(asset));
      const base = { asset: key(asset), collection: key(collection), authority: signer(by) };
      const to = { newOwner: key(random.pick(people)), compressionProof: none<never>() };
      return core(transferV1(umi, { ...base, ...to }), by);
    },
    core_update: () => {
      const { collection, asset, creator } = random.pick(assets);
      const by = mostly(creator);
      const base = { asset: key(asset), collection: key(collection), authority: signer(by) };
      return core(updateV1(umi, { ...base, newName: some('Ha'), newUri: some(uriOf('f')) }), by);
    },
    core_update_plugin: () => {
      const { collection, asset, creator } = random.pick(assets);
      const by = mostly(creator);
      const base = { asset: key(asset), collection: key(collection), authority: signer(by) };
      const attributeList = [{ key: 'stage', value: '4' }];
      const plugin = createPlugin({ type: 'Attributes', data: { attributeList } });
      return core(updatePluginV1(umi, { ...base, plugin }), by);
    },
    core_approve_attributes: () => {
      const { collection, asset, creator } = random.pick(assets);
      const by = random.pick([creator, ownerOf(asset), random.pick(people)]);
      const base = { asset: key(asset), collection: key(collection), authority: signer(by) };
      const newAuthority = addressPluginAuthority(key(by));
      const what = { pluginType: PluginType.Attributes, newAuthority };
      return core(approvePluginAuthorityV1(umi, { ...base, ...what }), by);
    },
    core_revoke_attributes: () => {
      const { collection, asset, creator } = random.pick(assets);
      const by = random.pick([creator, ownerOf(asset), random.pick(people)]);
      const base = { asset: key(asset), collection: key(collection), authority: signer(by) };
      return core(revokePluginAuthorityV1(umi, { ...base, pluginType: PluginType.Attributes }), by);
    },
    core_approve: () => {
      const { collection, creator } = random.pick(collections);
      const by = mostly(creator);
      const to = random.chance(80) ? configAddress(collection) : random.pick(people).publicKey;
      const newAuthority = addressPluginAuthority(key(to));
      const base = {
        collection: key(collection),
        authority: signer(by),
        pluginType: PluginType.UpdateDelegate,
      };
      return core(approveCollectionPluginAuthorityV1(umi, { ...base, newAuthority }), by);
    },
    core_revoke: () => {
      const { collection, creator } = random.pick(collections);
      // seldom by the creator: after it nothing evolves until it is approved again
      const by = random.chance(20) ? creator : random.pick(people);
      const base = {
        collection: key(collection),
        authority: signer(by),
        pluginType: PluginType.UpdateDelegate,
      };
      return core(revokeCollectionPluginAuthorityV1(umi, base), by);
    },
  };
}
