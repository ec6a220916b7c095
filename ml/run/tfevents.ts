import { appendFileSync } from 'node:fs';

/**
 * TensorBoard's event files: TFRecords (length u64, its masked CRC32C, data, its masked CRC32C) of `Event` messages in
 * protobuf (tensorflow/core/util/event.proto, framework/summary.proto). Only scalars.
 */

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
  return c;
});

/** CRC-32C (Castagnoli), RFC 3720 appendix B.4. */
export function crc32c(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = (c >>> 8) ^ TABLE[(c ^ byte) & 255];
  return (c ^ 0xffffffff) >>> 0;
}

/** As TFRecord stores it: rotated right by 15 bits, plus a constant. */
export function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

/** Field with bytes behind their length. */
function block(field: number, bytes: ArrayLike<number>): number[] {
  return [...varint(field * 8 + 2), ...varint(bytes.length), ...Array.from(bytes)];
}

function fixed(field: number, size: 4 | 8, value: number): number[] {
  const view = new DataView(new ArrayBuffer(size));
  if (size === 8) view.setFloat64(0, value, true);
  else view.setFloat32(0, value, true);
  return [...varint(field * 8 + (size === 8 ? 1 : 5)), ...new Uint8Array(view.buffer)];
}

function record(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(16 + data.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc(data), true);
  return bytes;
}

const text = new TextEncoder();

/** Appends scalars to one event file. */
export class EventWriter {
  readonly file: string;

  /** @param seconds the wall clock at the start; it is part of the file's name, which TensorBoard sorts by */
  constructor(directory: string, seconds: number) {
    this.file = `${directory}/events.out.tfevents.${String(Math.floor(seconds)).padStart(10, '0')}.${process.pid}.symbiont`;
    const version = [...fixed(1, 8, seconds), ...block(3, text.encode('brain.Event:2'))];
    appendFileSync(this.file, record(Uint8Array.from(version)));
  }

  /** Tells TensorBoard to forget what an earlier file has from `step` on (SessionLog START). */
  restart(step: number, seconds: number): void {
    const event = [...fixed(1, 8, seconds), ...varint(2 * 8), ...varint(step), ...block(7, [8, 1])];
    appendFileSync(this.file, record(Uint8Array.from(event)));
  }

  scalars(step: number, seconds: number, values: Readonly<Record<string, number>>): void {
    const summary = Object.entries(values)
      .filter(([, value]) => Number.isFinite(value))
      .flatMap(([tag, value]) => block(1, [...block(1, text.encode(tag)), ...fixed(2, 4, value)]));
    const event = [...fixed(1, 8, seconds), ...varint(2 * 8), ...varint(step), ...block(5, summary)];
    appendFileSync(this.file, record(Uint8Array.from(event)));
  }
}
