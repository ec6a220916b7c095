//! The network: a trunk of rounded layers, logits in 1/256 nat and a float value from the last hidden layer.

use core::arch::wasm32::*;

/// Rows of one block: what they leave for the backward pass stays in the caches.
pub const ROWS: usize = 32;
const MAX_LAYERS: usize = 4;
const MAX_WEIGHT: f64 = 127.0;
const WEIGHT_UNIT: f64 = 64.0;
const BIAS_LIMIT: f64 = 1024.0;
const LOGIT_UNIT: f32 = 256.0;
/// One unit of a hidden activation.
const ACTIVATION: f32 = 1.0 / 32.0;

/// One dense layer; widths are padded to multiples of eight, what is beyond is zero.
#[repr(C)]
pub struct Layer {
    inputs: u32,
    /// Of the last layer: the actions, without the value, whose column follows them.
    outputs: u32,
    /// Where its weights [inputs][outputs] and biases begin in the parameters.
    weight: u32,
    bias: u32,
    shift: u32,
    pub in_pad: u32,
    pub out_pad: u32,
    /// What one unit of the layer's input is in its sum, as log2.
    input_unit: u32,
    /// Rounded weights, [out_pad / 4][in_pad / 2] vectors of four neurons by two inputs.
    packed: *mut i16,
    /// [out_pad], in units of the sum, with the half that makes the shift round.
    sums: *mut i32,
    /// Rounded weights as floats, [out_pad][in_pad]: for the gradient by the inputs.
    back: *mut f32,
    /// The layer's inputs, [ROWS][in_pad], as integers and as floats.
    pub ints: *mut i16,
    pub floats: *mut f32,
    /// Gradients: by weights [in_pad][out_pad], by biases [out_pad], by sums [ROWS][out_pad].
    by_weight: *mut f32,
    by_bias: *mut f32,
    pub delta: *mut f32,
}

#[repr(C)]
pub struct Net {
    layers: u32,
    pub inputs: u32,
    pub actions: u32,
    value_weight: u32,
    value_bias: u32,
    length: u32,
    /// [length], padded to a multiple of four: parameters, gradient, Adam's moments.
    theta: *mut f32,
    gradient: *mut f32,
    m: *mut f32,
    v: *mut f32,
    /// What is subtracted from each observation, [in_pad].
    pub offsets: *const i16,
    /// Logits, [ROWS][MAX_LOGITS], nats.
    pub logits: *mut f32,
    layer: [Layer; MAX_LAYERS],
}

pub const MAX_LOGITS: usize = 16;

fn floor(x: f64) -> f64 {
    f64x2_extract_lane::<0>(f64x2_floor(f64x2_splat(x)))
}

/// Half up, as JavaScript's Math.round.
fn round(x: f64) -> f64 {
    floor(x + 0.5)
}

impl Net {
    fn last(&self) -> usize {
        self.layers as usize - 1
    }

    pub fn first(&self) -> &Layer {
        &self.layer[0]
    }

    pub fn head(&self) -> &Layer {
        &self.layer[self.last()]
    }

    pub unsafe fn prepare(&self) {
        unsafe {
            for (l, layer) in self.layer[..self.layers as usize].iter().enumerate() {
                let (inputs, outputs) = (layer.inputs as usize, layer.outputs as usize);
                let (in_pad, chunks) = (layer.in_pad as usize, layer.in_pad as usize / 2);
                let unit = (1u32 << layer.input_unit) as f64 * WEIGHT_UNIT;
                let half = if layer.shift > 0 { 1 << (layer.shift - 1) } else { 0 };
                for o in 0..outputs {
                    for i in 0..inputs {
                        let w = *self.theta.add(layer.weight as usize + i * outputs + o) as f64;
                        let w = round(w * WEIGHT_UNIT).clamp(-MAX_WEIGHT, MAX_WEIGHT);
                        let at = ((o / 4) * chunks + i / 2) * 8 + (o % 4) * 2 + i % 2;
                        *layer.packed.add(at) = w as i16;
                        *layer.back.add(o * in_pad + i) = (w / WEIGHT_UNIT) as f32;
                    }
                    let b = (*self.theta.add(layer.bias as usize + o) as f64).clamp(-BIAS_LIMIT, BIAS_LIMIT);
                    *layer.sums.add(o) = round(b * unit) as i32 + half;
                }
                if l == self.last() {
                    for i in 0..inputs {
                        *layer.back.add(outputs * in_pad + i) = *self.theta.add(self.value_weight as usize + i);
                    }
                }
            }
        }
    }

