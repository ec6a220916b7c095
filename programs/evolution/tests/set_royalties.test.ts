import { deserializeCollectionV1 } from '@metaplex-foundation/mpl-core';
import { lamports, publicKey } from '@metaplex-foundation/umi';
import { Keypair } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { CONSTANTS, MPL_CORE_ID, type RoyaltyShare, setRoyaltiesIx } from '../../client/index.ts';
import { refusal } from '../../testing/refusals.ts';
import { Scene } from '../../testing/scene.ts';
import { CORES } from '../../testing/svm.ts';
import { transfer } from './transfer.ts';

const to = (percentage: number): RoyaltyShare => ({ address: Keypair.generate().publicKey, percentage });

describe.each(CORES)('set_royalties (%s)', (core) => {
  const set = (scene: Scene, basisPoints: number, shares: RoyaltyShare[], authority = scene.creator) =>
    refusal(
      scene.svm.send(
        [
          setRoyaltiesIx({
            payer: scene.payer,
            authority: authority.publicKey,
            collection: scene.collection,
            basisPoints,
            shares,
          }),
        ],
        [authority],
      ),
    );
  const read = (scene: Scene) => {
    const stored = scene.svm.account(scene.collection)!;
    return deserializeCollectionV1({
      publicKey: publicKey(scene.collection.toBase58()),
      owner: publicKey(MPL_CORE_ID.toBase58()),
      data: stored.data,
      lamports: lamports(stored.lamports),
      executable: false,
    }).royalties;
  };
  const shown = (basisPoints: number, shares: RoyaltyShare[]) => ({
    basisPoints,
    creators: shares.map(({ address, percentage }) => ({ address: address.toBase58(), percentage })),
    ruleSet: { type: 'None' },
    authority: { type: 'UpdateAuthority' },
  });

  it('can be set before the first mint and changed after it, longer and shorter', () => {
    const scene = new Scene(core);
    scene.createCollection();
    expect(read(scene)).toBeUndefined();
    const lists = [[to(100)], [20, 20, 20, 20, 20].map(to), [to(1), to(99)], [to(0), to(100)]];
    for (const [i, shares] of lists.entries()) {
      expect(set(scene, 10_000 - i, shares)).toBeNull();
      expect(read(scene)).toMatchObject(shown(10_000 - i, shares));
      if (i === 0) expect(refusal(scene.mint())).toBeNull();
    }
    expect(refusal(scene.mint({ genome: new Uint8Array(32).fill(8) }))).toBeNull();
    expect(refusal(scene.evolve())).toBeNull();
    expect(read(scene)).toMatchObject(shown(9_997, lists[3]));
  });

  it('never stand in the way of a transfer', () => {
    const scene = Scene.living(core);
    expect(set(scene, 10_000, [to(100)])).toBeNull();
    transfer(scene, scene.owner, scene.stranger);
    expect(scene.readAsset().owner).toEqual(scene.stranger.publicKey);
  });

  it('cannot ask for more than all, nor be shared out in part, beyond the whole, to one twice or to many', () => {
    const scene = Scene.living(core);
    set(scene, 500, [to(100)]);
    const before = scene.everything();
    const one = to(50);
    expect(set(scene, 10_001, [to(100)])).toBe('BasisPoints');
    expect(set(scene, 0xffff, [to(100)])).toBe('BasisPoints');
    const bad = [
      [],
      [to(99)],
      [to(100), to(1)],
      [to(255), to(101)],
      [one, one],
      [...[16, 16, 16, 16, 16].map(to), to(20)],
    ];
    expect(bad[5].length).toBe(CONSTANTS.MAX_SHARES + 1);
    for (const shares of bad) expect(set(scene, 500, shares)).toBe('Shares');
    expect(scene.everything()).toEqual(before);
  });

  it('cannot by another than the authority', () => {
    const scene = Scene.living(core);
    for (const who of [scene.stranger, scene.minter, scene.owner, scene.court.operator])
      expect(set(scene, 500, [to(100)], who)).toBe('WrongAuthority');
    expect(read(scene)).toBeUndefined();
  });
});
