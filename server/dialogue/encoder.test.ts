import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TONE_NAMES } from '#shared/world/index.ts';
import { ROOT } from '../config.ts';
import { removeHomes, temporaryHome } from '../testing/homes.ts';
import { until } from '../testing/player.ts';
import { Encoder, MOST_WAITING, QueueFull } from './encoder.ts';
import { openUnderstanding } from './open.ts';
import { similarity } from './understanding.ts';

const assets = join(ROOT, 'assets', 'dialogue');
const said: string[] = [];
const log = (line: string) => void said.push(line);
let encoder: Encoder;

beforeAll(async () => {
  encoder = (await openUnderstanding({ model: null, assets, log })) as Encoder;
});
afterAll(async () => {
  await encoder?.close();
  removeHomes();
});

test('the embedded encoder is loaded, and says so', () => {
  expect(encoder).toBeInstanceOf(Encoder);
  expect(encoder.name).toBe('encoder');
  expect(said.at(-1)).toContain('embedded encoder');
});

test.each([
  ['hello there, how are you?', 'greeting', false],
  ['Guten Tag, mein Freund!', 'greeting', true],
  ['I will kill you', 'threat', false],
  ['thank yuo so much', 'thanks', false],
  ['Was kostet ein Kristall bei dir?', 'trade', true],
])('%j is a %s', async (sentence, tone, german) => {
  const understood = await encoder.understand(sentence);
  expect(TONE_NAMES[understood.tone]).toBe(tone);
  expect(understood.german).toBe(german);
  expect(similarity(understood.embedding as Float32Array, understood.embedding as Float32Array)).toBeCloseTo(
    1,
    4,
  );
});

test('what means the same lies close together, in another language and with typos too', async () => {
  const embed = async (text: string) => (await encoder.understand(text)).embedding as Float32Array;
  const [english, german, typo, other] = await Promise.all(
    ['please help me', 'bitte hilf mir', 'pleese hepl me', 'the price is too high'].map(embed),
  );
  expect(similarity(english, german)).toBeGreaterThan(similarity(english, other) + 0.2);
  expect(similarity(english, typo)).toBeGreaterThan(similarity(english, other) + 0.2);
});

test('any text is only ever understood as a tone', async () => {
  const fixed = [
    '',
    ' ',
    'x'.repeat(200),
    'ä'.repeat(200),
    '你好世界',
    '\u0000',
    '{"tone":3}',
    '[MASK][SEP][PAD]',
  ];
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.constantFrom(...fixed), fc.string({ maxLength: 200 })), async (text) => {
      const { tone, confidence, embedding } = await encoder.understand(text);
      expect(Number.isInteger(tone) && tone >= 0 && tone < TONE_NAMES.length).toBe(true);
      expect(confidence).toBeGreaterThan(0);
      expect(confidence).toBeLessThanOrEqual(1);
      expect(embedding?.every(Number.isFinite) ?? true).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('the same sentence is understood alike whatever is asked beside it', async () => {
  const alone = await encoder.understand('where is the bridge?');
  const many = await Promise.all(
    ['a', 'where is the bridge?', 'x'.repeat(200)].map((text) => encoder.understand(text)),
  );
  expect([...(many[1].embedding as Float32Array)]).toEqual([...(alone.embedding as Float32Array)]);
});

test('more sentences than may wait are refused, and the others are answered', async () => {
  const all = await Promise.allSettled(
    Array.from({ length: MOST_WAITING + 20 }, () => encoder.understand('hello')),
  );
  const refused = all.filter((r) => r.status === 'rejected');
  expect(refused).toHaveLength(20);
  expect(refused.every((r) => r.reason instanceof QueueFull)).toBe(true);
  expect((await encoder.understand('hello')).tone).toBe(1);
});

test('a thread that dies is started again; what waited is understood by keywords', async () => {
  const waiting = Promise.all(['hello friend', 'I will kill you'].map((text) => encoder.understand(text)));
  await encoder.thread?.terminate();
  expect((await waiting).map((u) => TONE_NAMES[u.tone])).toEqual(['greeting', 'threat']);
  expect(encoder.running).toBe(false);
  expect((await encoder.understand('thank you')).embedding).toBeNull();
  await until('the encoder is back', () => encoder.running, 40_000);
  expect((await encoder.understand('thank you')).embedding).not.toBeNull();
  expect(said.some((line) => line.includes('started again'))).toBe(true);
});

test('a model that cannot be loaded gives way to the embedded one, and that to keywords', async () => {
  const broken = join(temporaryHome(), 'broken');
  mkdirSync(join(broken, 'encoder', 'onnx'), { recursive: true });
  cpSync(join(assets, 'examples.json'), join(broken, 'examples.json'));
  for (const file of ['tokenizer.json', 'tokenizer_config.json', 'config.json'])
    cpSync(join(assets, 'encoder', file), join(broken, 'encoder', file));
  writeFileSync(join(broken, 'encoder', 'onnx', 'model_quantized.onnx'), 'no model');
  const lines: string[] = [];
  const tell = (line: string) => void lines.push(line);
  const other = await openUnderstanding({ model: join(broken, 'encoder'), assets, log: tell });
  expect(other.name).toBe('encoder');
  await other.close();
  const none = await openUnderstanding({ model: null, assets: broken, log: tell });
  expect(none.name).toBe('keywords');
  expect(lines.at(-1)).toContain('keywords only');
  expect((await none.understand('hello')).tone).toBe(1);
  const chosen = await openUnderstanding({ model: 'keywords', assets, log: tell });
  expect(chosen.name).toBe('keywords');
});
