import { describe, expect, it } from 'vitest';
import { broodCommit } from '#shared/growth/index.ts';
import { Couple, REVEAL_SECONDS } from '../../testing/couple.ts';
import { refusal } from '../../testing/refusals.ts';
import { CORES } from '../../testing/svm.ts';

describe.each(CORES)('reveal (%s)', (core) => {
  it('can show each secret, in either order, by anyone, until the last second', () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ] as const) {
      const couple = new Couple(core).reveals();
      expect(refusal(couple.reveal(order[0]))).toBeNull();
      expect(couple.read()?.secrets[order[0]]).toEqual(couple.secrets[order[0]]);
      expect(couple.read()?.secrets[order[1]]).toBeNull();
      couple.wait(REVEAL_SECONDS);
      expect(refusal(couple.reveal(order[1]))).toBeNull();
      expect(couple.read()?.secrets).toEqual(couple.secrets);
    }
  });

  it('cannot be before the slot is drawn: who has seen a secret could still choose', () => {
    const couple = new Couple(core);
    couple.must(couple.offer());
    expect(refusal(couple.reveal(0))).toBe('NotDrawn');
    couple.must(couple.accept());
    expect(refusal(couple.reveal(0))).toBe('NotDrawn');
    couple.setSlot(1_001n);
    expect(refusal(couple.reveal(1))).toBe('NotDrawn');
  });

  it('cannot be of another secret, the other side’s, or a third side’s', () => {
    const couple = new Couple(core).reveals();
    const before = couple.everything();
    const [a, b] = couple.secrets;
    expect(refusal(couple.reveal(0, b))).toBe('WrongSecret');
    expect(refusal(couple.reveal(1, a))).toBe('WrongSecret');
    expect(refusal(couple.reveal(0, new Uint8Array(32)))).toBe('WrongSecret');
    for (const side of [2, 255]) expect(refusal(couple.reveal(side as 0, a))).toBe('NoSuchSide');
    expect(couple.everything()).toEqual(before);
  });

  it('cannot be with a commitment copied from the other side: it is bound to its owner', () => {
    const couple = new Couple(core);
    couple.must(couple.offer());
    couple.must(couple.accept({ commit: couple.commit(0) }));
    couple.setSlot(1_001n);
    couple.must(couple.draw());
    couple.must(couple.reveal(0));
    expect(refusal(couple.reveal(1, couple.secrets[0]))).toBe('WrongSecret');
  });

  it('cannot be with a commitment to another brood', () => {
    const couple = new Couple(core);
    const [a] = couple.owners;
    const elsewhere = broodCommit(couple.secrets[0], couple.assets[0].toBytes(), a.publicKey.toBytes());
    couple.must(couple.offer({ commit: elsewhere }));
    couple.must(couple.accept());
    couple.setSlot(1_001n);
    couple.must(couple.draw());
    expect(refusal(couple.reveal(0))).toBe('WrongSecret');
  });

  it('cannot be twice, nor when the time is over', () => {
    const couple = new Couple(core).reveals(0);
    expect(refusal(couple.reveal(0))).toBe('RevealedBefore');
    couple.wait(REVEAL_SECONDS + 1);
    expect(refusal(couple.reveal(1))).toBe('RevealOver');
  });
});
