import { FEATURES } from './network.ts';

/** Rows of features, each of length 1. */
export type Features = Float32Array;

const count = (features: Features) => features.length / FEATURES;

function cosine(a: Features, i: number, b: Features, j: number): number {
  let sum = 0;
  for (let k = 0, p = i * FEATURES, q = j * FEATURES; k < FEATURES; k++) sum += a[p + k] * b[q + k];
  return sum;
}

/**
 * Kernel distance (KID, Bińkowski et al. 2018): the unbiased squared maximum mean discrepancy under the kernel
 * (cosine + 1)³. 0 for two samples of one distribution.
 * @throws RangeError unless each has at least two rows
 */
export function kernelDistance(a: Features, b: Features): number {
  const [m, n] = [count(a), count(b)];
  if (m < 2 || n < 2) throw new RangeError(`kernel distance: each side needs 2 pictures, got ${m} and ${n}`);
  const kernel = (x: Features, i: number, y: Features, j: number) => (cosine(x, i, y, j) + 1) ** 3;
  let [aa, bb, ab] = [0, 0, 0];
  for (let i = 0; i < m; i++) for (let j = 0; j < i; j++) aa += kernel(a, i, a, j);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) bb += kernel(b, i, b, j);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) ab += kernel(a, i, b, j);
  return (2 * aa) / (m * (m - 1)) + (2 * bb) / (n * (n - 1)) - (2 * ab) / (m * n);
}

const NEIGHBOURS = 3;

/** Each row's squared distance to its third-nearest other row. */
function radii(features: Features): Float64Array {
  const n = count(features);
  return Float64Array.from({ length: n }, (_, i) => {
    const others: number[] = [];
    for (let j = 0; j < n; j++) if (j !== i) others.push(2 - 2 * cosine(features, i, features, j));
    others.sort((p, q) => p - q);
    return others[Math.min(NEIGHBOURS, others.length) - 1];
  });
}

/** Share of `points` that lie in a ball around some row of `of`. */
function covered(points: Features, of: Features): number {
  const reach = radii(of);
  let inside = 0;
  for (let i = 0; i < count(points); i++)
    for (let j = 0; j < count(of); j++)
      if (2 - 2 * cosine(points, i, of, j) <= reach[j] + 1e-6) {
        inside++;
        break;
      }
  return inside / count(points);
}

/**
 * Improved precision and recall (Kynkäänniemi et al. 2019): the share of generated pictures within the real ones'
 * manifold, and of real ones within the generated ones'. The generated are taken in groups as large as the real ones, and
 * the groups' means given.
 * @throws RangeError when there are fewer generated than real ones, or fewer than 2 real ones
 */
export function precisionRecall(real: Features, generated: Features): { precision: number; recall: number } {
  const size = count(real);
  const groups = Math.floor(count(generated) / size);
  if (size < 2 || groups < 1)
    throw new RangeError(`precision: needs at least ${Math.max(2, size)} of each, got ${count(generated)}`);
  let [precision, recall] = [0, 0];
  for (let g = 0; g < groups; g++) {
    const group = generated.subarray(g * size * FEATURES, (g + 1) * size * FEATURES);
    precision += covered(group, real) / groups;
    recall += covered(real, group) / groups;
  }
  return { precision, recall };
}

/** Percent of rows i of `now` whose nearest among the rows of `next` is row i. A tie with another row does not count. */
export function ownNearest(now: Features, next: Features): number {
  const n = count(now);
  let own = 0;
  for (let i = 0; i < n; i++) {
    const mine = cosine(now, i, next, i);
    let beaten = false;
    for (let j = 0; j < n && !beaten; j++) beaten = j !== i && cosine(now, i, next, j) >= mine;
    if (!beaten) own++;
  }
  return (100 * own) / n;
}
