import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PROTOCOL } from '#shared/protocol/index.ts';
import {
  createWorld,
  decodeInputs,
  EMPTY,
  FORAGER,
  INPUT,
  Inputs,
  invariant,
  RAIDER,
  step,
  worldHash,
} from '#shared/world/index.ts';
import { meadow } from '#shared/world/meadow.ts';
import { untrainedBrains } from '../testing/brains.ts';
import { BrainMismatch, Minds } from './minds.ts';
import { GRACE_TICKS, MAX_PLAYERS, Zone, ZoneFull } from './zone.ts';

const POPULATION = [
  { role: FORAGER, count: 5 },
  { role: RAIDER, count: 3 },
];
const NOTHING = { fruit: 0, crystal: 0, bankedFruit: 0, bankedCrystal: 0, coins: 0 };
const noDeeds = () => [0, 0, 0, 0, 0, 0, 0, 0];

function zoneOf(capacity = 8 + 20): Zone {
  const minds = new Minds(untrainedBrains(), POPULATION);
  return new Zone(createWorld(meadow(), { seed: 11, capacity }), minds);
}

test('the records of a zone lead another world to the same hash', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          who: fc.integer({ min: 0, max: 3 }),
          what: fc.constantFrom('join', 'act', 'drop'),
          action: fc.integer({ min: 0, max: 12 }),
        }),
        { maxLength: 120 },
      ),
      (happenings) => {
        const zone = zoneOf();
        const twin = createWorld(meadow(), { seed: 11, capacity: zone.world.capacity });
        const inputs = new Inputs(zone.world.capacity * 3);
        const seqs = [0, 0, 0, 0];
        for (const { who, what, action } of happenings) {
          const seat = zone.seats.get(1000 + who);
          if (what === 'join') {
            zone.join(1000 + who, NOTHING, noDeeds());
            seqs[who] = 0;
          } else if (seat && what === 'act')
            expect(zone.intend(seat, { seq: ++seqs[who], action, arg: 0 })).toBeNull();
          else if (seat) zone.drop(seat);
          const record = zone.tick();
          inputs.clear();
          decodeInputs(record.inputs, inputs);
          step(twin, inputs);
        }
        expect(worldHash(twin)).toEqual(worldHash(zone.world));
        expect(invariant(zone.world)).toBeNull();
      },
    ),
    { numRuns: 40 },
  );
});

test('a queue of intents is bounded: the oldest gives way, one enters a tick', () => {
  const zone = zoneOf();
  const seat = zone.join(1000, NOTHING, noDeeds());
  zone.tick();
  for (let seq = 1; seq <= 50; seq++) expect(zone.intend(seat, { seq, action: 1, arg: 0 })).toBeNull();
  expect(seat.queue).toHaveLength(PROTOCOL.intentQueue);
  const { tick } = zone.world;
  zone.tick();
  expect(seat).toMatchObject({ ack: 50 - PROTOCOL.intentQueue + 1, ackTick: tick });
  for (let i = 1; i < PROTOCOL.intentQueue; i++) zone.tick();
  expect(seat.ack).toBe(50);
  zone.tick();
  expect(seat.ackTick).toBe(tick + PROTOCOL.intentQueue - 1);
});

test('an intent whose number does not rise is refused and changes nothing', () => {
  const zone = zoneOf();
  const seat = zone.join(1000, NOTHING, noDeeds());
  expect(zone.intend(seat, { seq: 5, action: 1, arg: 0 })).toBeNull();
  expect(zone.intend(seat, { seq: 5, action: 2, arg: 0 })).toBe('seq: 5, must be above 5');
  expect(zone.intend(seat, { seq: 4, action: 2, arg: 0 })).toBe('seq: 4, must be above 5');
  expect(seat.queue).toEqual([{ seq: 5, action: 1, arg: 0 }]);
});

