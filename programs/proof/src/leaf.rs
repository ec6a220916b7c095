//! Leaves of an epoch's tree, as `shared/proof/canonical.ts` lays them out.
use crate::{
    bytes::{array_at, prefix, u32_at, u64_at},
    Hash, Refusal,
};

pub const DECISION_BYTES: usize = 129;
pub const DEED_BYTES: usize = 120;
/// Observations of one decision.
pub const OBSERVATIONS: usize = 64;
const DECISION: u8 = 1;
const DEED: u8 = 2;
const MAX_ACTION: u8 = 15;
/// Set in a byte above 127.
const ABOVE_127: u64 = 0x8080_8080_8080_8080;

/// One NPC's decision.
#[derive(Clone, Copy)]
pub struct Decision<'a>(&'a [u8; DECISION_BYTES]);

impl<'a> Decision<'a> {
    /// Errors: another length or prefix, an observation above 127, an action above 15.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let leaf: &[u8; DECISION_BYTES] = bytes.try_into().map_err(|_| Refusal::Leaf)?;
        if u64_at(leaf, 0) != prefix(DECISION) || leaf[128] > MAX_ACTION {
            return Err(Refusal::Leaf);
        }
        let mut high = 0;
        for i in 0..OBSERVATIONS / 8 {
            high |= u64_at(leaf, 64 + 8 * i);
        }
        if high & ABOVE_127 != 0 {
            return Err(Refusal::Leaf);
        }
        Ok(Self(leaf))
    }

    pub fn bytes(&self) -> &'a [u8] {
        self.0
    }
    pub fn zone(&self) -> u32 {
        u32_at(self.0, 8)
    }
    pub fn epoch(&self) -> u32 {
        u32_at(self.0, 12)
    }
    pub fn tick(&self) -> u32 {
        u32_at(self.0, 16)
    }
    pub fn npc(&self) -> u32 {
        u32_at(self.0, 20)
    }
    /// SHA-256 of the brain's file.
    pub fn brain(&self) -> &'a Hash {
        array_at(self.0, 24)
    }
    pub fn world_seed(&self) -> u32 {
        u32_at(self.0, 56)
    }
    /// Bit a is set where action a is legal.
    pub fn mask(&self) -> u32 {
        u32_at(self.0, 60)
    }
    /// Each 0..127.
    pub fn observations(&self) -> &'a [u8; OBSERVATIONS] {
        array_at(self.0, 64)
    }
    /// What the operator says was done, 0..15.
    pub fn action(&self) -> u8 {
        self.0[128]
    }
}

/// What a symbiont has done up to the end of an epoch.
#[derive(Clone, Copy)]
pub struct Deed<'a>(&'a [u8; DEED_BYTES]);

impl<'a> Deed<'a> {
    /// Errors: another length or prefix.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let leaf: &[u8; DEED_BYTES] = bytes.try_into().map_err(|_| Refusal::Leaf)?;
        if u64_at(leaf, 0) != prefix(DEED) {
            return Err(Refusal::Leaf);
        }
        Ok(Self(leaf))
    }

    pub fn bytes(&self) -> &'a [u8] {
        self.0
    }
    pub fn zone(&self) -> u32 {
        u32_at(self.0, 8)
    }
    pub fn epoch(&self) -> u32 {
        u32_at(self.0, 12)
    }
    /// The Core asset's address.
    pub fn asset(&self) -> &'a Hash {
        array_at(self.0, 16)
    }
    pub fn version(&self) -> u64 {
        u64_at(self.0, 48)
    }
    /// In the order of DEEDS.
    pub fn counters(&self) -> [u32; 8] {
        core::array::from_fn(|i| u32_at(self.0, 56 + 4 * i))
    }
    /// SHA-256 of the picture's hash and the URI that these deeds lead to; zeros where they lead to none.
    pub fn appearance(&self) -> &'a Hash {
        array_at(self.0, 88)
    }
}
