import type { Keypair } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { setConsentIx, setPausedIx } from '../../client/index.ts';
import { refusal } from '../../testing/refusals.ts';
import { Scene } from '../../testing/scene.ts';
import { CORES } from '../../testing/svm.ts';

describe.each(CORES)('set_paused (%s)', (core) => {
  const set = (scene: Scene, paused: boolean, authority: Keypair = scene.creator) =>
    refusal(
      scene.svm.send(
        [setPausedIx({ authority: authority.publicKey, collection: scene.collection, paused })],
        [authority],
      ),
    );

  it('can stop minting and evolving, and resume both', () => {
    const scene = Scene.living(core);
    expect(set(scene, true)).toBeNull();
    expect(scene.readConfig().paused).toBe(true);
    const before = scene.everything();
    const another = { genome: new Uint8Array(32).fill(8) };
    expect(refusal(scene.evolve())).toBe('Paused');
    expect(refusal(scene.mint(another))).toBe('Paused');
    expect(scene.everything()).toEqual(before);
    expect(set(scene, false)).toBeNull();
    expect(refusal(scene.evolve())).toBeNull();
    expect(refusal(scene.mint(another))).toBeNull();
  });

  it('cannot keep an owner from taking back consent', () => {
    const scene = Scene.living(core);
    set(scene, true);
    const withdraw = setConsentIx({
      owner: scene.owner.publicKey,
      collection: scene.collection,
      asset: scene.asset,
      consent: false,
    });
    expect(refusal(scene.svm.send([withdraw], [scene.owner]))).toBeNull();
    expect(scene.readSymbiont().consent).toBeNull();
  });

  it('cannot by another than the authority', () => {
    const scene = Scene.living(core);
    for (const who of [scene.stranger, scene.minter]) expect(set(scene, true, who)).toBe('WrongAuthority');
    expect(scene.readConfig().paused).toBe(false);
  });
});
