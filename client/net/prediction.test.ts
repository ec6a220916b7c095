import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SELF_FIELDS, type Self, type View } from '#shared/protocol/view.ts';
import { createWorld, Inputs, step, type World } from '#shared/world/index.ts';
import { meadow } from '#shared/world/meadow.ts';
import { type Intent, Predictor } from './prediction.ts';

const SLOT = 3;
let told: number[] = [];

function viewOf(world: World, ack: number, ackTick: number): View {
  const self = {} as Self;
  for (const f of SELF_FIELDS) self[f] = world[f][SLOT];
  self.bankedFruit = world.bankedFruit[SLOT];
  self.bankedCrystal = world.bankedCrystal[SLOT];
  // Only what changed since the last view is told, as the room does.
  const nodes = [...world.nodeAmount].flatMap((amount, node) =>
    told[node] === amount ? [] : [{ node, amount }],
  );
  told = [...world.nodeAmount];
  return { tick: world.tick, ack, ackTick, self, agents: [], nodes, events: [], stock: [...world.stock] };
}

/** A room and a client with `delay` ticks each way, a frame every 10 ms; `wish` chooses the action of a tick. */
function play(delay: number, ticks: number, wish: (tick: number) => number, after?: (world: World) => void) {
  told = [];
  const terrain = meadow();
  const world = createWorld(terrain, { seed: 9, capacity: 8 });

  const inputs = new Inputs(16);
  inputs.join(SLOT, { role: 0, tag: 1 });
  step(world, inputs);
  after?.(world);
  const predictor = new Predictor(terrain, SLOT, [], 50);
  const up: { at: number; intent: Intent }[] = [];
  const down: { at: number; view: View }[] = [];
  let ack = 0;
  let ackTick = 0;
  const jumps: number[] = [];
  for (let t = 0; t < ticks; t++) {
    inputs.clear();
    while (up.length && up[0].at <= t) {
      const { intent } = up.shift()!;
      inputs.act(SLOT, intent.action, intent.arg);
      ack = intent.seq;
      ackTick = world.tick;
    }
    step(world, inputs);
    if (world.tick % 2 === 0) down.push({ at: t + delay, view: viewOf(world, ack, ackTick) });
    while (down.length && down[0].at <= t) {
      const before = predictor.position();
      predictor.reconcile(down.shift()!.view);
      const after = predictor.position();
      jumps.push(Math.hypot(after.x - before.x, after.y - before.y));
    }
    const intent = predictor.act(wish(t));
    if (intent) up.push({ at: t + delay + 1, intent });
    for (let f = 0; f < 5; f++) predictor.advance(10);
  }
  return { predictor, world, jumps };
}

test.each([0, 1, 3, 6])('with %i ticks each way, a walk ends where the server says', (delay) => {
  const { predictor, world } = play(delay, 200, (t) => (t < 120 ? 1 + ((t / 30) | 0) : 0));
  expect(predictor.position().x).toBeCloseTo(world.x[SLOT], 0);
  expect(predictor.position().y).toBeCloseTo(world.y[SLOT], 0);
});

test('one moves at once, before the server has heard of it', () => {
  const still = play(5, 30, () => 0);
  const { predictor, world } = play(5, 35, (t) => (t < 30 ? 0 : 1));
  expect(world.x[SLOT]).toBe(still.world.x[SLOT]);
  expect(predictor.position().x).toBeGreaterThan(world.x[SLOT] + 3 * 38);
});

test('what is drawn never jumps, however the player turns', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 8, maxLength: 20 }), (wishes) => {
      const { jumps } = play(3, wishes.length * 9, (t) => wishes[(t / 9) | 0]);
      expect(Math.max(...jumps.slice(4))).toBeLessThan(2);
    }),
    { numRuns: 40 },
  );
});

test('gathering in advance takes nothing twice: the place holds what the server says', () => {
  const terrain = meadow();
  const { predictor, world } = play(
    4,
    70,
    () => 11,
    (w) => {
      w.x[SLOT] = terrain.nodeX[1];
      w.y[SLOT] = terrain.nodeY[1];
    },
  );
  expect(world.fruit[SLOT]).toBe(3);
  expect(predictor.world.fruit[0]).toBe(3);
  expect([...predictor.world.nodeAmount]).toEqual([...world.nodeAmount]);
  const { predictor: midway } = play(
    4,
    30,
    () => 11,
    (w) => {
      w.x[SLOT] = terrain.nodeX[1];
      w.y[SLOT] = terrain.nodeY[1];
    },
  );
  expect(midway.world.nodeAmount[1] + midway.world.fruit[0]).toBe(3);
});

test('nothing is sent before the first view, nor twice for the same wish', () => {
  const predictor = new Predictor(meadow(), 0, [], 50);
  expect(predictor.act(1)).toBeNull();
  const world = createWorld(meadow(), { seed: 1, capacity: 8 });
  const inputs = new Inputs(4);
  inputs.join(SLOT, { role: 0, tag: 1 });
  step(world, inputs);
  predictor.reconcile(viewOf(world, 0, 0));
  expect(predictor.act(1)).toEqual({ seq: 1, action: 1, arg: 0 });
  expect(predictor.act(1)).toBeNull();
  expect(predictor.act(9)).toEqual({ seq: 2, action: 9, arg: 0 });
});
