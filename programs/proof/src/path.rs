//! Merkle paths as RFC 6962 has them (RFC 9162, section 2.1.3.2); the twin of `shared/proof/merkle.ts`.
use crate::{bytes::sha256_into, sha256, Hash};

/// Leaves of a tree, at most.
pub const MAX_LEAVES: u32 = 1 << 24;
/// Bytes of a path, at most: 24 hashes.
pub const MAX_PATH: usize = 24 * 32;

/// Does `path` (whole hashes, the leaf's neighbour first) lead from `leaf` at `index` of `size` to `root`?
pub fn path_holds(root: &Hash, leaf: &[u8], index: u32, size: u32, path: &[u8]) -> bool {
    if index >= size || size > MAX_LEAVES || path.len() > MAX_PATH || path.len() % 32 != 0 {
        return false;
    }
    let mut at = index;
    let mut last = size.wrapping_sub(1);
    let (mut one, mut other) = (sha256(&[&[0], leaf]), [0; 32]);
    let (mut hash, mut above) = (&mut one, &mut other);
    for sibling in path.chunks_exact(32) {
        if last == 0 {
            return false;
        }
        if at & 1 == 1 || at == last {
            sha256_into(&[&[1], sibling, hash], above);
            // where the node has no right neighbour it moves up unchanged
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            sha256_into(&[&[1], hash, sibling], above);
        }
        core::mem::swap(&mut hash, &mut above);
        at >>= 1;
        last >>= 1;
    }
    last == 0 && *hash == *root
}
