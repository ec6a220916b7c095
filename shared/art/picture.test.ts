import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { loadArtModel } from './model.ts';
import { pictureBytes, readPicture, toPng, toRgba, toSvg } from './picture.ts';
import { drawSprite } from './sprite.ts';

const model = loadArtModel(readFileSync('assets/art/seedling.safetensors'));
const sprite = drawSprite(model, { genome: new Uint8Array(32).fill(77), stage: 4, branch: 1 });

/** Reads the chunks of a PNG, checking lengths and order. */
function chunks(png: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(png.buffer, png.byteOffset);
  const found = new Map<string, Uint8Array>();
  for (let at = 8; at < png.length; ) {
    const length = view.getUint32(at);
    found.set(String.fromCharCode(...png.subarray(at + 4, at + 8)), png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return found;
}

/** RGBA of a PNG or SVG by an independent renderer, at 32 × 32. */
function rendered(svg: string): Uint8Array {
  return new Uint8Array(new Resvg(svg, { fitTo: { mode: 'width', value: 32 } }).render().pixels);
}

describe('a PNG', () => {
  it('is read by another decoder as the same pixels', () => {
    const png = Buffer.from(toPng(sprite)).toString('base64');
    const wrapped = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="32" height="32"><image width="32" height="32" image-rendering="optimizeSpeed" xlink:href="data:image/png;base64,${png}"/></svg>`;
    expect(rendered(wrapped)).toEqual(toRgba(sprite));
  });

  it('is 3008 × 3008 at scale 94, each pixel a square', () => {
    const png = toPng(sprite, 94);
    const parts = chunks(png);
    const header = new DataView(parts.get('IHDR')!.slice().buffer);
    expect([header.getUint32(0), header.getUint32(4)]).toEqual([3008, 3008]);
    const raw = inflateSync(parts.get('IDAT')!);
    const row = new Uint8Array(1505);
    let wrong = 0;
    for (let y = 0; y < 3008; y++) {
      const line = raw.subarray(y * 1505, y * 1505 + 1505);
      // filter 2 adds the row above
      for (let i = 1; i < 1505; i++) row[i] = line[0] === 2 ? (line[i] + row[i]) & 255 : line[i];
      for (let x = 0; x < 3008; x += 7) {
        const ink = x & 1 ? row[1 + (x >> 1)] & 15 : row[1 + (x >> 1)] >> 4;
        if (ink !== sprite.pixels[((y / 94) | 0) * 32 + ((x / 94) | 0)]) wrong++;
      }
    }
    expect(wrong).toBe(0);
    expect(png.length).toBeLessThan(16_384);
  });

  it('cannot be made at another scale', () => {
    for (const scale of [0, 95, 1.5, Number.NaN])
      expect(() => toPng(sprite, scale)).toThrow('scale must be a whole number 1..94');
  });
});

describe('an SVG', () => {
  it('shows the same pixels', () => {
    expect(rendered(toSvg(sprite))).toEqual(toRgba(sprite));
  });
});

describe('canonical bytes', () => {
  it('can be read back, and nothing else can', () => {
    const bytes = pictureBytes(sprite);
    expect(readPicture(bytes)).toEqual(sprite);
    expect(readPicture(bytes.slice(1))).toBeNull();
    const wrong = bytes.slice();
    wrong[1000] = 16;
    expect(readPicture(wrong)).toBeNull();
    wrong.set(bytes);
    wrong[0] = 31;
    expect(readPicture(wrong)).toBeNull();
  });
});
