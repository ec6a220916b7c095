import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createKernel } from '#shared/brain/index.ts';
import { readBehavior } from './behavior.ts';
import { loadTerrain } from './env/terrain.ts';
import { playEpisodes } from './evaluate.ts';
import { readBrain, resolveOpponents, resolvePolicy } from './opponents.ts';

const at = (file: string) => fileURLToPath(new URL(`../${file}`, import.meta.url));
const league = parse(readFileSync(at('ml/behaviors/league.yaml'), 'utf8')) as { generations: number };
const last = league.generations - 1;

describe.each(['forager', 'raider', 'guard', 'trader'])('the committed %s', (role) => {
  const file = at(`assets/brains/${role}.safetensors`);
  const behavior = readBehavior(at(`ml/behaviors/${role}.yaml`));
  const turn = readBehavior(at(`assets/brains/league/${role}-${last}.yaml`));

  it('is of its behaviour: role, seed, sizes, rewards, and trained to the end', () => {
    const { manifest, network } = readBrain(file);
    expect(manifest.role).toBe(role);
    expect(manifest.provenance.behavior).toBe(turn.hash);
    expect(manifest.provenance.seed).toBe(turn.seed);
    expect(manifest.provenance.steps).toBeGreaterThanOrEqual(turn.steps);
    expect(turn.rewards).toEqual(behavior.rewards);
    const sizes = [network.layers[0].inputs, ...network.layers.map((l) => l.outputs)];
    expect(sizes).toEqual(behavior.network);
  });

  it('goes back to its first self over brains that are there', () => {
    let child = readBrain(file);
    for (let generation = last - 1; generation >= 0; generation--) {
      const parent = readBrain(at(`assets/brains/league/${role}-${generation}.safetensors`));
      expect(child.manifest.provenance.parent).toBe(parent.id);
      child = parent;
    }
    expect(child.manifest.provenance.parent).toBeNull();
  });

  // The whole comparison, over a thousand episodes, is in README.md; these few are the same on every machine. Both play the
  // same worlds, so that what counts is the difference in each.
  it('beats its scripted baseline, world by world', { timeout: 300_000 }, async () => {
    const kernel = await createKernel();
    const { opponents } = resolveOpponents(behavior, kernel);
    const [brain, scripted] = [file, 'scripted'].map(
      (name) =>
        playEpisodes(behavior, resolvePolicy(name, role, '.', kernel).policy, opponents, loadTerrain(), 0, 40)
          .returns,
    );
    const better = brain.map((value, k) => value - scripted[k]);
    const mean = better.reduce((a, b) => a + b, 0) / better.length;
    const variance = better.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (better.length - 1);
    expect(mean - 1.96 * Math.sqrt(variance / better.length)).toBeGreaterThan(0);
  });
});
