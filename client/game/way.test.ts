import { expect, test } from 'vitest';
import { createWorld, Inputs, step } from '#shared/world/index.ts';
import { meadow } from '#shared/world/meadow.ts';
import { Way } from './way.ts';

test('a click beyond the wall leads through its gap', () => {
  const terrain = meadow();
  const world = createWorld(terrain, { seed: 3, capacity: 1 });
  const inputs = new Inputs(2);
  inputs.join(0, { role: 0, tag: 1 });
  step(world, inputs);
  const way = new Way(terrain, 24, 20);
  for (let t = 0; t < 600 && way.left(world.x[0], world.y[0]) > 0; t++) {
    inputs.clear();
    inputs.act(0, 1 + way.direction(world.x[0], world.y[0]));
    step(world, inputs);
  }
  expect([world.x[0] >> 8, world.y[0] >> 8]).toEqual([24, 20]);
  expect(way.direction(world.x[0], world.y[0])).toBe(-1);
});

test('where no way leads there is no direction', () => {
  const terrain = meadow();
  const way = new Way(terrain, 16, 3);
  expect(way.left(5 * 256, 5 * 256)).toBeLessThan(Infinity);
  const walled = { ...terrain, blocked: terrain.blocked.slice() };
  for (let y = 0; y < 32; y++) walled.blocked[y * 32 + 16] = 1;
  const none = new Way(walled, 24, 20);
  expect(none.left(5 * 256, 5 * 256)).toBe(Infinity);
  expect(none.direction(5 * 256, 5 * 256)).toBe(-1);
});
