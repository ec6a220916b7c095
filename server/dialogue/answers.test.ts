import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TONE_NAMES } from '#shared/world/index.ts';
import { ANSWER_MAX, type AnswerParts, composeAnswer, type Topic, topicOf } from './answers.ts';
import { FACTS, PAST, type Phrases, REACTIONS } from './lines.ts';
import type { Recalled } from './memory.ts';
import type { Situation } from './situation.ts';

const CALM: Situation = {
  role: 1,
  npc: 4,
  tick: 5000,
  seed: 11,
  health: 100,
  hunger: 10,
  fruit: 0,
  crystal: 0,
  coins: 0,
  harm: 0,
  kind: 0,
  ward: 0,
  loot: 0,
  robs: false,
  strikes: false,
  enemies: 0,
  hot: null,
  market: { name: 'Lake market', near: true, buyFruit: 7, buyCrystal: 5, sellFruit: 6, sellCrystal: 4 },
};
const NEVER: Recalled = { met: 0, alike: null, strongest: null, last: null };
const tone = (name: (typeof TONE_NAMES)[number]) => TONE_NAMES.indexOf(name);
const ask = (parts: Partial<AnswerParts>, situation: Partial<Situation> = {}): string =>
  composeAnswer({
    situation: { ...CALM, ...situation },
    tone: tone('greeting'),
    german: false,
    topic: null,
    recalled: NEVER,
    ...parts,
  });

test('every tone has an answer for every role and feeling, in both languages, and never too long', () => {
  fc.assert(
    fc.property(
      fc.record({
        role: fc.integer({ min: 0, max: 4 }),
        npc: fc.nat(59),
        tick: fc.nat(10_000_000),
        health: fc.integer({ min: 1, max: 100 }),
        hunger: fc.nat(100),
        fruit: fc.nat(12),
        crystal: fc.nat(12),
        coins: fc.nat(9999),
        harm: fc.nat(32767),
        kind: fc.nat(32767),
        ward: fc.nat(32767),
        loot: fc.nat(32767),
        robs: fc.boolean(),
        enemies: fc.nat(5),
        hot: fc.constantFrom(null, 'the bridge', 'the ravine'),
      }),
      fc.nat(TONE_NAMES.length - 1),
      fc.boolean(),
      fc.constantFrom<Topic>(null, 'danger', 'market', 'who', 'health', 'past', 'goods'),
      fc.nat(9),
      (situation, t, german, topic, past) => {
        const memory = { tone: past, times: 3, tick: 10 };
        const recalled = { met: 5, alike: memory, strongest: memory, last: memory };
        const answer = ask({ tone: t, german, topic, recalled }, situation);
        expect(answer.length).toBeGreaterThan(1);
        expect(answer.length).toBeLessThanOrEqual(ANSWER_MAX);
        expect(answer).not.toMatch(/[{}]|undefined|NaN/);
        expect(ask({ tone: t, german, topic, recalled }, situation)).toBe(answer);
      },
    ),
  );
});

test('every phrase is there in both languages', () => {
  for (const [key, phrases] of Object.entries({ ...REACTIONS, ...FACTS, ...PAST }) as [string, Phrases][]) {
    expect(phrases[0].length, key).toBeGreaterThan(0);
    expect(phrases[1].length, key).toBe(phrases[0].length);
  }
});

test('who was harmed fears, who was treated well is fond, and a threat is not a greeting', () => {
  const plain = ask({});
  const afraid = ask({}, { harm: 20_000 });
  const fond = ask({}, { kind: 20_000 });
  const threatened = ask({ tone: tone('threat') });
  expect(new Set([plain, afraid, fond, threatened]).size).toBe(4);
  expect(ask({}, { role: 2, harm: 20_000 })).not.toBe(afraid);
});

test('prices, goods and dangerous places are the real ones', () => {
  expect(ask({ tone: tone('trade') }, { fruit: 3, crystal: 2 })).toMatch(
    /Lake market asks 7 for a fruit and 5 for a crystal; it pays 6 and 4.*3 fruit and 2 crystals/,
  );
  expect(ask({ tone: tone('question'), topic: 'danger' }, { hot: 'the ravine' })).toContain('the ravine');
  expect(ask({ tone: tone('question'), topic: 'danger', german: true }, { hot: 'the ravine' })).toContain(
    'der Schlucht',
  );
  expect(ask({ tone: tone('question'), topic: 'health' }, { health: 20 })).toMatch(/hurt|stand/);
});

test('after a day one has been away for a while', () => {
  const last = { tone: tone('greeting'), tick: 100 };
  const recalled = { met: 1, alike: null, strongest: null, last };
  expect(ask({ recalled }, { tick: 20_000 })).toMatch(/a while|for days/);
  expect(ask({ recalled }, { tick: 5000 })).not.toMatch(/a while|for days/);
});

test('a threat of before is remembered', () => {
  const strongest = { tone: tone('threat'), tick: 100 };
  expect(ask({ recalled: { met: 2, alike: null, strongest, last: strongest } })).toContain('threatened me');
});

test.each([
  ['Is it safe at the bridge?', 'danger'],
  ['Ist es hier gefährlich?', 'danger'],
  ['What are the prices?', 'market'],
  ['Erinnerst du dich an mich?', 'past'],
  ['Who are you?', 'who'],
  ['Wie gehts?', 'health'],
  ['Blah', null],
])('%j asks about %s', (sentence, topic) => {
  expect(topicOf(sentence)).toBe(topic);
});
