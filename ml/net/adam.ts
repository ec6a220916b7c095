import { powInt } from '../exact.ts';

/** Adam (Kingma and Ba 2015), ε = 1e-5 as PPO's original code has it. The state is plain, to be saved. */
export class Adam {
  readonly m: Float32Array;
  readonly v: Float32Array;
  t = 0;

  constructor(length: number, m = new Float32Array(length), v = new Float32Array(length)) {
    this.m = m;
    this.v = v;
  }

  /** Moves `theta` against `gradient`. */
  step(theta: Float32Array, gradient: Float32Array, learningRate: number): void {
    this.t++;
    const unbias = 1 / (1 - powInt(0.9, this.t));
    const unbiasSquare = 1 / (1 - powInt(0.999, this.t));
    for (let i = 0; i < theta.length; i++) {
      const g = gradient[i];
      this.m[i] += 0.1 * (g - this.m[i]);
      this.v[i] += 0.001 * (g * g - this.v[i]);
      theta[i] -= (learningRate * this.m[i] * unbias) / (Math.sqrt(this.v[i] * unbiasSquare) + 1e-5);
    }
  }
}

/** Scales a gradient down to a norm of at most `most`; gives the norm that it had. */
export function clipNorm(gradient: Float32Array, most: number): number {
  let sum = 0;
  for (const g of gradient) sum += g * g;
  const norm = Math.sqrt(sum);
  if (norm > most) for (let i = 0; i < gradient.length; i++) gradient[i] *= most / norm;
  return norm;
}
