import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TONE_NAMES } from '#shared/world/index.ts';
import { byKeywords, Keywords } from './keywords.ts';
import { isGerman } from './language.ts';

test.each([
  ['hello there', 'greeting'],
  ['Guten Morgen!', 'greeting'],
  ['how much for a crystal?', 'trade'],
  ['Was kostet eine Frucht?', 'trade'],
  ['Give me everything or die', 'threat'],
  ['Ich bringe dich um', 'threat'],
  ['please help me', 'plea'],
  ['Hilfe! Bitte!', 'plea'],
  ['Where is the bridge?', 'question'],
  ['Wo ist die Brücke?', 'question'],
  ['you stupid idiot', 'taunt'],
  ['du dummer Trottel', 'taunt'],
  ['thank you', 'thanks'],
  ['Danke dir', 'thanks'],
  ['sorry, my fault', 'apology'],
  ['Es tut mir leid', 'apology'],
  ['goodbye, see you', 'farewell'],
  ['Auf Wiedersehen', 'farewell'],
  ['the grass is green', 'none'],
  ['', 'none'],
  ['😀😀😀', 'none'],
])('%j is a %s by its keywords', (sentence, tone) => {
  expect(TONE_NAMES[byKeywords(sentence).tone]).toBe(tone);
});

test('any text has a tone, whatever is in it', async () => {
  const keywords = new Keywords(isGerman);
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
      const { tone, confidence, embedding } = await keywords.understand(text);
      expect(tone).toBeGreaterThanOrEqual(0);
      expect(tone).toBeLessThan(TONE_NAMES.length);
      expect(confidence).toBeGreaterThan(0);
      expect(embedding).toBeNull();
    }),
  );
});

test.each([
  ['Wo ist der Markt?', true],
  ['danke schön', true],
  ['tu mir nichts', true],
  ['Where is the market?', false],
  ['thank you', false],
  ['¿Dónde está?', false],
  ['привет', false],
  ['', false],
])('%j is German: %s', (sentence, german) => {
  expect(isGerman(sentence)).toBe(german);
});
