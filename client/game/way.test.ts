import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BALANCE, createWorld, Inputs, parseMap, step } from '#shared/world/index.ts';
import { meadow } from '#shared/world/meadow.ts';
import { Way } from './way.ts';

test('a click beyond the wall leads through its gap', () => {
  const terrain = meadow();
  const world = createWorld(terrain, { seed: 3, capacity: 1 });
  const inputs = new Inputs(2);
  inputs.join(0, { role: 0, tag: 1 });
  step(world, inputs);
  const way = new Way(terrain, 24, 20);
  for (let t = 0; t < 600; t++) {
    const direction = way.direction(world.x[0], world.y[0]);
    if (direction < 0) break;
    inputs.clear();
    inputs.act(0, 1 + direction);
    step(world, inputs);
  }
  expect(way.left(world.x[0], world.y[0])).toBe(0);
  // It ends in the middle of the tile, where the mark on the ground is, not at its edge.
  for (const at of [world.x[0] - 24 * 256, world.y[0] - 20 * 256])
    expect(Math.abs(at - 128)).toBeLessThan(33);
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

test('from wherever a body can stand, the way is walked to its end without sticking at a corner', () => {
  const terrain = parseMap(
    JSON.parse(readFileSync(new URL('../../assets/maps/hollow.json', import.meta.url), 'utf8')),
  );
  const { width, blocked } = terrain;
  const open = [...blocked.keys()].filter((i) => !blocked[i]);
  const half = BALANCE.bodyHalf;
  const world = createWorld(terrain, { seed: 1, capacity: 1 });
  const inputs = new Inputs(2);
  inputs.join(0, { role: 0, tag: 1 });
  step(world, inputs);
  const place = fc.record({
    from: fc.nat(open.length - 1),
    x: fc.nat(255),
    y: fc.nat(255),
    hops: fc.nat(open.length - 1),
  });
  fc.assert(
    fc.property(place, ({ from, x, y, hops }) => {
      const px = (open[from] % width) * 256 + x;
      const py = Math.floor(open[from] / width) * 256 + y;
      for (const [cx, cy] of [
        [px - half, py - half],
        [px + half, py - half],
        [px - half, py + half],
        [px + half, py + half],
      ])
        fc.pre(blocked[(cy >> 8) * width + (cx >> 8)] === 0);
      world.x[0] = px;
      world.y[0] = py;
      const goal = open[hops];
      const way = new Way(terrain, goal % width, Math.floor(goal / width));
      let waited = 0;
      let best = way.left(px, py);
      let d = way.direction(px, py);
      for (; d >= 0 && waited < 60; d = way.direction(world.x[0], world.y[0])) {
        inputs.clear();
        inputs.act(0, 1 + d);
        step(world, inputs);
        world.hunger[0] = 0;
        const left = way.left(world.x[0], world.y[0]);
        waited = left < best ? 0 : waited + 1;
        best = Math.min(best, left);
      }
      expect([best, d], `from ${px},${py} to tile ${goal % width},${Math.floor(goal / width)}`).toEqual([
        0, -1,
      ]);
    }),
    { numRuns: 150 },
  );
});
