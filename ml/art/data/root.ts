import { bytesToHex } from '@noble/hashes/utils';
import { MerkleTree } from '#shared/proof/index.ts';
import type { TrainingSprite } from './types.ts';

/**
 * The Merkle root of a training set, 64 hex digits. A leaf is size, stage, branch, source (0 real, 1 grammar) as one
 * byte each, the creature as a little-endian u32, then the pixels.
 */
export function trainingRoot(sprites: Iterable<TrainingSprite>): string {
  const tree = new MerkleTree();
  for (const { size, stage, branch, source, creature, pixels } of sprites) {
    const leaf = new Uint8Array(8 + pixels.length);
    leaf.set([size, stage, branch, source === 'real' ? 0 : 1]);
    new DataView(leaf.buffer).setUint32(4, creature, true);
    leaf.set(pixels, 8);
    tree.add(leaf);
  }
  return bytesToHex(tree.root());
}
