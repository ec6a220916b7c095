//! Learning with WebAssembly SIMD: the quantisation-aware actor-critic of `net/actorCritic.ts`, the losses of PPO and
//! of imitation, Adam. Only operations whose result IEEE 754 and WebAssembly fix to the bit, in a fixed order, so that
//! a training can be run again anywhere.
//!
//! The caller (`net/kernelLearner.ts`) lays out networks and data in memory; nothing is allocated here.
#![no_std]

mod loss;
mod math;
mod net;

use loss::{Data, Loss};
use net::{Net, ROWS};

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    unreachable()
}

fn unreachable() -> ! {
    core::arch::wasm32::unreachable()
}

/// Rounds the parameters to what the integer network has; before any pass with them.
///
/// # Safety
/// `net` is laid out in this memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn prepare(net: *const Net) {
    unsafe { (*net).prepare() }
}

/// Means of each group's observations, rounded: `[rows / group][inputs]` of `[rows][inputs]`.
///
/// # Safety
/// Both arrays lie in this memory; `rows` is a multiple of `group`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn team_means(from: *const u8, rows: usize, inputs: usize, group: usize, to: *mut u8) {
    unsafe {
        for team in 0..rows / group {
            for i in 0..inputs {
                let mut sum = group / 2;
                for k in 0..group {
                    sum += *from.add((team * group + k) * inputs + i) as usize;
                }
                *to.add(team * inputs + i) = (sum / group) as u8;
            }
        }
    }
}

/// Passes over the first `rows` rows of `data`, in order. Writes what is asked for (not null): logits [rows][actions],
/// values [rows], log-probabilities of `data.actions` [rows].
///
/// # Safety
/// All is laid out in this memory and `prepare`d.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn evaluate(
    net: *const Net,
    data: *const Data,
    rows: usize,
    logits: *mut f32,
    values: *mut f32,
    log_probs: *mut f32,
) {
    unsafe {
        let (net, data) = (&*net, &*data);
        let mut start = 0;
        while start < rows {
            let count = ROWS.min(rows - start);
            for r in 0..count {
                data.observe(net, start + r, r);
            }
            net.forward(count);
            for r in 0..count {
                let row = start + r;
                if !logits.is_null() {
                    net.copy_logits(r, logits.add(row * net.actions as usize));
                }
                if !values.is_null() {
                    *values.add(row) = net.value(r);
                }
                if !log_probs.is_null() {
                    *log_probs.add(row) = loss::log_prob(net, r, *data.masks.add(row), *data.actions.add(row));
                }
            }
            start += count;
        }
    }
}

/// The gradient of a minibatch's loss, summed over `rows` (indices into `data`) and left in the networks until `apply`.
/// `critic` is `actor` where they share a trunk.
///
/// # Safety
/// As `evaluate`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn minibatch(
    actor: *const Net,
    critic: *const Net,
    data: *const Data,
    loss: *mut Loss,
    rows: *const u32,
    count: usize,
) {
    unsafe {
        let central = actor != critic;
        let (actor, critic, data, loss) = (&*actor, &*critic, &*data, &mut *loss);
        loss.normalize(data, rows, count);
        actor.clear();
        if central {
            critic.clear();
        }
        let mut start = 0;
        while start < count {
            let block = ROWS.min(count - start);
            let rows = rows.add(start);
            for r in 0..block {
                data.observe(actor, *rows.add(r) as usize, r);
                if central {
                    data.observe(critic, *rows.add(r) as usize, r);
                }
            }
            actor.forward(block);
            if central {
                critic.forward(block);
            }
            for r in 0..block {
                loss.row(actor, critic, data, *rows.add(r) as usize, r, 1.0 / count as f32);
            }
            actor.backward(block);
            if central {
                critic.backward(block);
            }
            start += block;
        }
    }
}

/// One step of Adam along the gradient that `minibatch` left, its norm cut to `most`. Returns the norm it had.
///
/// # Safety
/// As `evaluate`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn apply(net: *const Net, most: f64, rate: f32, unbias: f32, unbias_square: f32) -> f64 {
    unsafe {
        let net = &*net;
        let norm = net.gather_gradient();
        let scale = if norm > most { (most / norm) as f32 } else { 1.0 };
        net.adam(scale, rate, unbias, unbias_square);
        norm
    }
}
