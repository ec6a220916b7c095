//! The grid decoder with WebAssembly SIMD.
//!
//! The caller (`kernel.ts`) lays the packed weights, the activations and a list of operations out in memory and calls
//! `run`; nothing is allocated here. Weights and activations are int16: one vector holds the weights of four
//! neighbouring outputs for the same two neighbouring inputs, and its product with two activations, repeated four times,
//! adds to four sums at once. Sums are int32, so their order does not matter.
#![no_std]

use core::arch::wasm32::*;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    unreachable()
}

const ROLES: usize = 16;
const GRID: usize = 8;
const TOKENS: usize = GRID * GRID;
/// Groups of four outputs whose weights lie interleaved.
const BLOCK: usize = 4;
/// Rows computed together.
const ROWS: usize = 2;

const CLAMPED: u32 = 0;
const ADDED: u32 = 1;
const LOGITS: u32 = 2;

/// One operation, as `kernel.ts` writes it; every field a u32.
#[repr(C)]
pub struct Op {
    /// 0 clamped product, 1 product added to what is there, 2 product as int32, 3 tokens mixed
    kind: u32,
    rows: u32,
    /// Pairs of inputs; channels where tokens are mixed.
    chunks: u32,
    /// Groups of four outputs.
    groups: u32,
    shift: u32,
    weights: *const v128,
    bias: *const v128,
    from: *mut i16,
    to: *mut i16,
    /// Activations from one row to the next.
    from_stride: u32,
    to_stride: u32,
    /// Room for the tokens in pairs, where tokens are mixed.
    scratch: *mut v128,
}

/// Runs `count` operations one after the other.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn run(ops: *const Op, count: usize) {
    unsafe {
        for n in 0..count {
            let op = &*ops.add(n);
            match op.kind {
                CLAMPED | ADDED | LOGITS => product(op),
                _ => mix(op),
            }
        }
    }
}

