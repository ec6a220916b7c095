import icons from '@iconify-json/fluent-emoji-flat/icons.json' with { type: 'json' };
import { Resvg } from '@resvg/resvg-js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ink } from '#shared/art/types.ts';
import { kindOf, svgText, takePng } from './intake.ts';
import { MAX_FILE_BYTES, Refused } from './limits.ts';
import { rolesOf } from './roles.ts';
import { pngOf } from './testing.ts';

const drawn = (name: keyof typeof icons.icons, size = 72) =>
  new Uint8Array(
    new Resvg(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${icons.icons[name].body}</svg>`, {
      fitTo: { mode: 'width', value: size },
    })
      .render()
      .asPng(),
  );
const letters = (text: string) => new TextEncoder().encode(text);

describe('a file', () => {
  it.each([
    ['a GIF', letters('GIF89a…'), /is a GIF; PNG and SVG/],
    ['a JPEG', Uint8Array.of(0xff, 0xd8, 0xff), /is a JPEG/],
    ['a WebP', letters('RIFF0000WEBPVP8X'), /is a WebP/],
    ['an archive', letters('PK\u0003\u0004'), /unpack it first/],
    ['nothing', new Uint8Array(), /is empty/],
    ['something else', letters('hello'), /is no picture/],
    ['too much', new Uint8Array(MAX_FILE_BYTES + 1), /4.0 MB; at most 4/],
  ])('that is %s is refused', (_, bytes, why) => {
    expect(() => kindOf(bytes)).toThrow(Refused);
    expect(() => kindOf(bytes)).toThrow(why);
  });

  it('that is an SVG but no text is refused', () => {
    expect(() => svgText(Uint8Array.of(0x3c, 0xff, 0xfe))).toThrow(/UTF-8/);
  });
});

describe('a PNG', () => {
  it.each(['fox', 'frog', 'octopus', 'cat-face', 'mushroom', 'snail'] as const)(
    'of a %s becomes a sprite',
    (name) => {
      const { sprites, sheet } = takePng(drawn(name), name, 32);
      expect(sheet).toBeNull();
      const [{ roles, rgba, background }] = sprites;
      expect(background).toBe('transparent');
      const used = new Set(roles);
      expect(used.has(Ink.coat) && used.has(Ink.outline)).toBe(true);
      expect(used.size).toBeGreaterThanOrEqual(4);
      // Whatever is drawn has a role, and is ringed.
      roles.forEach((role, at) => {
        if (rgba[at * 4 + 3] >= 128) expect(role).not.toBe(Ink.none);
        else expect([Ink.none, Ink.outline]).toContain(role);
      });
    },
  );

  it('of a fox has eyes that are eyes', () => {
    const [{ roles }] = takePng(drawn('fox'), 'fox', 32).sprites;
    const eyes = roles.filter((role) => role === Ink.eye).length;
    expect(eyes).toBeGreaterThanOrEqual(4);
    expect(eyes).toBeLessThan(120);
  });

  it('has the same roles in other colours', () => {
    const { rgba } = takePng(drawn('frog'), 'frog', 32).sprites[0];
    const turned = rgba.slice();
    for (let at = 0; at < turned.length; at += 4)
      [turned[at], turned[at + 1], turned[at + 2]] = [rgba[at + 2], rgba[at + 1], rgba[at]];
    const [a, b] = [rgba, turned].map((data) => rolesOf({ width: 32, height: 32, data }));
    const same = a.filter((role, i) => role === b[i]).length;
    expect(same / 1024).toBeGreaterThan(0.85);
  });

  it('of a sheet becomes its cells, and names what was not taken of them', () => {
    const cell = 24;
    const [columns, rows] = [4, 2];
    const rgba = new Uint8Array(cell * columns * cell * rows * 4);
    for (let y = 0; y < cell * rows; y++)
      for (let x = 0; x < cell * columns; x++) {
        const index = Math.floor(y / cell) * columns + Math.floor(x / cell);
        if (Math.hypot((x % cell) - 12, (y % cell) - 12) > 10) continue;
        const plain = index === 2 || y % cell > 12;
        rgba.set(plain ? [30, 160, 60, 255] : [230, 120, 60, 255], (y * cell * columns + x) * 4);
      }
    const file = pngOf(cell * columns, cell * rows, rgba);
    const { sprites, refused, sheet } = takePng(file, 'many', 32);
    expect(sheet).toEqual({ cell: { width: cell, height: cell }, width: 96, height: 48 });
    expect(sprites).toHaveLength(7);
    expect(refused).toEqual([{ name: 'many 3', why: expect.stringContaining('1 colour') }]);
    expect(takePng(file, 'many', 32, { width: 48, height: 48 }).sprites).toHaveLength(2);
    expect(takePng(file, 'many', 32, 'single').sprites).toHaveLength(1);
  });

  it('of a photograph is refused', () => {
    const rgba = new Uint8Array(64 * 64 * 4);
    let state = 1;
    for (let at = 0; at < rgba.length; at += 4) {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      const inside = Math.hypot(((at >> 2) & 63) - 32, (at >> 8) - 32) < 30;
      if (inside) rgba.set([state >>> 24, (state >>> 16) & 255, (state >>> 8) & 255, 255], at);
    }
    expect(() => takePng(pngOf(64, 64, rgba), 'photo', 32)).toThrow(/more than 640 colours/);
  });
});

describe('rolesOf', () => {
  it('gives every filled pixel a role, whatever the colours', () => {
    const pixels = fc.uint8Array({ minLength: 10 * 10 * 3, maxLength: 10 * 10 * 3 });
    fc.assert(
      fc.property(pixels, (rgb) => {
        const data = new Uint8ClampedArray(12 * 12 * 4);
        for (let i = 0; i < 100; i++)
          data.set(
            [...rgb.subarray(i * 3, i * 3 + 3), 255],
            ((1 + Math.floor(i / 10)) * 12 + 1 + (i % 10)) * 4,
          );
        const roles = rolesOf({ width: 12, height: 12, data });
        for (let at = 0; at < 144; at++) if (data[at * 4 + 3] > 0) expect(roles[at]).toBeGreaterThan(0);
      }),
      { numRuns: 50 },
    );
  });
});