    /// Runs the first `rows` rows from the first layer's inputs to the logits.
    pub unsafe fn forward(&self, rows: usize) {
        unsafe {
            let last = self.last();
            for l in 0..last {
                let next = &self.layer[l + 1];
                let stride = next.in_pad as usize;
                self.layer[l].each_sum(rows, |r, o, sums| {
                    let h = i32x4_max(i32x4_min(sums, i32x4_splat(127)), i32x4_splat(0));
                    let at = r * stride + o;
                    v128_store64_lane::<0>(i16x8_narrow_i32x4(h, h), next.ints.add(at).cast());
                    v128_store(next.floats.add(at).cast(), f32x4_convert_i32x4(h));
                });
            }
            self.layer[last].each_sum(rows, |r, o, sums| {
                if o < MAX_LOGITS {
                    let nats = f32x4_mul(f32x4_convert_i32x4(sums), f32x4_splat(1.0 / LOGIT_UNIT));
                    v128_store(self.logits.add(r * MAX_LOGITS + o).cast(), nats);
                }
            });
        }
    }

    pub unsafe fn value(&self, r: usize) -> f32 {
        unsafe {
            let head = self.head();
            let width = head.in_pad as usize;
            let h = head.floats.add(r * width);
            let w = head.back.add(self.actions as usize * width);
            let mut sum = f32x4_splat(0.0);
            for i in (0..width).step_by(4) {
                sum = f32x4_add(sum, f32x4_mul(v128_load(h.add(i).cast()), v128_load(w.add(i).cast())));
            }
            across(sum) * ACTIVATION + *self.theta.add(self.value_bias as usize)
        }
    }

    pub unsafe fn copy_logits(&self, r: usize, to: *mut f32) {
        unsafe {
            for a in 0..self.actions as usize {
                *to.add(a) = *self.logits.add(r * MAX_LOGITS + a);
            }
        }
    }

    /// Forgets the gradient.
    pub unsafe fn clear(&self) {
        unsafe {
            for layer in &self.layer[..self.layers as usize] {
                let (inputs, outputs) = (layer.in_pad as usize, layer.out_pad as usize);
                core::ptr::write_bytes(layer.by_weight, 0, inputs * outputs);
                core::ptr::write_bytes(layer.by_bias, 0, outputs);
            }
        }
    }

    /// Adds the gradient of the first `rows` rows, whose gradients by logits and value stand in the head's `delta`.
    pub unsafe fn backward(&self, rows: usize) {
        unsafe {
            for l in (0..self.layers as usize).rev() {
                let layer = &self.layer[l];
                layer.add_gradient(rows);
                if l > 0 {
                    layer.pass_back(rows, self.layer[l - 1].delta);
                }
            }
        }
    }

    /// Writes the gradient in the parameters' layout; returns its norm.
    pub unsafe fn gather_gradient(&self) -> f64 {
        unsafe {
            for (l, layer) in self.layer[..self.layers as usize].iter().enumerate() {
                let (inputs, outputs) = (layer.inputs as usize, layer.outputs as usize);
                let scale = 1.0 / (1u32 << layer.input_unit) as f32;
                for i in 0..inputs {
                    let from = layer.by_weight.add(i * layer.out_pad as usize);
                    let to = self.gradient.add(layer.weight as usize + i * outputs);
                    for o in 0..outputs {
                        *to.add(o) = *from.add(o) * scale;
                    }
                    if l == self.last() {
                        *self.gradient.add(self.value_weight as usize + i) = *from.add(outputs) * scale;
                    }
                }
                for o in 0..outputs {
                    *self.gradient.add(layer.bias as usize + o) = *layer.by_bias.add(o);
                }
                if l == self.last() {
                    *self.gradient.add(self.value_bias as usize) = *layer.by_bias.add(outputs);
                }
            }
            let mut sum = [f64x2_splat(0.0); 2];
            for k in (0..self.length as usize).step_by(4) {
                let g = v128_load(self.gradient.add(k).cast());
                let low = f64x2_promote_low_f32x4(g);
                let high = f64x2_promote_low_f32x4(i32x4_shuffle::<2, 3, 0, 1>(g, g));
                sum[0] = f64x2_add(sum[0], f64x2_mul(low, low));
                sum[1] = f64x2_add(sum[1], f64x2_mul(high, high));
            }
            let sum = f64x2_add(sum[0], sum[1]);
            let square = f64x2_extract_lane::<0>(sum) + f64x2_extract_lane::<1>(sum);
            f64x2_extract_lane::<0>(f64x2_sqrt(f64x2_splat(square)))
        }
    }

