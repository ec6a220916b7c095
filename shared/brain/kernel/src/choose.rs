//! The decision rule: logits plus Gumbel values under a mask (see `decide.ts`, the reference).

use core::arch::wasm32::*;

const STEP: u32 = 0x9e37_79b9;

/// MurmurHash3's 32-bit finaliser.
fn mix32(mut h: u32) -> u32 {
    h ^= h >> 16;
    h = h.wrapping_mul(0x85eb_ca6b);
    h ^= h >> 13;
    h = h.wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}

fn mix32x4(mut h: v128) -> v128 {
    h = v128_xor(h, u32x4_shr(h, 16));
    h = i32x4_mul(h, u32x4_splat(0x85eb_ca6b));
    h = v128_xor(h, u32x4_shr(h, 13));
    h = i32x4_mul(h, u32x4_splat(0xc2b2_ae35));
    v128_xor(h, u32x4_shr(h, 16))
}

#[inline(always)]
pub fn decision_hash(seed: u32, tick: u32, npc: u32) -> u32 {
    mix32(mix32(mix32(seed) ^ tick) ^ npc)
}

/// The action of one row. `logits` holds `outputs` values, readable up to the next multiple of four.
#[inline(always)]
pub unsafe fn choose(logits: *const i32, outputs: usize, mask: u32, hash: u32, gumbel: *const i32) -> u8 {
    unsafe {
        let mask = mask & ((1 << outputs) - 1);
        let mut best = i32x4_splat(i32::MIN);
        let mut arg = i32x4_splat(0);
        let mut state = i32x4_add(
            u32x4_splat(hash),
            u32x4(STEP, STEP.wrapping_mul(2), STEP.wrapping_mul(3), STEP.wrapping_mul(4)),
        );
        let mut action = i32x4(0, 1, 2, 3);
        let mut bit = i32x4(1, 2, 4, 8);
        let masks = u32x4_splat(mask);
        let mut at = 0;
        while at < outputs {
            let index = u32x4_shr(mix32x4(state), 22);
            let mut drawn = v128_load32_zero(gumbel.add(u32x4_extract_lane::<0>(index) as usize).cast());
            drawn = v128_load32_lane::<1>(drawn, gumbel.add(u32x4_extract_lane::<1>(index) as usize).cast());
            drawn = v128_load32_lane::<2>(drawn, gumbel.add(u32x4_extract_lane::<2>(index) as usize).cast());
            drawn = v128_load32_lane::<3>(drawn, gumbel.add(u32x4_extract_lane::<3>(index) as usize).cast());
            let score = i32x4_add(v128_load(logits.add(at).cast()), drawn);
            // An illegal action never beats `best`: every score is above i32::MIN.
            let legal = i32x4_ne(v128_and(masks, bit), i32x4_splat(0));
            let better = v128_and(legal, i32x4_gt(score, best));
            best = v128_bitselect(score, best, better);
            arg = v128_bitselect(action, arg, better);
            state = i32x4_add(state, u32x4_splat(STEP.wrapping_mul(4)));
            action = i32x4_add(action, i32x4_splat(4));
            bit = i32x4_shl(bit, 4);
            at += 4;
        }
        // Across the four columns: the greatest score, and of equal ones the lowest action.
        (best, arg) = fold(
            best,
            arg,
            i32x4_shuffle::<2, 3, 0, 1>(best, best),
            i32x4_shuffle::<2, 3, 0, 1>(arg, arg),
        );
        (_, arg) = fold(
            best,
            arg,
            i32x4_shuffle::<1, 0, 3, 2>(best, best),
            i32x4_shuffle::<1, 0, 3, 2>(arg, arg),
        );
        // An empty mask leaves every column at action 0, which is wait.
        i32x4_extract_lane::<0>(arg) as u8
    }
}

fn fold(best: v128, arg: v128, other: v128, other_arg: v128) -> (v128, v128) {
    let lower = v128_and(i32x4_eq(other, best), i32x4_lt(other_arg, arg));
    let take = v128_or(i32x4_gt(other, best), lower);
    (v128_bitselect(other, best, take), v128_bitselect(other_arg, arg, take))
}
