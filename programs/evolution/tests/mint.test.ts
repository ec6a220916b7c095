import { deserializeAssetV1 } from '@metaplex-foundation/mpl-core';
import { lamports, publicKey } from '@metaplex-foundation/umi';
import { Keypair } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { assetAddress, CONSTANTS, MPL_CORE_ID, mintIx, symbiontAddress } from '../../client/index.ts';
import { refusal } from '../../testing/refusals.ts';
import { Scene, uriOf } from '../../testing/scene.ts';
import { CORES } from '../../testing/svm.ts';

describe.each(CORES)('mint (%s)', (core) => {
  const fresh = () => {
    const scene = new Scene(core);
    scene.createCollection();
    return scene;
  };

  it('can mint a symbiont that Metaplex reads, with its attributes in order', () => {
    const scene = fresh();
    expect(refusal(scene.mint())).toBeNull();
    const stored = scene.svm.account(scene.asset)!;
    const read = deserializeAssetV1({
      publicKey: publicKey(scene.asset.toBase58()),
      owner: publicKey(MPL_CORE_ID.toBase58()),
      data: stored.data,
      lamports: lamports(stored.lamports),
      executable: false,
    });
    expect(read.owner).toBe(scene.owner.publicKey.toBase58());
    expect(read.updateAuthority).toMatchObject({ type: 'Collection', address: scene.collection.toBase58() });
    expect([read.name, read.uri]).toEqual(['Mo', uriOf('0')]);
    expect(read.attributes?.authority).toEqual({ type: 'UpdateAuthority' });
    expect(read.attributes?.attributeList).toEqual(
      Object.entries({
        stage: '0',
        branch: '0',
        deeds: '0,0,0,0,0,0,0,0'.padEnd(87),
        genome: '07'.repeat(32),
        version: '0',
        picture: '09'.repeat(32),
      }).map(([key, value]) => ({ key, value })),
    );
  });

  it('can store what the program needs of it', () => {
    const scene = fresh();
    scene.mint();
    expect(scene.readSymbiont()).toEqual({
      asset: scene.asset,
      config: scene.config,
      consent: scene.owner.publicKey,
      genome: scene.genome,
      picture: new Uint8Array(32).fill(9),
      version: 0n,
      day: 0,
      today: 0,
      deeds: [0, 0, 0, 0, 0, 0, 0, 0],
      stage: 0,
      branch: 0,
      parents: null,
      rested: 0n,
      bred: 0,
      generation: 0,
    });
    expect(scene.readConfig().minted).toBe(1);
  });

  it('can show every byte of genome and picture in hexadecimal', () => {
    const scene = fresh();
    const genome = Uint8Array.from({ length: 32 }, (_, i) => i * 8 + (i % 8));
    const picture = Uint8Array.from({ length: 32 }, (_, i) => 255 - i * 7);
    scene.mint({ genome, picture });
    const data = scene.svm.account(assetAddress(scene.collection, genome))!.data;
    const text = Buffer.from(data).toString('latin1');
    expect(text).toContain(Buffer.from(genome).toString('hex'));
    expect(text).toContain(Buffer.from(picture).toString('hex'));
  });

  it('can mint for somebody who does not sign: then no consent stands', () => {
    const scene = fresh();
    expect(refusal(scene.mint({ consent: false }, [scene.minter]))).toBeNull();
    expect(scene.readSymbiont().consent).toBeNull();
  });

  it('can mint by the collection’s authority, with the longest name and URI', () => {
    const scene = fresh();
    const over = {
      minter: scene.creator.publicKey,
      name: 'n'.repeat(CONSTANTS.MAX_NAME),
      uri: 'u'.repeat(CONSTANTS.MAX_URI),
    };
    expect(refusal(scene.mint(over, [scene.creator, scene.owner]))).toBeNull();
    expect(scene.readAsset()).toMatchObject({ name: over.name, uri: over.uri });
  });

  it('cannot mint one genome twice in a collection: sending twice changes nothing', () => {
    const scene = fresh();
    scene.mint();
    const before = scene.everything();
    expect(refusal(scene.mint())).not.toBeNull();
    expect(
      refusal(scene.mint({ owner: scene.stranger.publicKey, consent: false }, [scene.minter])),
    ).not.toBeNull();
    expect(scene.everything()).toEqual(before);
  });

  it('cannot mint by a stranger or by the owner', () => {
    const scene = fresh();
    for (const who of [scene.stranger, scene.owner]) {
      const minter = { minter: who.publicKey };
      expect(refusal(scene.mint(minter, [who, scene.owner]))).toBe('WrongMinter');
    }
    expect(scene.readConfig().minted).toBe(0);
  });

  it('cannot claim consent that the owner does not sign', () => {
    const scene = fresh();
    const one = mintIx({
      payer: scene.payer,
      minter: scene.minter.publicKey,
      owner: scene.owner.publicKey,
      collection: scene.collection,
      genome: scene.genome,
      name: 'Mo',
      uri: 'u',
      picture: scene.genome,
      consent: true,
    });
    one.keys.find(({ pubkey }) => pubkey.equals(scene.owner.publicKey))!.isSigner = false;
    expect(refusal(scene.svm.send([one], [scene.minter]))).toBe('ConsentMissing');
  });

  it('cannot take a name or URI that is empty or too long', () => {
    const scene = fresh();
    expect(refusal(scene.mint({ name: '' }))).toBe('NameLength');
    expect(refusal(scene.mint({ name: 'n'.repeat(CONSTANTS.MAX_NAME + 1) }))).toBe('NameLength');
    expect(refusal(scene.mint({ uri: '' }))).toBe('UriLength');
    expect(refusal(scene.mint({ uri: 'u'.repeat(CONSTANTS.MAX_URI + 1) }))).toBe('UriLength');
    expect(scene.svm.account(scene.asset)).toBeNull();
  });

  it('cannot mint into another collection, Core’s or the program’s', () => {
    const scene = fresh();
    const other = Scene.living(core);
    const swap = (index: number, to: Keypair['publicKey']) => {
      const one = scene.mintIx({ consent: false });
      one.keys[index].pubkey = to;
      return refusal(scene.svm.send([one], [scene.minter]));
    };
    const { data, lamports: held, owner } = other.svm.account(other.collection)!;
    scene.svm.forge(other.collection, { data, lamports: held, owner });
    expect(swap(4, other.collection)).not.toBeNull();
    const foreign = other.svm.account(other.config)!;
    scene.svm.forge(other.config, foreign);
    expect(swap(3, other.config)).not.toBeNull();
    expect(scene.readConfig().minted).toBe(0);
  });

  it('cannot put asset or state anywhere else than their addresses', () => {
    const scene = fresh();
    const elsewhere = Keypair.generate();
    for (const index of [5, 6]) {
      const one = scene.mintIx({ consent: false });
      one.keys[index] = { pubkey: elsewhere.publicKey, isSigner: true, isWritable: true };
      expect(refusal(scene.svm.send([one], [scene.minter, elsewhere]))).not.toBeNull();
    }
    expect(scene.svm.account(scene.asset)).toBeNull();
    expect(scene.svm.account(symbiontAddress(scene.asset))).toBeNull();
  });

  it('cannot call another program than Core', () => {
    const scene = fresh();
    const one = scene.mintIx({ consent: false });
    one.keys.find(({ pubkey }) => pubkey.equals(MPL_CORE_ID))!.pubkey = scene.stranger.publicKey;
    expect(refusal(scene.svm.send([one], [scene.minter]))).toBe('WrongCore');
  });
});
