import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  drawSprite,
  drawStrip,
  FRAMES,
  loadArtModel,
  pictureBytes,
  pictureHash,
  pictureOf,
  readPicture,
  readStrip,
  SIZE,
  toGif,
} from './index.ts';

const model = loadArtModel(readFileSync(new URL('../../assets/art/seedling.safetensors', import.meta.url)));
const conditions = (n: number) => ({
  genome: Uint8Array.from({ length: 32 }, (_, i) => (i * 37 + n * 91) & 255),
  stage: n % 5,
  branch: (n * 3) % 5,
});

/** A decoder after the specification (GIF89a, appendix F), written apart from the encoder. */
function decode(gif: Uint8Array) {
  const u16 = (at: number) => gif[at] | (gif[at + 1] << 8);
  const [width, height] = [u16(6), u16(8)];
  const colours = 2 << (gif[10] & 7);
  const palette = gif.slice(13, 13 + colours * 3);
  let at = 13 + colours * 3;
  const blocks = (): number[] => {
    const bytes: number[] = [];
    for (let length = gif[at++]; length > 0; length = gif[at++]) {
      bytes.push(...gif.subarray(at, at + length));
      at += length;
    }
    return bytes;
  };
  const frames: { pixels: number[]; delay: number; hole: number; disposal: number }[] = [];
  const extensions: string[] = [];
  let control = [0, 0, 0, 0];
  for (;;) {
    const mark = gif[at++];
    if (mark === 0x3b) break;
    if (mark === 0x21) {
      const label = gif[at++];
      const body = blocks();
      if (label === 0xf9) control = body;
      else extensions.push(String.fromCharCode(...body));
      continue;
    }
    expect(mark).toBe(0x2c);
    expect([u16(at), u16(at + 2), u16(at + 4), u16(at + 6), gif[at + 8]]).toEqual([0, 0, width, height, 0]);
    at += 9;
    const least = gif[at++];
    const pixels = unpack(blocks(), least, width * height);
    frames.push({ pixels, delay: control[1], hole: control[3], disposal: control[0] >> 2 });
  }
  expect(at).toBe(gif.length);
  return { width, height, palette, frames, extensions };
}

function unpack(bytes: number[], least: number, count: number): number[] {
  const clear = 1 << least;
  const out: number[] = [];
  let table: number[][] = [];
  let width = 0;
  let last: number[] | null = null;
  for (let bit = 0; ; ) {
    const wide = width || least + 1;
    let code = 0;
    for (let i = 0; i < wide; i++, bit++) code |= ((bytes[bit >> 3] >> (bit & 7)) & 1) << i;
    if (code === clear) {
      table = Array.from({ length: clear + 2 }, (_, i) => [i]);
      width = least + 1;
      last = null;
      continue;
    }
    if (code === clear + 1) {
      expect(bytes.length).toBe((bit + 7) >> 3);
      break;
    }
    if (last && table.length < 4096) table.push([...last, (table[code] ?? last)[0]]);
    last = table[code];
    if (!last) throw new Error(`code ${code} is not in the table`);
    for (const one of last) out.push(one);
    if (table.length === 1 << width && width < 12) width++;
  }
  expect(out.length).toBe(count);
  return out;
}

it.each([1, 3, 10])('a moving picture shows every frame pixel for pixel at scale %i', (scale) => {
  for (let n = 0; n < 3; n++) {
    const strip = drawStrip(model, conditions(n));
    const { width, height, palette, frames, extensions } = decode(toGif(strip, scale));
    expect([width, height]).toEqual([SIZE * scale, SIZE * scale]);
    expect(extensions[0].startsWith('NETSCAPE2.0')).toBe(true);
    for (let ink = 0; ink < 16; ink++)
      expect([...palette.subarray(ink * 3, ink * 3 + 3)]).toEqual([
        ...strip.palette.subarray(ink * 4, ink * 4 + 3),
      ]);
    const drawn = Array.from({ length: FRAMES }, (_, frame) => drawSprite(model, conditions(n), frame));
    const met = new Set<number>();
    for (const frame of frames) {
      expect(frame).toMatchObject({ hole: 0, disposal: 2 });
      const small = Uint8Array.from(
        { length: SIZE * SIZE },
        (_, i) => frame.pixels[((i / SIZE) | 0) * scale * width + (i % SIZE) * scale],
      );
      const which = drawn.findIndex((one) => Buffer.from(one.pixels).equals(small));
      expect(which).toBeGreaterThanOrEqual(0);
      met.add(which);
      frame.pixels.forEach((ink, i) => {
        const [x, y] = [i % width, (i / width) | 0];
        if (ink !== small[((y / scale) | 0) * SIZE + ((x / scale) | 0)]) throw new Error(`pixel ${x}, ${y}`);
      });
    }
    // Equal frames count as one: some creatures lift a foot that cannot be seen.
    expect(met.size).toBe(new Set(drawn.map(pictureHash)).size);
    expect(frames.length).toBe(20);
  }
});

it('a strip of 64 × 64 is as large as one of 32 × 32, each pixel half as wide', () => {
  const small = drawStrip(model, conditions(2));
  const pixels = Uint8Array.from({ length: small.pixels.length * 4 }, (_, at) => {
    const [x, y] = [at % 64, Math.floor(at / 64)];
    return small.pixels[(y >> 1) * SIZE + (x >> 1)];
  });
  const large = { ...small, width: 64, height: 64 * FRAMES, pixels };
  expect(Buffer.from(toGif(large)).equals(Buffer.from(toGif(small)))).toBe(true);
});

it('noise fills the code table more than once and comes out as it was', () => {
  const strip = drawStrip(model, conditions(1));
  let x = 1;
  strip.pixels.forEach((_, i) => {
    x = (Math.imul(x, 1103515245) + 12345) >>> 0;
    strip.pixels[i] = x >>> 28;
  });
  const { frames } = decode(toGif(strip, 5));
  frames[0].pixels.forEach((ink, i) => {
    const [px, py] = [i % (SIZE * 5), (i / (SIZE * 5)) | 0];
    if (ink !== strip.pixels[((py / 5) | 0) * SIZE + ((px / 5) | 0)]) throw new Error(`pixel ${px}, ${py}`);
  });
});

it('a strip’s bytes are read again, its first frame is the picture, and neither is taken for the other', () => {
  const strip = drawStrip(model, conditions(4));
  const bytes = pictureBytes(strip);
  expect(readStrip(bytes)).toEqual(strip);
  expect(readPicture(bytes)).toBeNull();
  expect(readStrip(pictureBytes(pictureOf(strip)))).toBeNull();
  expect(pictureHash(pictureOf(strip))).toBe(pictureHash(drawSprite(model, conditions(4))));
  expect(readStrip(bytes.with(100, 16))).toBeNull();
  expect(readStrip(bytes.subarray(1))).toBeNull();
});

it('what is no strip, and a wrong scale, are refused', () => {
  const strip = drawStrip(model, conditions(4));
  expect(() => toGif(pictureOf(strip))).toThrow('strip must be 32 × 256 or 64 × 512 pixels, got 32 × 32');
  for (const scale of [0, 33, 1.5, Number.NaN])
    expect(() => toGif(strip, scale)).toThrow('scale must be a whole number 1..32');
});
