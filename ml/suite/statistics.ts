import { mix32 } from '#shared/brain/decide.ts';

/** A mean with its 95 % interval. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/**
 * The 0.975 quantile of Student's t with `freedom` degrees: exact for 1 and 2, else the expansion of Cornish and Fisher
 * (Abramowitz & Stegun 26.7.5), within 0.3 % from 3 on.
 */
export function studentT(freedom: number): number {
  if (freedom < 1) return Number.POSITIVE_INFINITY;
  if (freedom === 1) return 12.706;
  if (freedom === 2) return 4.303;
  const z = 1.959964;
  const v = freedom;
  return (
    z +
    (z ** 3 + z) / (4 * v) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * v ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * v ** 3) +
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / (92160 * v ** 4)
  );
}

/** Mean and 95 % interval of independent values, by Student's t. @throws RangeError without two values. */
export function estimate(values: readonly number[]): Estimate {
  const n = values.length;
  if (n < 2) throw new RangeError(`estimate: needs 2 values, has ${n}`);
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1);
  const half = studentT(n - 1) * Math.sqrt(variance / n);
  return { mean, low: mean - half, high: mean + half, n };
}

/** 95 % interval of a share of yes (draws half), after Wilson 1927. */
export function share(yes: number, n: number): Estimate {
  if (!(n >= 1 && yes >= 0 && yes <= n)) throw new RangeError(`share: ${yes} of ${n}`);
  const z = 1.959964;
  const p = yes / n;
  const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return { mean: p, low: Math.max(0, middle - half), high: Math.min(1, middle + half), n };
}

/**
 * The 95 % interval of a statistic of samples 0..n-1 by the percentile bootstrap (Efron 1979), always the same draws.
 * @param of the statistic of the samples with these indices
 */
export function bootstrap(n: number, of: (picked: readonly number[]) => number, rounds = 2000): Estimate {
  const all = Array.from({ length: n }, (_, i) => i);
  const values = Array.from({ length: rounds }, (_, r) =>
    of(all.map((i) => mix32(mix32(r + 0x9e3779b9) + i) % n)),
  ).sort((a, b) => a - b);
  return {
    mean: of(all),
    low: values[Math.floor(0.025 * (rounds - 1))],
    high: values[Math.ceil(0.975 * (rounds - 1))],
    n,
  };
}

/** The middle of some values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
