//! The account that holds a brain, read in place.
//!
//!     0 discriminator [8] | 8 author [32] | 40 id [32] | 72 parent [32] | 104 training_root [32]
//!     | 136 weights_hash [32] | 168 licence [24] | 192 price u64 | 200 file_bytes u32 | 204 sealed u8
//!     | 205 layer_count u8 | 206 zeros [2] | 208 layers: 4 x (inputs u8, outputs u8, shift u8, zero)
//!     | 224 the packed network (until it is sealed, the brain file at the account's end)
use crate::{
    layout::{bias_words, packed_bytes, LayerShape, MAX_LAYERS},
    Refusal,
};

/// Base58 Yb6DDm5JzL27PGu2CbWBMUWBig21GLtayv7GCpML8mu; `brains` refuses to build with another.
#[rustfmt::skip]
pub const BRAINS_ID: [u8; 32] = [
    8, 23, 140, 243, 47, 86, 32, 139, 235, 224, 26, 76, 204, 176, 24, 223,
    23, 174, 237, 77, 131, 231, 35, 164, 135, 48, 242, 83, 252, 75, 215, 0,
];
pub const DISCRIMINATOR: [u8; 8] = [163, 54, 135, 246, 144, 83, 35, 155];
pub const HEADER_BYTES: usize = 224;
pub const ID: usize = 40;
pub const SEALED: usize = 204;
pub const LAYER_COUNT: usize = 205;
pub const LAYERS: usize = 208;

/// A sealed brain.
#[derive(Clone, Copy)]
pub struct BrainView<'a> {
    data: &'a [u8],
    shapes: [LayerShape; MAX_LAYERS],
    count: usize,
}

impl<'a> BrainView<'a> {
    /// Reads a sealed brain from an account's owner and data. What `brains` has sealed has shapes
    /// within the limits. Errors: not brains', no brain, not sealed, shorter than its network.
    pub fn read(owner: &[u8; 32], data: &'a [u8]) -> Result<Self, Refusal> {
        let sealed = data.len() >= HEADER_BYTES
            && data[..8] == DISCRIMINATOR
            && data[SEALED] == 1
            && *owner == BRAINS_ID
            && (data.as_ptr() as usize) % 8 == 0;
        if !sealed {
            return Err(Refusal::NotSealed);
        }
        let count = (data[LAYER_COUNT] as usize).min(MAX_LAYERS);
        let mut shapes = [LayerShape::default(); MAX_LAYERS];
        for (l, shape) in shapes.iter_mut().enumerate().take(count) {
            let at = LAYERS + 4 * l;
            *shape = LayerShape {
                inputs: data[at] as usize,
                outputs: data[at + 1] as usize,
                shift: data[at + 2],
            };
        }
        let view = Self { data, shapes, count };
        crate::layout::check_shape(view.layers())?;
        if data.len() < HEADER_BYTES + packed_bytes(view.layers()) {
            return Err(Refusal::NotSealed);
        }
        Ok(view)
    }

    /// SHA-256 of the brain's file.
    pub fn id(&self) -> &'a [u8] {
        &self.data[ID..ID + 32]
    }
    pub fn layers(&self) -> &[LayerShape] {
        &self.shapes[..self.count]
    }
    /// How many observations it reads.
    pub fn inputs(&self) -> usize {
        self.shapes[0].inputs
    }
    pub(crate) fn biases(&self) -> *const i64 {
        self.data[HEADER_BYTES..].as_ptr().cast()
    }
    pub(crate) fn weights(&self) -> *const u64 {
        self.data[HEADER_BYTES + 8 * bias_words(self.layers())..].as_ptr().cast()
    }
}
