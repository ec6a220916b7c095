import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);
/** Bytes of an epoch's leaves at most; 260 agents deciding make some five million. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Leaves as one run of bytes (per leaf its length as u16, then its bytes), deflated off the main thread. */
export async function packEpoch(leaves: readonly Uint8Array[]): Promise<Uint8Array> {
  const bytes = new Uint8Array(leaves.reduce((sum, leaf) => sum + 2 + leaf.length, 0));
  let at = 0;
  for (const leaf of leaves) {
    bytes[at] = leaf.length & 255;
    bytes[at + 1] = leaf.length >> 8;
    bytes.set(leaf, at + 2);
    at += 2 + leaf.length;
  }
  return new Uint8Array(await deflate(bytes, { level: 1 }));
}

export async function unpackEpoch(packed: Uint8Array): Promise<Uint8Array[]> {
  const bytes = new Uint8Array(await inflate(packed, { maxOutputLength: MOST_BYTES }));
  const leaves: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at] | (bytes[at + 1] << 8);
    leaves.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return leaves;
}
