import { describe, expect, it } from 'vitest';
import { Couple } from '../../testing/couple.ts';
import { refusal } from '../../testing/refusals.ts';
import { CORES } from '../../testing/svm.ts';
import { transfer } from './transfer.ts';

describe.each(CORES)('withdraw_offer (%s)', (core) => {
  const offered = () => {
    const couple = new Couple(core);
    const purses = couple.purses();
    couple.must(couple.offer());
    return { couple, purses };
  };

  it('can be taken back by who made it: rent and deposit return', () => {
    const { couple, purses } = offered();
    expect(refusal(couple.withdraw())).toBeNull();
    expect(couple.read()).toBeNull();
    expect(couple.purses()).toEqual(purses);
    expect(refusal(couple.offer())).toBeNull();
  });

  it('can be taken back by anyone once it has run out', () => {
    const { couple, purses } = offered();
    expect(refusal(couple.withdraw({ owner: null }, []))).toBe('WrongOwner');
    couple.wait(600);
    expect(refusal(couple.withdraw({ owner: null }, []))).toBe('WrongOwner');
    couple.wait(1);
    expect(refusal(couple.withdraw({ owner: null }, []))).toBeNull();
    expect(couple.purses()).toEqual(purses);
  });

  it('can be taken back by anyone once the parent has changed hands', () => {
    const { couple, purses } = offered();
    transfer(couple.scene, couple.owners[0], couple.scene.stranger);
    const by = { owner: couple.scene.stranger.publicKey };
    expect(refusal(couple.withdraw(by, [couple.scene.stranger]))).toBeNull();
    expect(couple.purses()).toEqual(purses);
  });

  it('cannot be by another, pay another, or be once it is accepted', () => {
    const { couple } = offered();
    const { stranger } = couple.scene;
    for (const who of [stranger, couple.owners[1], couple.payers[0]])
      expect(refusal(couple.withdraw({ owner: who.publicKey }, [who]))).toBe('WrongOwner');
    expect(refusal(couple.withdraw({ payers: [stranger.publicKey] }))).toBe('WrongPayer');
    couple.must(couple.accept());
    expect(refusal(couple.withdraw())).toBe('NotOffered');
    couple.wait(10_000);
    expect(refusal(couple.withdraw({ owner: null }, []))).toBe('NotOffered');
  });
});
