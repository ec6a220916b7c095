//! What the zone's operator published and how a leaf of it is proven: the encodings of `shared/proof`,
//! and the account in which `chronicle` keeps the recent roots. No allocation, no Anchor: `brains`,
//! `chronicle` and `evolution` link it.
#![no_std]

mod bytes;
mod header;
mod leaf;
mod path;
mod prove;
pub mod recall;
pub mod zone;

pub use bytes::{sha256, Hash};
pub use header::{EpochHeader, EPOCH_HEADER_BYTES, EPOCH_TICKS};
pub use leaf::{Decision, Deed, DECISION_BYTES, DEED_BYTES, OBSERVATIONS};
pub use path::{path_holds, MAX_LEAVES, MAX_PATH};
pub use prove::{prove_decision, prove_deed, Proof};
pub use recall::RecallView;
pub use zone::ZoneView;

/// Why something is not proven. Each program gives these its own error codes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The leaf's length, prefix or a value in it.
    Leaf,
    /// The leaf or header is of another zone.
    OtherZone,
    /// The epoch has left the ring, or was never published; a recall may prove an old one.
    EpochNotHeld,
    /// The recall is of another zone or epoch.
    OtherRecall,
    /// The path is no whole number of hashes, too long, or does not lead to the root.
    Path,
    /// The header's length, prefix or a value in it.
    Header,
    /// The account is no zone of chronicle's.
    NotAZone,
    /// The account is no recall of chronicle's.
    NotARecall,
}
