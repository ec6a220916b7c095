import { hexToBytes } from '@noble/hashes/utils';
import { ComputeBudgetProgram } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { evaluateIx, readEvaluation } from '../../client/brains.ts';
import { brainFile, brainsRefusal, Court } from '../../testing/court.ts';
import { networkOf, VECTORS } from '../../testing/vectors.ts';

const units = ComputeBudgetProgram.setComputeUnitLimit({ units: 1_400_000 });
const question = { mask: 0xfff, worldSeed: 1, tick: 2, npc: 3, observations: new Uint8Array(64) };

describe('evaluate', () => {
  it('can decide every case of the vectors as the reference does', () => {
    const court = new Court();
    // 7,915 transactions: nobody has to sign them
    court.svm.svm.withSigverify(false);
    const brains = VECTORS.networks.map((network) => {
      const file = brainFile(networkOf(network), { of: network.name });
      court.must(court.upload(file));
      return court.brainAt(file);
    });
    for (const [forward, mask, worldSeed, tick, npc, action] of VECTORS.cases) {
      const { network, observations, logits } = VECTORS.forwards[forward];
      const args = { mask, worldSeed, tick, npc, observations: hexToBytes(observations) };
      const outcome = court.must(court.send([units, evaluateIx({ brain: brains[network], ...args })]));
      expect(readEvaluation(outcome.returned)).toEqual({ action, logits });
    }
  }, 120_000);

  it('cannot with another number of observations than the brain reads, or one above 127', () => {
    const court = Court.sitting();
    const refused = (observations: Uint8Array) =>
      brainsRefusal(court.send(evaluateIx({ ...question, brain: court.brain, observations })));
    expect(refused(new Uint8Array(64).fill(127))).toBeNull();
    expect(refused(new Uint8Array(63))).toBe('Observations');
    expect(refused(new Uint8Array(65))).toBe('Observations');
    expect(refused(new Uint8Array(128))).toBe('Observations');
    expect(refused(new Uint8Array(0))).toBe('Observations');
    expect(refused(Uint8Array.from({ length: 64 }, (_, i) => (i === 63 ? 128 : 0)))).toBe('Observations');
  });

  it('cannot with a brain that is not sealed, or with another account', () => {
    const court = new Court();
    court.must(court.register());
    court.must(court.upload(court.file, 2));
    for (const brain of [
      court.brain,
      court.zone,
      court.authority.publicKey,
      court.brainAt(new Uint8Array(8)),
    ]) {
      expect(brainsRefusal(court.send(evaluateIx({ ...question, brain })))).toBe('NotSealed');
    }
  });
});
