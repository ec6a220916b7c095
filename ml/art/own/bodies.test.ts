import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ink } from '#shared/art/types.ts';
import { creatures } from '../../../client/e2e/studio-pictures.ts';
import { takePng } from '../../../client/studio/pictures/intake.ts';
import { bodyStrip } from './bodies.ts';

const count = (pixels: Uint8Array, ...roles: number[]) =>
  pixels.filter((role) => roles.includes(role)).length;
const pngs = creatures().filter(({ name }) => name.endsWith('.png'));
const strips = ([32, 64] as const).flatMap((size) =>
  pngs.map(({ name, buffer }, i) => ({
    name,
    size,
    strip: bodyStrip(takePng(new Uint8Array(buffer), name, size).sprites[0].roles, i, size),
  })),
);

describe('a strip of growth', () => {
  it.each(strips)(
    'of $name at $size grows, stands on the ground, and has two eyes and no outline',
    ({ strip, size }) => {
      const unit = size / 32;
      expect(strip.map(({ stage }) => stage)).toEqual([0, 1, 2, 3, 4]);
      const areas = strip.map(({ pixels }) => size * size - count(pixels, Ink.none));
      for (let stage = 2; stage <= 4; stage++) expect(areas[stage]).toBeGreaterThan(areas[stage - 1]);
      for (const { pixels } of strip) {
        expect(count(pixels, Ink.eye)).toBe(8 * unit * unit);
        expect(count(pixels, Ink.outline, Ink.iris)).toBe(0);
        // Room for what is painted above, and for the outline on every side.
        const last = size - 1;
        for (let i = 0; i < size; i++)
          for (const at of [i, i * size, i * size + last, last * size + i]) expect(pixels[at]).toBe(0);
      }
      const ground = strip[4].pixels.subarray((30 * unit - 1) * size, 30 * unit * size);
      expect(count(ground, Ink.none)).toBeLessThan(size);
    },
  );

  it('puts the eyes where the picture has them', () => {
    const roles = new Uint8Array(1024);
    for (let y = 4; y < 30; y++) for (let x = 4; x < 28; x++) roles[y * 32 + x] = Ink.coat;
    const eyes = (row: number) => {
      const one = roles.slice();
      for (const x of [9, 10, 21, 22]) for (const y of [row, row + 1]) one[y * 32 + x] = Ink.eye;
      const grown = bodyStrip(one, 0, 32)[4].pixels;
      return Math.floor(grown.indexOf(Ink.eye) / 32);
    };
    expect(eyes(16) - eyes(8)).toBeGreaterThanOrEqual(5);
  });

  it('is one whatever the picture holds', () => {
    const pictures = (size: 32 | 64) =>
      fc.oneof(
        fc.uint8Array({ minLength: size * size, maxLength: size * size, max: 15 }),
        fc.integer({ min: 0, max: 15 }).map((role) => new Uint8Array(size * size).fill(role)),
      );
    for (const size of [32, 64] as const)
      fc.assert(
        fc.property(pictures(size), (roles) => {
          for (const { pixels } of bodyStrip(roles, 0, size)) expect(Math.max(...pixels)).toBeLessThan(16);
        }),
        { numRuns: 40 },
      );
  });
});
