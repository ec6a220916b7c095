import { Keypair } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { setMinterIx } from '../../client/index.ts';
import { refusal } from '../../testing/refusals.ts';
import { Scene } from '../../testing/scene.ts';
import { CORES } from '../../testing/svm.ts';

describe.each(CORES)('set_minter (%s)', (core) => {
  const set = (scene: Scene, minter: Keypair | null, authority: Keypair = scene.creator) =>
    refusal(
      scene.svm.send(
        [
          setMinterIx({
            authority: authority.publicKey,
            collection: scene.collection,
            minter: minter?.publicKey ?? null,
          }),
        ],
        [authority],
      ),
    );
  const another = { genome: new Uint8Array(32).fill(8), consent: false };

  it('can hand minting over: the new key mints, the old one no longer', () => {
    const scene = Scene.living(core);
    const next = Keypair.generate();
    expect(set(scene, next)).toBeNull();
    expect(scene.readConfig().minter).toEqual(next.publicKey);
    expect(refusal(scene.mint(another, [scene.minter]))).toBe('WrongMinter');
    expect(refusal(scene.mint({ ...another, minter: next.publicKey }, [next]))).toBeNull();
  });

  it('can revoke the minter: the authority still mints', () => {
    const scene = Scene.living(core);
    expect(set(scene, null)).toBeNull();
    expect(scene.readConfig().minter).toBeNull();
    expect(refusal(scene.mint(another, [scene.minter]))).toBe('WrongMinter');
    const byAuthority = { ...another, minter: scene.creator.publicKey };
    expect(refusal(scene.mint(byAuthority, [scene.creator]))).toBeNull();
  });

  it('cannot by another than the authority, the minter itself included', () => {
    const scene = Scene.living(core);
    for (const who of [scene.stranger, scene.minter, scene.owner]) {
      expect(set(scene, scene.stranger, who)).toBe('WrongAuthority');
    }
    expect(scene.readConfig().minter).toEqual(scene.minter.publicKey);
  });
});
