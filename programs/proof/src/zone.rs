//! The account in which `chronicle` keeps a zone, read in place by any program.
//!
//!     0 discriminator [8] | 8 authority [32] | 40 operator [32] | 72 bond u64 | 80 last_time i64
//!     | 88 leaving_since i64 | 96 last_hash [32] | 128 last_world [32] | 160 zone u32 | 164 world_seed u32
//!     | 168 next_epoch u32 | 172 next_tick u32 | 176 published u32 | 180 missed u32 | 184 late u32
//!     | 188 marks u32 | 192 marked u32 x 16 | 256 bump u8, zeros [3] | 260 first_epoch u32
//!     | 264 ring: 64 entries of 88 bytes
//!     entry: 0 root [32] | 32 hash [32] | 64 time i64 | 72 epoch u32 | 76 leaves u32 | 80 first_tick u32
//!     | 84 ticks u32 (0: no entry)
//!
//! Epoch e lies in entry e mod 64. Whoever reads must check that the account belongs to `chronicle`
//! (`CHRONICLE_ID`): `ZoneView::read` does.
use crate::{
    bytes::{array_at, u32_at, u64_at},
    Hash, Refusal,
};

/// Base58 BkxJuTJgBRWKYNqiD1SxNgCRxhsghYZ8Hf5n6p7BCM3P; `chronicle` refuses to build with another.
#[rustfmt::skip]
pub const CHRONICLE_ID: [u8; 32] = [
    159, 215, 97, 189, 93, 212, 173, 10, 132, 170, 63, 242, 243, 240, 130, 19,
    115, 174, 60, 247, 213, 13, 221, 90, 128, 177, 98, 172, 252, 183, 98, 178,
];
pub const DISCRIMINATOR: [u8; 8] = [169, 253, 183, 233, 122, 195, 93, 252];

/// Epochs in the ring.
pub const RING: usize = 64;
/// Epochs proven wrong that the account can name; a zone with so many never stands well again.
pub const MAX_MARKS: usize = 16;
/// Lamports below which a zone does not stand well and publishes nothing: 1 SOL.
pub const MIN_BOND: u64 = 1_000_000_000;

pub const AUTHORITY: usize = 8;
pub const OPERATOR: usize = 40;
pub const BOND: usize = 72;
pub const LEAVING_SINCE: usize = 88;
pub const ZONE: usize = 160;
pub const WORLD_SEED: usize = 164;
pub const MARKS: usize = 188;
pub const MARKED: usize = 192;
pub const ENTRIES: usize = 264;
pub const ENTRY_BYTES: usize = 88;
pub const ZONE_BYTES: usize = ENTRIES + RING * ENTRY_BYTES;

/// One published epoch.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    pub root: &'a Hash,
    pub hash: &'a Hash,
    pub epoch: u32,
    /// Leaves under the root.
    pub leaves: u32,
    pub first_tick: u32,
    /// 1..600.
    pub ticks: u32,
}

#[derive(Clone, Copy)]
pub struct ZoneView<'a>(&'a [u8; ZONE_BYTES]);

impl<'a> ZoneView<'a> {
    /// Reads a zone from an account's owner and data. Errors: not chronicle's, or no zone.
    pub fn read(owner: &[u8; 32], data: &'a [u8]) -> Result<Self, Refusal> {
        let zone: &[u8; ZONE_BYTES] = data.try_into().map_err(|_| Refusal::NotAZone)?;
        if *owner != CHRONICLE_ID || zone[..8] != DISCRIMINATOR {
            return Err(Refusal::NotAZone);
        }
        Ok(Self(zone))
    }

    pub fn authority(&self) -> &'a Hash {
        array_at(self.0, AUTHORITY)
    }
    pub fn operator(&self) -> &'a Hash {
        array_at(self.0, OPERATOR)
    }
    pub fn zone(&self) -> u32 {
        u32_at(self.0, ZONE)
    }
    pub fn world_seed(&self) -> u32 {
        u32_at(self.0, WORLD_SEED)
    }

    /// Does the operator stand behind what it publishes: a whole bond, not being withdrawn, and not
    /// proven wrong more often than can be noted?
    pub fn stands(&self) -> bool {
        u64_at(self.0, BOND) >= MIN_BOND
            && u64_at(self.0, LEAVING_SINCE) == 0
            && (u32_at(self.0, MARKS) as usize) < MAX_MARKS
    }

    /// Was this epoch proven wrong?
    pub fn is_marked(&self, epoch: u32) -> bool {
        let marks = (u32_at(self.0, MARKS) as usize).min(MAX_MARKS);
        (0..marks).any(|i| u32_at(self.0, MARKED + 4 * i) == epoch)
    }

    /// A recent epoch; none where the ring does not hold it any more, or not yet.
    pub fn entry(&self, epoch: u32) -> Option<Entry<'a>> {
        let at = ENTRIES + (epoch as usize % RING) * ENTRY_BYTES;
        let entry = Entry {
            root: array_at(self.0, at),
            hash: array_at(self.0, at + 32),
            epoch: u32_at(self.0, at + 72),
            leaves: u32_at(self.0, at + 76),
            first_tick: u32_at(self.0, at + 80),
            ticks: u32_at(self.0, at + 84),
        };
        (entry.ticks != 0 && entry.epoch == epoch).then_some(entry)
    }
}
