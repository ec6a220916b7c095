import { readFileSync } from 'node:fs';
import { sha256 } from '@noble/hashes/sha2';

export type Arrays = Readonly<Record<string, Float32Array | Float64Array | Int32Array | Uint8Array>>;

const KINDS = { f4: Float32Array, f8: Float64Array, i4: Int32Array, u1: Uint8Array } as const;
type Kind = keyof typeof KINDS;
const MAGIC = 'SYMBCKP1';
const MAX_HEADER = 1 << 20;

/** A checkpoint that cannot be read; the message names the file. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

/**
 * Magic, header length u32 LE, JSON header ({meta, arrays: [{name, kind, length}]}), the arrays' bytes one after the
 * other, SHA-256 of all before it.
 */
export function encodeCheckpoint(meta: unknown, arrays: Arrays): Uint8Array {
  const list = Object.entries(arrays).map(([name, array]) => ({
    name,
    kind: (Object.keys(KINDS) as Kind[]).find((kind) => array instanceof KINDS[kind]),
    length: array.length,
  }));
  const header = new TextEncoder().encode(JSON.stringify({ meta, arrays: list }));
  const size = Object.values(arrays).reduce((sum, array) => sum + array.byteLength, 0);
  const bytes = new Uint8Array(12 + header.length + size + 32);
  bytes.set(new TextEncoder().encode(MAGIC));
  new DataView(bytes.buffer).setUint32(8, header.length, true);
  bytes.set(header, 12);
  let at = 12 + header.length;
  for (const array of Object.values(arrays)) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  bytes.set(sha256(bytes.subarray(0, at)), at);
  return bytes;
}

/** @throws CheckpointError when the bytes are none or were changed. */
export function decodeCheckpoint(bytes: Uint8Array, where: string): { meta: unknown; arrays: Arrays } {
  const fail = (problem: string): never => {
    throw new CheckpointError(`${where}: ${problem}`);
  };
  if (bytes.length < 44 || new TextDecoder().decode(bytes.subarray(0, 8)) !== MAGIC) fail('is no checkpoint');
  const end = bytes.length - 32;
  const hash = sha256(bytes.subarray(0, end));
  if (hash.some((byte, i) => byte !== bytes[end + i])) fail('is damaged: its hash does not fit');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
  if (length > MAX_HEADER || 12 + length > end) fail(`header: ${length} bytes, at most ${MAX_HEADER}`);
  const header: { meta: unknown; arrays: { name: string; kind: Kind; length: number }[] } = JSON.parse(
    new TextDecoder().decode(bytes.subarray(12, 12 + length)),
  );
  const arrays: Record<string, Arrays[string]> = {};
  let at = 12 + length;
  for (const { name, kind, length } of header.arrays) {
    const size = length * KINDS[kind].BYTES_PER_ELEMENT;
    arrays[name] = new KINDS[kind](bytes.slice(at, at + size).buffer);
    at += size;
  }
  return { meta: header.meta, arrays };
}

/** @throws CheckpointError when there is none or it cannot be used. */
export function readCheckpoint(file: string): { meta: unknown; arrays: Arrays } {
  let bytes: Uint8Array;
  try {
    // A Buffer's `slice` would share its memory.
    bytes = Uint8Array.from(readFileSync(file));
  } catch (error) {
    throw new CheckpointError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
  return decodeCheckpoint(bytes, file);
}
