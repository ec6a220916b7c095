import type { Keypair } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { setModelIx } from '../../client/index.ts';
import { refusal } from '../../testing/refusals.ts';
import { Scene } from '../../testing/scene.ts';
import { CORES } from '../../testing/svm.ts';

describe.each(CORES)('set_model (%s)', (core) => {
  const model = new Uint8Array(32).fill(3);
  const set = (scene: Scene, to: Uint8Array | null, by: Keypair = scene.creator) => {
    const ix = setModelIx({ authority: by.publicKey, collection: scene.collection, model: to });
    return refusal(scene.svm.send([ix], [by]));
  };

  it('can be named and taken back before the first mint, and not after it', () => {
    const scene = new Scene(core);
    scene.createCollection();
    expect(set(scene, model)).toBeNull();
    expect(scene.readConfig().model).toEqual(model);
    expect(set(scene, null)).toBeNull();
    expect(set(scene, model)).toBeNull();
    scene.mint();
    expect(set(scene, null)).toBe('ModelFixed');
    expect(scene.readConfig().model).toEqual(model);
  });

  it('cannot by another than the authority', () => {
    const scene = new Scene(core);
    scene.createCollection();
    for (const who of [scene.stranger, scene.minter, scene.owner])
      expect(set(scene, model, who)).toBe('WrongAuthority');
    expect(scene.readConfig().model).toBeNull();
  });
});
