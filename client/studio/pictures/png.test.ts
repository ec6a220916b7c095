import { Resvg } from '@resvg/resvg-js';
import fc from 'fast-check';
import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { chunk } from '#shared/art/picture.ts';
import { MAX_PIXELS, MAX_SIDE, Refused } from './limits.ts';
import { decodePng, readHead } from './png.ts';
import { END, header, join, pngOf, SIGNATURE } from './testing.ts';

const dots = fc.uint8Array({ minLength: 9 * 8 * 4, maxLength: 9 * 8 * 4 });

describe('decodePng', () => {
  it('gives back the pixels', () => {
    fc.assert(
      fc.property(dots, (rgba) => {
        const { width, height, data } = decodePng(pngOf(9, 8, rgba));
        expect([width, height]).toEqual([9, 8]);
        expect([...data]).toEqual([...rgba]);
      }),
    );
  });

  it('reads what another encoder filtered', () => {
    const drawn = new Resvg(
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3" fill="#f0a"/>' +
        '<path d="M0 0L8 8" stroke="#0af"/></svg>',
      { fitTo: { mode: 'width', value: 48 } },
    ).render();
    const { data } = decodePng(new Uint8Array(drawn.asPng()));
    // The encoder's raw pixels are premultiplied: opaque ones are as they are.
    const raw = drawn.pixels;
    let compared = 0;
    for (let at = 0; at < data.length; at += 4)
      if (raw[at + 3] === 255) {
        expect([...data.subarray(at, at + 4)]).toEqual([...raw.subarray(at, at + 4)]);
        compared++;
      }
    expect(compared).toBeGreaterThan(400);
  });

  it.each([0, 1, 2, 3, 4])('undoes filter %i', (filter) => {
    const rows = [1, 2].map((seed) => Uint8Array.from({ length: 32 }, (_, i) => (i * 37 + seed * 101) & 255));
    const all = Array.from({ length: 8 }, (_, y) => rows[y & 1]);
    const raw = join(...all.map((row, y) => join(Uint8Array.of(filter), filtered(filter, row, all[y - 1]))));
    const file = join(SIGNATURE, header(8, 8), chunk('IDAT', zlibSync(raw)), END);
    expect([...decodePng(file).data]).toEqual(all.flatMap((row) => [...row]));
  });

  it.each([1, 2, 4])('reads a palette of %i bits with its transparency', (depth) => {
    const row = new Uint8Array((8 * depth + 7) >> 3);
    row[0] = 1 << (8 - depth);
    const raw = join(...Array.from({ length: 8 }, () => join(Uint8Array.of(0), row)));
    const file = join(
      SIGNATURE,
      header(8, 8, depth, 3),
      chunk('PLTE', Uint8Array.of(1, 2, 3, 4, 5, 6)),
      chunk('tRNS', Uint8Array.of(0)),
      chunk('IDAT', zlibSync(raw)),
      END,
    );
    expect([...decodePng(file).data.subarray(0, 8)]).toEqual([4, 5, 6, 255, 1, 2, 3, 0]);
  });

  it('reads interlaced pictures', () => {
    // Grey, every pixel its own value: the passes of Adam7 in their order.
    const passes = [
      [0, 0, 8, 8],
      [4, 0, 8, 8],
      [0, 4, 4, 8],
      [2, 0, 4, 4],
      [0, 2, 2, 4],
      [1, 0, 2, 2],
      [0, 1, 1, 2],
    ];
    const bytes: number[] = [];
    for (const [x0, y0, dx, dy] of passes)
      for (let y = y0; y < 8; y += dy) {
        bytes.push(0);
        for (let x = x0; x < 8; x += dx) bytes.push(y * 8 + x);
      }
    const idat = chunk('IDAT', zlibSync(Uint8Array.from(bytes)));
    const { data } = decodePng(join(SIGNATURE, header(8, 8, 8, 0, 1), idat, END));
    expect(Array.from({ length: 64 }, (_, i) => data[i * 4])).toEqual(
      Array.from({ length: 64 }, (_, i) => i),
    );
  });
});

describe('what is refused', () => {
  const refuses = (bytes: Uint8Array, why: RegExp) => {
    expect(() => decodePng(bytes)).toThrow(Refused);
    expect(() => decodePng(bytes)).toThrow(why);
  };
  const pixels = new Uint8Array(8 * 8 * 4);

  it('a huge picture, by its header alone', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 8, max: 0xffffffff }),
        fc.integer({ min: 8, max: 0xffffffff }),
        (w, h) => {
          const read = () => readHead(join(SIGNATURE, header(w, h)));
          if (w <= MAX_SIDE && h <= MAX_SIDE && w * h <= MAX_PIXELS) expect(read().width).toBe(w);
          else expect(read).toThrow('at most');
        },
      ),
    );
    refuses(join(SIGNATURE, header(60_000, 60_000), chunk('IDAT', new Uint8Array(9)), END), /60000 × 60000/);
  });

  it('one that unpacks to more than it says', () => {
    const bomb = chunk('IDAT', zlibSync(new Uint8Array(32 << 20)));
    expect(bomb.length).toBeLessThan(64_000);
    refuses(join(SIGNATURE, header(8, 8), bomb, END), /more than it says/);
  });

  it('one that unpacks to less than it says', () => {
    refuses(join(SIGNATURE, header(2048, 2048), chunk('IDAT', zlibSync(new Uint8Array(9))), END), /missing/);
  });

  it('an animated one', () => {
    refuses(pngOf(8, 8, pixels, chunk('acTL', new Uint8Array(8))), /animated/);
  });

  it('one that is cut short anywhere', () => {
    const file = pngOf(8, 8, pixels);
    for (let length = 8; length < file.length; length++) refuses(file.subarray(0, length), /corrupt/);
  });

  it('one with any byte changed', () => {
    const file = pngOf(
      8,
      8,
      Uint8Array.from(pixels, (_, i) => i),
    );
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const broken = file.slice();
        broken[at] ^= change;
        expect(() => decodePng(broken)).toThrow(Refused);
      }),
    );
  });

  it('anything else: never another error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, signed) => {
        expect(() => decodePng(signed ? join(SIGNATURE, header(8, 8), bytes) : bytes)).toThrow(Refused);
      }),
    );
  });

  it('a pixel of no colour in the palette', () => {
    const raw = join(...Array.from({ length: 8 }, () => new Uint8Array(9).fill(7, 1)));
    const idat = chunk('IDAT', zlibSync(raw));
    refuses(join(SIGNATURE, header(8, 8, 8, 3), chunk('PLTE', new Uint8Array(6)), idat, END), /palette/);
    refuses(join(SIGNATURE, header(8, 8, 8, 3), idat, END), /palette/);
  });

  it('one that is too small', () => {
    refuses(join(SIGNATURE, header(7, 8), chunk('IDAT', zlibSync(pixels)), END), /at least 8/);
  });
});

function filtered(filter: number, row: Uint8Array, above?: Uint8Array): Uint8Array {
  return row.map((value, x) => {
    const [a, b, c] = [x >= 4 ? row[x - 4] : 0, above?.[x] ?? 0, x >= 4 ? (above?.[x - 4] ?? 0) : 0];
    const p = a + b - c;
    const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
    const paeth = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    return value - [0, a, b, (a + b) >> 1, paeth][filter];
  });
}
