//! How a network lies in a brain's account.
//!
//! Three weights share a 64-bit word: word = -(w0 + w1 * 2^21 + w2 * 2^42) (wrapping, weights signed),
//! so that one product with an activation gives three. (The sign is turned because the kernel subtracts:
//! of an addition the compiler would take either operand for the result, and then move it.) A sum over 64 inputs stays within 64 * 128 * 127 <
//! 2^20 either way; accumulators start at 2^20 in each lane, so that no lane borrows from the next.
//! Layers of more than 64 inputs are summed in two halves.
//!
//!     biases   per layer, per output (padded to whole groups of three): bias - 2^20 * halves, i64;
//!              padding: -2^20 * halves, which makes its sum 0
//!     weights  per layer, per tile, per half, per input (padded to a multiple of 8 with zeros), per
//!              group of the tile: one word. Group g holds the weights of outputs 3g, 3g + 1, 3g + 2;
//!              tiles take 6 groups each, then 4, 2, 1 of those that are left.
use crate::Refusal;

pub const MAX_LAYERS: usize = 4;
pub const MAX_WIDTH: usize = 128;
/// Inputs of the first layer, at most.
pub const MAX_INPUTS: usize = MAX_WIDTH;
pub const MAX_OUTPUTS: usize = 16;
pub const MAX_SHIFT: u8 = 31;
pub const MAX_BIAS: i32 = 1 << 30;

pub(crate) const LANES: usize = 3;
pub(crate) const LANE_BITS: u32 = 21;
/// Where each lane's sum starts.
pub(crate) const LANE_START: i64 = 1 << 20;
pub(crate) const HALF: usize = 64;
pub(crate) const TILES: [usize; 4] = [6, 4, 2, 1];
pub(crate) const LARGEST_TILE: usize = 6;

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct LayerShape {
    pub inputs: usize,
    pub outputs: usize,
    pub shift: u8,
}

impl LayerShape {
    pub(crate) fn groups(&self) -> usize {
        self.outputs.wrapping_add(LANES - 1) / LANES
    }
    pub(crate) fn halves(&self) -> usize {
        if self.inputs > HALF {
            2
        } else {
            1
        }
    }
    pub(crate) fn padded_inputs(&self) -> usize {
        self.inputs.wrapping_add(7) & !7
    }
}

/// Every limit of `shared/brain/network.ts` on shapes.
pub(crate) fn check_shape(layers: &[LayerShape]) -> Result<(), Refusal> {
    if layers.is_empty() || layers.len() > MAX_LAYERS {
        return Err(Refusal::Shape);
    }
    for (l, layer) in layers.iter().enumerate() {
        let most = if l + 1 == layers.len() { MAX_OUTPUTS } else { MAX_WIDTH };
        let joined = l == 0 || layer.inputs == layers[l - 1].outputs;
        let within = (1..=MAX_WIDTH).contains(&layer.inputs) && (1..=most).contains(&layer.outputs);
        if !joined || !within || layer.shift > MAX_SHIFT {
            return Err(Refusal::Shape);
        }
    }
    Ok(())
}

/// Words of all biases.
pub(crate) fn bias_words(layers: &[LayerShape]) -> usize {
    layers.iter().fold(0, |sum: usize, layer| sum.wrapping_add(layer.groups().wrapping_mul(LANES)))
}

/// Bytes that a network takes in its account; the shapes are within the limits.
pub fn packed_bytes(layers: &[LayerShape]) -> usize {
    // at most 4 * (43 * 128 + 129) words: nothing wraps, here and below, and a checked product is dear
    let words = layers.iter().fold(bias_words(layers), |sum, layer| {
        sum.wrapping_add(layer.groups().wrapping_mul(layer.padded_inputs()))
    });
    words << 3
}

/// Bytes of the data section of a brain file with these layers.
pub(crate) fn data_bytes(layers: &[LayerShape]) -> usize {
    layers.iter().fold(0, |sum: usize, layer| {
        sum.wrapping_add(layer.outputs.wrapping_mul(layer.inputs.wrapping_add(4)))
    })
}