    /// Adam (Kingma and Ba 2015); `unbias` is 1 / (1 - β₁ᵗ), `unbias_square` 1 / (1 - β₂ᵗ).
    pub unsafe fn adam(&self, scale: f32, rate: f32, unbias: f32, unbias_square: f32) {
        unsafe {
            let step = f32x4_splat(rate * unbias);
            for k in (0..self.length as usize).step_by(4) {
                let g = f32x4_mul(v128_load(self.gradient.add(k).cast()), f32x4_splat(scale));
                let (at_m, at_v, at) = (self.m.add(k).cast(), self.v.add(k).cast(), self.theta.add(k).cast());
                let m: v128 = v128_load(at_m);
                let m = f32x4_add(m, f32x4_mul(f32x4_splat(0.1), f32x4_sub(g, m)));
                let v: v128 = v128_load(at_v);
                let v = f32x4_add(v, f32x4_mul(f32x4_splat(0.001), f32x4_sub(f32x4_mul(g, g), v)));
                v128_store(at_m, m);
                v128_store(at_v, v);
                let size = f32x4_add(f32x4_sqrt(f32x4_mul(v, f32x4_splat(unbias_square))), f32x4_splat(1e-5));
                v128_store(at, f32x4_sub(v128_load(at), f32x4_div(f32x4_mul(step, m), size)));
            }
            self.limit();
        }
    }

    /// Keeps the parameters where the integer network has numbers for them.
    unsafe fn limit(&self) {
        unsafe {
            let most = (MAX_WEIGHT / WEIGHT_UNIT) as f32;
            for layer in &self.layer[..self.layers as usize] {
                let (weight, bias) = (layer.weight as usize, layer.bias as usize);
                for k in weight..bias {
                    *self.theta.add(k) = (*self.theta.add(k)).clamp(-most, most);
                }
                for k in bias..bias + layer.outputs as usize {
                    *self.theta.add(k) = (*self.theta.add(k)).clamp(-BIAS_LIMIT as f32, BIAS_LIMIT as f32);
                }
            }
        }
    }
}

/// The four lanes' sum, the first two and the last two first.
#[inline(always)]
pub fn across(x: v128) -> f32 {
    (f32x4_extract_lane::<0>(x) + f32x4_extract_lane::<1>(x)) + (f32x4_extract_lane::<2>(x) + f32x4_extract_lane::<3>(x))
}

impl Layer {
    /// Calls `put(row, neuron, shifted sums of four neurons)`; rows in pairs, so perhaps for one row beyond.
    #[inline(always)]
    unsafe fn each_sum(&self, rows: usize, mut put: impl FnMut(usize, usize, v128)) {
        unsafe {
            let groups = self.out_pad as usize / 4;
            for r in (0..rows).step_by(2) {
                let mut group = 0;
                while group + 4 <= groups {
                    self.tile::<4>(r, group, &mut put);
                    group += 4;
                }
                if group < groups {
                    self.tile::<2>(r, group, &mut put);
                }
            }
        }
    }

