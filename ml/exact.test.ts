import { describe, expect, it } from 'vitest';
import { cosTurn, exp, log, powInt } from './exact.ts';

const worst = (values: number[], mine: (x: number) => number, theirs: (x: number) => number) =>
  Math.max(...values.map((x) => Math.abs(mine(x) / theirs(x) - 1)));
const line = (from: number, to: number, count = 20_001) =>
  Array.from({ length: count }, (_, k) => from + ((to - from) * k) / (count - 1));

describe('exact functions', () => {
  it('exp lies within two units of Math.exp, and ends where doubles do', () => {
    expect(worst(line(-600, 700), exp, Math.exp)).toBeLessThan(4.5e-16);
    expect(worst(line(-1, 1), exp, Math.exp)).toBeLessThan(4.5e-16);
    expect([exp(0), exp(-1e9), exp(-Infinity), exp(1e9), exp(Number.NaN)]).toEqual([
      1,
      0,
      0,
      Infinity,
      Number.NaN,
    ]);
  });

  it('log lies within two units of Math.log, also where it is small', () => {
    expect(worst(line(0.3, 0.999), log, Math.log)).toBeLessThan(4.5e-16);
    expect(worst(line(1.001, 40), log, Math.log)).toBeLessThan(4.5e-16);
    expect(worst([1e-310, 1e-300, 1e-10, 1e10, 1e300], log, Math.log)).toBeLessThan(4.5e-16);
    expect([log(1), log(0), log(-1), log(Infinity)]).toEqual([0, -Infinity, Number.NaN, Infinity]);
  });

  it('cosTurn is the cosine all around', () => {
    for (const u of line(0, 1)) expect(Math.abs(cosTurn(u) - Math.cos(2 * Math.PI * u))).toBeLessThan(1e-15);
    expect([cosTurn(0), cosTurn(0.25), cosTurn(0.5), cosTurn(0.75)]).toEqual([1, 0, -1, 0]);
  });

  it('powInt is the repeated product', () => {
    expect([powInt(3, 0), powInt(3, 1), powInt(3, 5), powInt(0.5, 10)]).toEqual([1, 3, 243, 0.5 ** 10]);
    expect(powInt(0.999, 1e6)).toBeCloseTo(0, 12);
  });

  it('gives these very bits everywhere', () => {
    let sum = 0;
    for (const x of line(-20, 20, 1001)) sum += exp(x / 20) * log(x + 21) + cosTurn((x + 20) / 40);
    expect(sum).toMatchInlineSnapshot(`3739.4406014851206`);
  });
});
