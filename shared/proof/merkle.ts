/**
 * Merkle trees as RFC 6962, section 2.1 has them: SHA-256, leaves prefixed 0x00, nodes 0x01, the left
 * subtree the greatest power of two below the size. (Level by level: an odd last node moves up unchanged.)
 *
 * A root alone does not fix the tree's size, so whoever publishes a root publishes the size beside it.
 */
import { sha256 } from '@noble/hashes/sha2';
import { HASH_BYTES, ProofError } from './bytes.ts';

/** Most leaves of a tree; a path then has at most 24 hashes. */
export const MAX_LEAVES = 2 ** 24;
const LEAF_PREFIX = 0;
const NODE_PREFIX = 1;

/** SHA-256(0x00 | leaf). */
export function leafHash(leaf: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + leaf.length);
  bytes[0] = LEAF_PREFIX;
  bytes.set(leaf, 1);
  return sha256(bytes);
}

const nodeBytes = new Uint8Array(1 + 2 * HASH_BYTES);
nodeBytes[0] = NODE_PREFIX;

/** SHA-256(0x01 | left | right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  nodeBytes.set(left, 1);
  nodeBytes.set(right, 1 + HASH_BYTES);
  return sha256(nodeBytes);
}

/** A tree that grows leaf by leaf; each `add` costs two hashes on average. */
export class MerkleTree {
  /** levels[k] holds the hashes of all full subtrees of 2^k leaves, left to right. */
  readonly #levels: Uint8Array[][] = [[]];

  get size(): number {
    return this.#levels[0].length;
  }

  /** Appends a leaf's bytes and returns its index. @throws ProofError when the tree is full. */
  add(leaf: Uint8Array): number {
    const index = this.size;
    if (index >= MAX_LEAVES) throw new ProofError('leaves', `must be at most ${MAX_LEAVES}`);
    let hash = leafHash(leaf);
    let level = 0;
    let at = index;
    for (;;) {
      if (level === this.#levels.length) this.#levels.push([]);
      const hashes = this.#levels[level];
      hashes.push(hash);
      if (at % 2 === 0) return index;
      hash = nodeHash(hashes[at - 1], hash);
      at = (at - 1) / 2;
      level++;
    }
  }

  /** The root of all leaves so far; of no leaves the SHA-256 of nothing. */
  root(): Uint8Array {
    if (this.size === 0) return sha256(new Uint8Array(0));
    const top = this.#levels.length - 1;
    return this.#levels[top].length === 1 && this.size === 2 ** top
      ? this.#levels[top][0]
      : this.#ragged(this.#levels.length);
  }

  /**
   * The hashes that lead from leaf `index` to the root, the leaf's neighbour first.
   * @throws ProofError when there is no such leaf.
   */
  path(index: number): Uint8Array[] {
    const { size } = this;
    if (!Number.isInteger(index) || index < 0 || index >= size) {
      throw new ProofError('index', `must be an integer from 0 to ${size - 1}, is ${index}`);
    }
    const path: Uint8Array[] = [];
    let last = size - 1;
    for (let level = 0, at = index; last > 0; level++, at >>= 1, last >>= 1) {
      const sibling = at ^ 1;
      if (sibling > last) continue;
      path.push(this.#levels[level]?.[sibling] ?? this.#ragged(level));
    }
    return path;
  }

  /** Root of the leaves after the last full subtree of 2^level; there must be some. */
  #ragged(level: number): Uint8Array {
    let hash: Uint8Array | undefined;
    for (let k = 0; k < level && k < this.#levels.length; k++) {
      // A full subtree of 2^k stands alone at the right edge where bit k of the size is set.
      if (((this.size >> k) & 1) === 0) continue;
      const peak = this.#levels[k][this.#levels[k].length - 1];
      hash = hash ? nodeHash(peak, hash) : peak;
    }
    if (!hash) throw new ProofError('leaves', 'must not be empty');
    return hash;
  }
}

function treeOf(leaves: readonly Uint8Array[]): MerkleTree {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.add(leaf);
  return tree;
}

/** Root over the leaves' bytes, 32 bytes. */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  return treeOf(leaves).root();
}

/** Path of leaf `index`; for several paths of one tree use MerkleTree. @throws ProofError on a bad index. */
export function merklePath(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  return treeOf(leaves).path(index);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/**
 * Does `path` lead from `leaf` at `index` of `size` leaves to `root`? (RFC 9162, section 2.1.3.2.)
 * Malformed input is false, never an error.
 */
export function verifyPath(
  root: Uint8Array,
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): boolean {
  if (!Number.isInteger(index) || !Number.isInteger(size)) return false;
  if (index < 0 || index >= size || size > MAX_LEAVES) return false;
  let at = index;
  let last = size - 1;
  let hash = leafHash(leaf);
  for (const sibling of path) {
    if (last === 0 || sibling.length !== HASH_BYTES) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash);
      // Where the node has no right neighbour it moves up unchanged.
      while (at % 2 === 0 && at !== 0) {
        at >>= 1;
        last >>= 1;
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    at >>= 1;
    last >>= 1;
  }
  return last === 0 && equal(hash, root);
}
