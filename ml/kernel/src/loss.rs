//! The losses by logits and value: PPO's (Schulman et al. 2017) with an entropy bonus and an anchor at a parent's
//! policy, and imitation's (Pomerleau 1991). Row by row as `lossGradient` in ppo.ts and `imitationGradient` have them.

use crate::math::{exp, exp4, log};
use crate::net::{MAX_LOGITS, Net, across};
use core::arch::wasm32::*;

const VECTORS: usize = MAX_LOGITS / 4;
const FAR_BELOW: f32 = -1e30;

/// The rows of an iteration.
#[repr(C)]
pub struct Data {
    /// [rows][inputs]
    observations: *const u8,
    inputs: u32,
    /// Rows of one team, one after the other, and the means of their observations, [rows / group][inputs].
    group: u32,
    teams: *const u8,
    pub masks: *const u32,
    pub actions: *const u8,
    old_log_probs: *const f32,
    old_values: *const f32,
    advantages: *const f32,
    returns: *const f32,
    /// The parent's logits, [rows][actions]; null without an anchor.
    parent: *const f32,
}

#[repr(C)]
pub struct Loss {
    /// Sums over the rows: policy loss, value loss, entropy, approximate KL, clipped rows, KL to the parent.
    stats: [f64; 6],
    mean: f64,
    scale: f64,
    clip: f32,
    value: f32,
    entropy: f32,
    anchor: f32,
    /// 1: imitation; 0: PPO.
    imitate: u32,
    unused: u32,
}

/// Softmax under a mask: log-probabilities (far below zero where illegal) and probabilities (0 there).
struct Policy {
    log: [v128; VECTORS],
    pi: [v128; VECTORS],
    legal: [v128; VECTORS],
}

impl Policy {
    #[inline(always)]
    unsafe fn of(logits: *const f32, mask: u32) -> Policy {
        unsafe {
            let mut legal = [i32x4_splat(0); VECTORS];
            let mut masked = [f32x4_splat(FAR_BELOW); VECTORS];
            let mut most = f32x4_splat(FAR_BELOW);
            for k in 0..VECTORS {
                let bits = u32x4_shr(u32x4_splat(mask), 4 * k as u32);
                legal[k] = i32x4_ne(v128_and(bits, i32x4(1, 2, 4, 8)), i32x4_splat(0));
                masked[k] = v128_bitselect(v128_load(logits.add(4 * k).cast()), masked[k], legal[k]);
                most = f32x4_max(most, masked[k]);
            }
            most = f32x4_max(most, i32x4_shuffle::<2, 3, 0, 1>(most, most));
            most = f32x4_max(most, i32x4_shuffle::<1, 0, 3, 2>(most, most));
            let mut pi = [f32x4_splat(0.0); VECTORS];
            let mut sum = f32x4_splat(0.0);
            for k in 0..VECTORS {
                pi[k] = v128_and(exp4(f32x4_sub(masked[k], most)), legal[k]);
                sum = f32x4_add(sum, pi[k]);
            }
            let sum = across(sum);
            let total = f32x4_add(most, f32x4_splat(log(sum)));
            let part = f32x4_splat(1.0 / sum);
            let mut result = Policy { log: masked, pi, legal };
            for k in 0..VECTORS {
                result.log[k] = v128_bitselect(f32x4_sub(masked[k], total), masked[k], legal[k]);
                result.pi[k] = f32x4_mul(pi[k], part);
            }
            result
        }
    }

    /// The sum of π · x over the legal actions.
    #[inline(always)]
    fn mean(&self, x: &[v128; VECTORS]) -> f32 {
        let mut sum = f32x4_splat(0.0);
        for k in 0..VECTORS {
            sum = f32x4_add(sum, v128_and(f32x4_mul(self.pi[k], x[k]), self.legal[k]));
        }
        across(sum)
    }

    #[inline(always)]
    unsafe fn log_of(&self, action: u8) -> f32 {
        unsafe { *self.log.as_ptr().cast::<f32>().add(action as usize) }
    }
}

fn all_legal(actions: u32) -> u32 {
    (1 << actions) - 1
}

/// The log-probability of an action; 0 for one that the mask forbids (a teacher may do such).
pub unsafe fn log_prob(net: &Net, r: usize, mask: u32, action: u8) -> f32 {
    unsafe {
        let mask = mask & all_legal(net.actions);
        if action as u32 >= net.actions || (mask >> action) & 1 == 0 {
            return 0.0;
        }
        Policy::of(net.logits.add(r * MAX_LOGITS), mask).log_of(action)
    }
}