    /// The sums of two rows and `G` groups of four neurons.
    #[inline(always)]
    unsafe fn tile<const G: usize>(&self, row: usize, group: usize, put: &mut impl FnMut(usize, usize, v128)) {
        unsafe {
            let chunks = self.in_pad as usize / 2;
            let from = self.ints.add(row * self.in_pad as usize);
            let next = from.add(self.in_pad as usize);
            let weights = self.packed.cast::<v128>().add(group * chunks);
            let mut sum = [[i32x4_splat(0); G]; 2];
            for (g, pair) in (0..G).map(|g| (g, v128_load(self.sums.add(4 * (group + g)).cast()))) {
                sum[0][g] = pair;
                sum[1][g] = pair;
            }
            for chunk in 0..chunks {
                let a = v128_load32_splat(from.add(2 * chunk).cast());
                let b = v128_load32_splat(next.add(2 * chunk).cast());
                for g in 0..G {
                    let weight = v128_load(weights.add(g * chunks + chunk));
                    sum[0][g] = i32x4_add(i32x4_dot_i16x8(weight, a), sum[0][g]);
                    sum[1][g] = i32x4_add(i32x4_dot_i16x8(weight, b), sum[1][g]);
                }
            }
            for (r, sums) in sum.iter().enumerate() {
                for (g, one) in sums.iter().enumerate() {
                    put(row + r, 4 * (group + g), i32x4_shr(*one, self.shift));
                }
            }
        }
    }

    /// by_weight += inputsᵀ · delta and by_bias += the sum of delta, row after row.
    unsafe fn add_gradient(&self, rows: usize) {
        unsafe {
            let (inputs, outputs) = (self.in_pad as usize, self.out_pad as usize);
            for i in (0..inputs).step_by(4) {
                for o in (0..outputs).step_by(8) {
                    let mut sum = [[f32x4_splat(0.0); 2]; 4];
                    for k in 0..4 {
                        let at = self.by_weight.add((i + k) * outputs + o);
                        sum[k] = [v128_load(at.cast()), v128_load(at.add(4).cast())];
                    }
                    let mut x = self.floats.add(i);
                    let mut d = self.delta.add(o);
                    for _ in 0..rows {
                        let (low, high) = (v128_load(d.cast()), v128_load(d.add(4).cast()));
                        for k in 0..4 {
                            let one = v128_load32_splat(x.add(k).cast());
                            sum[k][0] = f32x4_add(sum[k][0], f32x4_mul(one, low));
                            sum[k][1] = f32x4_add(sum[k][1], f32x4_mul(one, high));
                        }
                        x = x.add(inputs);
                        d = d.add(outputs);
                    }
                    for k in 0..4 {
                        let at = self.by_weight.add((i + k) * outputs + o);
                        v128_store(at.cast(), sum[k][0]);
                        v128_store(at.add(4).cast(), sum[k][1]);
                    }
                }
            }
            for o in (0..outputs).step_by(4) {
                let mut sum = v128_load(self.by_bias.add(o).cast());
                for r in 0..rows {
                    sum = f32x4_add(sum, v128_load(self.delta.add(r * outputs + o).cast()));
                }
                v128_store(self.by_bias.add(o).cast(), sum);
            }
        }
    }

    /// The gradient by the layer's inputs where the clamp did not act (1..126), to the layer before: [ROWS][in_pad].
    /// Four rows at a time, so perhaps for some beyond.
    unsafe fn pass_back(&self, rows: usize, to: *mut f32) {
        unsafe {
            let (inputs, outputs) = (self.in_pad as usize, self.out_pad as usize);
            for r in (0..rows).step_by(4) {
                for i in (0..inputs).step_by(8) {
                    let mut sum = [[f32x4_splat(0.0); 2]; 4];
                    for o in 0..outputs {
                        let w = self.back.add(o * inputs + i);
                        let (low, high) = (v128_load(w.cast()), v128_load(w.add(4).cast()));
                        for k in 0..4 {
                            let one = v128_load32_splat(self.delta.add((r + k) * outputs + o).cast());
                            sum[k][0] = f32x4_add(sum[k][0], f32x4_mul(one, low));
                            sum[k][1] = f32x4_add(sum[k][1], f32x4_mul(one, high));
                        }
                    }
                    for k in 0..4 {
                        for half in 0..2 {
                            let at = (r + k) * inputs + i + 4 * half;
                            let h = v128_load(self.floats.add(at).cast());
                            let open = v128_and(f32x4_gt(h, f32x4_splat(0.0)), f32x4_lt(h, f32x4_splat(127.0)));
                            v128_store(to.add(at).cast(), v128_and(sum[k][half], open));
                        }
                    }
                }
            }
        }
    }
}
