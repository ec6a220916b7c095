//! Hashes and little-endian numbers.

pub type Hash = [u8; 32];

/// SHA-256 of the parts one after the other.
#[inline(always)]
pub fn sha256(parts: &[&[u8]]) -> Hash {
    solana_sha256_hasher::hashv(parts).to_bytes()
}

/// The same, written where it is wanted: a path's loop spares a copy.
#[inline(always)]
pub(crate) fn sha256_into(parts: &[&[u8]], out: &mut Hash) {
    #[cfg(any(target_os = "solana", target_arch = "bpf"))]
    // SAFETY: slices lie in memory as the syscall reads them, and it fills 32 bytes.
    unsafe {
        solana_sha256_hasher::sol_sha256(
            parts.as_ptr().cast(),
            parts.len() as u64,
            out.as_mut_ptr(),
        );
    }
    #[cfg(not(any(target_os = "solana", target_arch = "bpf")))]
    {
        *out = sha256(parts);
    }
}

/// Panics beyond the end: callers check the length of the whole first.
#[inline(always)]
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut out = [0; 4];
    out.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(out)
}

#[inline(always)]
pub(crate) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let mut out = [0; 8];
    out.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(out)
}

#[inline(always)]
pub(crate) fn array_at<const N: usize>(bytes: &[u8], at: usize) -> &[u8; N] {
    match bytes[at..at + N].try_into() {
        Ok(array) => array,
        // the slice above has N bytes
        Err(_) => unreachable!(),
    }
}

/// The first eight bytes of every leaf and header: "SYMB", version 1, the type, two zeros.
pub(crate) const fn prefix(kind: u8) -> u64 {
    u64::from_le_bytes([b'S', b'Y', b'M', b'B', 1, kind, 0, 0])
}
