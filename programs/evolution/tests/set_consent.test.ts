import type { Keypair } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { setConsentIx, symbiontAddress } from '../../client/index.ts';
import { refusal } from '../../testing/refusals.ts';
import { Scene } from '../../testing/scene.ts';
import { CORES } from '../../testing/svm.ts';
import { transfer } from './transfer.ts';

describe.each(CORES)('set_consent (%s)', (core) => {
  const instruction = (scene: Scene, consent: boolean, owner: Keypair = scene.owner) =>
    setConsentIx({ owner: owner.publicKey, collection: scene.collection, asset: scene.asset, consent });
  const set = (scene: Scene, consent: boolean, owner: Keypair = scene.owner) =>
    refusal(scene.svm.send([instruction(scene, consent, owner)], [owner]));

  it('can take consent back and give it again', () => {
    const scene = Scene.living(core);
    expect(set(scene, false)).toBeNull();
    expect(scene.readSymbiont().consent).toBeNull();
    expect(refusal(scene.evolve())).toBe('ConsentMissing');
    expect(set(scene, true)).toBeNull();
    expect(scene.readSymbiont().consent).toEqual(scene.owner.publicKey);
    expect(refusal(scene.evolve())).toBeNull();
  });

  it('cannot by another than the present owner', () => {
    const scene = Scene.living(core);
    for (const who of [scene.stranger, scene.minter, scene.creator]) {
      expect(set(scene, false, who)).toBe('WrongOwner');
    }
    expect(scene.readSymbiont().consent).toEqual(scene.owner.publicKey);
  });

  it('cannot by a former owner, but by the new one', () => {
    const scene = Scene.living(core);
    transfer(scene, scene.owner, scene.stranger);
    expect(set(scene, true, scene.owner)).toBe('WrongOwner');
    expect(set(scene, true, scene.stranger)).toBeNull();
    expect(scene.readSymbiont().consent).toEqual(scene.stranger.publicKey);
  });

  it('cannot without the owner’s signature', () => {
    const scene = Scene.living(core);
    const one = instruction(scene, false);
    one.keys[0].isSigner = false;
    expect(refusal(scene.svm.send([one]))).toBe('MissingRequiredSignature');
  });

  it('cannot with another’s asset, config or state', () => {
    const scene = Scene.living(core);
    const mine = { genome: new Uint8Array(32).fill(8), owner: scene.stranger.publicKey, consent: false };
    scene.mint(mine, [scene.minter]);
    scene.createCollection({ index: 1 });
    const swap = (index: number, to: Keypair['publicKey'], by = scene.stranger) => {
      const one = instruction(scene, false, by);
      one.keys[index].pubkey = to;
      return refusal(scene.svm.send([one], [by]));
    };
    const myAsset = scene.mintIx(mine).keys[5].pubkey;
    // my asset before another's state
    expect(swap(3, myAsset)).not.toBeNull();
    expect(swap(2, symbiontAddress(myAsset), scene.owner)).not.toBeNull();
    const otherConfig = scene.createCollectionIx({ index: 1 }).keys[2].pubkey;
    expect(swap(1, otherConfig, scene.owner)).toBe('WrongConfig');
    expect(scene.readSymbiont().consent).toEqual(scene.owner.publicKey);
  });

  it('cannot with a forged asset that another program owns', () => {
    const scene = Scene.living(core);
    const real = scene.svm.account(scene.asset)!;
    scene.svm.forge(scene.asset, { ...real, owner: scene.stranger.publicKey });
    expect(set(scene, false)).toBe('NotInCollection');
  });
});
