import { expect, test } from 'vitest';
import { randomPolicy, scriptedPolicy } from '#ml/scripted/index.ts';
import { RAIDER, WANDERER } from '#shared/world/index.ts';
import { loadTerrain } from '../../load.ts';
import { type Figures, figuresOf, taleOf } from './behaviour.ts';

const zone = loadTerrain('hollow.json');
const place = zone.places[1].name;
const figures = (of: Record<string, number[]>): Figures => new Map(Object.entries(of));
const tale = (before: Figures, after: Figures) => taleOf('raider', 'The Hollow', zone, before, after);

test('the chronicle tells of what changed surely and by much, and of nothing else', () => {
  const still = figures({ [`waits ${place}`]: [0.1, 0.11, 0.1, 0.12], 'hits guard': [2, 2.1, 1.9, 2] });
  expect(tale(still, still)).toBeNull();
  const waits = figures({ [`waits ${place}`]: [0.3, 0.33, 0.31, 0.32], 'hits guard': [2, 2.1, 1.9, 2] });
  expect(tale(still, waits)).toBe(`The raiders of the Hollow have learned to wait by ${place}.`);
  const shuns = figures({ 'hits guard': [0.2, 0.3, 0.25, 0.2] });
  expect(tale(still, shuns)).toBe('The raiders of the Hollow have learned to leave guards alone.');
  // By much, but not surely; surely, but hardly.
  expect(tale(still, figures({ 'hits guard': [9, 0, 2.1, 1.9] }))).toBeNull();
  expect(tale(still, figures({ 'hits guard': [2.2, 2.3, 2.1, 2.2] }))).toBeNull();
});

test('figures are measured in the zone, the same each time, and tell a scripted raider from a random one', () => {
  const stage = {
    role: 'raider',
    zone,
    minds: new Map(),
    players: [scriptedPolicy(WANDERER), scriptedPolicy(WANDERER)],
    episodes: 2,
    seed: 3,
    pause: () => {},
  };
  const scripted = figuresOf(stage, scriptedPolicy(RAIDER));
  expect(figuresOf(stage, scriptedPolicy(RAIDER))).toEqual(scripted);
  const random = figuresOf(stage, randomPolicy());
  const sum = (all: Figures, name: string) => (all.get(name) ?? []).reduce((a, b) => a + b, 0);
  expect(sum(scripted, 'stole 0')).toBeGreaterThan(2 * sum(random, 'stole 0'));
  for (const [name, values] of scripted)
    if (/^(is|waits) |^flees|^guards/.test(name))
      for (const value of values) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
});
