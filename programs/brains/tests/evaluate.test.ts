import { hexToBytes } from '@noble/hashes/utils';
import { ComputeBudgetProgram } from '@solana/web3.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNetwork, decide, forward, mix32, type Network } from '#shared/brain/index.ts';
import { evaluateIx, readEvaluation } from '../../client/brains.ts';
import { brainFile, brainsRefusal, Court } from '../../testing/court.ts';
import { networkOf, VECTORS } from '../../testing/vectors.ts';

const units = ComputeBudgetProgram.setComputeUnitLimit({ units: 1_400_000 });
const question = { mask: 0xfff, worldSeed: 1, tick: 2, npc: 3, observations: new Uint8Array(64) };

/** Weights over the whole range, few biases below zero: most activations are at work. */
function randomNetwork(widths: number[], seed: number): Network {
  let counter = seed | 0;
  const draw = (least: number, greatest: number): number =>
    least + (mix32(counter++) % (greatest - least + 1));
  return createNetwork(
    widths.slice(1).map((outputs, l) => ({
      inputs: widths[l],
      outputs,
      shift: draw(0, 12),
      weights: Int8Array.from({ length: widths[l] * outputs }, () => draw(-128, 127)),
      bias: Int32Array.from({ length: outputs }, () => draw(-20_000, 200_000)),
    })),
  );
}

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

  it('can decide with any shape and any weights as the reference does', () => {
    const court = new Court();
    court.svm.svm.withSigverify(false);
    const width = fc.oneof(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 60, max: 70 }),
      fc.nat(127).map((n) => n + 1),
    );
    const shape = fc.record({
      widths: fc.array(width, { minLength: 1, maxLength: 3 }),
      outputs: fc.integer({ min: 1, max: 16 }),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(shape, ({ widths, outputs, seed }) => {
        const network = randomNetwork([...widths, outputs], seed);
        const file = brainFile(network, { seed });
        if (court.svm.account(court.brainAt(file))) return;
        court.must(court.upload(file));
        for (let row = 0; row < 3; row++) {
          const observations = Uint8Array.from(
            { length: widths[0] },
            (_, i) => mix32(seed + row * 999 + i) % 128,
          );
          const args = { ...question, mask: 0xffff, tick: row, observations };
          const { returned } = court.must(
            court.send([units, evaluateIx({ brain: court.brainAt(file), ...args })]),
          );
          const logits = new Int32Array(outputs);
          forward(network, observations, logits);
          const action = decide(logits, args.mask, args.worldSeed, args.tick, args.npc);
          expect(readEvaluation(returned)).toEqual({ action, logits: [...logits] });
        }
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it('takes less than 20,000 compute units for 64-64-64-12, and 1,000,000 for the largest, whatever the weights', () => {
    const court = new Court();
    const cost = (widths: number[], seed: number): number => {
      const file = brainFile(randomNetwork(widths, seed));
      court.must(court.upload(file));
      const observations = new Uint8Array(widths[0]).fill(127);
      return court.must(
        court.send(evaluateIx({ ...question, mask: 0xffff, brain: court.brainAt(file), observations })),
      ).cu;
    };
    for (const seed of [1, 2, 3]) {
      expect(cost([64, 64, 64, 12], seed)).toBeLessThan(20_000);
      expect(cost([128, 128, 128, 128, 16], seed)).toBeLessThan(200_000);
    }
  }, 30_000);

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
