import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createKernelSync } from '#shared/brain/index.ts';
import { FORAGER } from '#shared/world/index.ts';
import { readBehavior } from './behavior.ts';
import { loadTerrain } from './env/terrain.ts';
import { evaluate } from './evaluate.ts';
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
    expect(ids).toEqual(['raider: scripted', 'wanderer: scripted']);
  });

  it('tells a gatherer from one that acts at random, and counts what both did', () => {
    const scripted = evaluate(behavior, scriptedPolicy(FORAGER), opponents, loadTerrain(), 20);
    const random = evaluate(behavior, randomPolicy(), opponents, loadTerrain(), 20);
    expect(scripted.low).toBeGreaterThan(random.high);
    expect(scripted.perMinute.gathered).toBeGreaterThan(2);
    expect(random.perMinute.gathered).toBeLessThan(1);
  });

  it('narrows the interval with more episodes', () => {
    const few = evaluate(behavior, randomPolicy(), opponents, loadTerrain(), 10);
    const many = evaluate(behavior, randomPolicy(), opponents, loadTerrain(), 60);
    expect(many.high - many.low).toBeLessThan(few.high - few.low);
  });
});
