//! The decision rule, as `shared/brain/decide.ts` has it: Gumbel-max on integers.
use crate::{gumbel::GUMBEL, Logits};

const STEP: u32 = 0x9e37_79b9;

/// MurmurHash3's 32-bit finaliser.
#[inline(always)]
fn mix32(h: u32) -> u32 {
    let h = (h ^ h >> 16).wrapping_mul(0x85eb_ca6b);
    let h = (h ^ h >> 13).wrapping_mul(0xc2b2_ae35);
    h ^ h >> 16
}

/// What a decision draws its chance from, and what it may be.
#[derive(Clone, Copy)]
pub struct Draw {
    /// Bit a is set where action a is legal.
    pub mask: u32,
    pub world_seed: u32,
    pub tick: u32,
    pub npc: u32,
}

/// The legal action whose logit plus Gumbel value is greatest, the lowest of equals; 0 where the mask
/// leaves none.
#[inline(never)]
pub fn decide(logits: &Logits, draw: &Draw) -> u8 {
    let hash = mix32(mix32(mix32(draw.world_seed) ^ draw.tick) ^ draw.npc);
    let mut chosen = 0;
    let mut best = i64::MIN;
    let mut salt = hash;
    for (action, logit) in logits.as_slice().iter().enumerate() {
        salt = salt.wrapping_add(STEP);
        if draw.mask >> action & 1 == 0 {
            continue;
        }
        let score = logit.wrapping_add(GUMBEL[(mix32(salt) >> 22) as usize] as i64);
        if score > best {
            best = score;
            chosen = action as u8;
        }
    }
    chosen
}
