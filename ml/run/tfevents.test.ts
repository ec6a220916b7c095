import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crc32c, EventWriter, maskedCrc } from './tfevents.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'symbiont-events-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

interface Message {
  readonly [field: number]: (number | Uint8Array)[];
}

/** Any protobuf message: varints, fixed numbers, and blocks. */
function read(bytes: Uint8Array): Message {
  const fields: Record<number, (number | Uint8Array)[]> = {};
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const type = key & 7;
    let value: number | Uint8Array;
    if (type === 0) value = varint();
    else if (type === 1) {
      value = view.getFloat64(at, true);
      at += 8;
    } else if (type === 5) {
      value = view.getFloat32(at, true);
      at += 4;
    } else {
      const length = varint();
      value = bytes.subarray(at, at + length);
      at += length;
    }
    fields[key >> 3] = [...(fields[key >> 3] ?? []), value];
  }
  return fields;
}

function records(file: string): Message[] {
  const bytes = Uint8Array.from(readFileSync(file));
  const view = new DataView(bytes.buffer);
  const messages: Message[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(view.getBigUint64(at, true));
    expect(view.getUint32(at + 8, true)).toBe(maskedCrc(bytes.subarray(at, at + 8)));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(view.getUint32(at + 12 + length, true)).toBe(maskedCrc(data));
    messages.push(read(data));
    at += 16 + length;
  }
  return messages;
}

const text = (value: number | Uint8Array) => new TextDecoder().decode(value as Uint8Array);

describe('crc32c', () => {
  it('gives the values of RFC 3720, appendix B.4', () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  });
});

describe('EventWriter', () => {
  it('writes records that read back as they were, under a name that TensorBoard finds', () => {
    const writer = new EventWriter(directory, 1700000000.25);
    writer.scalars(300_000_000_000, 5, { 'charts/return': 1.5, entropy: -0.25, none: Number.NaN });
    writer.restart(77, 6);
    expect(path.basename(writer.file)).toMatch(/^events\.out\.tfevents\.1700000000\./);
    const [version, scalars, restart] = records(writer.file);
    expect(version[1]).toEqual([1700000000.25]);
    expect(text(version[3][0])).toBe('brain.Event:2');
    expect(scalars[2]).toEqual([300_000_000_000]);
    const values = read(scalars[5][0] as Uint8Array)[1].map((value) => read(value as Uint8Array));
    expect(values.map((value) => [text(value[1][0]), value[2][0]])).toEqual([
      ['charts/return', 1.5],
      ['entropy', -0.25],
    ]);
    expect(restart[2]).toEqual([77]);
    expect(read(restart[7][0] as Uint8Array)).toEqual({ 1: [1] });
  });
});
