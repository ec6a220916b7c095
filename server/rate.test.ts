import { expect, test } from 'vitest';
import { Bucket, Buckets } from './rate.ts';

test('a bucket gives what it holds, fills steadily and never beyond its size', () => {
  const bucket = new Bucket(2, 3, 0);
  expect([0, 0, 0, 0].map((t) => bucket.take(t))).toEqual([true, true, true, false]);
  expect([bucket.take(499), bucket.take(500), bucket.take(501)]).toEqual([false, true, false]);
  expect([60_000, 60_000, 60_000, 60_000].map((t) => bucket.take(t))).toEqual([true, true, true, false]);
});

test('buckets are kept apart by key, are bounded, and full ones are forgotten first', () => {
  const buckets = new Buckets(1, 1, 2);
  expect([buckets.take('a', 0), buckets.take('a', 0), buckets.take('b', 0)]).toEqual([true, false, true]);
  expect(buckets.take('c', 0)).toBe(false);
  expect(buckets.take('c', 1500)).toBe(true);
});
