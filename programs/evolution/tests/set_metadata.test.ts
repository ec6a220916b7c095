import { deserializeCollectionV1 } from '@metaplex-foundation/mpl-core';
import { lamports, publicKey } from '@metaplex-foundation/umi';
import type { Keypair } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import {
  acceptAuthorityIx,
  CONSTANTS,
  MPL_CORE_ID,
  proposeAuthorityIx,
  setMetadataIx,
  setRoyaltiesIx,
} from '../../client/index.ts';
import { refusal } from '../../testing/refusals.ts';
import { Scene, uriOf } from '../../testing/scene.ts';
import { CORES } from '../../testing/svm.ts';

describe.each(CORES)('set_metadata (%s)', (core) => {
  const ix = (scene: Scene, name: string, uri: string, authority: Keypair = scene.creator) =>
    setMetadataIx({
      payer: scene.payer,
      authority: authority.publicKey,
      collection: scene.collection,
      name,
      uri,
    });
  const set = (scene: Scene, name: string, uri: string, authority: Keypair = scene.creator) =>
    refusal(scene.svm.send([ix(scene, name, uri, authority)], [authority]));
  const read = (scene: Scene) => {
    const stored = scene.svm.account(scene.collection)!;
    return deserializeCollectionV1({
      publicKey: publicKey(scene.collection.toBase58()),
      owner: publicKey(MPL_CORE_ID.toBase58()),
      data: stored.data,
      lamports: lamports(stored.lamports),
      executable: false,
    });
  };

  it('can give the collection another name and URI; all else stays', () => {
    const scene = Scene.living(core);
    expect(set(scene, 'Symbionts of spring', uriOf('d'))).toBeNull();
    const after = read(scene);
    expect([after.name, after.uri]).toEqual(['Symbionts of spring', uriOf('d')]);
    expect([after.updateAuthority, after.numMinted]).toEqual([scene.config.toBase58(), 1]);
    expect(refusal(scene.evolve())).toBeNull();
  });

  it('can be the longest, with royalties behind them', () => {
    const scene = Scene.living(core);
    const shares = [{ address: scene.creator.publicKey, percentage: 100 }];
    const of = { payer: scene.payer, authority: scene.creator.publicKey, collection: scene.collection };
    expect(
      refusal(scene.svm.send([setRoyaltiesIx({ ...of, basisPoints: 250, shares })], [scene.creator])),
    ).toBeNull();
    const [name, uri] = ['n'.repeat(CONSTANTS.MAX_NAME), 'u'.repeat(CONSTANTS.MAX_URI)];
    expect(set(scene, name, uri)).toBeNull();
    expect(read(scene)).toMatchObject({ name, uri, royalties: { basisPoints: 250 } });
    expect(refusal(scene.evolve())).toBeNull();
  });

  it('can by whoever authority was handed to, and no longer by whoever had it', () => {
    const scene = Scene.living(core);
    const { creator, stranger, collection } = scene;
    const hand = [
      proposeAuthorityIx({ authority: creator.publicKey, collection, proposed: stranger.publicKey }),
      acceptAuthorityIx({ proposed: stranger.publicKey, collection }),
    ];
    expect(hand.flatMap(({ keys }) => keys).some(({ pubkey }) => pubkey.equals(MPL_CORE_ID))).toBe(false);
    expect(refusal(scene.svm.send(hand, [creator, stranger]))).toBeNull();
    expect(set(scene, 'Symbionts!', uriOf('d'), creator)).toBe('WrongAuthority');
    expect(set(scene, 'Symbionts!', uriOf('d'), stranger)).toBeNull();
    expect(read(scene)).toMatchObject({ name: 'Symbionts!', updateAuthority: scene.config.toBase58() });
  });

  it('cannot take a name or URI that is empty, too long or shorter than before', () => {
    const scene = Scene.living(core);
    const before = scene.everything();
    expect(set(scene, '', uriOf('d'))).toBe('NameLength');
    expect(set(scene, 'n'.repeat(CONSTANTS.MAX_NAME + 1), uriOf('d'))).toBe('NameLength');
    expect(set(scene, 'Symbionts', '')).toBe('UriLength');
    expect(set(scene, 'Symbionts', 'u'.repeat(CONSTANTS.MAX_URI + 1))).toBe('UriLength');
    expect(set(scene, 'Symbiont', uriOf('d'))).toBe('NameShorter');
    expect(set(scene, 'Symbionts', uriOf('d').slice(1))).toBe('UriShorter');
    expect(scene.everything()).toEqual(before);
  });

  it('cannot by another than the authority, nor for another collection', () => {
    const scene = Scene.living(core);
    scene.createCollection({ creator: scene.stranger.publicKey }, [scene.stranger]);
    const theirs = scene.createCollectionIx({ creator: scene.stranger.publicKey }).keys[3].pubkey;
    const before = scene.everything();
    for (const who of [scene.stranger, scene.minter, scene.owner, scene.court.operator])
      expect(set(scene, 'Mine now!', uriOf('d'), who)).toBe('WrongAuthority');
    const one = ix(scene, 'Symbionts', uriOf('d'));
    one.keys.find(({ pubkey }) => pubkey.equals(scene.collection))!.pubkey = theirs;
    expect(refusal(scene.svm.send([one], [scene.creator]))).not.toBeNull();
    expect(scene.everything()).toEqual(before);
  });
});
