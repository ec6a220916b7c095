import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CELLS, genomeAt, genomeOf } from './genomes.ts';

const place = fc.integer({ min: -2_000, max: 2_000 });

describe('the map of genomes', () => {
  it('has a genome everywhere, and the same one each time', () => {
    fc.assert(
      fc.property(fc.nat(4_095), place, place, (world, x, y) => {
        const genome = genomeAt(world, x, y);
        expect(genome).toHaveLength(32);
        expect(genomeAt(world, x, y)).toEqual(genome);
      }),
    );
  });

  it('goes over from each place to the next: no gene moves farther than its corners are apart', () => {
    fc.assert(
      fc.property(fc.nat(9), place, place, (world, x, y) => {
        const [a, b] = [genomeAt(world, x, y), genomeAt(world, x + 1, y)];
        for (let i = 0; i < 32; i++) expect(Math.abs(a[i] - b[i])).toBeLessThanOrEqual(255 / CELLS + 1);
      }),
    );
  });

  it('has different creatures at its corners, and in other worlds', () => {
    const corners = new Set<string>();
    for (let x = -8; x < 8; x++)
      for (let y = -8; y < 8; y++) corners.add(genomeAt(3, x * CELLS, y * CELLS).join());
    expect(corners.size).toBe(256);
    expect(genomeAt(4, 0, 0)).not.toEqual(genomeAt(3, 0, 0));
    expect(genomeOf(1)).not.toEqual(genomeOf(2));
  });
});
