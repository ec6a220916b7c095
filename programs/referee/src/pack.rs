//! From a brain file's data section to the packed layout, within one account: the data lies at the end
//! of the area and the words are written from its start. Each step writes at least as much as it has
//! read, so the words never reach data that is still to be read.
use crate::{
    layout::{
        bias_words, LayerShape, LANES, LANE_BITS, LANE_START, LARGEST_TILE, MAX_BIAS, MAX_WIDTH, TILES,
    },
    Refusal,
};

const MAX_TILE_BYTES: usize = LARGEST_TILE * LANES * MAX_WIDTH;

/// Packs the network whose data section begins at `data_start` in `area` and ends with it. The layers
/// are within the limits, the data as long as they need, and `area` at least `packed_bytes` long.
#[inline(never)]
pub fn pack(area: &mut [u8], data_start: usize, layers: &[LayerShape]) -> Result<(), Refusal> {
    let mut read = pack_biases(area, data_start, layers)?;
    let mut write = bias_words(layers) << 3;
    let mut rows = [0u8; MAX_TILE_BYTES];
    for layer in layers {
        let (mut left, mut outputs) = (layer.groups(), layer.outputs);
        for groups in TILES {
            while left >= groups {
                let count = outputs.min(groups.wrapping_mul(LANES));
                let bytes = count.wrapping_mul(layer.inputs);
                // the words may overwrite these rows themselves
                rows[..bytes].copy_from_slice(&area[read..read + bytes]);
                rows[bytes..].fill(0);
                read += bytes;
                let bytes = groups.wrapping_mul(layer.padded_inputs()) << 3;
                pack_tile(&mut area[write..write + bytes], &rows, layer.inputs, groups);
                write += bytes;
                left -= groups;
                outputs -= count;
            }
        }
    }
    Ok(())
}

#[inline(always)]
fn pack_biases(area: &mut [u8], data_start: usize, layers: &[LayerShape]) -> Result<usize, Refusal> {
    let (mut read, mut write) = (data_start, 0);
    for layer in layers {
        let start = LANE_START << (layer.halves() - 1);
        for o in 0..layer.groups().wrapping_mul(LANES) {
            let mut value = -start;
            if o < layer.outputs {
                let mut bytes = [0; 4];
                bytes.copy_from_slice(&area[read..read + 4]);
                let bias = i32::from_le_bytes(bytes);
                if !(-MAX_BIAS..=MAX_BIAS).contains(&bias) {
                    return Err(Refusal::Bias);
                }
                value += bias as i64;
                read += 4;
            }
            area[write..write + 8].copy_from_slice(&value.to_le_bytes());
            write += 8;
        }
    }
    Ok(read)
}

/// Writes one tile's words. Both halves of its inputs follow each other, so this is simply input by
/// input.
#[inline(never)]
fn pack_tile(area: &mut [u8], rows: &[u8; MAX_TILE_BYTES], inputs: usize, groups: usize) {
    for (input, words) in area.chunks_exact_mut(groups << 3).enumerate() {
        let mut from = input;
        for word in words.chunks_exact_mut(8) {
            let mut value = 0u64;
            for lane in 0..LANES {
                if input < inputs {
                    let weight = rows[from] as i8 as i64 as u64;
                    value = value.wrapping_sub(weight << (lane as u32).wrapping_mul(LANE_BITS));
                }
                from = from.wrapping_add(inputs);
            }
            word.copy_from_slice(&value.to_le_bytes());
        }
    }
}
