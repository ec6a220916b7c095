/**
 * The leaves of an epoch's tree: one decision, one symbiont's deeds, or one tick's inputs, each with one
 * encoding only. All numbers are little-endian and unsigned.
 *
 *   every leaf    0 "SYMB" | 4 u8 version of the encoding (1) | 5 u8 type | 6 u16 zero
 *   1 decision    8 zone u32 | 12 epoch u32 | 16 tick u32 | 20 npc u32 | 24 brain [32] | 56 worldSeed u32
 *                 | 60 mask u32 | 64 observations [64] | 128 action u8 | = 129 bytes
 *   2 deed        8 zone u32 | 12 epoch u32 | 16 asset [32] | 48 version u64 | 56 counters u32 x 8
 *                 | 88 appearance [32] | = 120 bytes
 *   3 inputs      8 zone u32 | 12 epoch u32 | 16 tick u32 | 20 hash [32] | = 52 bytes
 *   4 epoch       see epoch.ts (no leaf: the header that the chain of epochs is made of)
 */
import { sha256 } from '@noble/hashes/sha2';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils';
import { HASH_BYTES, ProofError, Reader, Writer } from './bytes.ts';

export { HASH_BYTES, ProofError } from './bytes.ts';

export const LEAF_DECISION = 1;
export const LEAF_DEED = 2;
export const LEAF_INPUT = 3;
export const EPOCH_HEADER = 4;

/** "SYMB", little-endian. */
const DOMAIN = 0x424d5953;
const ENCODING = 1;
/** Observations of one decision, each 0..127. */
export const DECISION_OBSERVATIONS = 64;
/** Deed counters, in the order of DEEDS. */
export const DEED_COUNTERS = 8;
const MAX_ACTION = 15;
const MAX_OBSERVATION = 127;

const DECISION_BYTES = 129;
const DEED_BYTES = 120;
const INPUT_BYTES = 52;

/** One NPC's decision: whoever has the brain can decide again. */
export interface DecisionLeaf {
  readonly zone: number;
  readonly epoch: number;
  readonly tick: number;
  readonly npc: number;
  /** SHA-256 of the brain file. */
  readonly brain: Uint8Array;
  readonly worldSeed: number;
  /** Legal actions, bit a for action a. */
  readonly mask: number;
  /** [64], each 0..127. */
  readonly observations: Uint8Array;
  /** 0..15; not checked against the mask, so that a wrong decision can be shown. */
  readonly action: number;
}

/** What one symbiont has done up to the end of the epoch. */
export interface DeedLeaf {
  readonly zone: number;
  readonly epoch: number;
  /** The asset's address, or the identity's key where it has no asset yet. */
  readonly asset: Uint8Array;
  /** Counts evolutions: each deed leaf serves once. */
  readonly version: bigint;
  /** Eight u32 in the order of DEEDS. */
  readonly counters: readonly number[] | Uint32Array;
  /**
   * What the symbiont becomes where these deeds reach its next stage, as `appearance` gives it; else
   * NO_APPEARANCE. So whoever brings the leaf to the chain can show nothing but what the operator drew.
   */
  readonly appearance: Uint8Array;
}

/** What stands in the deed leaf of a symbiont that does not grow. */
export const NO_APPEARANCE: Uint8Array = new Uint8Array(HASH_BYTES);

/**
 * SHA-256 of a picture's hash (32 bytes) and, right after it, the URI of the metadata that show it (UTF-8).
 * @throws ProofError when the picture is no hash.
 */
export function appearance(picture: Uint8Array, uri: string): Uint8Array {
  if (picture.length !== HASH_BYTES) {
    throw new ProofError('appearance.picture', `must be ${HASH_BYTES} bytes, is ${picture.length}`);
  }
  return sha256(concatBytes(picture, utf8ToBytes(uri)));
}

/** All inputs of one tick, by the SHA-256 of their bytes. */
export interface InputLeaf {
  readonly zone: number;
  readonly epoch: number;
  readonly tick: number;
  readonly hash: Uint8Array;
}

/** Starts an encoding of `length` bytes and the given type. */
export function writePrefix(type: number, length: number): Writer {
  return new Writer(length)
    .u32('domain', DOMAIN)
    .u8('encoding', ENCODING)
    .u8('type', type)
    .u8('', 0)
    .u8('', 0);
}

