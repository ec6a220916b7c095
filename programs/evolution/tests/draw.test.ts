import { Keypair, PublicKey, SystemProgram } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { Couple } from '../../testing/couple.ts';
import { refusal } from '../../testing/refusals.ts';
import { CORES, hashOf } from '../../testing/svm.ts';

const SLOT_HASHES = new PublicKey('SysvarS1otHashes111111111111111111111111111');

describe.each(CORES)('draw (%s)', (core) => {
  const accepted = () => {
    const couple = new Couple(core);
    couple.must(couple.offer());
    couple.must(couple.accept());
    return couple;
  };

  it('can take the hash of the very slot, in the next one or the last that still holds it', () => {
    for (const later of [1n, 2n, 300n, 511n, 512n]) {
      const couple = accepted();
      couple.setSlot(1_000n + later);
      expect(refusal(couple.draw())).toBeNull();
      expect(couple.read()).toMatchObject({ state: 'drawn', slotHash: hashOf(1_000n) });
    }
  });

  it('can find it where slots were left out', () => {
    const couple = accepted();
    couple.setSlot(1_400n);
    const stored = couple.scene.svm.account(SLOT_HASHES)!;
    const data = Uint8Array.from(stored.data);
    // 1399, 1398, then 1000 and 999: those between had no block
    const kept = [1_399n, 1_398n, 1_000n, 999n];
    const view = new DataView(data.buffer);
    view.setBigUint64(0, BigInt(kept.length), true);
    kept.forEach((slot, i) => {
      view.setBigUint64(8 + i * 40, slot, true);
      data.set(hashOf(slot), 16 + i * 40);
    });
    couple.scene.svm.forge(SLOT_HASHES, { ...stored, data });
    expect(refusal(couple.draw())).toBeNull();
    expect(couple.read()?.slotHash).toEqual(hashOf(1_000n));
  });

  it('cannot be in the slot of the acceptance: its hash is not there yet', () => {
    const couple = accepted();
    expect(refusal(couple.draw())).toBe('SlotNotOver');
    couple.setSlot(1_000n, 0);
    expect(refusal(couple.draw())).toBe('SlotNotOver');
  });

  it('cannot be once the slot has gone out of the latest 512', () => {
    const couple = accepted();
    for (const slot of [1_513n, 5_000n]) {
      couple.setSlot(slot);
      expect(refusal(couple.draw())).toBe('SlotGone');
    }
    couple.setSlot(1_400n, 100);
    expect(refusal(couple.draw())).toBe('SlotGone');
    expect(couple.read()?.state).toBe('accepted');
  });

  it('cannot be before the acceptance, nor twice: a second hash is not to be had', () => {
    const couple = new Couple(core);
    couple.must(couple.offer());
    expect(refusal(couple.draw())).toBe('NotAccepted');
    couple.must(couple.accept());
    couple.setSlot(1_001n);
    couple.must(couple.draw());
    couple.setSlot(1_002n);
    expect(refusal(couple.draw())).toBe('NotAccepted');
    expect(couple.read()?.slotHash).toEqual(hashOf(1_000n));
  });

  it('cannot read another account as the sysvar', () => {
    const couple = accepted();
    couple.setSlot(1_001n);
    const fake = Keypair.generate().publicKey;
    couple.scene.svm.forge(fake, couple.scene.svm.account(SLOT_HASHES)!);
    for (const to of [fake, SystemProgram.programId, couple.scene.config]) {
      const one = couple.drawIx();
      for (const meta of one.keys) if (meta.pubkey.equals(SLOT_HASHES)) meta.pubkey = to;
      expect(refusal(couple.scene.svm.send([one]))).toBe('WrongSlotHashes');
    }
  });
});
