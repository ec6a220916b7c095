import type { Keypair, PublicKey } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { zoneAddress } from '../../client/chronicle.ts';
import { setZoneIx } from '../../client/index.ts';
import { refusal } from '../../testing/refusals.ts';
import { Scene } from '../../testing/scene.ts';
import { CORES } from '../../testing/svm.ts';

describe.each(CORES)('set_zone (%s)', (core) => {
  const set = (scene: Scene, zone: PublicKey | null, authority: Keypair = scene.creator) =>
    refusal(
      scene.svm.send(
        [setZoneIx({ authority: authority.publicKey, collection: scene.collection, zone })],
        [authority],
      ),
    );

  it('can name another zone: what the one before published counts no longer', () => {
    const scene = Scene.living(core);
    const other = zoneAddress(scene.stranger.publicKey, scene.court.number);
    expect(set(scene, other)).toBeNull();
    expect(scene.readConfig().zone).toEqual(other);
    expect(refusal(scene.evolve())).toBe('WrongZone');
    // nor does what is not registered yet
    expect(refusal(scene.evolve({ zone: other }))).toBe('NotAZone');
    expect(set(scene, scene.court.zone)).toBeNull();
    expect(refusal(scene.evolve())).toBeNull();
  });

  it('can leave the collection without a zone: it still mints, and nothing evolves', () => {
    const scene = Scene.living(core);
    expect(set(scene, null)).toBeNull();
    expect(scene.readConfig().zone).toBeNull();
    expect(refusal(scene.evolve())).toBe('WrongZone');
    const another = { genome: new Uint8Array(32).fill(8), consent: false };
    expect(refusal(scene.mint(another, [scene.minter]))).toBeNull();
  });

  it('cannot by another than the authority, the zone’s own people included', () => {
    const scene = Scene.living(core);
    const { authority, operator } = scene.court;
    for (const who of [scene.stranger, scene.minter, scene.owner, authority, operator]) {
      expect(set(scene, scene.stranger.publicKey, who)).toBe('WrongAuthority');
    }
    expect(scene.readConfig().zone).toEqual(scene.court.zone);
  });

  it('cannot by the authority of another collection', () => {
    const scene = Scene.living(core);
    scene.createCollection({ creator: scene.stranger.publicKey }, [scene.stranger]);
    expect(set(scene, scene.court.zone, scene.stranger)).toBe('WrongAuthority');
  });
});
