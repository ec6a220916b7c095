import { expect, test } from 'vitest';
import { gather } from './gather.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('questions of one turn are asked as one, each to its own answer', async () => {
  const asked: number[][] = [];
  const square = gather(async (keys: number[]) => {
    asked.push(keys);
    await turn();
    return new Map(keys.filter((key) => key > 0).map((key) => [key, key * key]));
  });
  const first = Promise.all([3, 4, 3, -1].map(square));
  await turn();
  await turn();
  // These come while the first are being answered.
  const second = Promise.all([3, 5].map(square));
  expect(await first).toEqual([9, 16, 9, null]);
  expect(await second).toEqual([9, 25]);
  expect(asked).toEqual([
    [3, 4, -1],
    [3, 5],
  ]);
});

test('a failure is told to all who asked, and not to those who ask later', async () => {
  let fails = true;
  const echo = gather(async (keys: string[]) => {
    if (fails) throw new Error('out of reach');
    return new Map(keys.map((key) => [key, key]));
  });
  const both = await Promise.allSettled([echo('a'), echo('b')]);
  expect(both.map((one) => one.status)).toEqual(['rejected', 'rejected']);
  fails = false;
  expect(await echo('a')).toBe('a');
});
