import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createKernelSync } from '#shared/brain/index.ts';
import { FORAGER } from '#shared/world/index.ts';
import { readBehavior } from './behavior.ts';
import { TERM_NAMES } from './env/rewards.ts';
import { loadTerrain } from './env/terrain.ts';
import { evaluate, summarize } from './evaluate.ts';
import { evaluateParallel } from './evaluateParallel.ts';
import { resolveOpponents } from './opponents.ts';
import { randomPolicy, scriptedPolicy } from './scripted/index.ts';

const standard = readBehavior(fileURLToPath(new URL('behaviors/forager.yaml', import.meta.url)));
const behavior = {
  ...standard,
  world: { ...standard.world, learners: 8 },
  opponents: standard.opponents.map((group) => ({ ...group, count: 3 })),
  eval: { seed: 7, episode: 600, warmup: 400 },
};
const { opponents, ids } = resolveOpponents(behavior, createKernelSync());

describe('evaluate', () => {
  it('gives the same figures each time, with the mean inside its interval', () => {
    const first = evaluate(behavior, scriptedPolicy(FORAGER), opponents, loadTerrain(), 20);
    expect(evaluate(behavior, scriptedPolicy(FORAGER), opponents, loadTerrain(), 20)).toEqual(first);
    expect(first.low).toBeLessThan(first.meanReturn);
    expect(first.high).toBeGreaterThan(first.meanReturn);
    const named = ({ role, mix }: (typeof behavior.opponents)[number]) =>
      mix.map(({ policy }) => `${role}: ${policy}`);
    expect(ids).toEqual(behavior.opponents.flatMap(named));
  });

  it('tells a gatherer from one that acts at random, and counts what both did', () => {
    const scripted = evaluate(behavior, scriptedPolicy(FORAGER), opponents, loadTerrain(), 20);
    const random = evaluate(behavior, randomPolicy(), opponents, loadTerrain(), 20);
    expect(scripted.low).toBeGreaterThan(random.high);
    expect(scripted.perMinute.gathered).toBeGreaterThan(2);
    expect(random.perMinute.gathered).toBeLessThan(1);
  });

  it('gives mean and interval as one computes them by hand', () => {
    const none = TERM_NAMES.map(() => 0);
    const { meanReturn, low, high, episodes } = summarize(behavior, 'x', [
      { returns: [1], counts: none },
      { returns: [3, 5], counts: none },
    ]);
    // Variance 4, standard error 2 / √3.
    expect([episodes, meanReturn]).toEqual([3, 3]);
    expect(high - 3).toBeCloseTo((1.96 * 2) / Math.sqrt(3), 9);
    expect(3 - low).toBeCloseTo((1.96 * 2) / Math.sqrt(3), 9);
  });
});

describe('evaluateParallel', () => {
  it('comes to the same figures on several threads', async () => {
    const short = { ...behavior, eval: { ...behavior.eval, episode: 80 } };
    const alone = evaluate(short, scriptedPolicy(FORAGER), opponents, loadTerrain(), 110);
    let told = 0;
    const together = await evaluateParallel(short, 'scripted', 110, (done) => {
      told = done;
    });
    expect(together).toEqual(alone);
    expect(told).toBe(110);
  });

  it('passes on why a thread could not play', async () => {
    await expect(evaluateParallel(behavior, 'no.safetensors', 4)).rejects.toThrow(
      /no\.safetensors: cannot be read/,
    );
  });
});
