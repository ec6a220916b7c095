import { describe, expect, it } from 'vitest';
import { clearBackground } from './background.ts';
import { countColours, enlargement, fitInto } from './fit.ts';
import { Refused, type Rgba } from './limits.ts';
import { cutSheet, guessCell } from './sheet.ts';

/** A picture by a function of place: [r, g, b, a]. */
function paint(width: number, height: number, at: (x: number, y: number) => readonly number[]): Rgba {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(at(x, y), (y * width + x) * 4);
  return { width, height, data };
}
const NONE = [0, 0, 0, 0];
const RED = [200, 40, 40, 255];
const GREEN = [60, 180, 90, 255];

/** A disc of a radius about a point, its lower half green. */
const disc = (x: number, y: number, cx: number, cy: number, r: number, outside: readonly number[] = NONE) =>
  (x - cx) ** 2 + (y - cy) ** 2 < r * r ? (y > cy ? GREEN : RED) : outside;

describe('a sheet', () => {
  const sheet = (cell: number, columns: number, rows: number, empty = -1) =>
    paint(cell * columns, cell * rows, (x, y) => {
      const index = Math.floor(y / cell) * columns + Math.floor(x / cell);
      return index === empty ? NONE : disc(x % cell, y % cell, cell / 2, cell / 2, cell / 2 - 1);
    });

  it.each([16, 24, 32, 48, 64])('of cells of %i is seen to be one', (cell) => {
    expect(guessCell(sheet(cell, 4, 3))).toEqual({ width: cell, height: cell });
  });

  it('is cut into its cells, without the empty ones', () => {
    const cells = cutSheet(sheet(16, 4, 3, 5), { width: 16, height: 16 });
    expect(cells).toHaveLength(11);
    expect(cells[3]).toEqual(cells[0]);
  });

  it('one sprite is none', () => {
    expect(guessCell(paint(64, 64, (x, y) => disc(x, y, 32, 32, 30)))).toBeNull();
  });

  it.each([
    [{ width: 7, height: 16 }, /8 to 64 pixels of width, not 7/],
    [{ width: 16, height: 49 }, /8 to 48 pixels of height, not 49/],
    [{ width: 10.5, height: 16 }, /not 10.5/],
  ])('refuses cells of %o', (cell, why) => {
    expect(() => cutSheet(sheet(16, 4, 3), cell)).toThrow(why);
  });

  it('refuses more cells than it can have', () => {
    expect(() =>
      cutSheet(
        paint(512, 512, () => RED),
        { width: 8, height: 8 },
      ),
    ).toThrow(/4096 cells/);
  });
});

describe('a background', () => {
  it('that is transparent stays as it is', () => {
    const picture = paint(16, 16, (x, y) => disc(x, y, 8, 8, 6));
    expect(clearBackground(picture)).toEqual({ picture, background: 'transparent' });
  });

  it('of one colour is filled from the corners, and what it encloses stays', () => {
    const blue = [20, 20, 220, 255];
    const ring = paint(20, 20, (x, y) => {
      const far = (x - 10) ** 2 + (y - 10) ** 2;
      return far < 9 ? blue : far < 64 ? RED : blue;
    });
    const { picture, background } = clearBackground(ring);
    expect(background).toBe('filled');
    expect(picture.data[3]).toBe(0);
    expect([...picture.data.subarray((10 * 20 + 10) * 4, (10 * 20 + 10) * 4 + 4)]).toEqual(blue);
    expect(ring.data[3]).toBe(255);
  });

  it.each([
    ['of many colours', paint(16, 16, (x, y) => [x * 16, y * 16, 99, 255]), /corners/],
    ['and nothing on it', paint(16, 16, () => RED), /of one colour/],
    ['and nothing at all', paint(16, 16, () => NONE), /is empty/],
    ['and hardly anything', paint(32, 32, (x, y) => (x + y === 0 ? RED : NONE)), /all but empty/],
  ])('%s is refused', (_, picture, why) => {
    expect(() => clearBackground(picture)).toThrow(Refused);
    expect(() => clearBackground(picture)).toThrow(why);
  });
});

describe('fitInto', () => {
  const small = paint(12, 10, (x, y) => (x < 6 ? RED : GREEN).map((value, i) => (i < 3 ? value + y : value)));

  it('brings enlarged pixel art back to its own pixels', () => {
    for (const k of [2, 3, 5]) {
      const large = paint(12 * k, 10 * k, (x, y) => {
        const at = (Math.floor(y / k) * 12 + Math.floor(x / k)) * 4;
        return [...small.data.subarray(at, at + 4)];
      });
      expect(enlargement(large)).toBe(k);
      expect(fitInto(large, 32)).toEqual(fitInto(small, 32));
    }
  });

  it('stands on the ground, with a margin on every side', () => {
    for (const [w, h] of [
      [200, 90],
      [31, 64],
      [8, 8],
      [30, 30],
    ]) {
      const { data } = fitInto(
        paint(w, h, (x, y) => [(x * 7) & 255, (y * 5) & 255, 9, 255]),
        32,
      );
      const filled = (x: number, y: number) => data[(y * 32 + x) * 4 + 3] > 0;
      let standing = 0;
      for (let i = 0; i < 32; i++) {
        expect([filled(0, i), filled(31, i), filled(i, 0), filled(i, 31)]).toEqual([
          false,
          false,
          false,
          false,
        ]);
        if (filled(i, 30)) standing++;
      }
      expect(standing).toBeGreaterThan(0);
    }
  });

  it('counts colours of what is filled', () => {
    expect(countColours(paint(16, 16, (x, y) => disc(x, y, 8, 8, 6)))).toBe(2);
  });
});
