import type { PublicKey } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { Couple, DEPOSIT, HATCH_SECONDS, REST_SECONDS, REVEAL_SECONDS } from '../../testing/couple.ts';
import { refusal } from '../../testing/refusals.ts';
import { CORES } from '../../testing/svm.ts';
import { transfer } from './transfer.ts';

describe.each(CORES)('lapse (%s)', (core) => {
  /** What the payers have won or lost in the end. */
  const outcome = (couple: Couple, purses: [bigint, bigint]) =>
    couple.purses().map((purse, i) => purse - purses[i]);

  it.each([
    ['both silent: each gets its own', [], [0n, 0n]],
    ['the first silent: its deposit goes to the second', [1], [-DEPOSIT, DEPOSIT]],
    ['the second silent: its deposit goes to the first', [0], [DEPOSIT, -DEPOSIT]],
  ] as [string, (0 | 1)[], bigint[]][])('can end after the time to reveal, %s', (_, sides, won) => {
    const couple = new Couple(core);
    const purses = couple.purses();
    couple.reveals(...sides);
    couple.wait(REVEAL_SECONDS);
    expect(refusal(couple.lapse())).toBe('NotLapsed');
    couple.wait(1);
    expect(refusal(couple.lapse())).toBeNull();
    expect(outcome(couple, purses)).toEqual(won);
    expect(couple.read()).toBeNull();
    expect(refusal(couple.lapse())).not.toBeNull();
    // the rest is what it costs in any case
    expect(refusal(couple.offer())).toBe('Resting');
    couple.wait(REST_SECONDS);
    expect(refusal(couple.offer())).toBeNull();
  });

  it('can end what was never drawn: each gets its own', () => {
    const couple = new Couple(core);
    const purses = couple.purses();
    couple.agree();
    couple.wait(REVEAL_SECONDS + 1);
    expect(refusal(couple.lapse())).toBeNull();
    expect(outcome(couple, purses)).toEqual([0n, 0n]);
  });

  it.each([
    ['the first', [0], [-DEPOSIT, DEPOSIT]],
    ['the second', [1], [DEPOSIT, -DEPOSIT]],
    ['both', [0, 1], [0n, 0n]],
  ] as [string, (0 | 1)[], bigint[]][])('can end at once when %s parted with its parent', (_, sides, won) => {
    const couple = new Couple(core);
    const purses = couple.purses();
    couple.reveals(0, 1);
    for (const side of sides)
      transfer(couple.scene, couple.owners[side], couple.scene.stranger, couple.assets[side]);
    expect(refusal(couple.lapse())).toBeNull();
    expect(outcome(couple, purses)).toEqual(won);
  });

  it('can end what both revealed and nobody hatched, long after: each gets its own', () => {
    const couple = new Couple(core);
    const purses = couple.purses();
    couple.reveals(0, 1);
    couple.wait(REVEAL_SECONDS + HATCH_SECONDS);
    expect(refusal(couple.lapse())).toBe('NotLapsed');
    couple.wait(1);
    expect(refusal(couple.lapse())).toBeNull();
    expect(outcome(couple, purses)).toEqual([0n, 0n]);
  });

  it('can be of two with one payer, who gets both', () => {
    const couple = new Couple(core);
    const [payer] = couple.payers;
    const before = couple.lamports(payer.publicKey);
    couple.must(couple.offer());
    couple.must(couple.accept({ payer: payer.publicKey }, [payer, couple.owners[1]]));
    couple.wait(REVEAL_SECONDS + 1);
    expect(refusal(couple.lapse({ payers: [payer.publicKey, payer.publicKey] }))).toBeNull();
    expect(couple.lamports(payer.publicKey)).toBe(before);
  });

  it('cannot be of an offer, nor while something may come of it, nor pay others', () => {
    const couple = new Couple(core);
    couple.must(couple.offer());
    expect(refusal(couple.lapse())).not.toBeNull();
    couple.must(couple.accept());
    expect(refusal(couple.lapse())).toBe('NotLapsed');
    couple.wait(REVEAL_SECONDS + 1);
    const [a, b] = couple.payers.map(({ publicKey }) => publicKey);
    const { stranger } = couple.scene;
    for (const payers of [
      [b, a],
      [stranger.publicKey, b],
      [a, stranger.publicKey],
    ] as [PublicKey, PublicKey][])
      expect(refusal(couple.lapse({ payers }))).toBe('WrongPayer');
    const { config, breeding, a: one, b: other } = keysOf(couple);
    for (const [from, to] of [
      [one, other],
      [other, one],
    ]) {
      const ix = couple.lapseIx();
      for (const meta of ix.keys) if (meta.pubkey.equals(from)) meta.pubkey = to;
      expect(refusal(couple.scene.svm.send([ix]))).toBe('WrongAsset');
    }
    const ix = couple.lapseIx();
    for (const meta of ix.keys) if (meta.pubkey.equals(config)) meta.pubkey = breeding;
    expect(refusal(couple.scene.svm.send([ix]))).not.toBeNull();
    expect(couple.read()).not.toBeNull();
  });

  const keysOf = (couple: Couple) => ({
    config: couple.scene.config,
    breeding: couple.breeding,
    a: couple.assets[0],
    b: couple.assets[1],
  });
});
