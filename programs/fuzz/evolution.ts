/** Random moves of the evolution program, and Core's own on what it has made. */
import {
  addCollectionPluginV1,
  addressPluginAuthority,
  approvePluginAuthorityV1,
  createPlugin,
  PluginType,
  revokePluginAuthorityV1,
  transferV1,
  updateCollectionV1,
  updatePluginV1,
  updateV1,
} from '@metaplex-foundation/mpl-core';
import { none, some, type TransactionBuilder } from '@metaplex-foundation/umi';
import type { Keypair, PublicKey } from '@solana/web3.js';
import { DEFAULT_RULE, type GrowthRule } from '#shared/growth/index.ts';
import { appearance, encodeDeed } from '#shared/proof/index.ts';
import { zoneAddress } from '../client/chronicle.ts';
import {
  acceptAuthorityIx,
  assetAddress,
  collectionAddress,
  configAddress,
  createCollectionIx,
  decodeAsset,
  decodeConfig,
  decodeSymbiont,
  evolveIx,
  mintIx,
  proposeAuthorityIx,
  setConsentIx,
  setDailyCapIx,
  setMetadataIx,
  setMinterIx,
  setModelIx,
  setPausedIx,
  setPriceIx,
  setRoyaltiesIx,
  setRuleIx,
  setSupplyIx,
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

/** The zones that chronicle's moves play with. */
export function zonesOf({ people }: Ground) {
  return people.slice(2, 4).map((authority, i) => {
    const number = 7 + i;
    return { authority, number, zone: zoneAddress(authority.publicKey, number) };
  });
}

const collectionsOf = ({ people }: Ground) =>
  people.slice(0, 2).flatMap((creator) =>
    [0, 1].map((index) => ({
      creator,
      index,
      collection: collectionAddress(creator.publicKey, index),
    })),
  );

export const assetsOf = (ground: Ground) =>
  collectionsOf(ground).flatMap(({ creator, collection }) =>
    [1, 2, 3].map((fill) => {
      const genome = new Uint8Array(32).fill(fill);
      return { creator, collection, genome, asset: assetAddress(collection, genome) };
    }),
  );

/** What operators may write of symbionts: mostly what they did, sometimes an old version or fewer deeds. */
export function deedWriter(ground: Ground) {
  const { random } = ground;
  const assets = assetsOf(ground).map((one) => ({ ...one, state: symbiontAddress(one.asset) }));
  const minted = () => assets.filter(({ state }) => (ground.account(state)?.data.length ?? 0) > 0);
  const number = (): number => random.pick([0, 1, 5, 40, 1_000, U32, random.next()]);
  return (zone: number, epoch: number) => {
    const there = random.chance(90) ? minted() : [];
    const { asset, collection, state: place } = random.pick(there.length > 0 ? there : assets);
    const stored = ground.account(place);
    const state = stored && stored.data.length > 0 ? decodeSymbiont(stored.data) : null;
    const before = state?.deeds ?? [0, 0, 0, 0, 0, 0, 0, 0];
    const counters = before.map((deed) =>
      random.chance(3) ? number() : Math.min(U32, deed + random.below(20)),
    );
    const version = random.chance(90) ? (state?.version ?? 0n) : BigInt(random.below(5));
    const [uri, picture] = [random.chance(95) ? uriOf(random.pick(['1', '2'])) : 'u', random.bytes(32)];
    const shown = random.chance(95) ? appearance(picture, uri) : random.bytes(32);
    const leaf = encodeDeed({ zone, epoch, asset: asset.toBytes(), version, counters, appearance: shown });
    return { leaf, asset, collection, uri, picture };
  };
}

export function evolutionMoves(ground: Ground): Record<string, () => Move> {
  const { random, people } = ground;
  const umi = context(people[0]);
  const [collections, assets] = [collectionsOf(ground), assetsOf(ground)];
  const zones = zonesOf(ground);
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
  const ownerOf = (asset: PublicKey): Keypair => {
    const stored = ground.account(asset);
    return holder(stored && stored.data.length > 100 ? decodeAsset(asset, stored.data).owner : null);
  };
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
      const zone = random.chance(95) ? random.pick(zones).zone : null;
      const minter = random.chance(80) ? random.pick(people).publicKey : null;
      const dailyCap = random.pick([0, 0, 3]);
      const rule = random.chance(90) ? EASY : { ...EASY, branchStage: random.below(256) };
      const args = {
        payer: payer.publicKey,
        creator: by.publicKey,
        index,
        name: 'Fuzz',
        uri: uriOf('c'),
        zone,
        minter,
        dailyCap,
        supply: random.pick([0, 0, 12]),
        price: random.pick([0n, 0n, 1_000_000n]),
        treasury: random.chance(90) ? random.pick(people).publicKey : null,
        model: random.chance(20) ? random.bytes(32) : null,
        rule,
      };
      return move(createCollectionIx(args), payer, by);
    },
    set_rule: () => {
      const { creator, collection } = random.pick(collections);
      const by = mostly(holder(configOf(collection)?.authority ?? creator.publicKey));
      return move(setRuleIx({ authority: by.publicKey, collection, rule: EASY }), by);
    },
    set_zone: () => {
      const { creator, collection } = random.pick(collections);
      const by = mostly(holder(configOf(collection)?.authority ?? creator.publicKey));
      const zone = random.chance(95) ? random.pick(zones).zone : null;
      return move(setZoneIx({ authority: by.publicKey, collection, zone }), by);
    },
    set_paused: () => {
      const { creator, collection } = random.pick(collections);
      const by = mostly(holder(configOf(collection)?.authority ?? creator.publicKey));
      return move(setPausedIx({ authority: by.publicKey, collection, paused: random.chance(15) }), by);
    },
    mint: () => {
      const { creator, collection, genome } = random.pick(assets);
      const minter = mostly(random.chance(50) ? creator : holder(configOf(collection)?.minter));
      const [payer, owner] = [random.pick(people), random.pick(people)];
      const consent = random.chance(60);
      const args = {
        payer: payer.publicKey,
        minter: minter.publicKey,
        owner: owner.publicKey,
        collection,
        genome,
        treasury: random.chance(90)
          ? (configOf(collection)?.treasury ?? null)
          : random.pick(people).publicKey,
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
    set_minter: () => {
      const { creator, collection } = random.pick(collections);
      const by = mostly(holder(configOf(collection)?.authority ?? creator.publicKey));
      const minter = random.chance(85) ? random.pick(people).publicKey : null;
      return move(setMinterIx({ authority: by.publicKey, collection, minter }), by);
    },
    set_daily_cap: () => {
      const { creator, collection } = random.pick(collections);
      const by = mostly(holder(configOf(collection)?.authority ?? creator.publicKey));
      const dailyCap = random.pick([0, 2, 9]);
      return move(setDailyCapIx({ authority: by.publicKey, collection, dailyCap }), by);
    },
    set_supply: () => {
      const { creator, collection } = random.pick(collections);
      const by = mostly(holder(configOf(collection)?.authority ?? creator.publicKey));
      const supply = random.pick([0, 3, 9, 12, 40, U32]);
      return move(setSupplyIx({ authority: by.publicKey, collection, supply }), by);
    },
    set_price: () => {
      const { creator, collection } = random.pick(collections);
      const by = mostly(holder(configOf(collection)?.authority ?? creator.publicKey));
      const price = random.pick([0n, 5n, 2_000_000n, 1n << 63n]);
      const treasury = random.chance(85) ? random.pick(people).publicKey : null;
      return move(setPriceIx({ authority: by.publicKey, collection, price, treasury }), by);
    },
    set_model: () => {
      const { creator, collection } = random.pick(collections);
      const by = mostly(holder(configOf(collection)?.authority ?? creator.publicKey));
      return move(setModelIx({ authority: by.publicKey, collection, model: random.bytes(32) }), by);
    },
    set_metadata: () => {
      const { creator, collection } = random.pick(collections);
      const by = mostly(holder(configOf(collection)?.authority ?? creator.publicKey));
      const payer = random.pick(people);
      const name = random.pick(['Fuzz', 'Fizz', 'Fuzzy']);
      const args = { authority: by.publicKey, payer: payer.publicKey, collection, name, uri: uriOf('d') };
      return move(setMetadataIx(args), payer, by);
    },
    set_royalties: () => {
      const { creator, collection } = random.pick(collections);
      const by = mostly(holder(configOf(collection)?.authority ?? creator.publicKey));
      const payer = random.pick(people);
      const percentages = random.pick([[100], [40, 60], [0, 50, 50], [101], [50], []]);
      const shares = percentages.map((percentage, i) => ({ address: people[i].publicKey, percentage }));
      const basisPoints = random.pick([0, 500, 10_000, 10_001]);
      const args = { authority: by.publicKey, payer: payer.publicKey, collection, basisPoints, shares };
      return move(setRoyaltiesIx(args), payer, by);
    },
    propose_authority: () => {
      const { creator, collection } = random.pick(collections);
      const by = mostly(holder(configOf(collection)?.authority ?? creator.publicKey));
      const proposed = random.chance(80) ? random.pick(people).publicKey : null;
      return move(proposeAuthorityIx({ authority: by.publicKey, collection, proposed }), by);
    },
    accept_authority: () => {
      const { collection } = random.pick(collections);
      const by = mostly(holder(configOf(collection)?.proposed));
      return move(acceptAuthorityIx({ proposed: by.publicKey, collection }), by);
    },
    evolve: () => {
      const deed = ground.deeds.length > 0 ? random.pick(ground.deeds.slice(-15)) : null;
      const { collection, asset } = deed ?? random.pick(assets);
      const owner = random.chance(70) ? mostly(ownerOf(asset)) : null;
      const payer = random.pick(people);
      const ix = evolveIx({
        payer: payer.publicKey,
        owner: owner?.publicKey ?? null,
        collection,
        asset,
        zone: deed?.zone ?? random.pick(zones).zone,
        uri: deed && random.chance(97) ? deed.uri : uriOf('3'),
        picture: deed?.picture ?? random.bytes(32),
        ...(deed?.published ?? { index: 0, leaf: random.bytes(116), path: [] }),
      });
      return move(ix, payer, ...(owner ? [owner] : []));
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
    core_update_collection: () => {
      const { collection, creator } = random.pick(collections);
      const by = mostly(creator);
      const what = { newName: none<string>(), newUri: none<string>(), newUpdateAuthority: key(by) };
      return core(
        updateCollectionV1(umi, { collection: key(collection), authority: signer(by), ...what }),
        by,
      );
    },
    core_delegate: () => {
      const { collection, creator } = random.pick(collections);
      const by = mostly(creator);
      const plugin = createPlugin({ type: 'UpdateDelegate', data: { additionalDelegates: [key(by)] } });
      return core(
        addCollectionPluginV1(umi, { collection: key(collection), authority: signer(by), plugin }),
        by,
      );
    },
  };
}
