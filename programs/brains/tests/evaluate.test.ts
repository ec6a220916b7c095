import { hexToBytes } from '@noble/hashes/utils';
import { ComputeBudgetProgram } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { evaluateIx, readEvaluation } from '../../client/brains.ts';
import { brainFile, Court } from '../../testing/court.ts';
import { networkOf, VECTORS } from '../../testing/vectors.ts';

const units = ComputeBudgetProgram.setComputeUnitLimit({ units: 1_400_000 });

describe('evaluate', () => {
  it('can decide every case of the vectors as the reference does', () => {
    const court = new Court();
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
});
