//! The referee: the decision rule of law 4 as a program runs it, and the brains it runs.
//!
//! A brain's account holds the network in the layout that `kernel` wants (`layout`); `pack` brings it
//! there from a brain file, whose text `file` has read. `brains` writes such accounts; `brains` and
//! `chronicle` decide with them.
#![no_std]

pub mod account;
mod decide;
mod file;
mod gumbel;
mod kernel;
mod layout;
mod pack;

pub use account::{BrainView, HEADER_BYTES};
pub use decide::{decide, Draw};
pub use file::{read_file, FileShape};
pub use kernel::{forward, Logits};
pub use layout::{
    packed_bytes, LayerShape, MAX_BIAS, MAX_INPUTS, MAX_LAYERS, MAX_OUTPUTS, MAX_SHIFT, MAX_WIDTH,
};
pub use pack::pack;

/// Why a brain or a question to it is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The text of the brain file is not as the encoder of `shared/brain` writes it.
    FileText,
    /// A width, shift or number of layers outside the limits, or layers that do not join.
    Shape,
    /// The data section is not as long as the layers need.
    FileLength,
    /// A bias beyond 2^30 either way.
    Bias,
    /// The account is no sealed brain.
    NotSealed,
    /// As many observations as the network reads, each 0..127.
    Observations,
}
