export { randomFrom } from '#shared/random.ts';

/**
 * A dense layer with Adam (Kingma and Ba 2015), trained as the int8 layer it will be: activations 0..1
 * stand for 0..127, weights are rounded to multiples of 2^-shift within int8 in the forward pass and the
 * gradient passes straight through.
 */
export class Dense {
  readonly inputs: number;
  readonly outputs: number;
  readonly shift: number;
  private readonly weights: Float32Array;
  private readonly bias: Float32Array;
  private readonly used: Float32Array;
  private readonly moments: Float32Array[];
  private readonly grad: Float32Array;
  private readonly gradBias: Float32Array;
  private given: Float32Array = new Float32Array(0);
  private out: Float32Array = new Float32Array(0);
  private back: Float32Array = new Float32Array(0);
  private clamped = false;
  private step = 0;

  constructor(inputs: number, outputs: number, shift: number, random: () => number) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.shift = shift;
    const size = inputs * outputs;
    const spread = Math.sqrt(6 / inputs);
    this.weights = Float32Array.from({ length: size }, () => (random() * 2 - 1) * spread);
    this.bias = Float32Array.from({ length: outputs }, () => random() * 0.2);
    this.used = new Float32Array(size);
    this.grad = new Float32Array(size);
    this.gradBias = new Float32Array(outputs);
    this.moments = [size, size, outputs, outputs].map((n) => new Float32Array(n));
  }

  /** [rows × inputs] → [rows × outputs]; clamped to 0..1 when `clamp`. */
  forward(given: Float32Array, rows: number, how: { rounded: boolean; clamp: boolean }): Float32Array {
    const { inputs, outputs, used, bias } = this;
    const scale = 2 ** this.shift;
    for (let i = 0; i < used.length; i++)
      used[i] = how.rounded ? Math.round(this.weights[i] * scale) / scale : this.weights[i];
    this.given = given;
    this.clamped = how.clamp;
    if (this.out.length !== rows * outputs) this.out = new Float32Array(rows * outputs);
    for (let r = 0; r < rows; r++)
      for (let o = 0; o < outputs; o++) {
        let sum = bias[o];
        const w = o * inputs;
        const g = r * inputs;
        for (let i = 0; i < inputs; i++) sum += used[w + i] * given[g + i];
        this.out[r * outputs + o] = how.clamp ? Math.max(0, Math.min(sum, 1)) : sum;
      }
    return this.out;
  }

  /** Takes the gradient at the outputs, moves the weights, returns the gradient at the inputs if `wanted`. */
  backward(gradient: Float32Array, rows: number, rate: number, wanted: boolean): Float32Array {
    const { inputs, outputs, grad, gradBias, given, used } = this;
    grad.fill(0);
    gradBias.fill(0);
    if (this.back.length !== rows * inputs) this.back = new Float32Array(rows * inputs);
    this.back.fill(0);
    for (let r = 0; r < rows; r++)
      for (let o = 0; o < outputs; o++) {
        const g = gradient[r * outputs + o];
        const value = this.out[r * outputs + o];
        if (g === 0 || (this.clamped && (value <= 0 || value >= 1))) continue;
        gradBias[o] += g;
        const w = o * inputs;
        const x = r * inputs;
        for (let i = 0; i < inputs; i++) grad[w + i] += g * given[x + i];
        if (wanted) for (let i = 0; i < inputs; i++) this.back[x + i] += g * used[w + i];
      }
    this.step++;
    const limit = 127 / 2 ** this.shift;
    this.adam(this.weights, grad, this.moments[0], this.moments[1], rate, limit);
    this.adam(this.bias, gradBias, this.moments[2], this.moments[3], rate, 64);
    return this.back;
  }

  private adam(
    w: Float32Array,
    g: Float32Array,
    m: Float32Array,
    v: Float32Array,
    rate: number,
    limit: number,
  ): void {
    const steps = Math.min(this.step, 10_000);
    const c1 = 1 - 0.9 ** steps;
    const c2 = 1 - 0.999 ** steps;
    for (let i = 0; i < w.length; i++) {
      m[i] = 0.9 * m[i] + 0.1 * g[i];
      v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
      w[i] -= (rate * (m[i] / c1)) / (Math.sqrt(v[i] / c2) + 1e-8);
      if (w[i] > limit) w[i] = limit;
      else if (w[i] < -limit) w[i] = -limit;
    }
  }

  /** The layer as the integer network has it. Half a step in the bias makes the shift round. */
  integers() {
    const scale = 2 ** this.shift;
    return {
      inputs: this.inputs,
      outputs: this.outputs,
      shift: this.shift,
      weights: Int8Array.from(this.weights, (w) => Math.round(w * scale)),
      bias: Int32Array.from(this.bias, (b) => Math.round(b * scale * 127) + scale / 2),
    };
  }
}
