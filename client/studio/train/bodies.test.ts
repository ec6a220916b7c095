import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ink } from '#shared/art/types.ts';
import { creatures } from '../../e2e/studio-pictures.ts';
import { takePng } from '../pictures/intake.ts';
import { bodyStrip } from './bodies.ts';

const count = (pixels: Uint8Array, ...roles: number[]) =>
  pixels.filter((role) => roles.includes(role)).length;
const pngs = creatures().filter(({ name }) => name.endsWith('.png'));
const strips = pngs.map(({ name, buffer }, i) => ({
  name,
  strip: bodyStrip(takePng(new Uint8Array(buffer), name, 32).sprites[0].roles, i),
}));

describe('a strip of growth', () => {
  it.each(strips)('of $name grows, stands on the ground, and has two eyes and no outline', ({ strip }) => {
    expect(strip.map(({ stage }) => stage)).toEqual([0, 1, 2, 3, 4]);
    const areas = strip.map(({ pixels }) => 1024 - count(pixels, Ink.none));
    for (let stage = 2; stage <= 4; stage++) expect(areas[stage]).toBeGreaterThan(areas[stage - 1]);
    for (const { pixels } of strip) {
      expect(count(pixels, Ink.eye)).toBe(8);
      expect(count(pixels, Ink.outline, Ink.iris)).toBe(0);
      // Room for what is painted above, and for the outline on every side.
      for (let i = 0; i < 32; i++)
        expect([pixels[i], pixels[i * 32], pixels[i * 32 + 31], pixels[31 * 32 + i]]).toEqual([0, 0, 0, 0]);
    }
    expect(count(strip[4].pixels.subarray(29 * 32, 30 * 32), Ink.none)).toBeLessThan(32);
  });

  it('puts the eyes where the picture has them', () => {
    const roles = new Uint8Array(1024);
    for (let y = 4; y < 30; y++) for (let x = 4; x < 28; x++) roles[y * 32 + x] = Ink.coat;
    const eyes = (row: number) => {
      const one = roles.slice();
      for (const x of [9, 10, 21, 22]) for (const y of [row, row + 1]) one[y * 32 + x] = Ink.eye;
      const grown = bodyStrip(one, 0)[4].pixels;
      return Math.floor(grown.indexOf(Ink.eye) / 32);
    };
    expect(eyes(16) - eyes(8)).toBeGreaterThanOrEqual(5);
  });

  it('is one whatever the picture holds', () => {
    const picture = fc.uint8Array({ minLength: 1024, maxLength: 1024, max: 15 });
    fc.assert(
      fc.property(
        fc.oneof(
          picture,
          fc.integer({ min: 0, max: 15 }).map((role) => new Uint8Array(1024).fill(role)),
        ),
        (roles) => {
          for (const { pixels } of bodyStrip(roles, 0)) expect(Math.max(...pixels)).toBeLessThan(16);
        },
      ),
      { numRuns: 60 },
    );
  });
});
