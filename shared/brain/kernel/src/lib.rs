//! The integer network and the decision rule over batches, with WebAssembly SIMD.
//!
//! The caller (`kernel.ts`) writes a packed network and a batch into memory and calls `forward` or
//! `decide`; nothing is allocated here. Weights come packed as int16, so that one vector holds the
//! weights of four neighbouring neurons for the same two neighbouring inputs: its product with two
//! activations, repeated four times, adds to four sums at once and no sum is ever added across a vector.
//!
//! Relaxed SIMD (four int8 inputs a lane, exact for activations of 0..127) was tried and was 10 % slower
//! in V8 12.4, so the kernel needs plain SIMD only.
#![no_std]

mod choose;
mod dense;

use core::arch::wasm32::*;
use core::ptr::{addr_of, addr_of_mut};
use dense::{Activation, ROWS, STRIDE};

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    unreachable()
}

/// Most rows of one call.
const BATCH: usize = 1024;
/// Widest layer.
const WIDTH: usize = 128;
/// Most logits of a row, and the distance between the rows' logits.
pub const LOGITS: usize = 16;

/// One dense layer as `kernel.ts` lays it out, every field a u32.
#[repr(C)]
pub struct Layer {
    /// Vectors of inputs: ceil(inputs / LANES).
    pub chunks: u32,
    /// Vectors of neurons: ceil(outputs / 4).
    pub groups: u32,
    pub shift: u32,
    /// Blocks of up to four groups; in a block, chunk after chunk, one vector per group.
    pub weights: *const v128,
    /// One vector per group.
    pub bias: *const v128,
}

#[repr(C)]
pub struct Network {
    pub layers: u32,
    pub inputs: u32,
    pub outputs: u32,
    pub layer: [Layer; 4],
}

/// What a call reads and writes, filled in place by the caller. Its fields' order is known to `kernel.ts`.
#[repr(C, align(16))]
pub struct Batch {
    logits: [i32; BATCH * LOGITS],
    mask: [u32; BATCH],
    seed: [u32; BATCH],
    tick: [u32; BATCH],
    npc: [u32; BATCH],
    gumbel: [i32; 1024],
    /// Rows of `inputs` bytes, one after the other; the tail is never read as meaningful.
    observations: [u8; BATCH * WIDTH + 16],
    action: [u8; BATCH],
}

static mut BATCH_AREA: Batch = Batch {
    logits: [0; BATCH * LOGITS],
    mask: [0; BATCH],
    seed: [0; BATCH],
    tick: [0; BATCH],
    npc: [0; BATCH],
    gumbel: [0; 1024],
    observations: [0; BATCH * WIDTH + 16],
    action: [0; BATCH],
};

#[repr(C, align(16))]
struct Scratch([[Activation; ROWS * STRIDE]; 2]);
static mut SCRATCH: Scratch = Scratch([[0; ROWS * STRIDE]; 2]);

/// Where the caller finds the batch.
#[unsafe(no_mangle)]
pub extern "C" fn batch_area() -> *const Batch {
    addr_of!(BATCH_AREA)
}

/// Are all `n` bytes at `at` below 128? Bytes up to the next multiple of 16 must be readable.
unsafe fn all_in_range(at: *const u8, n: usize) -> bool {
    unsafe {
        let mut seen = u8x16_splat(0);
        for i in (0..n / 16 * 16).step_by(16) {
            seen = v128_or(seen, v128_load(at.add(i).cast()));
        }
        let mut rest = 0;
        for i in n / 16 * 16..n {
            rest |= *at.add(i);
        }
        i8x16_bitmask(seen) == 0 && rest < 128
    }
}

/// Runs `R` rows from `observations` to `logits`.
#[inline(always)]
unsafe fn rows<const R: usize>(network: &Network, observations: *const u8, logits: *mut i32) {
    unsafe {
        let scratch = addr_of_mut!(SCRATCH);
        let mut from = addr_of_mut!((*scratch).0[0]).cast::<Activation>();
        let mut to = addr_of_mut!((*scratch).0[1]).cast::<Activation>();
        for row in 0..R {
            let inputs = network.inputs as usize;
            dense::spread(observations.add(row * inputs), inputs, from.add(row * STRIDE));
        }
        let last = network.layers as usize - 1;
        for layer in &network.layer[..last] {
            dense::hidden::<R>(layer, from, to);
            core::mem::swap(&mut from, &mut to);
        }
        dense::logits::<R>(&network.layer[last], from, logits);
    }
}

/// Computes the logits of the first `n` rows. Returns 1, or 0 when an observation is above 127: then
/// nothing was written.
///
/// # Safety
/// `network` points to a checked network in this memory and `n` is at most `BATCH`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn forward(network: *const Network, n: usize) -> u32 {
    unsafe {
        let network = &*network;
        let inputs = network.inputs as usize;
        let batch = addr_of_mut!(BATCH_AREA);
        let observations = addr_of!((*batch).observations).cast::<u8>();
        let logits = addr_of_mut!((*batch).logits).cast::<i32>();
        if !all_in_range(observations, n * inputs) {
            return 0;
        }
        let mut row = 0;
        while row + ROWS <= n {
            rows::<ROWS>(network, observations.add(row * inputs), logits.add(row * LOGITS));
            row += ROWS;
        }
        while row < n {
            rows::<1>(network, observations.add(row * inputs), logits.add(row * LOGITS));
            row += 1;
        }
        1
    }
}

/// As `forward`, then decides every row.
///
/// # Safety
/// As `forward`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn decide(network: *const Network, n: usize) -> u32 {
    unsafe {
        if forward(network, n) == 0 {
            return 0;
        }
        let outputs = (*network).outputs as usize;
        let batch = addr_of_mut!(BATCH_AREA);
        for row in 0..n {
            let hash = choose::decision_hash((*batch).seed[row], (*batch).tick[row], (*batch).npc[row]);
            let logits = addr_of!((*batch).logits).cast::<i32>().add(row * LOGITS);
            let gumbel = addr_of!((*batch).gumbel).cast::<i32>();
            (*batch).action[row] = choose::choose(logits, outputs, (*batch).mask[row], hash, gumbel);
        }
        1
    }
}
