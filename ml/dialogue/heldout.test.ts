import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isGerman } from '#server/dialogue/language.ts';
import { openUnderstanding } from '#server/dialogue/open.ts';
import { TONE_NAMES } from '#shared/world/index.ts';

const folder = new URL('../../assets/dialogue/', import.meta.url).pathname;
const rows = readFileSync(new URL('heldout.tsv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => {
    const [tone, language, kind, text] = line.split('\t');
    return { tone: tone === 'other' ? 0 : TONE_NAMES.indexOf(tone as never), language, kind, text };
  });
const published = JSON.parse(readFileSync(join(folder, 'encoder', 'evaluation.json'), 'utf8'));
const understanding = await openUnderstanding({ model: null, assets: folder, log: () => {} });
afterAll(() => understanding.close());

test('the held-out sentences are many, of every tone, half of them not plain English, none in the corpus', () => {
  expect(rows.length).toBeGreaterThanOrEqual(300);
  expect(new Set(rows.map((r) => r.text)).size).toBe(rows.length);
  for (const tone of TONE_NAMES.keys())
    expect(rows.filter((r) => r.tone === tone).length).toBeGreaterThanOrEqual(30);
  expect(rows.every((r) => r.tone >= 0 && r.text.length <= 200)).toBe(true);
  expect(rows.filter((r) => r.language !== 'en' || r.kind !== 'plain').length * 2).toBeGreaterThan(
    rows.length,
  );
  const corpus = readFileSync(new URL('corpus/patterns.txt', import.meta.url), 'utf8').toLowerCase();
  for (const { text } of rows.filter((r) => r.text.length > 12))
    expect(corpus.includes(text.toLowerCase()), text).toBe(false);
});

test('the encoder is small and its published accuracy is what the server reaches', async () => {
  const file = join(folder, 'encoder', 'onnx', 'model_quantized.onnx');
  expect(existsSync(file)).toBe(true);
  expect(statSync(file).size).toBeLessThan(5_000_000);
  expect(published.onnx_bytes).toBe(statSync(file).size);
  let right = 0;
  for (const { text, tone } of rows) if ((await understanding.understand(text)).tone === tone) right++;
  // Hardly understood sentences are no tone for the server, so it can differ by a few from the bare classifier.
  expect(Math.abs(right / rows.length - published.student.linear.accuracy)).toBeLessThan(0.05);
});

test('the language is told apart', () => {
  const head = JSON.parse(readFileSync(join(folder, 'encoder', 'head.json'), 'utf8')) as {
    german: Record<string, number>;
  };
  const right = rows.filter((r) => isGerman(r.text, head.german) === (r.language === 'de'));
  expect(right.length / rows.length).toBeGreaterThan(0.9);
});
