/**
 * Divides rewards by the running deviation of the discounted return (detail 23 of Huang et al. 2022), so that values
 * are of size one whatever a behaviour's weights are.
 */
export class ReturnScale {
  /** Discounted return so far, per learner. */
  readonly returns: Float32Array;
  /** Count, mean, sum of squared differences (Welford). */
  readonly moments = Float64Array.of(0, 0, 0);
  readonly #gamma: number;

  constructor(learners: number, gamma: number) {
    this.returns = new Float32Array(learners);
    this.#gamma = gamma;
  }

  /** Takes in one step's rewards and writes them, scaled, to `out[at..]`. */
  scale(rewards: Float32Array, truncated: Uint8Array, out: Float32Array, at: number): void {
    for (let n = 0; n < rewards.length; n++) {
      const value = this.returns[n] * this.#gamma + rewards[n];
      this.returns[n] = truncated[n] ? 0 : value;
      const count = ++this.moments[0];
      const delta = value - this.moments[1];
      this.moments[1] += delta / count;
      this.moments[2] += delta * (value - this.moments[1]);
    }
    const deviation = Math.sqrt(this.moments[2] / this.moments[0]) + 1e-4;
    for (let n = 0; n < rewards.length; n++) {
      const scaled = rewards[n] / deviation;
      out[at + n] = Math.max(-10, Math.min(10, scaled));
    }
  }
}
