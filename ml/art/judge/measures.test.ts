import { expect, test } from 'vitest';
import { randomFrom } from '../dense.ts';
import { kernelDistance, ownNearest, precisionRecall } from './measures.ts';
import { FEATURES } from './network.ts';

/** Random directions; the first coordinate is raised by `lean`. */
function cloud(count: number, seed: number, lean = 0): Float32Array {
  const random = randomFrom(seed);
  const rows = new Float32Array(count * FEATURES);
  for (let i = 0; i < count; i++) {
    const row = rows.subarray(i * FEATURES, (i + 1) * FEATURES);
    for (let k = 0; k < FEATURES; k++) row[k] = random() + random() + random() - 1.5 + (k === 0 ? lean : 0);
    const length = Math.hypot(...row);
    for (let k = 0; k < FEATURES; k++) row[k] /= length;
  }
  return rows;
}

/** One direction, again and again. */
function constant(count: number): Float32Array {
  const one = cloud(1, 9);
  return Float32Array.from({ length: count * FEATURES }, (_, i) => one[i % FEATURES]);
}

test('kernel distance: about 0 between samples of one distribution, greater the farther apart', () => {
  const [a, b] = [cloud(300, 1), cloud(300, 2)];
  const same = kernelDistance(a, b);
  const near = kernelDistance(a, cloud(300, 3, 1));
  const far = kernelDistance(a, cloud(300, 4, 6));
  expect(Math.abs(same)).toBeLessThan(0.01);
  expect(near).toBeGreaterThan(3 * Math.abs(same));
  expect(far).toBeGreaterThan(near);
});

test('precision and recall: a copy has both, a constant no recall, what lies elsewhere neither', () => {
  const real = cloud(80, 5, 2);
  expect(precisionRecall(real, real)).toEqual({ precision: 1, recall: 1 });
  const constantly = precisionRecall(real, constant(80));
  expect(constantly.recall).toBeLessThan(0.02);
  const elsewhere = precisionRecall(real, cloud(160, 6, -40));
  expect(elsewhere.precision).toBe(0);
  expect(elsewhere.recall).toBe(0);
});

test('precision: half a copy and half elsewhere has half of it', () => {
  const real = cloud(80, 5, 2);
  const mixed = real.slice();
  mixed.set(cloud(40, 6, -40));
  expect(precisionRecall(real, mixed).precision).toBeCloseTo(0.5, 1);
});

test('nearest own: all of a copy, hardly any of strangers, none of a constant', () => {
  const now = cloud(200, 7);
  expect(ownNearest(now, now)).toBe(100);
  expect(ownNearest(now, cloud(200, 8))).toBeLessThan(5);
  expect(ownNearest(now, constant(200))).toBe(0);
  const half = now.slice();
  half.set(now.subarray(0, 100 * FEATURES), 100 * FEATURES);
  half.set(now.subarray(100 * FEATURES), 0);
  expect(ownNearest(now, half)).toBe(0);
});

test('too few pictures are refused', () => {
  expect(() => kernelDistance(cloud(1, 1), cloud(9, 1))).toThrow(/needs 2 pictures, got 1 and 9/);
  expect(() => precisionRecall(cloud(10, 1), cloud(9, 1))).toThrow(/needs at least 10/);
});
