import { beforeAll, expect, test } from 'vitest';
import type { Sprite } from '#shared/art/types.ts';
import { drawnOf, freshStrips } from '../data/strips.ts';
import { decodeWeights } from './file.ts';
import { type Generator, heldOutSprites, Judge } from './index.ts';
import { ownNearest } from './measures.ts';
import { sheetOf } from './sheet.ts';

let judge: Judge;
beforeAll(async () => {
  judge = await Judge.open();
});

/** Creatures that no model has drawn: 40 strips, chosen by the genome. */
const strips = drawnOf(freshStrips(40, 77), 'strips');
const strip: Generator = (genome, stage, branch) =>
  strips.find((one) => one.creature === genome[0] % 40 && one.stage === stage && one.branch === branch)!
    .sprite;

test('a generator that draws the held-out pictures themselves is true to them, a constant one is not', () => {
  const real = heldOutSprites();
  let n = 0;
  const copying: Generator = () => real[n++ % real.length];
  const copies = judge.fidelity(copying, real.length);
  expect(copies.precision).toBe(1);
  expect(copies.recall).toBe(1);
  const constant = judge.fidelity(() => real[4], real.length);
  expect(constant.recall).toBeLessThan(0.03);
  expect(constant.kernelDistance).toBeGreaterThan(copies.kernelDistance + 1);
  const drawn = judge.fidelity(strip, real.length);
  expect(drawn.kernelDistance).toBeGreaterThan(copies.kernelDistance + 0.1);
  expect(drawn.kernelDistance).toBeLessThan(constant.kernelDistance);
});

test('a creature that never changes is its own nearest, one that is the same for all is not', () => {
  const still: Generator = (genome) => strips[(genome[0] * 256 + genome[1]) % strips.length].sprite;
  expect(judge.identity('form', still, 12).percent).toBe(100);
  expect(judge.identity('look', () => strips[9].sprite, 12).percent).toBe(0);
});

test('the eyes know a creature that has grown, and one that was moved and flipped', () => {
  const of = (creature: number, stage: number) =>
    strips.find((one) => one.creature === creature && one.stage === stage && one.branch === 0)!.sprite;
  const all = Array.from({ length: 40 }, (_, n) => n);
  const elders = all.map((n) => of(n, 4));
  const elsewhere = elders.map((one): Sprite => {
    // one to the right, and mirrored
    const pixels = one.pixels.map((_, at) => {
      const x = 31 - (at % 32) + 1;
      return x < 32 ? one.pixels[at - (at % 32) + x] : 0;
    });
    return { ...one, pixels };
  });
  for (const eye of ['form', 'look'] as const) {
    const known = judge.features(eye, elders);
    expect(
      ownNearest(
        judge.features(
          eye,
          all.map((n) => of(n, 3)),
        ),
        known,
      ),
    ).toBeGreaterThan(70);
    expect(ownNearest(judge.features(eye, elsewhere), known)).toBeGreaterThan(90);
  }
});

test('what a picture is like does not depend on what it is judged with', () => {
  const some: Sprite[] = strips.slice(0, 5).map(({ sprite }) => sprite);
  const together = judge.features('form', some);
  const alone = judge.features('form', [some[3]]);
  alone.forEach((value, k) => {
    expect(value).toBeCloseTo(together[3 * alone.length + k], 5);
  });
});

test('weights of a wrong length are refused, and a sheet of nothing', () => {
  expect(() => decodeWeights('form', new Uint8Array(10))).toThrow(/must be 96428 bytes, are 10/);
  expect(() => sheetOf([])).toThrow(/at least one/);
  expect([...sheetOf([[strips[0].sprite]]).subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
});