impl Data {
    /// Puts row `row` into place `r` of the network's block; a network that reads twice the inputs reads the team's
    /// mean behind its own observation.
    pub unsafe fn observe(&self, net: &Net, row: usize, r: usize) {
        unsafe {
            let inputs = self.inputs as usize;
            let own = self.observations.add(row * inputs);
            self.spread(net, own, r, 0);
            if net.inputs as usize > inputs {
                self.spread(net, self.teams.add(row / self.group as usize * inputs), r, inputs);
            }
        }
    }

    unsafe fn spread(&self, net: &Net, from: *const u8, r: usize, begin: usize) {
        unsafe {
            let first = net.first();
            let at = r * first.in_pad as usize + begin;
            let inputs = self.inputs as usize;
            let mut i = 0;
            while i + 8 <= inputs {
                let x = i16x8_sub(
                    u16x8_load_extend_u8x8(from.add(i)),
                    v128_load(net.offsets.add(begin + i).cast()),
                );
                v128_store(first.ints.add(at + i).cast(), x);
                let floats = first.floats.add(at + i);
                v128_store(floats.cast(), f32x4_convert_i32x4(i32x4_extend_low_i16x8(x)));
                v128_store(floats.add(4).cast(), f32x4_convert_i32x4(i32x4_extend_high_i16x8(x)));
                i += 8;
            }
            while i < inputs {
                let x = *from.add(i) as i16 - *net.offsets.add(begin + i);
                *first.ints.add(at + i) = x;
                *first.floats.add(at + i) = x as f32;
                i += 1;
            }
        }
    }
}

impl Loss {
    /// Mean and scale that normalise the advantages of a minibatch.
    pub unsafe fn normalize(&mut self, data: &Data, rows: *const u32, count: usize) {
        unsafe {
            let of = |k: usize| *data.advantages.add(*rows.add(k) as usize) as f64;
            let mut mean = 0.0;
            for k in 0..count {
                mean += of(k);
            }
            mean /= count as f64;
            let mut variance = 0.0;
            for k in 0..count {
                let a = of(k) - mean;
                variance += a * a;
            }
            let deviation = f64x2_extract_lane::<0>(f64x2_sqrt(f64x2_splat(variance / count as f64)));
            self.mean = mean;
            self.scale = 1.0 / (deviation + 1e-8);
        }
    }

    /// Writes the loss's gradient by the logits of place `r` (row `row` of the data) and by its value; `part` is what
    /// one row counts.
    pub unsafe fn row(&mut self, actor: &Net, critic: &Net, data: &Data, row: usize, r: usize, part: f32) {
        unsafe {
            let value = critic.value(r);
            let pull = if self.imitate != 0 {
                self.squared(data, row, value)
            } else {
                self.clipped(data, row, value)
            };
            let policy = actor.head().delta.add(r * actor.head().out_pad as usize);
            for o in (0..actor.head().out_pad as usize).step_by(4) {
                v128_store(policy.add(o).cast(), f32x4_splat(0.0));
            }
            if !core::ptr::eq(actor, critic) {
                let other = critic.head().delta.add(r * critic.head().out_pad as usize);
                for o in (0..critic.head().out_pad as usize).step_by(4) {
                    v128_store(other.add(o).cast(), f32x4_splat(0.0));
                }
                *other.add(critic.actions as usize) = pull * part;
            }
            self.policy(actor, data, row, r, policy, part);
            if core::ptr::eq(actor, critic) {
                *policy.add(actor.actions as usize) = pull * part;
            }
        }
    }

