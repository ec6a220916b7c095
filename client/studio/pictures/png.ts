import { Inflate } from 'fflate';
import { crc32 } from '#shared/art/picture.ts';
import { MAX_PIXELS, MAX_SIDE, MIN_SIDE, Refused, type Rgba } from './limits.ts';

/** Portable Network Graphics (third edition, https://www.w3.org/TR/png-3/): as much as a sprite needs. */

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Samples of a pixel by colour type, and the bit depths that go with it. */
const TYPES: Readonly<Record<number, { samples: number; depths: readonly number[] }>> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
};
/** Adam7: first column and row, and the steps between, of each pass. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export interface PngHead {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colour: number;
  readonly interlaced: boolean;
}

interface Chunks extends PngHead {
  readonly palette: Uint8Array | null;
  readonly transparent: Uint8Array | null;
  readonly data: readonly Uint8Array[];
}

export const isPng = (bytes: Uint8Array): boolean => SIGNATURE.every((byte, i) => bytes[i] === byte);

/** Reads what a PNG says of itself; nothing is unpacked. @throws Refused */
export function readHead(bytes: Uint8Array): PngHead {
  if (!isPng(bytes)) throw new Refused('is no PNG');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33 || view.getUint32(8) !== 13 || view.getUint32(12) !== 0x49484452)
    throw new Refused('is corrupt: its header is missing');
  if (crc32(bytes.subarray(12, 29)) !== view.getUint32(29))
    throw new Refused('is corrupt: its header’s checksum does not fit');
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth, colour, compression, filter, interlace] = bytes.subarray(24, 29);
  if (!TYPES[colour]?.depths.includes(depth) || compression !== 0 || filter !== 0 || interlace > 1)
    throw new Refused('is corrupt: its header is of no known kind');
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS)
    throw new Refused(
      `is ${width} × ${height} pixels; at most ${MAX_SIDE} a side and ${MAX_PIXELS.toLocaleString('en')} in all are taken`,
    );
  if (width < MIN_SIDE || height < MIN_SIDE)
    throw new Refused(`is ${width} × ${height} pixels; at least ${MIN_SIDE} a side are needed`);
  return { width, height, depth, colour, interlaced: interlace === 1 };
}

/** Walks the chunks, with their checksums. Of those that are not needed to draw nothing is unpacked. */
function readChunks(bytes: Uint8Array): Chunks {
  const head = readHead(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data: Uint8Array[] = [];
  let palette: Uint8Array | null = null;
  let transparent: Uint8Array | null = null;
  for (let at = 8; ; ) {
    if (at + 12 > bytes.length) throw new Refused('is corrupt: it ends too early');
    const length = view.getUint32(at);
    if (length > bytes.length - at - 12) throw new Refused('is corrupt: it ends too early');
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length))
      throw new Refused(`is corrupt: the checksum of its part ${JSON.stringify(type)} does not fit`);
    if (type === 'acTL' || type === 'fcTL')
      throw new Refused('is animated; a still picture of each pose is needed');
    if (type === 'PLTE') palette = body;
    if (type === 'tRNS') transparent = body;
    if (type === 'IDAT') data.push(body);
    if (type === 'IEND') break;
    at += length + 12;
  }
  if (data.length === 0) throw new Refused('is corrupt: it holds no pixels');
  if (head.colour === 3 && (!palette || palette.length % 3 !== 0 || palette.length === 0))
    throw new Refused('is corrupt: its palette is missing');
  return { ...head, palette, transparent, data };
}

/** Unpacks at most `expected` bytes, and refuses what would give fewer or more. */
function inflate(parts: readonly Uint8Array[], expected: number): Uint8Array {
  const out = new Uint8Array(expected);
  let at = 0;
  let ended = false;
  const stream = new Inflate((chunk, final) => {
    if (at + chunk.length > expected) throw new Refused('is corrupt: it unpacks to more than it says');
    out.set(chunk, at);
    at += chunk.length;
    ended ||= final;
  });
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  // A zlib stream: two bytes before, four after; RFC 1950.
  if (all.length < 7 || (all[0] & 15) !== 8 || ((all[0] << 8) | all[1]) % 31 !== 0 || all[1] & 32)
    throw new Refused('is corrupt: its pixels are packed in an unknown way');
  try {
    // In slices, so that what unpacks to far too much is given up early.
    for (let from = 2; from < all.length - 4 && !ended; from += 16_384) {
      const to = Math.min(all.length - 4, from + 16_384);
      stream.push(all.subarray(from, to), to === all.length - 4);
    }
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused('is corrupt: its pixels do not unpack');
  }
  if (at !== expected) throw new Refused('is corrupt: pixels are missing');
  return out;
}

