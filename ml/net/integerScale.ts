/**
 * How the trained network's numbers stand for the integer network's (shared/brain/network.ts), so that training
 * computes exactly what is played:
 *
 * - an observation x of 0..127 is (x - offset) / 64, offset 64 for signed features and 0 for others;
 * - a hidden activation h of 0..127 is h / 32;
 * - a weight w of -127..127 is w / 64;
 * - a logit is in 1/256 nat.
 *
 * The shifts below follow: a first layer's sum is 64 · 64 times the pre-activation and 32 · 128 = 4096; a later
 * one's 64 · 32 = 2048 = 32 · 64, or 256 · 8 for the logits. All sums are whole numbers below 2^24, which float32
 * holds exactly.
 */
export const WEIGHT_UNIT = 64;
export const MAX_WEIGHT = 127;
export const ACTIVATION_UNIT = 32;
export const OBSERVATION_UNIT = 64;
export const LOGIT_UNIT = 256;
/** Greatest magnitude of a bias, as a float: keeps the sums exact. */
export const BIAS_LIMIT = 1024;

export interface LayerScale {
  readonly shift: number;
  /** What one unit of pre-activation is in the sum. */
  readonly unit: number;
  /** What one unit of the layer's input is. */
  readonly inputUnit: number;
}

export function layerScale(layer: number, layers: number): LayerScale {
  const inputUnit = layer === 0 ? OBSERVATION_UNIT : ACTIVATION_UNIT;
  const unit = WEIGHT_UNIT * inputUnit;
  const outputUnit = layer === layers - 1 ? LOGIT_UNIT : ACTIVATION_UNIT;
  return { shift: Math.log2(unit / outputUnit), unit, inputUnit };
}

export function quantizeWeight(weight: number): number {
  const w = Math.round(weight * WEIGHT_UNIT);
  return Math.max(-MAX_WEIGHT, Math.min(MAX_WEIGHT, w));
}

/** The bias in the sum, half of 2^shift added, so that the shift rounds to the nearest. */
export function quantizeBias(bias: number, scale: LayerScale): number {
  const half = scale.shift > 0 ? 1 << (scale.shift - 1) : 0;
  return Math.round(Math.max(-BIAS_LIMIT, Math.min(BIAS_LIMIT, bias)) * scale.unit) + half;
}
