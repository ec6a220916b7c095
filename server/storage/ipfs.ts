/**
 * Content addresses by IPFS's rules: CIDv1, blocks of raw bytes and of dag-pb with UnixFS in it, laid out as Kubo and
 * ipfs-unixfs-importer do it with raw leaves and chunks of 256 KiB.
 * Specifications: multiformats/cid, ipld/specs dag-pb, ipfs/specs UNIXFS.
 */
import { sha256 } from '@noble/hashes/sha2';
import { utf8ToBytes } from '@noble/hashes/utils';
import { StorageError } from './error.ts';
import { varint } from './varint.ts';

export const RAW = 0x55;
export const DAG_PB = 0x70;
const SHA2_256 = 0x12;
const DIGEST_BYTES = 32;
export const CID_BYTES = 4 + DIGEST_BYTES;
const CHUNK_BYTES = 256 * 1024;
/** Chunks under one node: files up to 43.5 MiB need one level. */
const MOST_CHUNKS = 174;
export const MAX_FILE_BYTES = CHUNK_BYTES * MOST_CHUNKS;
/** Links of one folder: its block stays below the 1 MiB that everyone takes. */
const MAX_FOLDER = 8192;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

export interface Block {
  /** 36 bytes. */
  cid: Uint8Array;
  bytes: Uint8Array;
}

/** A block's address with the bytes of everything below it and its own. */
export interface Node {
  cid: Uint8Array;
  size: number;
}

/** The address of bytes: CIDv1, SHA-256. @param codec RAW or DAG_PB */
export function cidOf(codec: number, bytes: Uint8Array): Uint8Array {
  return cidFrom(codec, sha256(bytes));
}

/** The address of bytes whose SHA-256 is known. @throws StorageError unless the hash has 32 bytes */
export function cidFrom(codec: number, hash: Uint8Array): Uint8Array {
  if (hash.length !== DIGEST_BYTES)
    throw new StorageError(`hash: must be ${DIGEST_BYTES} bytes, is ${hash.length}`);
  return Uint8Array.from([1, codec, SHA2_256, DIGEST_BYTES, ...hash]);
}

/** A CID as text: multibase base32, lower case. */
export function cidText(cid: Uint8Array): string {
  let text = 'b';
  let held = 0;
  let bits = 0;
  for (const byte of cid) {
    held = (held << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31];
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + ALPHABET[(held << (5 - bits)) & 31] : text;
}

/** Whether bytes are what a CID of this project's kind says. */
export function matches(cid: Uint8Array, bytes: Uint8Array): boolean {
  if (cid.length !== CID_BYTES || cid[0] !== 1 || cid[2] !== SHA2_256 || cid[3] !== DIGEST_BYTES)
    return false;
  if (cid[1] !== RAW && cid[1] !== DAG_PB) return false;
  return Buffer.from(cidOf(cid[1], bytes)).equals(cid);
}

interface Link extends Node {
  name: string;
}

const field = (number: number, bytes: ArrayLike<number>): number[] => [
  (number << 3) | 2,
  ...varint(bytes.length),
  ...Array.from(bytes),
];
const whole = (number: number, value: number): number[] => [number << 3, ...varint(value)];

/** PBNode: its links (field 2) stand before its data (field 1). */
function dagPb(links: readonly Link[], data: number[]): Uint8Array {
  const parts = links.map(({ cid, name, size }) =>
    field(2, [...field(1, cid), ...field(2, utf8ToBytes(name)), ...whole(3, size)]),
  );
  return Uint8Array.from([...parts.flat(), ...field(1, data)]);
}

function node(links: readonly Link[], data: number[], put: (block: Block) => void): Node {
  const bytes = dagPb(links, data);
  const cid = cidOf(DAG_PB, bytes);
  put({ cid, bytes });
  return { cid, size: links.reduce((sum, { size }) => sum + size, bytes.length) };
}

/** A file's blocks: itself, or its chunks and a node over them. @throws StorageError where it is too large */
export function addFile(bytes: Uint8Array, put: (block: Block) => void): Node {
  if (bytes.length > MAX_FILE_BYTES)
    throw new StorageError(`file: must be at most ${MAX_FILE_BYTES} bytes, is ${bytes.length}`);
  const leaf = (part: Uint8Array): Node => {
    const cid = cidOf(RAW, part);
    put({ cid, bytes: part });
    return { cid, size: part.length };
  };
  if (bytes.length <= CHUNK_BYTES) return leaf(bytes);
  const links: Link[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES)
    links.push({ ...leaf(bytes.subarray(at, at + CHUNK_BYTES)), name: '' });
  const sizes = links.flatMap(({ size }) => whole(4, size));
  return node(links, [...whole(1, 2), ...whole(3, bytes.length), ...sizes], put);
}

/** A folder's block. Links lie in the order of their names' bytes. @throws StorageError where it holds too many */
export function addFolder(entries: ReadonlyMap<string, Node>, put: (block: Block) => void): Node {
  if (entries.size > MAX_FOLDER)
    throw new StorageError(`folder: must hold at most ${MAX_FOLDER} files, holds ${entries.size}`);
  const links = [...entries].map(([name, { cid, size }]) => ({ name, cid, size }));
  links.sort((a, b) => Buffer.compare(utf8ToBytes(a.name), utf8ToBytes(b.name)));
  return node(links, whole(1, 1), put);
}
