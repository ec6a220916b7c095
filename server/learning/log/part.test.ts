import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ACTION_COUNT,
  EPOCH_TICKS,
  neutral,
  OBSERVATION_NAMES,
  OBSERVATION_SIZE,
} from '#shared/world/index.ts';
import { decodePart, encodePart, NOBODY, type Part, PERSON, type Play, PlayError } from './part.ts';
import { dataRoot, epochRoot, LogKey, openPart, readPart, sealPart } from './seal.ts';

const EPOCH = 7;
const at = (name: string) => OBSERVATION_NAMES.indexOf(name);
const NEUTRAL = Uint8Array.from({ length: OBSERVATION_SIZE }, (_, i) => neutral(i));
const observation = fc.nat(127).map((health) => {
  const o = NEUTRAL.slice();
  o[at('health')] = health;
  return o;
});
const play = fc
  .record({
    npc: fc.constantFrom(PERSON, 3, 17),
    mask: fc.integer({ min: 0, max: 2 ** ACTION_COUNT - 1 }).map((m) => m | 1),
    choice: fc.nat(),
    events: fc.array(
      fc.record({
        kind: fc.integer({ min: 1, max: 14 }),
        side: fc.constantFrom(0 as const, 1 as const),
        role: fc.constantFrom(0, 1, 4, NOBODY),
        amount: fc.integer({ min: 0, max: 255 }),
      }),
      { maxLength: 15 },
    ),
    observation,
  })
  .map(({ npc, mask, choice, events, observation }): Omit<Play, 'tick'> => {
    const legal = [...Array(ACTION_COUNT).keys()].filter((a) => (mask >> a) & 1);
    const action = legal[choice % legal.length];
    return { npc, role: npc === PERSON ? 0 : 2, mask, action, events, observation };
  });
const part = fc.array(play, { maxLength: 20 }).map(
  (plays): Part => ({
    zone: 1,
    epoch: EPOCH,
    who: new Uint8Array(16).fill(9),
    plays: plays.map((p, i) => ({ ...p, tick: EPOCH * EPOCH_TICKS + 4 * i })),
  }),
);
const one = (change: Partial<Play> = {}): Part => ({
  zone: 1,
  epoch: EPOCH,
  who: new Uint8Array(16).fill(9),
  plays: [
    {
      tick: EPOCH * EPOCH_TICKS + 8,
      npc: PERSON,
      role: 0,
      mask: 0b11,
      action: 1,
      events: [],
      observation: NEUTRAL,
      ...change,
    },
  ],
});

test('a part comes back as it was written', () => {
  fc.assert(
    fc.property(part, (given) => {
      expect(decodePart(encodePart(given))).toEqual(given);
    }),
  );
});

test('bytes that are cut off or changed are read as a part or refused by name, never anything else', () => {
  fc.assert(
    fc.property(part, fc.nat(), fc.nat(255), fc.nat(), (given, at, byte, cut) => {
      const bytes = encodePart(given);
      bytes[at % bytes.length] = byte;
      for (const some of [bytes, bytes.subarray(0, cut % bytes.length)])
        try {
          decodePart(some);
        } catch (error) {
          expect(error).toBeInstanceOf(PlayError);
        }
    }),
  );
});

const shown = (change: number[][]) => {
  const o = one().plays[0].observation.slice();
  for (const [at, value] of change) o[at] = value;
  return o;
};
test.each([
  ['an action outside the mask', one({ action: 9 }), 'play 0.action: 9 is not in the mask 3'],
  ['an action that there is not', one({ action: 15, mask: 0b1 }), 'play 0.action: 15'],
  ['a mask that forbids waiting', one({ mask: 0b10 }), 'play 0.mask: 2'],
  ['a feature beyond its scale', one({ observation: shown([[at('fruit'), 200]]) }), 'play 0.observation'],
  ['a body that is half shielded', one({ observation: shown([[at('shield'), 60]]) }), 'play 0.observation'],
  ['an observation of nobody', one({ observation: new Uint8Array(64) }), 'play 0.observation: home dx is 0'],
  ['a tick between decisions', one({ tick: EPOCH * EPOCH_TICKS + 9 }), 'play 0.tick: 9'],
  ['a player in an inhabitant’s place', one({ npc: 3 }), 'play 0.role: 0 does not fit place 3'],
  ['an inhabitant as the person', one({ role: 2 }), 'play 0.role: 2'],
  ['a role that there is not', one({ npc: 3, role: 9 }), 'play 0.role: 9 is unknown'],
  ['an event of no kind', one({ events: [{ kind: 99, side: 0, role: 0, amount: 0 }] }), 'play 0.events: 99'],
])('%s is refused', (_, given, problem) => {
  expect(() => decodePart(encodePart(given))).toThrow(problem);
});

test('the same tick twice is refused', () => {
  const given = one();
  given.plays.push(given.plays[0]);
  expect(() => decodePart(encodePart(given))).toThrow('play 1.tick: 8 does not rise');
});

test('a part is known by hash and seal, and where it was found', async () => {
  const key = new LogKey(new Uint8Array(32).fill(1));
  const other = new LogKey(new Uint8Array(32).fill(2));
  const given = one();
  const { who } = given;
  const bytes = encodePart(given);
  const sealed = await sealPart(key, { epoch: EPOCH, who, own: 1, others: 0, bytes });
  expect(await readPart(key, 1, sealed)).toEqual(given);
  const refused = (change: object, k = key) => expect(readPart(k, 1, { ...sealed, ...change })).rejects;
  await refused({}, other).toThrow('seal: is not by this server');
  await refused({ hash: new Uint8Array(32) }).toThrow('hash: is not that of the part');
  await refused({ epoch: EPOCH + 1 }).toThrow('epoch: 7, was found in 8');
  await refused({ who: new Uint8Array(16) }).toThrow('who: was found with another');
  await refused({ bytes: sealed.bytes.subarray(0, 9) }).toThrow('part: cannot be unpacked');
  await expect(readPart(key, 2, sealed)).rejects.toThrow('zone: 1, was found in 2');
  // A part that unpacks to more than there can be is not unpacked.
  const bomb = await sealPart(key, { epoch: EPOCH, who, own: 1, others: 0, bytes: new Uint8Array(1 << 22) });
  await expect(openPart(key, bomb)).rejects.toThrow('part: cannot be unpacked');
});

test('pseudonyms tell people apart and nothing else; roots tell data apart', () => {
  const key = new LogKey(new Uint8Array(32).fill(1));
  const other = new LogKey(new Uint8Array(32).fill(2));
  expect(key.pseudonym(5)).toEqual(key.pseudonym(5));
  expect(key.pseudonym(5)).not.toEqual(key.pseudonym(6));
  expect(key.pseudonym(5)).not.toEqual(other.pseudonym(5));
  const [a, b] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  expect(epochRoot([a, b])).not.toEqual(epochRoot([b, a]));
  expect(dataRoot([{ epoch: 1, root: a }])).not.toEqual(dataRoot([{ epoch: 2, root: a }]));
});
