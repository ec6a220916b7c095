/**
 * Rows of a table in an order in which neighbours are alike (nearest neighbour first, then 2-opt exchanges), so that a
 * gene which chooses a row changes little when it changes little.
 * @param table [count][width]
 */
export function tourOf(table: Float32Array, width: number): number[] {
  const count = table.length / width;
  const distance = (a: number, b: number): number => {
    let sum = 0;
    for (let j = 0; j < width; j++) sum += (table[a * width + j] - table[b * width + j]) ** 2;
    return Math.sqrt(sum);
  };
  const left = new Set(Array.from({ length: count }, (_, i) => i));
  const tour: number[] = [];
  let now = 0;
  while (left.size > 0) {
    left.delete(now);
    tour.push(now);
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const other of left) {
      const d = distance(now, other);
      if (d < least) {
        least = d;
        best = other;
      }
    }
    now = best;
  }
  for (let round = 0; round < 4; round++) {
    let better = false;
    for (let i = 0; i < count - 2; i++)
      for (let k = i + 2; k < count - 1; k++) {
        const before = distance(tour[i], tour[i + 1]) + distance(tour[k], tour[k + 1]);
        const after = distance(tour[i], tour[k]) + distance(tour[i + 1], tour[k + 1]);
        if (after >= before - 1e-6) continue;
        const turned = tour.slice(i + 1, k + 1).reverse();
        tour.splice(i + 1, turned.length, ...turned);
        better = true;
      }
    if (!better) break;
  }
  return tour;
}
