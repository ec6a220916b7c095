import { readFileSync } from 'node:fs';
import { hexToBytes } from '@noble/hashes/utils';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { GUMBEL } from './gumbel.ts';
import { createKernelSync } from './kernel.ts';
import { createNetwork, forward, networkOutputs } from './network.ts';
import { type DecisionVectors, decisionVectorsText } from './vectors.ts';

const text = readFileSync(new URL('../../assets/vectors/decisions.json', import.meta.url), 'utf8');
const vectors = JSON.parse(text) as DecisionVectors;
const networks = vectors.networks.map(({ layers }) =>
  createNetwork(
    layers.map((layer) => ({
      ...layer,
      bias: Int32Array.from(layer.bias),
      weights: new Int8Array(hexToBytes(layer.weights).buffer),
    })),
  ),
);

describe('the decision vectors', () => {
  it('are what the reference makes', () => {
    expect(text === decisionVectorsText()).toBe(true);
    expect(vectors.gumbel).toEqual([...GUMBEL]);
    expect(vectors.cases.length).toBeGreaterThanOrEqual(2000);
  });

  it('pass in TypeScript', () => {
    const logits = vectors.forwards.map(({ network, observations, logits: expected }) => {
      const out = new Int32Array(networkOutputs(networks[network]));
      forward(networks[network], hexToBytes(observations), out);
      expect([...out]).toEqual(expected);
      return out;
    });
    for (const [at, mask, worldSeed, tick, npc, action] of vectors.cases) {
      if (decide(logits[at], mask, worldSeed, tick, npc) !== action) {
        expect.fail(`case ${[at, mask, worldSeed, tick, npc]} must give ${action}`);
      }
    }
  });

  it('pass in the kernel, one by one and in batches with each row its own', () => {
    const kernel = createKernelSync();
    networks.forEach((network, n) => {
      const brain = kernel.load(network);
      const cases = vectors.cases.filter(([at]) => vectors.forwards[at].network === n);
      const column = (i: 1 | 2 | 3 | 4) => Uint32Array.from(cases, (one) => one[i]);
      const observations = new Uint8Array(cases.length * brain.inputs);
      const logits = new Int32Array(cases.length * brain.outputs);
      cases.forEach(([at], row) => {
        observations.set(hexToBytes(vectors.forwards[at].observations), row * brain.inputs);
        logits.set(vectors.forwards[at].logits, row * brain.outputs);
      });
      const expected = Uint8Array.from(cases, (one) => one[5]);
      const [masks, seeds, ticks, npcs] = [column(1), column(2), column(3), column(4)];
      const actions = new Uint8Array(cases.length);
      const batch = { observations, masks, worldSeed: seeds, tick: ticks, npcs, count: cases.length };
      kernel.decideBatch(brain, batch, actions);
      expect(actions).toEqual(expected);
      const out = new Int32Array(logits.length);
      kernel.forwardBatch(brain, observations, cases.length, out);
      expect(out).toEqual(logits);
      const one = new Uint8Array(1);
      cases.forEach(([, , worldSeed, tick], row) => {
        const single = {
          observations: observations.subarray(row * brain.inputs, (row + 1) * brain.inputs),
          masks: masks.subarray(row),
          worldSeed,
          tick,
          npcs: npcs.subarray(row),
          count: 1,
        };
        kernel.decideBatch(brain, single, one);
        if (one[0] !== expected[row])
          expect.fail(`network ${n}, case ${row}: ${one[0]}, not ${expected[row]}`);
      });
      kernel.unload(brain);
    });
  });
});
