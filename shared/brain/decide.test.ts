import { describe, expect, it } from 'vitest';
import { decide, decisionHash, gumbelIndex, mix32 } from './decide.ts';
import { GUMBEL } from './gumbel.ts';
import { NetworkError } from './network.ts';

describe('the Gumbel table', () => {
  it('is the rounded quantiles', () => {
    expect(GUMBEL.length).toBe(1024);
    for (let i = 0; i < 1024; i++) {
      const exact = -Math.log(-Math.log((i + 0.5) / 1024)) * 256;
      expect(GUMBEL[i]).toBe(Math.round(exact) + 0);
    }
  });
});

describe('mix32', () => {
  it("is MurmurHash3's finaliser", () => {
    // From the reference implementation of fmix32.
    expect(mix32(0)).toBe(0);
    expect(mix32(1)).toBe(0x514e28b7);
    expect(mix32(0xffffffff)).toBe(0x81f16f39);
  });

  it('draws every table entry about equally often, and independently between neighbours', () => {
    const counts = new Float64Array(1024);
    const pairs = new Float64Array(256);
    const draws = 1024 * 400;
    for (let i = 0; i < draws; i++) {
      const hash = decisionHash(7, i >> 6, i & 63);
      const index = gumbelIndex(hash, i % 12);
      counts[index]++;
      const next = gumbelIndex(decisionHash(7, i >> 6, (i & 63) + 1), i % 12);
      pairs[(index >> 6) * 16 + (next >> 6)]++;
    }
    const chi = (bins: Float64Array) =>
      bins.reduce((sum, n) => sum + (n - draws / bins.length) ** 2 / (draws / bins.length), 0);
    // Five standard deviations of chi-square with 1,023 and 255 degrees of freedom.
    expect(Math.abs(chi(counts) - 1023)).toBeLessThan(5 * Math.sqrt(2 * 1023));
    expect(Math.abs(chi(pairs) - 255)).toBeLessThan(5 * Math.sqrt(2 * 255));
  });
});

describe('decide', () => {
  it('follows the softmax of logits in 1/256 nat', () => {
    const logits = Int32Array.of(0, 256, -128, 400, 700);
    const mask = 0b01111;
    const weights = [...logits].map((logit, a) => ((mask >> a) & 1) * Math.exp(logit / 256));
    const total = weights.reduce((a, b) => a + b);
    const counts = [0, 0, 0, 0, 0];
    const draws = 200_000;
    for (let i = 0; i < draws; i++) counts[decide(logits, mask, 3, i, 9)]++;
    counts.forEach((count, a) => {
      const p = weights[a] / total;
      expect(Math.abs(count / draws - p)).toBeLessThan(0.005);
    });
    expect(counts[4]).toBe(0);
  });

  it('takes the lowest action of equal ones', () => {
    let ties = 0;
    for (let tick = 0; tick < 20_000; tick++) {
      const hash = decisionHash(1, tick, 2);
      if (GUMBEL[gumbelIndex(hash, 3)] !== GUMBEL[gumbelIndex(hash, 5)]) continue;
      ties++;
      expect(decide(new Int32Array(8), 0b101000, 1, tick, 2)).toBe(3);
    }
    expect(ties).toBeGreaterThan(10);
  });

  it('waits when nothing is legal, also when only actions it does not know are', () => {
    expect(decide(Int32Array.of(-5, 1000), 0, 1, 2, 3)).toBe(0);
    expect(decide(Int32Array.of(-5, 1000), 0xfffffffc, 1, 2, 3)).toBe(0);
  });

  it('refuses what is no u32, and 0 or 17 logits', () => {
    const logits = new Int32Array(2);
    expect(() => decide(logits, -1, 0, 0, 0)).toThrow(NetworkError);
    expect(() => decide(logits, 1, 2 ** 32, 0, 0)).toThrow(
      'worldSeed: must be an integer from 0 to 4294967295',
    );
    expect(() => decide(logits, 1, 0, 0.5, 0)).toThrow('tick: ');
    expect(() => decide(logits, 1, 0, 0, Number.NaN)).toThrow('npc: ');
    expect(() => decide(new Int32Array(0), 1, 0, 0, 0)).toThrow('logits.length: must be from 1 to 16, is 0');
    expect(() => decide(new Int32Array(17), 1, 0, 0, 0)).toThrow('is 17');
  });
});
