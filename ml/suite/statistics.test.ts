import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrap, estimate, median, share, studentT } from './statistics.ts';

describe('intervals', () => {
  it.each([
    [1, 12.706],
    [2, 4.303],
    [3, 3.182],
    [4, 2.776],
    [9, 2.262],
    [19, 2.093],
    [39, 2.023],
    [1000, 1.962],
  ])('Student’s t with %i degrees of freedom is that of the tables', (freedom, t) => {
    expect(Math.abs(studentT(freedom) / t - 1)).toBeLessThan(0.004);
  });

  it('a mean has the interval one computes by hand', () => {
    const { mean, low, high } = estimate([1, 3, 5]);
    expect(mean).toBe(3);
    expect(high - 3).toBeCloseTo(4.303 * (2 / Math.sqrt(3)), 3);
    expect(3 - low).toBeCloseTo(high - 3, 9);
    expect(() => estimate([1])).toThrow(/needs 2 values, has 1/);
  });

  it('a share has Wilson’s interval', () => {
    const { low, high } = share(8, 10);
    expect([low, high].map((v) => v.toFixed(3))).toEqual(['0.490', '0.943']);
    expect(share(0, 5).low).toBeCloseTo(0, 12);
    expect(share(5, 5).high).toBeCloseTo(1, 12);
    expect(() => share(6, 5)).toThrow(RangeError);
  });

  it('always holds the share itself, within 0..1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, p) => {
        const { mean, low, high } = share(p * n, n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low - 1e-9).toBeLessThanOrEqual(mean);
        expect(high + 1e-9).toBeGreaterThanOrEqual(mean);
      }),
    );
  });

  it('the bootstrap draws the same each time, and comes near to Student’s for a mean', () => {
    const values = Array.from({ length: 30 }, (_, i) => (i * 7919) % 31);
    const of = (picked: readonly number[]) => picked.reduce((sum, i) => sum + values[i], 0) / picked.length;
    const boot = bootstrap(values.length, of);
    expect(bootstrap(values.length, of)).toEqual(boot);
    const student = estimate(values);
    expect(boot.mean).toBeCloseTo(student.mean, 9);
    expect(Math.abs(boot.low - student.low)).toBeLessThan(0.15 * (student.high - student.low));
    expect(Math.abs(boot.high - student.high)).toBeLessThan(0.15 * (student.high - student.low));
  });

  it('finds the middle', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
  });
});