test('whoever loses the connection stands still, keeps the place for a while and then takes the goods along', () => {
  const zone = zoneOf();
  const seat = zone.join(1000, { ...NOTHING, fruit: 4, bankedCrystal: 7 }, noDeeds());
  expect(zone.tick().goods.get(1000)).toBeNull();
  zone.intend(seat, { seq: 1, action: 1, arg: 0 });
  zone.tick();
  zone.drop(seat);
  zone.tick();
  expect(zone.world.intent[seat.slot]).toBe(0);
  const x = zone.world.x[seat.slot];
  for (let i = 0; i < GRACE_TICKS / 2; i++) zone.tick();
  expect(zone.join(1000, NOTHING, noDeeds())).toBe(seat);
  expect(zone.world.x[seat.slot]).toBe(x);
  zone.drop(seat);
  let left = zone.tick();
  for (let i = 0; i < GRACE_TICKS && !left.goods.has(1000); i++) left = zone.tick();
  expect(left.goods.get(1000)).toMatchObject({ bankedCrystal: 7 });
  expect(zone.seats.has(1000)).toBe(false);
  expect(zone.world.status[seat.slot]).toBe(EMPTY);
  expect(invariant(zone.world)).toBeNull();
});

test('a full zone refuses and says how full it is', () => {
  const zone = zoneOf(8 + MAX_PLAYERS);
  for (let i = 0; i < MAX_PLAYERS; i++) zone.join(1000 + i, NOTHING, noDeeds());
  expect(() => zone.join(5000, NOTHING, noDeeds())).toThrow(ZoneFull);
  expect(() => zone.join(5000, NOTHING, noDeeds())).toThrow(
    `players: ${MAX_PLAYERS}, at most ${MAX_PLAYERS}`,
  );
  expect(zone.join(1003, NOTHING, noDeeds())).toBe(zone.seats.get(1003));
});

test('deeds are counted for players alone, over the whole life, and never beyond a u32', () => {
  const zone = zoneOf();
  const counters = [0, 0, 0, 0, 0, 0, 0, 0xffffffff];
  zone.join(1000, NOTHING, counters);
  let told = new Map<number, number[]>();
  for (let i = 0; i < 1300; i++) {
    const { deeds } = zone.tick();
    if (deeds.size > 0) told = deeds;
    for (const id of deeds.keys()) expect(id).toBe(1000);
  }
  expect(counters[7]).toBe(0xffffffff);
  expect(told.get(1000)).toEqual(counters);
});

test('NPCs come at the first tick and decide every fourth, in the order of their places', () => {
  const zone = zoneOf();
  const first = zone.tick();
  const inputs = new Inputs(100);
  decodeInputs(first.inputs, inputs);
  expect(inputs.count).toBe(8);
  for (let tick = 1; tick < 9; tick++) {
    const record = zone.tick();
    inputs.clear();
    decodeInputs(record.inputs, inputs);
    expect(inputs.count).toBe(tick % 4 === 0 ? 8 : 0);
    for (let i = 0; i < inputs.count; i++) expect([inputs.at(i)[0], inputs.at(i)[1]]).toEqual([INPUT.act, i]);
  }
});

test('a brain that does not fit is refused by name', () => {
  const brains = untrainedBrains();
  const forager = brains.get('forager');
  if (!forager) throw new Error('no brain');
  expect(() => new Minds(new Map([['forager', forager]]), POPULATION)).toThrow(BrainMismatch);
  expect(() => new Minds(new Map([['forager', forager]]), POPULATION)).toThrow('brain raider: is missing');
  expect(() => new Minds(new Map([...brains, ['raider', forager]]), POPULATION)).toThrow(
    'brain raider: manifest.role is forager',
  );
  const other = { ...forager, manifest: { ...forager.manifest, observation: 'world-9' } };
  expect(() => new Minds(new Map([...brains, ['forager', other]]), POPULATION)).toThrow(/observation/);
});
