import type { Keypair } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { acceptAuthorityIx, proposeAuthorityIx, setPausedIx } from '../../client/index.ts';
import { refusal } from '../../testing/refusals.ts';
import { Scene } from '../../testing/scene.ts';
import { CORES } from '../../testing/svm.ts';

describe.each(CORES)('propose_authority and accept_authority (%s)', (core) => {
  const propose = (scene: Scene, to: Keypair | null, authority = scene.creator) =>
    refusal(
      scene.svm.send(
        [
          proposeAuthorityIx({
            authority: authority.publicKey,
            collection: scene.collection,
            proposed: to?.publicKey ?? null,
          }),
        ],
        [authority],
      ),
    );
  const accept = (scene: Scene, who: Keypair) =>
    refusal(
      scene.svm.send([acceptAuthorityIx({ proposed: who.publicKey, collection: scene.collection })], [who]),
    );
  const pause = (scene: Scene, authority: Keypair) =>
    refusal(
      scene.svm.send(
        [setPausedIx({ authority: authority.publicKey, collection: scene.collection, paused: true })],
        [authority],
      ),
    );

  it('can hand a collection over in two steps', () => {
    const scene = Scene.living(core);
    expect(propose(scene, scene.stranger)).toBeNull();
    expect(scene.readConfig()).toMatchObject({
      authority: scene.creator.publicKey,
      proposed: scene.stranger.publicKey,
    });
    expect(pause(scene, scene.stranger)).toBe('WrongAuthority');
    expect(accept(scene, scene.stranger)).toBeNull();
    expect(scene.readConfig()).toMatchObject({ authority: scene.stranger.publicKey, proposed: null });
    expect(pause(scene, scene.creator)).toBe('WrongAuthority');
    expect(pause(scene, scene.stranger)).toBeNull();
  });

  it('can take an offer back, or make it to another', () => {
    const scene = Scene.living(core);
    propose(scene, scene.stranger);
    expect(propose(scene, null)).toBeNull();
    expect(accept(scene, scene.stranger)).toBe('WrongProposed');
    propose(scene, scene.stranger);
    expect(propose(scene, scene.owner)).toBeNull();
    expect(accept(scene, scene.stranger)).toBe('WrongProposed');
    expect(accept(scene, scene.owner)).toBeNull();
    expect(scene.readConfig().authority).toEqual(scene.owner.publicKey);
  });

  it('cannot be accepted twice, nor by anybody while nobody is proposed', () => {
    const scene = Scene.living(core);
    for (const who of [scene.creator, scene.stranger]) expect(accept(scene, who)).toBe('WrongProposed');
    propose(scene, scene.stranger);
    accept(scene, scene.stranger);
    expect(accept(scene, scene.stranger)).toBe('WrongProposed');
    expect(scene.readConfig().authority).toEqual(scene.stranger.publicKey);
  });

  it('cannot be proposed by another than the authority, the proposed one included', () => {
    const scene = Scene.living(core);
    propose(scene, scene.stranger);
    for (const who of [scene.stranger, scene.minter, scene.owner]) {
      expect(propose(scene, who, who)).toBe('WrongAuthority');
    }
    expect(scene.readConfig().proposed).toEqual(scene.stranger.publicKey);
  });

  it('cannot be accepted without the signature', () => {
    const scene = Scene.living(core);
    propose(scene, scene.stranger);
    const one = acceptAuthorityIx({ proposed: scene.stranger.publicKey, collection: scene.collection });
    one.keys[0].isSigner = false;
    expect(refusal(scene.svm.send([one]))).toBe('MissingRequiredSignature');
  });

  it('cannot be accepted for another collection', () => {
    const scene = Scene.living(core);
    scene.createCollection({ index: 1 });
    propose(scene, scene.stranger);
    const one = acceptAuthorityIx({ proposed: scene.stranger.publicKey, collection: scene.collection });
    one.keys[1].pubkey = scene.createCollectionIx({ index: 1 }).keys[2].pubkey;
    expect(refusal(scene.svm.send([one], [scene.stranger]))).toBe('WrongProposed');
  });
});
