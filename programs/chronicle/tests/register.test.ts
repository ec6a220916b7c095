import { PublicKey, SystemProgram } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { CHRONICLE, registerIx, zoneAddress } from '../../client/chronicle.ts';
import { Court, chronicleRefusal } from '../../testing/court.ts';

describe('register', () => {
  it('can open a zone with its bond', () => {
    const court = new Court();
    expect(chronicleRefusal(court.register({ bond: 3_000_000_000n }))).toBeNull();
    expect(court.readZone()).toMatchObject({
      authority: court.authority.publicKey,
      operator: court.operator.publicKey,
      bond: 3_000_000_000n,
      leavingSince: null,
      zone: court.number,
      worldSeed: court.worldSeed,
      nextEpoch: 0,
      published: 0,
      marked: [],
      stands: true,
      epochs: [],
    });
    const rent = court.svm.svm.minimumBalanceForRentExemption(
      BigInt(court.svm.account(court.zone)!.data.length),
    );
    expect(court.lamports(court.zone)).toBe(rent + 3_000_000_000n);
  });

  it('can although somebody paid into the place before, more than its rent included', () => {
    for (const lamports of [900_000, 100_000_000]) {
      const court = new Court();
      const [fromPubkey, toPubkey] = [court.svm.payer.publicKey, court.zone];
      court.must(court.send(SystemProgram.transfer({ fromPubkey, toPubkey, lamports })));
      expect(chronicleRefusal(court.register())).toBeNull();
      expect(court.readZone().bond).toBe(CHRONICLE.MIN_BOND);
      expect(court.lamports(court.zone)).toBeGreaterThan(CHRONICLE.MIN_BOND);
    }
  });

  it('can open several, each authority its own, numbers notwithstanding', () => {
    const court = new Court();
    expect(chronicleRefusal(court.register())).toBeNull();
    expect(chronicleRefusal(court.register({ zone: 0xffffffff }))).toBeNull();
    expect(chronicleRefusal(court.register({}, court.stranger))).toBeNull();
  });

  it('cannot twice', () => {
    const court = Court.sitting();
    const before = court.everything();
    expect(chronicleRefusal(court.register({ operator: court.stranger.publicKey }))).not.toBeNull();
    expect(court.everything()).toEqual(before);
  });

  it('cannot with less than the least bond, or more than the authority has', () => {
    const court = new Court();
    for (const bond of [0n, CHRONICLE.MIN_BOND - 1n]) {
      expect(chronicleRefusal(court.register({ bond }))).toBe('BondTooSmall');
    }
    for (const bond of [20_000_000_000n, 2n ** 64n - 1n]) {
      expect(chronicleRefusal(court.register({ bond }))).not.toBeNull();
    }
    expect(court.svm.account(court.zone)).toBeNull();
  });

  it('cannot with nobody as its operator', () => {
    const court = new Court();
    expect(chronicleRefusal(court.register({ operator: PublicKey.default }))).toBe('NoOperator');
  });

  it('cannot at another address than its own, nor without the authority', () => {
    const court = new Court();
    const args = {
      authority: court.authority.publicKey,
      zone: 7,
      worldSeed: 1,
      operator: court.operator.publicKey,
      bond: CHRONICLE.MIN_BOND,
    };
    const ix = registerIx(args);
    ix.keys[1].pubkey = zoneAddress(args.authority, 8);
    expect(chronicleRefusal(court.send(ix, court.authority))).toBe('InvalidSeeds');
    const unsigned = registerIx(args);
    unsigned.keys[0].isSigner = false;
    expect(chronicleRefusal(court.send(unsigned))).toBe('MissingRequiredSignature');
  });
});
