import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_RULE } from '#shared/growth/index.ts';
import { layoutOf } from './layout.ts';

it('has a place for every stage of every branch, within its frame, none upon another', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.nat(4), fc.boolean(), (count, opens, across) => {
      const branchStage = Math.min(opens, count);
      const rule = { ...DEFAULT_RULE, steps: DEFAULT_RULE.steps.slice(0, count), branchStage };
      const { places, edges, width, height, radius } = layoutOf(rule, across);
      const lanes = branchStage === 0 ? 0 : count - branchStage + 1;
      expect(places).toHaveLength(count + 1 + 3 * lanes);
      expect(edges).toHaveLength(places.length - 1);
      for (const { x, y } of places) {
        expect(x).toBeGreaterThanOrEqual(radius);
        expect(x).toBeLessThanOrEqual(width - radius);
        expect(y).toBeGreaterThanOrEqual(radius);
        // Two lines of text stand below.
        expect(y).toBeLessThanOrEqual(height - radius - 40);
      }
      for (const [i, a] of places.entries())
        for (const b of places.slice(i + 1))
          expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(2 * radius);
    }),
  );
});
