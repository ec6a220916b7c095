import type { Keypair } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { setSupplyIx } from '../../client/index.ts';
import { refusal } from '../../testing/refusals.ts';
import { Scene } from '../../testing/scene.ts';
import { CORES } from '../../testing/svm.ts';

describe.each(CORES)('set_supply (%s)', (core) => {
  const set = (scene: Scene, supply: number, by: Keypair = scene.creator) => {
    const ix = setSupplyIx({ authority: by.publicKey, collection: scene.collection, supply });
    return refusal(scene.svm.send([ix], [by]));
  };
  const genome = (fill: number) => ({ genome: new Uint8Array(32).fill(fill) });

  it('can limit a collection, and lower the limit to what is minted: then nothing more is', () => {
    const scene = Scene.living(core);
    expect(set(scene, 0xffff_ffff)).toBeNull();
    expect(set(scene, 2)).toBeNull();
    expect(refusal(scene.mint(genome(8)))).toBeNull();
    const before = scene.everything();
    expect(refusal(scene.mint(genome(9)))).toBe('SoldOut');
    // nor by the authority
    const own = { ...genome(9), minter: scene.creator.publicKey };
    expect(refusal(scene.mint(own, [scene.creator, scene.owner]))).toBe('SoldOut');
    expect(scene.everything()).toEqual(before);
    expect(scene.readConfig()).toMatchObject({ supply: 2, minted: 2 });
  });

  it('cannot raise or lift a limit, nor go below what is minted', () => {
    const scene = new Scene(core);
    scene.createCollection({ supply: 3 });
    expect(set(scene, 4)).toBe('SupplyRaised');
    expect(set(scene, 0)).toBe('SupplyRaised');
    for (const fill of [7, 8]) scene.mint(genome(fill));
    expect(set(scene, 1)).toBe('SupplyBelowMinted');
    expect(set(scene, 2)).toBeNull();
    expect(set(scene, 3)).toBe('SupplyRaised');
    expect(scene.readConfig().supply).toBe(2);
  });

  it('cannot by another than the authority', () => {
    const scene = Scene.living(core);
    for (const who of [scene.stranger, scene.minter, scene.owner])
      expect(set(scene, 5, who)).toBe('WrongAuthority');
    expect(scene.readConfig().supply).toBe(0);
  });
});
