import { Keypair } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { setZoneIx } from '../../client/index.ts';
import { refusal } from '../../testing/refusals.ts';
import { Scene } from '../../testing/scene.ts';
import { CORES } from '../../testing/svm.ts';

describe.each(CORES)('set_zone (%s)', (core) => {
  const set = (scene: Scene, zone: Keypair | null, authority: Keypair = scene.creator) =>
    refusal(
      scene.svm.send(
        [
          setZoneIx({
            authority: authority.publicKey,
            collection: scene.collection,
            zone: zone?.publicKey ?? null,
          }),
        ],
        [authority],
      ),
    );

  it('can hand the zone over: the new key attests, the old one no longer', () => {
    const scene = Scene.living(core);
    const next = Keypair.generate();
    expect(set(scene, next)).toBeNull();
    expect(scene.readConfig().zone).toEqual(next.publicKey);
    expect(refusal(scene.evolve())).toBe('WrongZone');
    expect(refusal(scene.evolve({ zone: next.publicKey }, [next]))).toBeNull();
  });

  it('can revoke the zone: nobody attests or mints, the authority still mints', () => {
    const scene = Scene.living(core);
    expect(set(scene, null)).toBeNull();
    expect(scene.readConfig().zone).toBeNull();
    expect(refusal(scene.evolve())).toBe('WrongZone');
    const another = { genome: new Uint8Array(32).fill(8), consent: false };
    expect(refusal(scene.mint(another, [scene.zone]))).toBe('WrongMinter');
    const byAuthority = { ...another, minter: scene.creator.publicKey };
    expect(refusal(scene.mint(byAuthority, [scene.creator]))).toBeNull();
  });

  it('cannot by another than the authority, the zone itself included', () => {
    const scene = Scene.living(core);
    for (const who of [scene.stranger, scene.zone, scene.owner]) {
      expect(set(scene, scene.stranger, who)).toBe('WrongAuthority');
    }
    expect(scene.readConfig().zone).toEqual(scene.zone.publicKey);
  });

  it('cannot by the authority of another collection', () => {
    const scene = Scene.living(core);
    scene.createCollection({ creator: scene.stranger.publicKey }, [scene.stranger]);
    expect(set(scene, scene.stranger, scene.stranger)).toBe('WrongAuthority');
  });
});
