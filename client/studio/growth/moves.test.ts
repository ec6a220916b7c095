import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE } from '#shared/growth/index.ts';
import { readDraft } from '../draft.ts';
import { type Layout, layoutOf, pathOf, placeKey } from './layout.ts';
import { arranged, type Moved, movedTo, stepped, withMoved } from './moves.ts';

const ruleOf = (count: number, opens: number) => ({
  ...DEFAULT_RULE,
  steps: DEFAULT_RULE.steps.slice(0, count),
  branchStage: Math.min(opens, count),
});
const layouts = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.nat(4), fc.boolean())
  .map(([count, opens, across]) => layoutOf(ruleOf(count, opens), across));
const point = fc.record({
  x: fc.double({ min: 0, max: 10_000, noNaN: true }),
  y: fc.double({ min: 0, max: 10_000, noNaN: true }),
});
const anyMoved = fc.dictionary(
  fc.tuple(fc.nat(4), fc.nat(4)).map(([stage, branch]) => placeKey({ stage, branch })),
  point,
);

function expectClear({ places, room, frame, height, margin, radius }: Layout): void {
  for (const [i, a] of places.entries()) {
    expect(a.x).toBeGreaterThanOrEqual(Math.max(radius, frame.left));
    expect(a.x).toBeLessThanOrEqual(frame.right);
    expect(a.y).toBeGreaterThanOrEqual(radius);
    expect(a.y + margin).toBeLessThanOrEqual(height + 1e-9);
    for (const b of places.slice(i + 1))
      expect(
        Math.abs(a.x - b.x) > room.width - 0.01 || Math.abs(a.y - b.y) > room.height - 0.01,
        `${placeKey(a)} ${a.x},${a.y} and ${placeKey(b)} ${b.x},${b.y}`,
      ).toBe(true);
  }
}

const at = (layout: Layout, key: string) => layout.places.find((place) => placeKey(place) === key)!;

describe('a graph with moved places', () => {
  it('has none upon another, whatever was moved where, and the others as they were', () => {
    fc.assert(
      fc.property(layouts, anyMoved, (layout, moved) => {
        const shown = arranged(layout, moved);
        expectClear(shown);
        for (const place of layout.places)
          if (!(placeKey(place) in moved)) expect(at(shown, placeKey(place))).toEqual(place);
        for (const edge of shown.edges)
          for (const end of [edge.from, edge.to]) expect(end).toEqual(at(shown, placeKey(end)));
      }),
    );
  });

  it('stays as it is once it is kept', () => {
    fc.assert(
      fc.property(layouts, anyMoved, fc.nat(), point, (layout, moved, n, wish) => {
        const before = arranged(layout, moved);
        const key = placeKey(layout.places[n % layout.places.length]);
        const to = movedTo(before, key, wish);
        const kept = withMoved(before, moved, key, to);
        const after = arranged(layout, kept);
        for (const place of before.places) {
          const { x, y } = at(after, placeKey(place));
          const stood = placeKey(place) === key ? to : place;
          expect(x).toBeCloseTo(stood.x, 1);
          expect(y).toBeCloseTo(stood.y, 1);
        }
        // And as the draft, which is read anew.
        const read = readDraft({ ...readDraft(undefined), places: { across: kept, down: {} } });
        expect(read.places.across).toEqual(kept);
      }),
    );
  });

  it('takes a place to where one drags it, where there is room', () => {
    const layout = layoutOf(ruleOf(4, 2), true);
    expect(movedTo(layout, '0.0', { x: 120, y: 100 })).toEqual({ x: 120, y: 100 });
    const { x, y } = at(layout, '1.0');
    // Upon another: beside it, as near as can be.
    const beside = movedTo(layout, '0.0', { x: x - 20, y: y + 30 });
    expect(beside).toEqual({ x: x - 20, y: y + layout.room.height });
    // Off the graph: at its edge.
    expect(movedTo(layout, '0.0', { x: -500, y: -500 })).toEqual({
      x: layout.frame.left,
      y: layout.frame.top,
    });
  });

  it('grows downwards with what is moved below it, not without end', () => {
    const layout = layoutOf(ruleOf(4, 2), false);
    const to = movedTo(layout, '0.0', { x: 190, y: 9_000 });
    const shown = arranged(layout, { '0.0': to });
    expect(shown.height).toBeGreaterThan(layout.height);
    expect(shown.height).toBeLessThan(layout.height + 300);
    expect(shown.width).toBe(layout.width);
  });
});

describe('the keyboard', () => {
  const ways = [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ] as const;

  it('moves a place the way it says or not at all, and never upon another', () => {
    fc.assert(
      fc.property(layouts, fc.nat(), fc.constantFrom(...ways), (layout, n, [dx, dy]) => {
        const place = layout.places[n % layout.places.length];
        const key = placeKey(place);
        const to = stepped(layout, key, dx, dy);
        if (to.x !== place.x || to.y !== place.y)
          expect((to.x - place.x) * dx + (to.y - place.y) * dy).toBeGreaterThan(0);
        expectClear(arranged(layout, { [key]: to }));
      }),
    );
  });

  it('goes past what is in the way', () => {
    const layout = layoutOf(ruleOf(4, 2), true);
    let shown = layout;
    let moved: Moved = {};
    for (let presses = 0; presses < 40; presses++) {
      const to = stepped(shown, '0.0', 1, 0);
      moved = withMoved(shown, moved, '0.0', to);
      shown = arranged(layout, moved);
    }
    expect(at(shown, '0.0').x).toBeGreaterThan(at(layout, '1.0').x);
  });

  it('knows no place that is none', () => {
    expect(() => stepped(layoutOf(ruleOf(1, 0), true), '4.4', 1, 0)).toThrow(RangeError);
  });
});

it('a draft keeps no positions that are none', () => {
  for (const places of [
    { across: { '9.0': { x: 1, y: 1 } }, down: {} },
    { across: { '1.0': { x: Number.NaN, y: 1 } }, down: {} },
    { across: { '1.0': { x: -1, y: 1 } }, down: {} },
    { across: { '1.0': { x: 1e9, y: 1 } }, down: {} },
  ])
    expect(readDraft({ ...readDraft(undefined), places }).places).toEqual({ across: {}, down: {} });
});

it('edges leave and arrive in the graph’s direction, also backwards', () => {
  const from = { stage: 0, branch: 0, x: 500, y: 100 };
  const to = { stage: 1, branch: 0, x: 300, y: 200 };
  expect(pathOf({ from, to }, true)).toBe('M500 100C600 100 200 200 300 200');
  expect(pathOf({ from, to }, false)).toBe('M500 100C500 150 300 150 300 200');
});
