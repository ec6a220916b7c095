/**
 * exp, log and cos from additions, multiplications and divisions alone. IEEE 754 fixes those to the bit, while
 * `Math.exp` and its like may differ from engine to engine: a training that is to be run again elsewhere, to the same
 * bytes, uses these. The polynomials are fdlibm's (Sun Microsystems 1993, e_exp.c, e_log.c, k_cos.c, k_sin.c); errors stay
 * within about one unit in the last place.
 */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const words = new DataView(new ArrayBuffer(8));

/** 2^n for -1022 ≤ n ≤ 1023, made of its bits. */
function power(n: number): number {
  words.setUint32(0, (n + 1023) << 20);
  words.setUint32(4, 0);
  return words.getFloat64(0);
}

/** e^x; 0 below -700 and Infinity above 709, where doubles end. */
export function exp(x: number): number {
  if (!(x >= -700)) return x < -700 ? 0 : Number.NaN;
  if (x > 709) return Number.POSITIVE_INFINITY;
  const n = Math.floor(x * Math.LOG2E + 0.5);
  const high = x - n * LN2_HIGH;
  const low = n * LN2_LOW;
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t * (6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8))));
  return (1 - (low - (r * c) / (2 - c) - high)) * power(n);
}

/** ln x of a positive number; -Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let k = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984; // 2^54: a number too small to have a leading bit
    k = -54;
  }
  words.setFloat64(0, x);
  const top = words.getUint32(0);
  k += (top >>> 20) - 1023;
  words.setUint32(0, (top & 0xfffff) | 0x3ff00000);
  let m = words.getFloat64(0);
  if (m > Math.SQRT2) {
    m /= 2;
    k++;
  }
  const f = m - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const odd =
    z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const half = 0.5 * f * f;
  return k * LN2_HIGH - (half - (s * (half + even + odd) + k * LN2_LOW) - f);
}

/** cos(2π u) of a u in 0..1. */
export function cosTurn(u: number): number {
  const eighths = Math.floor(u * 8 + 0.5);
  const x = (u - eighths / 8) * (2 * Math.PI);
  const z = x * x;
  const cos =
    1 -
    z * 0.5 +
    z *
      z *
      (0.0416666666666666 +
        z *
          (-0.001388888888887411 +
            z *
              (2.480158728947673e-5 +
                z * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 - z * 1.1359647557788195e-11)))));
  const sin =
    x -
    x *
      z *
      (0.16666666666666632 -
        z *
          (0.00833333333332249 -
            z *
              (0.0001984126982985795 -
                z * (2.7557313707070068e-6 - z * (2.5050760253406863e-8 - z * 1.58969099521155e-10)))));
  const diagonal = Math.SQRT1_2;
  const [atCos, atSin] = TURN[eighths & 7];
  const scale = eighths & 1 ? diagonal : 1;
  return scale * (atCos * cos - atSin * sin);
}

/** cos and sin of k/8 of a turn, those of odd k without their factor of √½. */
const TURN = [
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
] as const;

/** x^n for a whole n ≥ 0, by squaring. */
export function powInt(x: number, n: number): number {
  let result = 1;
  for (let square = x, k = n; k > 0; k = Math.floor(k / 2), square *= square)
    if (k % 2 === 1) result *= square;
  return result;
}
