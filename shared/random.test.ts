import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mulberry32, randomFrom, wholesFrom } from './random.ts';

const seeds = fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 });

test.each([
  [0, [1144304738, 1416247, 958946056, 627933444]],
  [1, [2693262067, 11749833, 2265367787, 4213581821]],
  [0xffff_ffff, [3850105811, 813802916, 3073704848, 4054706436]],
])('from %i come the numbers of the reference in C', (seed, numbers) => {
  expect(numbers.map(mulberry32(seed))).toEqual(numbers);
});

test('parts of one and whole numbers are the same draws, within their bounds', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 2 ** 32 }), (seed, below) => {
      const [raw, part, whole] = [mulberry32(seed), randomFrom(seed), wholesFrom(seed)];
      for (let i = 0; i < 20; i++) {
        const drawn = raw();
        expect(part()).toBe(drawn / 2 ** 32);
        const value = whole(below);
        expect(value).toBe(Math.floor((drawn * below) / 2 ** 32));
        expect(value).toBeLessThan(below);
      }
    }),
  );
});
