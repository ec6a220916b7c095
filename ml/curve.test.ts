import { describe, expect, it } from 'vitest';
import { curveSvg, ticks } from './curve.ts';

describe('curveSvg', () => {
  it('draws every run inside its panel', () => {
    const points = [0, 1, 2, 3].map((k) => ({ steps: k * 1e6, value: k * k - 1 }));
    const svg = curveSvg([
      { title: 'a < b', points, levels: [{ name: 'scripted', value: 4 }] },
      { title: 'c', points, levels: [] },
    ]);
    expect(svg).toContain('width="920"');
    expect(svg).toContain('a &#60; b');
    expect(svg).not.toMatch(/NaN|Infinity/);
    const ys = [...svg.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)].map((m) => Number(m[2]));
    expect(Math.min(...ys)).toBeGreaterThanOrEqual(40);
    expect(Math.max(...ys)).toBeLessThanOrEqual(260);
  });

  it('refuses a run without a line', () => {
    expect(() => curveSvg([{ title: 'x', points: [{ steps: 1, value: 1 }], levels: [] }])).toThrow(
      /x: .*two points/,
    );
  });
});

it('ticks are round and within', () => {
  expect(ticks(-0.3, 1.1)).toEqual([0, 0.5, 1]);
  expect(ticks(0, 8)).toEqual([0, 2, 4, 6, 8]);
});
