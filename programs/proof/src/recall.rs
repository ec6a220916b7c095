//! An epoch older than the ring, proven through the links between headers; `chronicle` writes it.
//!
//!     0 discriminator [8] | 8 zone account [32] | 40 root [32] | 72 hash [32] | 104 previous [32]
//!     | 136 payer [32] | 168 epoch u32 | 172 leaves u32 | 176 first_tick u32 | 180 ticks u32
use crate::{
    bytes::{array_at, u32_at},
    zone::{Entry, CHRONICLE_ID},
    Hash, Refusal,
};

pub const DISCRIMINATOR: [u8; 8] = [148, 110, 21, 21, 183, 235, 125, 77];
pub const RECALL_BYTES: usize = 184;

#[derive(Clone, Copy)]
pub struct RecallView<'a>(&'a [u8; RECALL_BYTES]);

impl<'a> RecallView<'a> {
    /// Errors: not chronicle's, or no recall.
    pub fn read(owner: &[u8; 32], data: &'a [u8]) -> Result<Self, Refusal> {
        let recall: &[u8; RECALL_BYTES] = data.try_into().map_err(|_| Refusal::NotARecall)?;
        if *owner != CHRONICLE_ID || recall[..8] != DISCRIMINATOR {
            return Err(Refusal::NotARecall);
        }
        Ok(Self(recall))
    }

    /// The epoch, if this recall is of the zone at `zone` and of that epoch.
    pub fn entry(&self, zone: &Hash, epoch: u32) -> Option<Entry<'a>> {
        let own: &Hash = array_at(self.0, 8);
        (own == zone && u32_at(self.0, 168) == epoch).then(|| Entry {
            root: array_at(self.0, 40),
            hash: array_at(self.0, 72),
            epoch,
            leaves: u32_at(self.0, 172),
            first_tick: u32_at(self.0, 176),
            ticks: u32_at(self.0, 180),
        })
    }
}
