//! Merkle paths as RFC 6962 has them (RFC 9162, section 2.1.3.2); the twin of `shared/proof/merkle.ts`.
use crate::{bytes::sha256_into, Hash};

const HASH_BYTES: usize = 32;
const NODE_BYTES: usize = 1 + 2 * HASH_BYTES;
/// What is hashed of a node begins with this.
const NODE: u8 = 1;
type Node = [u8; NODE_BYTES];

/// Leaves of a tree, at most.
pub const MAX_LEAVES: u32 = 1 << 24;
/// Bytes of a path, at most: 24 hashes.
pub const MAX_PATH: usize = 24 * 32;

/// Does `path` (whole hashes, the leaf's neighbour first) lead from `leaf` at `index` of `size` to `root`?
pub fn path_holds(root: &Hash, leaf: &[u8], index: u32, size: u32, path: &[u8]) -> bool {
    if index >= size || size > MAX_LEAVES || path.len() > MAX_PATH || path.len() % HASH_BYTES != 0 {
        return false;
    }
    let last = size.wrapping_sub(1) as u64;
    Climb { root, leaf, path, at: index as u64, last }.arrives()
}

struct Climb<'a> {
    root: &'a Hash,
    leaf: &'a [u8],
    path: &'a [u8],
    /// Where the node lies in its level, and where the level's last does.
    at: u64,
    last: u64,
}

impl Climb<'_> {
    /// A function of its own, so that the loop has all registers; two levels a turn, so that the two nodes
    /// need none.
    #[inline(never)]
    fn arrives(&self) -> bool {
        let (mut at, mut last) = (self.at, self.last);
        // as they are hashed: prefix, left and right; each hash is written to its place in the other
        let (mut one, mut other) = ([NODE; NODE_BYTES], [NODE; NODE_BYTES]);
        sha256_into(&[&[0], self.leaf], half(&mut one, is_right(at, last)));
        let (pairs, single) = self.path.as_chunks::<{ 2 * HASH_BYTES }>();
        for pair in pairs {
            let (first, second) = pair.split_at(HASH_BYTES);
            if !up(&mut at, &mut last, first, &mut one, &mut other)
                || !up(&mut at, &mut last, second, &mut other, &mut one)
            {
                return false;
            }
        }
        let mut top = &mut one;
        if !single.is_empty() {
            if !up(&mut at, &mut last, single, top, &mut other) {
                return false;
            }
            top = &mut other;
        }
        // a root is its level's last
        last == 0 && *half(top, true) == *self.root
    }
}

/// One level up: the node is hashed with its sibling to its place in the one above. False: it is the root.
#[inline(always)]
fn up(at: &mut u64, last: &mut u64, sibling: &[u8], node: &mut Node, above: &mut Node) -> bool {
    if *last == 0 {
        return false;
    }
    let right = is_right(*at, *last);
    half(node, !right).copy_from_slice(sibling);
    if right {
        // where the node has no right neighbour it moves up unchanged
        while *at & 1 == 0 && *at != 0 {
            *at >>= 1;
            *last >>= 1;
        }
    }
    *at >>= 1;
    *last >>= 1;
    sha256_into(&[node], half(above, is_right(*at, *last)));
    true
}

/// Whether the node at `at`, of a level whose last is at `last`, is hashed behind its neighbour.
#[inline(always)]
fn is_right(at: u64, last: u64) -> bool {
    at & 1 == 1 || at == last
}

/// Where in a node its left or right part lies.
#[inline(always)]
fn half(node: &mut Node, right: bool) -> &mut Hash {
    // SAFETY: both parts lie within the node, and bytes need no alignment.
    unsafe { &mut *node.as_mut_ptr().add(if right { 1 + HASH_BYTES } else { 1 }).cast::<Hash>() }
}
