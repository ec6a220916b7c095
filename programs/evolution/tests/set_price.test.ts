import type { Keypair, PublicKey } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { CONSTANTS, setPriceIx } from '../../client/index.ts';
import { refusal } from '../../testing/refusals.ts';
import { Scene } from '../../testing/scene.ts';
import { CORES } from '../../testing/svm.ts';

const PRICE = 50_000_000n;

describe.each(CORES)('set_price (%s)', (core) => {
  const set = (
    scene: Scene,
    price: bigint,
    treasury: PublicKey | null = scene.creator.publicKey,
    by: Keypair = scene.creator,
  ) => {
    const ix = setPriceIx({ authority: by.publicKey, collection: scene.collection, price, treasury });
    return refusal(scene.svm.send([ix], [by]));
  };
  const held = (scene: Scene, key: PublicKey) => scene.svm.account(key)?.lamports ?? 0n;
  const another = { genome: new Uint8Array(32).fill(8), consent: false };

  it('can ask for a price: a mint by the minter pays it to the treasury', () => {
    const scene = Scene.living(core);
    const treasury = scene.creator.publicKey;
    expect(set(scene, PRICE)).toBeNull();
    expect(scene.readConfig()).toMatchObject({ price: PRICE, treasury });
    const [before, mine] = [held(scene, treasury), held(scene, scene.payer)];
    expect(refusal(scene.mint({ ...another, treasury }, [scene.minter]))).toBeNull();
    expect(held(scene, treasury) - before).toBe(PRICE);
    expect(mine - held(scene, scene.payer)).toBeGreaterThan(PRICE);
  });

  it('can mint for nothing by the authority, and by anyone once the price is lifted', () => {
    const scene = Scene.living(core);
    set(scene, PRICE);
    const own = { ...another, minter: scene.creator.publicKey };
    expect(refusal(scene.mint(own, [scene.creator]))).toBeNull();
    expect(held(scene, scene.creator.publicKey)).toBe(0n);
    expect(set(scene, 0n, null)).toBeNull();
    expect(
      refusal(scene.mint({ ...another, genome: new Uint8Array(32).fill(9) }, [scene.minter])),
    ).toBeNull();
  });

  it('can be paid by who is the treasury itself', () => {
    const scene = Scene.living(core);
    set(scene, PRICE, scene.payer);
    expect(refusal(scene.mint({ ...another, treasury: scene.payer }, [scene.minter]))).toBeNull();
  });

  it('cannot be left unpaid, paid to another, or paid with what is not there', () => {
    const scene = Scene.living(core);
    set(scene, PRICE);
    const before = scene.everything();
    for (const treasury of [null, scene.stranger.publicKey, scene.payer])
      expect(refusal(scene.mint({ ...another, treasury }, [scene.minter]))).toBe('WrongTreasury');
    set(scene, BigInt(CONSTANTS.MAX_PRICE));
    const treasury = scene.creator.publicKey;
    // the system program's own refusal: insufficient funds
    expect(refusal(scene.mint({ ...another, treasury }, [scene.minter]))).toBe(1);
    set(scene, PRICE);
    expect(scene.everything()).toEqual(before);
  });

  it('cannot be above the limit, without a treasury, or set by another than the authority', () => {
    const scene = Scene.living(core);
    expect(set(scene, BigInt(CONSTANTS.MAX_PRICE) + 1n)).toBe('PriceLimit');
    expect(set(scene, (1n << 64n) - 1n)).toBe('PriceLimit');
    expect(set(scene, 1n, null)).toBe('TreasuryMissing');
    for (const who of [scene.stranger, scene.minter, scene.owner])
      expect(set(scene, PRICE, who.publicKey, who)).toBe('WrongAuthority');
    expect(scene.readConfig()).toMatchObject({ price: 0n, treasury: null });
  });
});