    unsafe fn policy(&mut self, actor: &Net, data: &Data, row: usize, r: usize, to: *mut f32, part: f32) {
        unsafe {
            let action = *data.actions.add(row);
            let mask = *data.masks.add(row) & all_legal(actor.actions);
            if action as u32 >= actor.actions || (mask >> action) & 1 == 0 {
                return;
            }
            let p = Policy::of(actor.logits.add(r * MAX_LOGITS), mask);
            let log_pi = p.log_of(action);
            let entropy = -p.mean(&p.log);
            self.stats[2] += entropy as f64;
            let mut bonus = 0.0;
            let mut pull = -1.0;
            if self.imitate != 0 {
                self.stats[0] -= log_pi as f64;
            } else {
                bonus = self.entropy;
                pull = self.surrogate(data, row, log_pi);
            }
            let chosen = [action as i32; 4];
            let chosen = i32x4(chosen[0], chosen[1], chosen[2], chosen[3]);
            for k in 0..actor.actions.div_ceil(4) as usize {
                let index = i32x4_add(i32x4_splat(4 * k as i32), i32x4(0, 1, 2, 3));
                let one = v128_and(i32x4_eq(index, chosen), f32x4_splat(1.0));
                let slope = f32x4_mul(f32x4_splat(pull), f32x4_sub(one, p.pi[k]));
                let spread = f32x4_mul(p.pi[k], f32x4_add(p.log[k], f32x4_splat(entropy)));
                let sum = f32x4_add(slope, f32x4_mul(f32x4_splat(bonus), spread));
                let sum = v128_and(f32x4_mul(sum, f32x4_splat(part)), p.legal[k]);
                v128_store(to.add(4 * k).cast(), sum);
            }
            if !data.parent.is_null() && self.imitate == 0 {
                self.anchor(actor, data, row, &p, mask, to, part);
            }
        }
    }

    /// What PPO's clipped surrogate gives: the weight of the slope of log π; adds to the figures.
    unsafe fn surrogate(&mut self, data: &Data, row: usize, log_pi: f32) -> f32 {
        unsafe {
            let advantage = ((*data.advantages.add(row) as f64 - self.mean) * self.scale) as f32;
            let log_ratio = log_pi - *data.old_log_probs.add(row);
            let ratio = exp(log_ratio);
            let (most, least) = (1.0 + self.clip, 1.0 - self.clip);
            let clipped = if advantage > 0.0 { ratio > most } else { ratio < least };
            let limited = if advantage > 0.0 { most } else { least };
            let surrogate = if clipped { limited } else { ratio };
            self.stats[0] -= (advantage * surrogate) as f64;
            self.stats[3] += (ratio - 1.0 - log_ratio) as f64;
            self.stats[4] += if ratio > most || ratio < least { 1.0 } else { 0.0 };
            if clipped { 0.0 } else { -advantage * ratio }
        }
    }

    /// Adds anchor · ∂KL(π ‖ parent)/∂logit = anchor · π (log π - log parent - KL).
    #[allow(clippy::too_many_arguments)]
    unsafe fn anchor(&mut self, actor: &Net, data: &Data, row: usize, p: &Policy, mask: u32, to: *mut f32, part: f32) {
        unsafe {
            let actions = actor.actions as usize;
            let mut logits = [FAR_BELOW; MAX_LOGITS];
            for (a, logit) in logits[..actions].iter_mut().enumerate() {
                *logit = *data.parent.add(row * actions + a);
            }
            let q = Policy::of(logits.as_ptr(), mask);
            let mut apart = [f32x4_splat(0.0); VECTORS];
            for k in 0..VECTORS {
                apart[k] = v128_and(f32x4_sub(p.log[k], q.log[k]), p.legal[k]);
            }
            let kl = p.mean(&apart);
            self.stats[5] += kl as f64;
            let weight = f32x4_splat(self.anchor * part);
            for k in 0..actions.div_ceil(4) {
                let slope = f32x4_mul(p.pi[k], f32x4_sub(apart[k], f32x4_splat(kl)));
                let at = to.add(4 * k).cast();
                v128_store(at, f32x4_add(v128_load(at), f32x4_mul(weight, slope)));
            }
        }
    }

    /// The slope of PPO's clipped value loss.
    unsafe fn clipped(&mut self, data: &Data, row: usize, value: f32) -> f32 {
        unsafe {
            let (old, target) = (*data.old_values.add(row), *data.returns.add(row));
            let limited = old + (value - old).clamp(-self.clip, self.clip) - target;
            let plain = value - target;
            let kept = plain * plain >= limited * limited;
            self.stats[1] += 0.5 * (if kept { plain * plain } else { limited * limited }) as f64;
            if kept { self.value * plain } else { 0.0 }
        }
    }

    unsafe fn squared(&mut self, data: &Data, row: usize, value: f32) -> f32 {
        unsafe {
            let error = value - *data.returns.add(row);
            self.stats[1] += 0.5 * (error * error) as f64;
            self.value * error
        }
    }
}
