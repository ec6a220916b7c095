/**
 * The header of one epoch of one zone. Headers form a chain: each holds the hash of the one before.
 *
 *   prefix of canonical.ts, type 4 | 8 zone u32 | 12 epoch u32 | 16 firstTick u32 | 20 lastTick u32
 *   | 24 decisions u32 | 28 deeds u32 | 32 inputs u32 | 36 worldHashBefore [32] | 68 worldHashAfter [32]
 *   | 100 root [32] | 132 previous [32] | = 164 bytes
 *
 * The tree's leaves are the decisions, then the deeds, then the inputs; its size is their number.
 */
import { sha256 } from '@noble/hashes/sha2';
import { ProofError } from './bytes.ts';
import { EPOCH_HEADER, HASH_BYTES, readPrefix, writePrefix } from './canonical.ts';
import { MAX_LEAVES } from './merkle.ts';

/** Ticks of one epoch. */
export const EPOCH_TICKS = 600;
/** Bytes of an encoded header. */
export const EPOCH_HEADER_BYTES = 164;
/** What the first epoch has as `previous`. */
export const NO_PREVIOUS: Uint8Array = new Uint8Array(HASH_BYTES);

export interface EpochHeader {
  readonly zone: number;
  readonly epoch: number;
  readonly firstTick: number;
  /** The last tick within the epoch, at most 599 after the first. */
  readonly lastTick: number;
  /** Numbers of leaves of each kind. */
  readonly decisions: number;
  readonly deeds: number;
  readonly inputs: number;
  /** SHA-256 of the world's bytes before the first tick and after the last. */
  readonly worldHashBefore: Uint8Array;
  readonly worldHashAfter: Uint8Array;
  /** Merkle root over the leaves. */
  readonly root: Uint8Array;
  /** Hash of the zone's previous header, or 32 zero bytes. */
  readonly previous: Uint8Array;
}

/** Number of leaves under the header's root. */
export function epochLeaves(header: EpochHeader): number {
  return header.decisions + header.deeds + header.inputs;
}

function checkHeader(header: EpochHeader): void {
  const { firstTick, lastTick } = header;
  if (lastTick < firstTick || lastTick - firstTick >= EPOCH_TICKS) {
    throw new ProofError(
      'epoch.lastTick',
      `must be from ${firstTick} to ${firstTick + EPOCH_TICKS - 1}, is ${lastTick}`,
    );
  }
  if (epochLeaves(header) > MAX_LEAVES) {
    throw new ProofError('epoch.leaves', `must be at most ${MAX_LEAVES}, are ${epochLeaves(header)}`);
  }
}

/** 164 bytes. @throws ProofError naming the field and the limit. */
export function encodeEpoch(header: EpochHeader): Uint8Array {
  const bytes = writePrefix(EPOCH_HEADER, EPOCH_HEADER_BYTES)
    .u32('epoch.zone', header.zone)
    .u32('epoch.epoch', header.epoch)
    .u32('epoch.firstTick', header.firstTick)
    .u32('epoch.lastTick', header.lastTick)
    .u32('epoch.decisions', header.decisions)
    .u32('epoch.deeds', header.deeds)
    .u32('epoch.inputs', header.inputs)
    .bytes('epoch.worldHashBefore', header.worldHashBefore, HASH_BYTES)
    .bytes('epoch.worldHashAfter', header.worldHashAfter, HASH_BYTES)
    .bytes('epoch.root', header.root, HASH_BYTES)
    .bytes('epoch.previous', header.previous, HASH_BYTES)
    .done();
  checkHeader(header);
  return bytes;
}

/** @throws ProofError when the bytes are no header. */
export function decodeEpoch(bytes: Uint8Array): EpochHeader {
  const reader = readPrefix('epoch', EPOCH_HEADER, bytes, EPOCH_HEADER_BYTES);
  const header: EpochHeader = {
    zone: reader.u32(),
    epoch: reader.u32(),
    firstTick: reader.u32(),
    lastTick: reader.u32(),
    decisions: reader.u32(),
    deeds: reader.u32(),
    inputs: reader.u32(),
    worldHashBefore: reader.bytes(HASH_BYTES),
    worldHashAfter: reader.bytes(HASH_BYTES),
    root: reader.bytes(HASH_BYTES),
    previous: reader.bytes(HASH_BYTES),
  };
  checkHeader(header);
  return header;
}

/** SHA-256 of the encoded header: the epoch's name, and the next header's `previous`. */
export function epochHash(header: EpochHeader): Uint8Array {
  return sha256(encodeEpoch(header));
}
