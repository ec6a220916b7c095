import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWorld, Inputs, step } from '../world/index.ts';
import { meadow } from '../world/meadow.ts';
import { Act, ChatText, Name } from './messages.ts';
import { decodeView, encodeCell, encodeView, ViewError } from './view.ts';

function sample() {
  const world = createWorld(meadow(), { seed: 5, capacity: 8 });
  const inputs = new Inputs(16);
  for (let i = 0; i < 5; i++)
    inputs.join(i, { role: i % 3, tag: 300 + i, fruit: i, crystal: 12 - i, bankedCrystal: 70000 });
  step(world, inputs);
  inputs.clear();
  inputs.act(1, 10);
  step(world, inputs);
  const bytes = encodeView(world, {
    ack: 7,
    ackTick: 1,
    slot: 2,
    cells: [encodeCell(world, [0, 1]), encodeCell(world, []), encodeCell(world, [3])],
    nodes: [0, 2],
    events: [{ kind: 4, actor: 1, target: -1, amount: 14 }],
  });
  return { world, bytes };
}

test('a view comes back as it was', () => {
  const { world, bytes } = sample();
  const view = decodeView(bytes);
  expect(view).toMatchObject({ tick: 2, ack: 7, ackTick: 1 });
  expect(view.self).toMatchObject({
    x: world.x[2],
    health: 100,
    fruit: 2,
    crystal: 10,
    bankedCrystal: 70000,
  });
  expect(view.agents.map((a) => a.slot)).toEqual([0, 1, 3]);
  expect(view.agents[1]).toMatchObject({
    role: 1,
    status: 1,
    guarding: true,
    windup: false,
    fruit: 1,
    crystal: 11,
    tag: 301 & 255,
  });
  expect(view.nodes).toEqual([
    { node: 0, amount: 3 },
    { node: 2, amount: 4 },
  ]);
  expect(view.events).toEqual([{ kind: 4, actor: 1, target: -1, amount: 14 }]);
});

test('a view cut off or too long is refused with its length', () => {
  const { bytes } = sample();
  fc.assert(
    fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (n) => {
      expect(() => decodeView(bytes.slice(0, n))).toThrow(ViewError);
    }),
  );
  const longer = new Uint8Array(bytes.length + 1);
  longer.set(bytes);
  expect(() => decodeView(longer)).toThrow(/bytes/);
});

test.each([
  ['a', false],
  ['Ada', true],
  ['  Ada   Lovelace ', true],
  ["O'Neill-Ångström", true],
  ['x'.repeat(21), false],
  ['Ada\u202eevil', false],
  ['<b>Ada</b>', false],
  ['-Ada', false],
])('the name %j is %s', (name, ok) => {
  expect(Name.safeParse(name).success).toBe(ok);
});

test('chat has bounds and nothing invisible', () => {
  expect(ChatText.safeParse('  hello 👋 ').data).toBe('hello 👋');
  for (const bad of ['', '   ', 'x'.repeat(201), 'a\u0000b', 'a\u200bb', 'a\u202eb'])
    expect(ChatText.safeParse(bad).success).toBe(false);
});

test.each([
  [{ seq: 1, action: 0 }, true],
  [{ seq: 1, action: 14 }, false],
  [{ seq: 1, action: 13, arg: 4 }, true],
  [{ seq: 1, action: 13, arg: 5 }, false],
  [{ seq: 0, action: 1 }, false],
  [{ seq: 1.5, action: 1 }, false],
  [{ seq: 1, action: 1, more: 1 }, false],
  [{ seq: 1, action: 12, arg: 3 }, false],
  [null, false],
])('the intent %j is %s', (message, ok) => {
  expect(Act.safeParse(message).success).toBe(ok);
});