#[inline(always)]
unsafe fn sums<const R: usize, const G: usize>(
    op: &Op,
    weights: *const v128,
    bias: *const v128,
    from: *const i16,
) -> [[v128; G]; R] {
    unsafe {
        let mut sum = [[i32x4_splat(0); G]; R];
        for row in &mut sum {
            for (g, one) in row.iter_mut().enumerate() {
                *one = v128_load(bias.add(g));
            }
        }
        for chunk in 0..op.chunks as usize {
            let mut some = [i32x4_splat(0); R];
            for (r, one) in some.iter_mut().enumerate() {
                *one = v128_load32_splat(from.add(r * op.from_stride as usize + chunk * 2).cast());
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

/// Four words 0..127 in the vector's lower half.
#[inline(always)]
fn clamped(values: v128) -> v128 {
    let words = i16x8_narrow_i32x4(values, values);
    i16x8_max(i16x8_min(words, i16x8_splat(127)), i16x8_splat(0))
}

#[inline(always)]
unsafe fn block<const R: usize, const G: usize>(op: &Op, row: usize, group: usize) {
    unsafe {
        let weights = op.weights.add(group * op.chunks as usize);
        let from = op.from.add(row * op.from_stride as usize);
        let sum = sums::<R, G>(op, weights, op.bias.add(group), from);
        for (r, groups) in sum.iter().enumerate() {
            let at = (row + r) * op.to_stride as usize + group * 4;
            for (g, one) in groups.iter().enumerate() {
                if op.kind == LOGITS {
                    v128_store(op.to.cast::<i32>().add(at + g * 4).cast(), *one);
                    continue;
                }
                let to = op.to.add(at + g * 4);
                let mut value = i32x4_shr(*one, op.shift);
                if op.kind == ADDED {
                    let there = i32x4_extend_low_i16x8(v128_load64_zero(to.cast()));
                    value = i32x4_add(value, there);
                }
                v128_store64_lane::<0>(clamped(value), to.cast());
            }
        }
    }
}

#[inline(always)]
unsafe fn rows<const R: usize>(op: &Op, row: usize) {
    unsafe {
        let groups = op.groups as usize;
        let whole = groups / BLOCK * BLOCK;
        for group in (0..whole).step_by(BLOCK) {
            block::<R, BLOCK>(op, row, group);
        }
        for group in whole..groups {
            block::<R, 1>(op, row, group);
        }
    }
}

unsafe fn product(op: &Op) {
    unsafe {
        let count = op.rows as usize;
        let mut row = 0;
        while row + ROWS <= count {
            rows::<ROWS>(op, row);
            row += ROWS;
        }
        if row < count {
            rows::<1>(op, row);
        }
    }
}

/// Every channel's 64 tokens mixed and added to what is there; `weights` are pairs of tokens for each token.
unsafe fn mix(op: &Op) {
    unsafe {
        let channels = op.chunks as usize;
        let vectors = channels / 4;
        for pair in 0..TOKENS / 2 {
            let even = op.to.add(2 * pair * channels);
            let odd = even.add(channels);
            for n in 0..channels / 8 {
                let a = v128_load(even.add(8 * n).cast());
                let b = v128_load(odd.add(8 * n).cast());
                let to = op.scratch.add(pair * vectors + 2 * n);
                v128_store(to, i16x8_shuffle::<0, 8, 1, 9, 2, 10, 3, 11>(a, b));
                v128_store(to.add(1), i16x8_shuffle::<4, 12, 5, 13, 6, 14, 7, 15>(a, b));
            }
        }
        for token in 0..TOKENS {
            let mut n = 0;
            while n + 4 <= vectors {
                mixed::<4>(op, token, n);
                n += 4;
            }
            while n < vectors {
                mixed::<2>(op, token, n);
                n += 2;
            }
        }
    }
}

#[inline(always)]
unsafe fn mixed<const N: usize>(op: &Op, token: usize, first: usize) {
    unsafe {
        let channels = op.chunks as usize;
        let pairs = op.weights.cast::<u32>().add(token * TOKENS / 2);
        let bias = v128_load32_splat(op.bias.cast::<u32>().add(token));
        let mut sum = [bias; N];
        for pair in 0..TOKENS / 2 {
            let weight = v128_load32_splat(pairs.add(pair));
            for (n, one) in sum.iter_mut().enumerate() {
                let values = v128_load(op.scratch.add(pair * channels / 4 + first + n));
                *one = i32x4_add(i32x4_dot_i16x8(values, weight), *one);
            }
        }
        for (n, one) in sum.iter().enumerate() {
            let to = op.to.add(token * channels + (first + n) * 4);
            let there = i32x4_extend_low_i16x8(v128_load64_zero(to.cast()));
            let value = i32x4_add(there, i32x4_shr(*one, op.shift));
            v128_store64_lane::<0>(clamped(value), to.cast());
        }
    }
}

/// Where the 16 logits of pixel (x, y) begin.
#[inline(always)]
fn place(size: usize, x: usize, y: usize) -> usize {
    let patch = size / GRID;
    let token = y / patch * GRID + x / patch;
    (token * patch * patch + y % patch * patch + x % patch) * ROLES
}

/// Makes logits symmetric about the middle, but for what lies low and far out: see `mirrorLogits`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mirror(logits: *mut i32, size: usize) {
    unsafe {
        let (low, far) = (size * 18 / 32, size * 9 / 32);
        for y in 0..size {
            for x in 0..size / 2 {
                if y >= low && size / 2 - x > far {
                    continue;
                }
                let a = logits.add(place(size, x, y)).cast::<v128>();
                let b = logits.add(place(size, size - 1 - x, y)).cast::<v128>();
                for n in 0..ROLES / 4 {
                    let half = i32x4_shr(i32x4_add(v128_load(a.add(n)), v128_load(b.add(n))), 1);
                    v128_store(a.add(n), half);
                    v128_store(b.add(n), half);
                }
            }
        }
    }
}

/// Each pixel's allowed role of the greatest logit, the lowest on a tie; `margin` pixels at the edges are 0. Bit r of
/// `allowed` stands for role r.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn argmax(
    logits: *const i32,
    roles: *mut u8,
    size: usize,
    allowed: u32,
    margin: usize,
) {
    unsafe {
        let mut barred = [i32x4_splat(0); ROLES / 4];
        for (n, one) in barred.iter_mut().enumerate() {
            let bits = i32x4_shr(i32x4_splat((allowed >> (4 * n)) as i32), 0);
            let lane = v128_and(bits, i32x4(1, 2, 4, 8));
            *one = i32x4_eq(lane, i32x4_splat(0));
        }
        let least = i32x4_splat(i32::MIN);
        for at in 0..size * size {
            *roles.add(at) = 0;
        }
        for y in margin..size - margin {
            for x in margin..size - margin {
                let from = logits.add(place(size, x, y)).cast::<v128>();
                let mut values = [least; ROLES / 4];
                for (n, one) in values.iter_mut().enumerate() {
                    *one = v128_bitselect(least, v128_load(from.add(n)), barred[n]);
                }
                let most = i32x4_max(i32x4_max(values[0], values[1]), i32x4_max(values[2], values[3]));
                let most = i32x4_max(most, i32x4_shuffle::<2, 3, 0, 1>(most, most));
                let most = i32x4_max(most, i32x4_shuffle::<1, 0, 3, 2>(most, most));
                let mut bits = 0;
                for (n, one) in values.iter().enumerate() {
                    bits |= (i32x4_bitmask(i32x4_eq(*one, most)) as u32) << (4 * n);
                }
                *roles.add(y * size + x) = bits.trailing_zeros() as u8;
            }
        }
    }
}
