import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readBehavior } from './behavior.ts';
import { evaluateParallel } from './evaluateParallel.ts';
import { readBrain } from './opponents.ts';

const at = (file: string) => fileURLToPath(new URL(`../${file}`, import.meta.url));

describe.each(['forager', 'raider'])('the committed %s', (role) => {
  const file = at(`assets/brains/${role}.safetensors`);
  const behavior = readBehavior(at(`ml/behaviors/${role}.yaml`));

  it('is of its behaviour: role, seed, sizes, and trained to the end', () => {
    const { manifest, network } = readBrain(file);
    expect(manifest.role).toBe(role);
    expect(manifest.provenance.behavior).toBe(behavior.hash);
    expect(manifest.provenance.seed).toBe(behavior.seed);
    expect(manifest.provenance.steps).toBeGreaterThanOrEqual(behavior.steps);
    expect([network.layers[0].inputs, ...network.layers.map((l) => l.outputs)]).toEqual(behavior.network);
  });

  // The whole comparison, over a thousand episodes, is in README.md; these few are the same on every machine.
  it('beats its scripted baseline, intervals apart', { timeout: 300_000 }, async () => {
    const [brain, scripted] = await Promise.all(
      [file, 'scripted'].map((policy) => evaluateParallel(behavior, policy, 24)),
    );
    expect(brain.low).toBeGreaterThan(scripted.high);
  });
});
