import { describe, expect, it } from 'vitest';
import { setPausedIx } from '../../client/index.ts';
import { Couple, DEPOSIT, REST_SECONDS, REVEAL_SECONDS } from '../../testing/couple.ts';
import { refusal } from '../../testing/refusals.ts';
import { CORES } from '../../testing/svm.ts';
import { transfer } from './transfer.ts';

describe.each(CORES)('accept_breeding (%s)', (core) => {
  const offered = () => {
    const couple = new Couple(core);
    couple.must(couple.offer());
    return couple;
  };

  it('can accept: the second deposit is laid down, the slot is noted, and both rest', () => {
    const couple = offered();
    const held = couple.lamports(couple.breeding);
    const purse = couple.purses()[1];
    expect(refusal(couple.accept())).toBeNull();
    expect(couple.read()).toMatchObject({
      owners: couple.owners.map(({ publicKey }) => publicKey),
      payers: couple.payers.map(({ publicKey }) => publicKey),
      commits: [couple.commit(0), couple.commit(1)],
      until: couple.now + BigInt(REVEAL_SECONDS),
      slot: 1_000n,
      state: 'accepted',
      consents: [true, true],
      slotHash: null,
    });
    expect(couple.lamports(couple.breeding) - held).toBe(DEPOSIT);
    expect(purse - couple.purses()[1]).toBe(DEPOSIT);
    for (const side of [0, 1] as const)
      expect(couple.symbiont(side).rested).toBe(couple.now + BigInt(REST_SECONDS));
  });

  it('can be at the last second, and not one later', () => {
    const couple = offered();
    couple.wait(601);
    expect(refusal(couple.accept())).toBe('OfferOver');
    couple.wait(-1);
    expect(refusal(couple.accept())).toBeNull();
  });

  it('cannot be under other terms than are offered', () => {
    const couple = offered();
    expect(refusal(couple.accept({ deposit: DEPOSIT - 1n }))).toBe('OtherTerms');
    expect(refusal(couple.accept({ heir: 0 }))).toBe('OtherTerms');
    expect(couple.read()?.state).toBe('offered');
  });

  it('cannot be twice, nor of what was withdrawn, nor while paused', () => {
    const couple = offered();
    const { creator, collection, svm } = couple.scene;
    const of = { authority: creator.publicKey, collection };
    couple.must(svm.send([setPausedIx({ ...of, paused: true })], [creator]));
    expect(refusal(couple.accept())).toBe('Paused');
    couple.must(svm.send([setPausedIx({ ...of, paused: false })], [creator]));
    couple.must(couple.withdraw());
    expect(refusal(couple.accept())).not.toBeNull();
    couple.must(couple.offer());
    couple.must(couple.accept());
    const before = couple.everything();
    expect(refusal(couple.accept())).toBe('Resting');
    couple.wait(REST_SECONDS);
    expect(refusal(couple.accept())).toBe('NotOffered');
    expect(couple.everything()).toEqual(before);
  });

  it('cannot be by another than the second parent’s owner', () => {
    const couple = offered();
    const { stranger } = couple.scene;
    for (const who of [stranger, couple.owners[0], couple.payers[1]])
      expect(refusal(couple.accept({ owner: who.publicKey }, [couple.payers[1], who]))).toBe('WrongOwner');
  });

  it('cannot be when the first parent has changed hands', () => {
    const couple = offered();
    transfer(couple.scene, couple.owners[0], couple.scene.stranger);
    expect(refusal(couple.accept())).toBe('ParentMoved');
  });

  it('cannot be while one of them rests from another brood', () => {
    const couple = offered();
    // the same two the other way round
    const [a, b] = couple.assets;
    const other = { a: b, b: a };
    const swapped = { owner: couple.owners[1].publicKey, payer: couple.payers[1].publicKey };
    couple.must(couple.offer({ ...other, ...swapped }, [couple.payers[1], couple.owners[1]]));
    couple.must(couple.accept());
    const back = { owner: couple.owners[0].publicKey, payer: couple.payers[0].publicKey };
    const found = couple.accept({ ...other, ...back }, [couple.payers[0], couple.owners[0]]);
    expect(refusal(found)).toBe('Resting');
  });
});
