import { bytesToHex, hexToBytes } from '@noble/hashes/utils';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProofError } from './bytes.ts';
import { leafHash, MerkleTree, merklePath, merkleRoot, nodeHash, verifyPath } from './merkle.ts';

/** The leaves and roots that the Certificate Transparency code base tests RFC 6962 with. */
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map(hexToBytes);
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** The definition in RFC 6962, 2.1, word for word. */
function definedRoot(leaves: Uint8Array[]): Uint8Array {
  if (leaves.length === 1) return leafHash(leaves[0]);
  let k = 1;
  while (2 * k < leaves.length) k *= 2;
  return nodeHash(definedRoot(leaves.slice(0, k)), definedRoot(leaves.slice(k)));
}

const numbered = (size: number) =>
  Array.from({ length: size }, (_, i) => Uint8Array.of(i & 255, i >> 8, (i * 7) & 255));

/** A tree of distinct leaves and one of its indices. */
const treeAndIndex = fc
  .integer({ min: 1, max: 600 })
  .chain((size) => fc.record({ size: fc.constant(size), index: fc.nat(size - 1), other: fc.nat(size - 1) }));

describe('MerkleTree', () => {
  it("has RFC 6962's roots", () => {
    ROOTS.forEach((root, n) => {
      expect(bytesToHex(merkleRoot(LEAVES.slice(0, n)))).toBe(root);
    });
  });

  it('has the root of the definition at every size, also while it grows', () => {
    const leaves = numbered(140);
    const tree = new MerkleTree();
    for (let n = 1; n <= leaves.length; n++) {
      expect(tree.add(leaves[n - 1])).toBe(n - 1);
      expect(tree.root()).toEqual(definedRoot(leaves.slice(0, n)));
    }
  });

  it('gives every leaf of every small tree a path that verifies, and verifies for no other index or size', () => {
    for (let size = 1; size <= 17; size++) {
      const leaves = numbered(size);
      const root = merkleRoot(leaves);
      leaves.forEach((leaf, index) => {
        const path = merklePath(leaves, index);
        for (let other = 0; other < size; other++) {
          expect(verifyPath(root, leaf, other, size, path)).toBe(other === index);
        }
        expect(verifyPath(root, leaf, index, index, path)).toBe(false);
      });
    }
  });

  it('verifies every path, and fails with anything changed', () => {
    fc.assert(
      fc.property(treeAndIndex, fc.nat(), fc.nat(), ({ size, index, other }, bit, at) => {
        const leaves = numbered(size);
        const root = merkleRoot(leaves);
        const path = merklePath(leaves, index);
        const leaf = leaves[index];
        expect(verifyPath(root, leaf, index, size, path)).toBe(true);
        const flip = (bytes: Uint8Array) => {
          const changed = bytes.slice();
          changed[(bit >> 3) % bytes.length] ^= 1 << (bit & 7);
          return changed;
        };
        expect(verifyPath(flip(root), leaf, index, size, path)).toBe(false);
        expect(verifyPath(root, flip(leaf), index, size, path)).toBe(false);
        if (other !== index) {
          expect(verifyPath(root, leaves[other], index, size, path)).toBe(false);
          expect(verifyPath(root, leaf, other, size, path)).toBe(false);
        }
        if (path.length > 0) {
          const changed = path.slice();
          changed[at % path.length] = flip(changed[at % path.length]);
          expect(verifyPath(root, leaf, index, size, changed)).toBe(false);
          expect(verifyPath(root, leaf, index, size, path.slice(0, -1))).toBe(false);
          expect(verifyPath(root, leaf, index, size, path.slice(1))).toBe(false);
        }
        expect(verifyPath(root, leaf, index, size, [...path, root])).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it('does not take a node for a leaf', () => {
    const leaves = numbered(4);
    const [left, right] = [
      nodeHash(leafHash(leaves[0]), leafHash(leaves[1])),
      nodeHash(leafHash(leaves[2]), leafHash(leaves[3])),
    ];
    const inner = Uint8Array.from([...left, ...right]);
    expect(verifyPath(merkleRoot(leaves), inner, 0, 1, [])).toBe(false);
    expect(
      verifyPath(
        merkleRoot(leaves),
        Uint8Array.from([...leafHash(leaves[0]), ...leafHash(leaves[1])]),
        0,
        2,
        [right],
      ),
    ).toBe(false);
  });

  it('answers malformed paths with false', () => {
    const leaves = numbered(5);
    const root = merkleRoot(leaves);
    const path = merklePath(leaves, 2);
    expect(verifyPath(root, leaves[2], 2.5, 5, path)).toBe(false);
    expect(verifyPath(root, leaves[2], -1, 5, path)).toBe(false);
    expect(verifyPath(root, leaves[2], 5, 5, path)).toBe(false);
    expect(verifyPath(root, leaves[2], 2, Number.NaN, path)).toBe(false);
    expect(verifyPath(root, leaves[2], 2, 2 ** 24 + 1, path)).toBe(false);
    expect(verifyPath(root.slice(0, 31), leaves[2], 2, 5, path)).toBe(false);
    expect(verifyPath(root, leaves[2], 2, 5, [path[0].slice(1), ...path.slice(1)])).toBe(false);
    expect(verifyPath(root, leaves[2], 2, 5, [])).toBe(false);
  });

  it('refuses the path of a leaf that is not there', () => {
    expect(() => merklePath(numbered(3), 3)).toThrow('index: must be an integer from 0 to 2, is 3');
    expect(() => merklePath(numbered(3), -1)).toThrow(ProofError);
    expect(() => merklePath(numbered(3), 0.5)).toThrow(ProofError);
    expect(() => merklePath([], 0)).toThrow(ProofError);
  });

  it('holds an epoch of 20,000 leaves', () => {
    const tree = new MerkleTree();
    const leaves = numbered(20_000);
    for (const leaf of leaves) tree.add(leaf);
    const root = tree.root();
    for (const index of [0, 1, 9999, 16383, 16384, 19_998, 19_999]) {
      const path = tree.path(index);
      expect(path.length).toBeLessThanOrEqual(15);
      expect(verifyPath(root, leaves[index], index, 20_000, path)).toBe(true);
    }
  });
});
