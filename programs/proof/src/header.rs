//! The header of one epoch, as `shared/proof/epoch.ts` lays it out.
use crate::{
    bytes::{array_at, prefix, u32_at, u64_at},
    sha256, Hash, Refusal, MAX_LEAVES,
};

pub const EPOCH_HEADER_BYTES: usize = 164;
/// Ticks of one epoch, at most.
pub const EPOCH_TICKS: u32 = 600;
const EPOCH: u8 = 4;

#[derive(Clone, Copy)]
pub struct EpochHeader<'a> {
    bytes: &'a [u8; EPOCH_HEADER_BYTES],
    /// Leaves under the root: decisions, deeds and inputs.
    pub leaves: u32,
    /// 1..600.
    pub ticks: u32,
}

impl<'a> EpochHeader<'a> {
    /// Errors: another length or prefix, ticks out of order or above 600, leaves above 2^24.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let bytes: &[u8; EPOCH_HEADER_BYTES] = bytes.try_into().map_err(|_| Refusal::Header)?;
        let (first, last) = (u32_at(bytes, 16), u32_at(bytes, 20));
        let leaves = (u32_at(bytes, 24) as u64)
            .wrapping_add(u32_at(bytes, 28) as u64)
            .wrapping_add(u32_at(bytes, 32) as u64);
        if u64_at(bytes, 0) != prefix(EPOCH)
            || last < first
            || last.wrapping_sub(first) >= EPOCH_TICKS
            || leaves > MAX_LEAVES as u64
        {
            return Err(Refusal::Header);
        }
        Ok(Self { bytes, leaves: leaves as u32, ticks: last.wrapping_sub(first).wrapping_add(1) })
    }

    pub fn zone(&self) -> u32 {
        u32_at(self.bytes, 8)
    }
    pub fn epoch(&self) -> u32 {
        u32_at(self.bytes, 12)
    }
    pub fn first_tick(&self) -> u32 {
        u32_at(self.bytes, 16)
    }
    pub fn last_tick(&self) -> u32 {
        u32_at(self.bytes, 20)
    }
    pub fn world_before(&self) -> &'a Hash {
        array_at(self.bytes, 36)
    }
    pub fn world_after(&self) -> &'a Hash {
        array_at(self.bytes, 68)
    }
    pub fn root(&self) -> &'a Hash {
        array_at(self.bytes, 100)
    }
    /// Hash of the header before; zeros in the first.
    pub fn previous(&self) -> &'a Hash {
        array_at(self.bytes, 132)
    }
    /// The epoch's name, which the next header holds.
    pub fn hash(&self) -> Hash {
        sha256(&[self.bytes])
    }
}
