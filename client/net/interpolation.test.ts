import { expect, test } from 'vitest';
import type { SeenAgent, View } from '#shared/protocol/view.ts';
import { DELAY_MS, Interpolator } from './interpolation.ts';

const agent = (slot: number, x: number): SeenAgent => ({
  slot,
  role: 1,
  status: 1,
  x,
  y: 1000,
  facing: 0,
  intent: 1,
  health: 100,
  fruit: 0,
  crystal: 0,
  windup: false,
  guarding: false,
  gathering: false,
  shield: false,
  outlaw: false,
  tag: 0,
});
const view = (tick: number, agents: SeenAgent[]): View =>
  ({ tick, ack: 0, ackTick: 0, agents, nodes: [], events: [] }) as unknown as View;

test('others move evenly between two views, a little in the past', () => {
  const seen = new Interpolator();
  for (let tick = 100; tick <= 120; tick += 2) seen.add(view(tick, [agent(4, tick * 40)]), tick * 50);
  const at = (ms: number) => seen.shown(ms).get(4)!.x;
  const now = 120 * 50;
  expect(at(now)).toBeCloseTo((120 - DELAY_MS / 50) * 40, 3);
  expect(at(now + 50) - at(now)).toBeCloseTo(40, 3);
  expect(seen.shown(now).get(4)!.speed).toBeCloseTo((40 / 256) * 20, 3);
});

test('who left the surroundings is no longer shown, who returned home does not fly there', () => {
  const seen = new Interpolator();
  seen.add(view(100, [agent(1, 1000), agent(2, 500)]), 5000);
  seen.add(view(102, [agent(2, 9000)]), 5100);
  seen.add(view(104, [agent(2, 9000)]), 5200);
  const shown = seen.shown(5200);
  expect(shown.has(1)).toBe(false);
  expect(shown.get(2)!.x).toBe(9000);
});

test('a late view does not turn back the clock, and a restarted server sets it anew', () => {
  const seen = new Interpolator();
  for (let tick = 100; tick <= 110; tick += 2) seen.add(view(tick, []), tick * 50);
  const before = seen.serverTick(110 * 50 + 50);
  seen.add(view(112, []), 112 * 50 + 400);
  expect(seen.serverTick(110 * 50 + 50)).toBeGreaterThan(before - 0.3);
  seen.add(view(4, []), 7000);
  expect(seen.serverTick(7000)).toBeCloseTo(4, 5);
});
