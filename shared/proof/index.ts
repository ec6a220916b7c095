/** Proofs: canonical leaves, Merkle trees over them, and the chain of epoch headers. */
export * from './canonical.ts';
export * from './epoch.ts';
export { leafHash, MAX_LEAVES, MerkleTree, merklePath, merkleRoot, nodeHash, verifyPath } from './merkle.ts';