const rowBytes = (width: number, bits: number): number => (width * bits + 7) >> 3;

function unfilter(raw: Uint8Array, from: number, rows: number, stride: number, step: number): void {
  let before = -1;
  for (let y = 0; y < rows; y++) {
    const filter = raw[from];
    const at = from + 1;
    if (filter > 4) throw new Refused('is corrupt: a row is filtered in an unknown way');
    for (let x = 0; x < stride; x++) {
      const left = x >= step ? raw[at + x - step] : 0;
      const up = before >= 0 ? raw[before + x] : 0;
      const corner = before >= 0 && x >= step ? raw[before + x - step] : 0;
      raw[at + x] += predict(filter, left, up, corner);
    }
    before = at;
    from += stride + 1;
  }
}

function predict(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const p = left + up - corner;
  const [a, b, c] = [Math.abs(p - left), Math.abs(p - up), Math.abs(p - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

/**
 * A PNG's pixels. Sizes are checked before anything is unpacked, and never more is unpacked than they say.
 * @throws Refused when it is too large or too small, animated or corrupt
 */
export function decodePng(bytes: Uint8Array): Rgba {
  const png = readChunks(bytes);
  const { width, height, depth, colour } = png;
  const bits = TYPES[colour].samples * depth;
  const passes = (png.interlaced ? PASSES : ([[0, 0, 1, 1]] as const))
    .map(([x, y, dx, dy]) => ({
      x,
      y,
      dx,
      dy,
      columns: Math.ceil((width - x) / dx),
      rows: Math.ceil((height - y) / dy),
    }))
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
  const total = passes.reduce((sum, one) => sum + one.rows * (rowBytes(one.columns, bits) + 1), 0);
  const raw = inflate(png.data, total);
  const data = new Uint8ClampedArray(width * height * 4);
  const put = writer(png, data);
  let from = 0;
  for (const { x, y, dx, dy, columns, rows } of passes) {
    const stride = rowBytes(columns, bits);
    unfilter(raw, from, rows, stride, Math.max(1, bits >> 3));
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        put(raw, from + row * (stride + 1) + 1, column, ((y + row * dy) * width + x + column * dx) * 4);
    from += rows * (stride + 1);
  }
  return { width, height, data };
}

type Put = (raw: Uint8Array, row: number, column: number, to: number) => void;

function writer(png: Chunks, data: Uint8ClampedArray): Put {
  const { depth, colour, palette, transparent } = png;
  const { samples } = TYPES[colour];
  const bytes = depth >> 3;
  const top = (1 << depth) - 1;
  // Of 16 bits the upper eight are shown; the key colour is compared in full.
  const sample = (raw: Uint8Array, row: number, column: number, which: number): number => {
    if (depth >= 8) return raw[row + (column * samples + which) * bytes];
    return (raw[row + ((column * depth) >> 3)] >> (8 - depth - ((column * depth) & 7))) & top;
  };
  const whole = (raw: Uint8Array, row: number, column: number, which: number): number => {
    const at = row + (column * samples + which) * bytes;
    return depth === 16 ? (raw[at] << 8) | raw[at + 1] : sample(raw, row, column, which);
  };
  const key =
    (colour === 0 && transparent?.length === 2) || (colour === 2 && transparent?.length === 6)
      ? Array.from({ length: samples }, (_, i) => (transparent![i * 2] << 8) | transparent![i * 2 + 1])
      : null;
  return (raw, row, column, to) => {
    if (colour === 3) {
      const index = sample(raw, row, column, 0);
      if (index * 3 >= palette!.length)
        throw new Refused('is corrupt: a pixel is of no colour in its palette');
      data.set(palette!.subarray(index * 3, index * 3 + 3), to);
      data[to + 3] = transparent?.[index] ?? 255;
      return;
    }
    const grey = colour === 0 || colour === 4;
    for (let i = 0; i < 3; i++) {
      const value = sample(raw, row, column, grey ? 0 : i);
      data[to + i] = depth < 8 ? (value * 255) / top : value;
    }
    const opaque = !key?.every((one, i) => one === whole(raw, row, column, i));
    data[to + 3] = colour >= 4 ? sample(raw, row, column, samples - 1) : opaque ? 255 : 0;
  };
}
