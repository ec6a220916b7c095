import { expect, test } from 'vitest';
import { Ink, SIZE, type Sprite } from '#shared/art/types.ts';
import { drawnOf, freshStrips } from '../data/strips.ts';
import { isBlank, isLegal, isOneBody, validityOf } from './validity.ts';

const strip = drawnOf(freshStrips(2, 11), 'validity').map(({ sprite }) => sprite);
const changed = (change: (sprite: { pixels: Uint8Array; palette: Uint8Array }) => void): Sprite => {
  const one = { ...strip[10], pixels: strip[10].pixels.slice(), palette: strip[10].palette.slice() };
  change(one);
  return one;
};

test('finished training pictures are whole', () => {
  const found = validityOf(strip);
  expect(found.legalPercent).toBe(100);
  expect(found.blankPercent).toBe(0);
  expect(found.oneBodyPercent).toBe(100);
  expect(found.duplicatePercent).toBe(0);
});

test('an index beyond the palette, a second hole in it, a wrong size are not legal', () => {
  expect(isLegal(strip[10])).toBe(true);
  expect(
    isLegal(
      changed(({ pixels }) => {
        pixels[500] = 16;
      }),
    ),
  ).toBe(false);
  expect(
    isLegal(
      changed(({ palette }) => {
        palette[4 * Ink.coat + 3] = 0;
      }),
    ),
  ).toBe(false);
  expect(isLegal({ ...strip[10], height: SIZE - 1 })).toBe(false);
});

test('an empty picture is blank, a second piece is no one body, corners hold together', () => {
  expect(isBlank(changed(({ pixels }) => void pixels.fill(0)))).toBe(true);
  expect(isOneBody(changed(({ pixels }) => void pixels.fill(0)))).toBe(false);
  const twice = changed(({ pixels }) => {
    pixels.fill(0);
    pixels.fill(3, 2 * SIZE, 6 * SIZE);
    pixels.fill(3, 10 * SIZE, 12 * SIZE);
  });
  expect(isOneBody(twice)).toBe(false);
  const diagonal = changed(({ pixels }) => {
    pixels.fill(0);
    for (let i = 0; i < SIZE; i++) pixels[i * SIZE + i] = 3;
  });
  expect(isOneBody(diagonal)).toBe(true);
});

test('duplicates are counted, and drawings that differ in markings and colours alone', () => {
  expect(validityOf([strip[3], strip[3], strip[4], strip[3]]).duplicatePercent).toBe(50);
  const recoloured = changed(({ palette, pixels }) => {
    palette[5] ^= 1;
    const coat = pixels.indexOf(Ink.coat);
    pixels[coat] = Ink.mark;
  });
  const found = validityOf([strip[10], recoloured]);
  expect(found.duplicatePercent).toBe(0);
  expect(found.sameFormPercent).toBe(50);
  expect(() => validityOf([])).toThrow(/at least one/);
});
