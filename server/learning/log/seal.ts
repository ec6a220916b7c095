import { createHmac } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import { leafHash, merkleRoot } from '#shared/proof/merkle.ts';
import { decodePart, MOST_PART_BYTES, type Part, PlayError, WHO_BYTES } from './part.ts';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** A part as it is kept. */
export interface SealedPart {
  epoch: number;
  who: Uint8Array;
  own: number;
  others: number;
  hash: Uint8Array;
  seal: Uint8Array;
  /** Deflated. */
  bytes: Uint8Array;
}

/** The server's secret for the log: it makes pseudonyms, and knows its own parts again. */
export class LogKey {
  private readonly key: Uint8Array;

  constructor(key: Uint8Array) {
    if (key.length !== 32) throw new RangeError(`learning key: ${key.length} bytes, must be 32`);
    this.key = key;
  }

  /** Who an identity is in the log, 16 bytes: nobody without the key can tell. */
  pseudonym(identity: number): Uint8Array {
    return this.mac(`who ${identity}`).subarray(0, WHO_BYTES);
  }

  seal(part: Uint8Array): Uint8Array {
    return this.mac('part ', part);
  }

  private mac(what: string, bytes: Uint8Array = new Uint8Array(0)): Uint8Array {
    return Uint8Array.from(createHmac('sha256', this.key).update(what).update(bytes).digest());
  }
}

/** Deflates off the main thread. */
export async function sealPart(
  key: LogKey,
  part: { epoch: number; who: Uint8Array; own: number; others: number; bytes: Uint8Array },
): Promise<SealedPart> {
  const { bytes, ...rest } = part;
  return {
    ...rest,
    hash: leafHash(bytes),
    seal: key.seal(bytes),
    bytes: new Uint8Array(await deflate(bytes, { level: 3 })),
  };
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(a).equals(b);

/**
 * The bytes of a part that this server wrote.
 * @throws PlayError when they are cut off, changed, another's or too many
 */
export async function openPart(key: LogKey, sealed: SealedPart): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await inflate(sealed.bytes, { maxOutputLength: MOST_PART_BYTES }));
  } catch {
    throw new PlayError('part', 'cannot be unpacked');
  }
  if (!same(leafHash(bytes), sealed.hash)) throw new PlayError('hash', 'is not that of the part');
  if (!same(key.seal(bytes), sealed.seal)) throw new PlayError('seal', 'is not by this server');
  return bytes;
}

/** As `openPart`, read and checked field by field, and against where it was found. */
export async function readPart(key: LogKey, zone: number, sealed: SealedPart): Promise<Part> {
  const part = decodePart(await openPart(key, sealed));
  if (part.zone !== zone) throw new PlayError('zone', `${part.zone}, was found in ${zone}`);
  if (part.epoch !== sealed.epoch)
    throw new PlayError('epoch', `${part.epoch}, was found in ${sealed.epoch}`);
  if (!same(part.who, sealed.who)) throw new PlayError('who', 'was found with another');
  return part;
}

/** Root over the hashes of an epoch's parts, which stand in the order of `who`. */
export function epochRoot(hashes: readonly Uint8Array[]): Uint8Array {
  return merkleRoot(hashes);
}

/** The root over what a training reads: a leaf per epoch, its number (u32, little-endian) and its root. */
export function dataRoot(epochs: readonly { epoch: number; root: Uint8Array }[]): Uint8Array {
  return merkleRoot(
    epochs.map(({ epoch, root }) => {
      const leaf = new Uint8Array(4 + root.length);
      new DataView(leaf.buffer).setUint32(0, epoch, true);
      leaf.set(root, 4);
      return leaf;
    }),
  );
}
