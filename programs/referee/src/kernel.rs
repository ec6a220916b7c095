//! The network's forward pass over the packed layout. About one instruction of the SVM for each
//! product of the network: load, multiply and add serve three weights.
use crate::{
    layout::{LayerShape, HALF, LANES, LANE_BITS, LANE_START, MAX_OUTPUTS, MAX_WIDTH, TILES},
    BrainView,
};

/// Whole groups of three above the greatest width.
const PADDED_WIDTH: usize = MAX_WIDTH + 8;
const PADDED_OUTPUTS: usize = MAX_OUTPUTS + LANES - 1;
const LANE_MASK: u64 = (1 << LANE_BITS) - 1;
const START: u64 = {
    let one = LANE_START as u64;
    one | one << LANE_BITS | one << (2 * LANE_BITS)
};
const MAX_ACTIVATION: i64 = 127;
/// Inputs handled between two looks at the loop's end.
const UNROLLED: usize = 8;

/// The last layer's sums, in 1/256 nat, and how many of them count.
pub struct Logits {
    values: [i64; PADDED_OUTPUTS],
    count: usize,
}

impl Logits {
    pub fn as_slice(&self) -> &[i64] {
        &self.values[..self.count]
    }
}

/// Sums of `T` groups over inputs `x..end`: `out[t]` gets three lanes.
///
/// # Safety
/// `end - x` is a multiple of 8; `w` is readable for `T` words an input, `out` writable for `T`.
#[inline(never)]
unsafe fn tile<const T: usize>(mut w: *const u64, mut x: *const u8, end: *const u8, out: *mut u64) {
    let mut sums = [START; T];
    while x < end {
        for i in 0..UNROLLED {
            let activation = *x.add(i) as u64;
            // half of a rectified layer is zero
            if activation != 0 {
                for t in 0..T {
                    // words hold the weights' negative: see layout
                    sums[t] = sums[t].wrapping_sub((*w.add(i * T + t)).wrapping_mul(activation));
                }
            }
        }
        x = x.add(UNROLLED);
        w = w.add(UNROLLED * T);
    }
    for t in 0..T {
        *out.add(t) = sums[t];
    }
}

type Tile = unsafe fn(*const u64, *const u8, *const u8, *mut u64);

/// # Safety
/// As `tile`; `groups` is one of TILES.
#[inline(always)]
unsafe fn run_tile(groups: usize, w: *const u64, x: *const u8, end: *const u8, out: *mut u64) {
    let run: Tile = match groups {
        6 => tile::<6>,
        4 => tile::<4>,
        2 => tile::<2>,
        _ => tile::<1>,
    };
    run(w, x, end, out)
}

/// All lanes of a layer, in two halves where it has more than 64 inputs. Returns the next layer's
/// weights.
///
/// # Safety
/// `w` is readable for the layer's words, `x` for its padded inputs, `low` and `high` writable for its
/// groups.
unsafe fn sums(shape: &LayerShape, w: *const u64, x: *const u8, low: *mut u64, high: *mut u64) -> *const u64 {
    let padded = shape.padded_inputs();
    let first = padded.min(HALF);
    let (middle, end) = (x.add(first), x.add(padded));
    let (mut w, mut left, mut done) = (w, shape.groups(), 0);
    for groups in TILES {
        while left >= groups {
            run_tile(groups, w, x, middle, low.add(done));
            w = w.add(groups.wrapping_mul(first));
            if padded > HALF {
                run_tile(groups, w, middle, end, high.add(done));
                w = w.add(groups.wrapping_mul(padded.wrapping_sub(first)));
            }
            left = left.wrapping_sub(groups);
            done = done.wrapping_add(groups);
        }
    }
    w
}

#[inline(always)]
fn lanes(word: u64) -> [i64; LANES] {
    let lane = |l: u32| ((word >> (l * LANE_BITS)) & LANE_MASK) as i64;
    [lane(0), lane(1), (word >> (2 * LANE_BITS)) as i64]
}

/// Adds the bias to each lane, shifts, and hands the result on with its output's number.
///
/// # Safety
/// `bias` is readable for three words a group, `low` (and `high`, where `WIDE`) for one.
#[inline(always)]
unsafe fn finish<const WIDE: bool>(
    groups: usize,
    shift: u8,
    bias: *const i64,
    low: *const u64,
    high: *const u64,
    mut put: impl FnMut(usize, i64),
) {
    let shift = shift as u32 & 31;
    let mut at = 0;
    for g in 0..groups {
        let mut values = lanes(*low.add(g));
        if WIDE {
            let more = lanes(*high.add(g));
            for l in 0..LANES {
                values[l] = values[l].wrapping_add(more[l]);
            }
        }
        for l in 0..LANES {
            let sum = values[l].wrapping_add(*bias.add(at + l));
            put(at + l, sum >> shift);
        }
        at = at.wrapping_add(LANES);
    }
}

#[inline(always)]
fn clamp(value: i64) -> u8 {
    // one comparison where it is already 0..127
    if value as u64 <= MAX_ACTIVATION as u64 {
        value as u8
    } else if value < 0 {
        0
    } else {
        MAX_ACTIVATION as u8
    }
}

/// One row of observations to logits. `observations` holds as many as the network reads, each 0..127.
#[inline(never)]
pub fn forward(brain: &BrainView, observations: &[u8]) -> Logits {
    let mut even = [0u8; PADDED_WIDTH];
    let mut odd = [0u8; PADDED_WIDTH];
    let mut low = [0u64; PADDED_WIDTH / LANES + 1];
    let mut high = [0u64; PADDED_WIDTH / LANES + 1];
    let mut logits = Logits { values: [0; PADDED_OUTPUTS], count: 0 };
    even[..observations.len()].copy_from_slice(observations);
    let (mut from, mut to) = (even.as_mut_ptr(), odd.as_mut_ptr());
    let (mut bias, mut w) = (brain.biases(), brain.weights());
    let layers = brain.layers();
    for (l, shape) in layers.iter().enumerate() {
        let (groups, wide, shift) = (shape.groups(), shape.inputs > HALF, shape.shift);
        let (low, high) = (low.as_mut_ptr(), high.as_mut_ptr());
        // SAFETY: a BrainView has checked shapes and as many words behind `biases` and `weights` as
        // they take; no layer is wider than the buffers. What lies behind a layer's inputs in `from`
        // meets weights of zero.
        unsafe {
            w = sums(shape, w, from, low, high);
            if l + 1 == layers.len() {
                logits.count = shape.outputs;
                let values = logits.values.as_mut_ptr();
                let put = |o: usize, value: i64| *values.add(o) = value;
                if wide {
                    finish::<true>(groups, shift, bias, low, high, put);
                } else {
                    finish::<false>(groups, shift, bias, low, high, put);
                }
            } else {
                let put = |o: usize, value: i64| *to.add(o) = clamp(value);
                if wide {
                    finish::<true>(groups, shift, bias, low, high, put);
                } else {
                    finish::<false>(groups, shift, bias, low, high, put);
                }
                bias = bias.add(groups.wrapping_mul(LANES));
                core::mem::swap(&mut from, &mut to);
            }
        }
    }
    logits
}