/** Checks length, domain, version and type, and returns a reader of what follows. */
export function readPrefix(name: string, type: number, bytes: Uint8Array, length: number): Reader {
  const reader = new Reader(name, bytes, length);
  if (reader.u32() !== DOMAIN) throw new ProofError(`${name}.domain`, 'must be SYMB');
  const encoding = reader.u8();
  if (encoding !== ENCODING) throw new ProofError(`${name}.encoding`, `must be ${ENCODING}, is ${encoding}`);
  const found = reader.u8();
  if (found !== type) throw new ProofError(`${name}.type`, `must be ${type}, is ${found}`);
  if (reader.u8() !== 0 || reader.u8() !== 0) throw new ProofError(`${name}.reserved`, 'must be 0');
  return reader;
}

/** Both ways check the same, so what decodes encodes to the same bytes and the reverse. */
function checkDecision(observations: Uint8Array, action: number): void {
  for (let i = 0; i < observations.length; i++) {
    if (observations[i] > MAX_OBSERVATION) {
      throw new ProofError(`decision.observations[${i}]`, `must be from 0 to 127, is ${observations[i]}`);
    }
  }
  if (action > MAX_ACTION) {
    throw new ProofError('decision.action', `must be from 0 to ${MAX_ACTION}, is ${action}`);
  }
}

/** 129 bytes. @throws ProofError naming the field and the limit. */
export function encodeDecision(leaf: DecisionLeaf): Uint8Array {
  const bytes = writePrefix(LEAF_DECISION, DECISION_BYTES)
    .u32('decision.zone', leaf.zone)
    .u32('decision.epoch', leaf.epoch)
    .u32('decision.tick', leaf.tick)
    .u32('decision.npc', leaf.npc)
    .bytes('decision.brain', leaf.brain, HASH_BYTES)
    .u32('decision.worldSeed', leaf.worldSeed)
    .u32('decision.mask', leaf.mask)
    .bytes('decision.observations', leaf.observations, DECISION_OBSERVATIONS)
    .u8('decision.action', leaf.action)
    .done();
  checkDecision(leaf.observations, leaf.action);
  return bytes;
}

/** @throws ProofError when the bytes are no decision. */
export function decodeDecision(bytes: Uint8Array): DecisionLeaf {
  const reader = readPrefix('decision', LEAF_DECISION, bytes, DECISION_BYTES);
  const leaf = {
    zone: reader.u32(),
    epoch: reader.u32(),
    tick: reader.u32(),
    npc: reader.u32(),
    brain: reader.bytes(HASH_BYTES),
    worldSeed: reader.u32(),
    mask: reader.u32(),
    observations: reader.bytes(DECISION_OBSERVATIONS),
    action: reader.u8(),
  };
  checkDecision(leaf.observations, leaf.action);
  return leaf;
}

/** 120 bytes. @throws ProofError naming the field and the limit. */
export function encodeDeed(leaf: DeedLeaf): Uint8Array {
  if (leaf.counters.length !== DEED_COUNTERS) {
    throw new ProofError('deed.counters', `must hold ${DEED_COUNTERS} values, holds ${leaf.counters.length}`);
  }
  const writer = writePrefix(LEAF_DEED, DEED_BYTES)
    .u32('deed.zone', leaf.zone)
    .u32('deed.epoch', leaf.epoch)
    .bytes('deed.asset', leaf.asset, HASH_BYTES)
    .u64('deed.version', leaf.version);
  leaf.counters.forEach((counter, i) => {
    writer.u32(`deed.counters[${i}]`, counter);
  });
  return writer.bytes('deed.appearance', leaf.appearance, HASH_BYTES).done();
}

/** @throws ProofError when the bytes are no deed. */
export function decodeDeed(bytes: Uint8Array): DeedLeaf {
  const reader = readPrefix('deed', LEAF_DEED, bytes, DEED_BYTES);
  return {
    zone: reader.u32(),
    epoch: reader.u32(),
    asset: reader.bytes(HASH_BYTES),
    version: reader.u64(),
    counters: Array.from({ length: DEED_COUNTERS }, () => reader.u32()),
    appearance: reader.bytes(HASH_BYTES),
  };
}

/** 52 bytes. @throws ProofError naming the field and the limit. */
export function encodeInput(leaf: InputLeaf): Uint8Array {
  return writePrefix(LEAF_INPUT, INPUT_BYTES)
    .u32('input.zone', leaf.zone)
    .u32('input.epoch', leaf.epoch)
    .u32('input.tick', leaf.tick)
    .bytes('input.hash', leaf.hash, HASH_BYTES)
    .done();
}

/** @throws ProofError when the bytes are no input leaf. */
export function decodeInput(bytes: Uint8Array): InputLeaf {
  const reader = readPrefix('input', LEAF_INPUT, bytes, INPUT_BYTES);
  return { zone: reader.u32(), epoch: reader.u32(), tick: reader.u32(), hash: reader.bytes(HASH_BYTES) };
}
