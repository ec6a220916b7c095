import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  createWorld,
  Inputs,
  OBSERVATION_NAMES,
  OBSERVATION_SIZE,
  observe,
  parseMap,
  sight,
  step,
} from './index.ts';

const terrain = parseMap(JSON.parse(readFileSync('assets/maps/hollow.json', 'utf8')));
const FAR = OBSERVATION_NAMES.indexOf('enemy 1 far dx');

function trailOf(agent: number, x: number, y: number, enemyAt?: [number, number]): number[] {
  const world = createWorld(terrain, { seed: 1, capacity: 4 });
  const inputs = new Inputs(4);
  inputs.join(agent, { role: 2, tag: 0 });
  if (enemyAt) inputs.join(2, { role: 1, tag: 0 });
  step(world, inputs);
  [world.x[agent], world.y[agent]] = [x, y];
  if (enemyAt) [world.x[2], world.y[2]] = enemyAt;
  sight(world);
  const out = new Uint8Array(OBSERVATION_SIZE);
  observe(world, agent, out, 0);
  return [out[FAR] - 64, out[FAR + 1] - 64];
}

it('shows a raider with nobody in sight the way to a camp of its enemies, one in four to the village', () => {
  const [foragers, village] = [terrain.camps[1], terrain.camps[0]];
  // From the raiders' camp a shorter way than the last leads step by step to either camp, until it is in sight.
  for (const [agent, camp] of [
    [0, foragers],
    [3, village],
  ] as const) {
    let { x, y } = terrain.camps[2];
    let steps = 0;
    for (; steps < 300; steps++) {
      const [dx, dy] = trailOf(agent, x, y);
      if (dx === 0 && dy === 0) break;
      expect([-63, 0, 63]).toContain(dx);
      x += Math.sign(dx) * 256;
      y += Math.sign(dy) * 256;
    }
    expect(steps).toBeGreaterThan(30);
    expect(Math.abs(x - camp.x) + Math.abs(y - camp.y)).toBeLessThan(2 * 12 * 256);
  }
});

it('shows the enemy itself as soon as one is in sight', () => {
  const { x, y } = terrain.camps[2];
  expect(trailOf(0, x, y, [x + 640, y - 320])).toEqual([10, -5]);
});
