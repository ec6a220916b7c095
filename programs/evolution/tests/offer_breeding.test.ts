import { PublicKey } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { CONSTANTS, setPausedIx, symbiontAddress } from '../../client/index.ts';
import { Couple, DEPOSIT } from '../../testing/couple.ts';
import { refusal } from '../../testing/refusals.ts';
import { CORES } from '../../testing/svm.ts';
import { transfer } from './transfer.ts';

describe.each(CORES)('offer_breeding (%s)', (core) => {
  it('can offer: the deposit is laid down, and nothing else changes', () => {
    const couple = new Couple(core);
    const [, ...others] = couple.everything();
    const before = couple.purses()[0];
    expect(refusal(couple.offer())).toBeNull();
    expect(couple.read()).toEqual({
      config: couple.scene.config,
      assets: couple.assets,
      owners: [couple.owners[0].publicKey, null],
      payers: [couple.payers[0].publicKey, null],
      commits: [couple.commit(0), new Uint8Array(32)],
      secrets: [null, null],
      slotHash: null,
      deposit: DEPOSIT,
      until: couple.now + 600n,
      slot: 0n,
      state: 'offered',
      heir: 1,
      consents: [true, false],
    });
    expect(couple.everything().slice(1)).toEqual(others);
    const paid = before - couple.purses()[0];
    expect(paid).toBe(couple.lamports(couple.breeding));
    expect(paid).toBeGreaterThan(DEPOSIT);
  });

  it('can be at every limit, and to one’s own other symbiont', () => {
    const limits = [
      {
        deposit: BigInt(CONSTANTS.MIN_DEPOSIT),
        seconds: BigInt(CONSTANTS.MIN_OFFER_SECONDS),
        heir: 0 as const,
      },
      { deposit: 9_000_000_000n, seconds: BigInt(CONSTANTS.MAX_OFFER_SECONDS), heir: 1 as const },
    ];
    for (const { deposit, seconds, heir } of limits) {
      const couple = new Couple(core);
      expect(refusal(couple.offer({ deposit, until: couple.now + seconds, heir }))).toBeNull();
    }
  });

  it('cannot be beyond a limit', () => {
    const couple = new Couple(core);
    const before = couple.everything();
    for (const deposit of [0n, BigInt(CONSTANTS.MIN_DEPOSIT) - 1n, BigInt(CONSTANTS.MAX_DEPOSIT) + 1n])
      expect(refusal(couple.offer({ deposit }))).toBe('DepositLimit');
    const { now } = couple;
    const most = BigInt(CONSTANTS.MAX_OFFER_SECONDS);
    for (const until of [0n, now, now + 59n, now + most + 1n, (1n << 63n) - 1n, -(1n << 63n)])
      expect(refusal(couple.offer({ until }))).toBe('OfferTime');
    for (const heir of [2, 255]) expect(refusal(couple.offer({ heir: heir as 0 }))).toBe('NoSuchSide');
    // the system program's own refusal: insufficient funds
    expect(refusal(couple.offer({ deposit: BigInt(CONSTANTS.MAX_DEPOSIT) }))).toBe(1);
    expect(couple.everything()).toEqual(before);
  });

  it('cannot be of a seed, nor to one, nor with itself', () => {
    const couple = new Couple(core, false);
    expect(refusal(couple.offer())).toBe('TooYoung');
    couple.must(couple.scene.evolve({ asset: couple.assets[0] }));
    expect(refusal(couple.offer())).toBe('TooYoung');
    const [a] = couple.assets;
    expect(refusal(couple.offer({ b: a }))).toBe('SameParent');
  });

  it('cannot be by another than the owner, nor by who was it', () => {
    const couple = new Couple(core);
    const { stranger } = couple.scene;
    for (const who of [stranger, couple.owners[1], couple.payers[0]])
      expect(refusal(couple.offer({ owner: who.publicKey }, [couple.payers[0], who]))).toBe('WrongOwner');
    transfer(couple.scene, couple.owners[0], stranger);
    expect(refusal(couple.offer())).toBe('WrongOwner');
  });

  it('cannot be made twice, nor while paused', () => {
    const couple = new Couple(core);
    const { creator, collection, svm } = couple.scene;
    const of = { authority: creator.publicKey, collection };
    couple.must(svm.send([setPausedIx({ ...of, paused: true })], [creator]));
    expect(refusal(couple.offer())).toBe('Paused');
    couple.must(svm.send([setPausedIx({ ...of, paused: false })], [creator]));
    couple.must(couple.offer());
    const before = couple.everything();
    expect(refusal(couple.offer({ deposit: DEPOSIT + 1n }))).not.toBeNull();
    expect(couple.everything()).toEqual(before);
  });

  it('cannot name accounts that do not belong together', () => {
    const couple = new Couple(core);
    const swap = (from: PublicKey, to: PublicKey) => {
      const one = couple.offerIx();
      for (const meta of one.keys) if (meta.pubkey.equals(from)) meta.pubkey = to;
      return refusal(couple.scene.svm.send([one], [couple.payers[0], couple.owners[0]]));
    };
    const [a, b] = couple.assets;
    expect(swap(symbiontAddress(a), symbiontAddress(b))).toBe('WrongAsset');
    expect(swap(symbiontAddress(b), symbiontAddress(a))).toBe('WrongAsset');
    expect(swap(couple.breeding, PublicKey.unique())).not.toBeNull();
    expect(couple.read()).toBeNull();
  });
});
