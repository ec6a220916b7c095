import { deserializeCollectionV1 } from '@metaplex-foundation/mpl-core';
import { lamports, publicKey } from '@metaplex-foundation/umi';
import { describe, expect, it } from 'vitest';
import { BAD_RULES } from '#shared/growth/bad-rules.ts';
import { DEFAULT_RULE, type GrowthRule, MAX_DEED } from '#shared/growth/index.ts';
import { CONSTANTS, MPL_CORE_ID } from '../../client/index.ts';
import { refusal } from '../../testing/refusals.ts';
import { Scene, uriOf } from '../../testing/scene.ts';
import { CORES } from '../../testing/svm.ts';

describe.each(CORES)('create_collection (%s)', (core) => {
  it('can make a collection that Metaplex reads', () => {
    const scene = new Scene(core);
    expect(refusal(scene.createCollection())).toBeNull();
    const stored = scene.svm.account(scene.collection)!;
    const read = deserializeCollectionV1({
      publicKey: publicKey(scene.collection.toBase58()),
      owner: publicKey(MPL_CORE_ID.toBase58()),
      data: stored.data,
      lamports: lamports(stored.lamports),
      executable: false,
    });
    expect(read.name).toBe('Symbionts');
    expect(read.uri).toBe(uriOf('c'));
    expect(read.updateAuthority).toBe(scene.config.toBase58());
    expect([read.numMinted, read.updateDelegate, read.royalties]).toEqual([0, undefined, undefined]);
  });

  it('can store rule, zone and authority', () => {
    const scene = new Scene(core);
    scene.createCollection();
    const config = scene.readConfig();
    expect(config.rule).toEqual(DEFAULT_RULE);
    expect(config.zone).toEqual(scene.court.zone);
    expect(config.minter).toEqual(scene.minter.publicKey);
    expect(config.proposed).toBeNull();
    expect(config.authority).toEqual(scene.creator.publicKey);
    expect(config.collection).toEqual(scene.collection);
    expect([config.minted, config.paused, config.dailyCap]).toEqual([0, false, 0]);
    expect(config).toMatchObject({ supply: 0, price: 0n, treasury: null, model: null });
  });

  it('can store the greatest rule', () => {
    const step = { thresholds: Array(8).fill(MAX_DEED), weights: Array(8).fill(255), minimum: MAX_DEED };
    const rule: GrowthRule = {
      steps: Array(5).fill(step),
      branchStage: 5,
      branches: Array(4).fill(Array(8).fill(255)),
    };
    const scene = new Scene(core);
    const longest = { name: 'n'.repeat(CONSTANTS.MAX_NAME), uri: 'u'.repeat(CONSTANTS.MAX_URI) };
    expect(refusal(scene.createCollection({ rule, ...longest }))).toBeNull();
    expect(scene.readConfig().rule).toEqual(rule);
  });

  it('can make several by one creator, without zone or minter, with a cap', () => {
    const scene = new Scene(core);
    expect(refusal(scene.createCollection({ index: 0, zone: null, minter: null, dailyCap: 3 }))).toBeNull();
    expect(refusal(scene.createCollection({ index: 0xffffffff }))).toBeNull();
    expect(scene.readConfig()).toMatchObject({ zone: null, minter: null, dailyCap: 3 });
  });

  it('can store supply, price, treasury and model, and none beyond their limits', () => {
    const scene = new Scene(core);
    const treasury = scene.stranger.publicKey;
    const model = new Uint8Array(32).fill(5);
    const terms = { supply: 500, price: BigInt(CONSTANTS.MAX_PRICE), treasury, model };
    expect(refusal(scene.createCollection({ ...terms, price: terms.price + 1n }))).toBe('PriceLimit');
    expect(refusal(scene.createCollection({ ...terms, treasury: null }))).toBe('TreasuryMissing');
    expect(scene.svm.account(scene.config)).toBeNull();
    expect(refusal(scene.createCollection(terms))).toBeNull();
    expect(scene.readConfig()).toMatchObject(terms);
  });

  it('cannot make the same one twice', () => {
    const scene = new Scene(core);
    scene.createCollection();
    const before = scene.everything();
    expect(refusal(scene.createCollection())).not.toBeNull();
    expect(scene.everything()).toEqual(before);
  });

  it('cannot take a name or URI that is empty or too long', () => {
    const scene = new Scene(core);
    expect(refusal(scene.createCollection({ name: '' }))).toBe('NameLength');
    expect(refusal(scene.createCollection({ name: 'n'.repeat(CONSTANTS.MAX_NAME + 1) }))).toBe('NameLength');
    expect(refusal(scene.createCollection({ name: 'ü'.repeat(17) }))).toBe('NameLength');
    expect(refusal(scene.createCollection({ uri: '' }))).toBe('UriLength');
    expect(refusal(scene.createCollection({ uri: 'u'.repeat(CONSTANTS.MAX_URI + 1) }))).toBe('UriLength');
    expect(scene.everything()).toEqual([null, null, null, null]);
  });

  it.each(BAD_RULES)('cannot take a rule with %s', (_, name, rule) => {
    const scene = new Scene(core);
    expect(refusal(scene.createCollection({ rule }))).toBe(name);
    expect(scene.svm.account(scene.config)).toBeNull();
  });

  it('cannot call another program than Core', () => {
    const scene = new Scene(core);
    const one = scene.createCollectionIx();
    const at = one.keys.findIndex(({ pubkey }) => pubkey.equals(MPL_CORE_ID));
    one.keys[at].pubkey = scene.stranger.publicKey;
    expect(refusal(scene.svm.send([one], [scene.creator]))).toBe('WrongCore');
  });

  it('cannot do without the creator’s signature', () => {
    const scene = new Scene(core);
    const one = scene.createCollectionIx();
    one.keys.find(({ pubkey }) => pubkey.equals(scene.creator.publicKey))!.isSigner = false;
    expect(refusal(scene.svm.send([one]))).toBe('MissingRequiredSignature');
  });
});
