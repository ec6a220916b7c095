//! Dense layers over a few rows at once.

use crate::{LOGITS, Layer};
use core::arch::wasm32::*;

/// Rows computed together, so that a vector of weights is loaded once for all of them.
pub const ROWS: usize = 2;
/// Activations from one row to the next.
pub const STRIDE: usize = 128;
/// Groups of four neurons whose weights lie interleaved.
const BLOCK: usize = 4;

/// Inputs whose products one lane adds up.
pub const LANES: usize = 2;
pub type Activation = i16;

/// Copies `n` observations to a row of activations. What follows them, up to the row's end, may be
/// anything in 0..127 or not: its weights are zero. Reads up to the next multiple of 16.
#[inline(always)]
pub unsafe fn spread(from: *const u8, n: usize, to: *mut Activation) {
    unsafe {
        for i in (0..n).step_by(16) {
            let bytes = v128_load(from.add(i).cast());
            v128_store(to.add(i).cast(), u16x8_extend_low_u8x16(bytes));
            v128_store(to.add(i + 8).cast(), u16x8_extend_high_u8x16(bytes));
        }
    }
}

/// Clamps four sums to 0..127 and stores them.
#[inline(always)]
unsafe fn store(sums: v128, to: *mut Activation) {
    unsafe {
        let words = i16x8_narrow_i32x4(sums, sums);
        let words = i16x8_max(i16x8_min(words, i16x8_splat(127)), i16x8_splat(0));
        v128_store64_lane::<0>(words, to.cast());
    }
}

/// The sums of `G` groups of neurons for `R` rows.
#[inline(always)]
unsafe fn sums<const R: usize, const G: usize>(
    chunks: usize,
    weights: *const v128,
    bias: *const v128,
    from: *const Activation,
) -> [[v128; G]; R] {
    unsafe {
        let mut sum = [[i32x4_splat(0); G]; R];
        for row in &mut sum {
            for (g, one) in row.iter_mut().enumerate() {
                *one = v128_load(bias.add(g));
            }
        }
        for chunk in 0..chunks {
            let mut some = [i32x4_splat(0); R];
            for (r, one) in some.iter_mut().enumerate() {
                *one = v128_load32_splat(from.add(r * STRIDE + chunk * LANES).cast());
            }
            for g in 0..G {
                let weight = v128_load(weights.add(chunk * G + g));
                for r in 0..R {
                    sum[r][g] = i32x4_add(i32x4_dot_i16x8(weight, some[r]), sum[r][g]);
                }
            }
        }
        sum
    }
}

/// Calls `put(row, group, shifted sums)` for `G` groups.
#[inline(always)]
unsafe fn block<const R: usize, const G: usize>(
    layer: &Layer,
    first: usize,
    from: *const Activation,
    put: &mut impl FnMut(usize, usize, v128),
) {
    unsafe {
        let chunks = layer.chunks as usize;
        let weights = layer.weights.add(first * chunks);
        let sum = sums::<R, G>(chunks, weights, layer.bias.add(first), from);
        for (r, row) in sum.iter().enumerate() {
            for (g, one) in row.iter().enumerate() {
                put(r, first + g, i32x4_shr(*one, layer.shift));
            }
        }
    }
}

#[inline(always)]
unsafe fn dense<const R: usize>(layer: &Layer, from: *const Activation, mut put: impl FnMut(usize, usize, v128)) {
    unsafe {
        let groups = layer.groups as usize;
        let mut group = 0;
        while group + BLOCK <= groups {
            block::<R, BLOCK>(layer, group, from, &mut put);
            group += BLOCK;
        }
        match groups - group {
            1 => block::<R, 1>(layer, group, from, &mut put),
            2 => block::<R, 2>(layer, group, from, &mut put),
            3 => block::<R, 3>(layer, group, from, &mut put),
            _ => (),
        }
    }
}

/// A hidden layer for `R` rows: shifted sums, clamped to 0..127.
#[inline(always)]
pub unsafe fn hidden<const R: usize>(layer: &Layer, from: *const Activation, to: *mut Activation) {
    unsafe {
        dense::<R>(layer, from, |r, g, sums| store(sums, to.add(r * STRIDE + 4 * g)));
    }
}

/// The last layer for `R` rows: shifted sums as they are.
#[inline(always)]
pub unsafe fn logits<const R: usize>(layer: &Layer, from: *const Activation, to: *mut i32) {
    unsafe {
        dense::<R>(layer, from, |r, g, sums| {
            v128_store(to.add(r * LOGITS + 4 * g).cast(), sums)
        });
    }
}
