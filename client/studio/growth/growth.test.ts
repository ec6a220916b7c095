import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BAD_RULES } from '#shared/growth/bad-rules.ts';
import { checkRule, DEFAULT_RULE, type GrowthRule, MAX_DEED } from '#shared/growth/index.ts';
import { DEEDS } from '#shared/world/balance.ts';
import { findProblems, findUnreached } from './problems.ts';
import { CROWD, STYLES, sharesOf, USUAL_MIX } from './rates.ts';
import { HOURS, simulate, simulated, WINDOWS } from './simulate.ts';

const NONE = [0, 0, 0, 0, 0, 0, 0, 0];
const only = (deed: (typeof DEEDS)[number], weight = 1) => DEEDS.map((one) => (one === deed ? weight : 0));

describe('sampled rates', () => {
  it('hold eight whole counters for every manner that the crowd has', () => {
    for (const { manners } of CROWD)
      for (const name of Object.keys(manners)) expect(STYLES.map((style) => style.name)).toContain(name);
    for (const { samples } of STYLES) {
      expect(samples.length).toBeGreaterThanOrEqual(20);
      for (const one of samples)
        expect(one.length === DEEDS.length && one.every((n) => Number.isInteger(n) && n >= 0)).toBe(true);
    }
  });

  it('have shares that make one, whatever the mix', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100), { minLength: CROWD.length, maxLength: CROWD.length }), (mix) => {
        const shares = sharesOf(mix);
        expect(shares.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1);
        expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('simulate', () => {
  const spread = simulated(DEFAULT_RULE, USUAL_MIX);

  it('keeps every player, and the same ones each time', () => {
    const again = simulated(DEFAULT_RULE, USUAL_MIX);
    for (const window of [0, 1, 12, WINDOWS]) {
      let sum = 0;
      for (let stage = 0; stage <= 4; stage++)
        for (let branch = 0; branch <= 4; branch++) {
          sum += spread.at(window, stage, branch);
          expect(again.at(window, stage, branch)).toBe(spread.at(window, stage, branch));
        }
      expect(sum).toBe(1_000);
    }
  });

  it('lets the world’s own rule lead to every stage and branch', () => {
    expect(findUnreached(DEFAULT_RULE, spread)).toEqual([]);
    expect(spread.median(1)).toBeLessThan(0.5);
    expect(spread.median(4)).toBeGreaterThan(1);
  });

  it('only ever grows', () => {
    for (let stage = 1; stage <= 4; stage++)
      for (let window = 1; window <= WINDOWS; window++)
        expect(spread.reached(window, stage)).toBeGreaterThanOrEqual(spread.reached(window - 1, stage));
  });

  it('has fighters take the fighters’ branch, and givers the givers’', () => {
    const fighters = simulated(DEFAULT_RULE, [0, 0, 100, 0, 0], 200);
    const givers = simulated(DEFAULT_RULE, [0, 0, 0, 100, 0], 200);
    const of = (one: typeof spread, branch: number) => one.reached(WINDOWS, 2, branch) / 200;
    expect(of(fighters, 2)).toBeGreaterThan(0.5);
    expect(of(givers, 4)).toBeGreaterThan(0.5);
    expect(of(givers, 2)).toBeLessThan(0.1);
  });

  it('grows later where more is asked', () => {
    const harder: GrowthRule = {
      ...DEFAULT_RULE,
      steps: DEFAULT_RULE.steps.map((step) => ({ ...step, minimum: step.minimum * 3 })),
    };
    const slow = simulated(harder, USUAL_MIX, 200);
    expect(slow.median(3) ?? HOURS).toBeGreaterThan(spread.median(3) ?? HOURS);
  });

  it('goes on in small steps', () => {
    const parts = [...simulate(DEFAULT_RULE, USUAL_MIX, 200)];
    expect(parts).toEqual(Array.from({ length: 10 }, (_, i) => (i + 1) / 10));
  });
});

describe('findProblems', () => {
  it('finds none in the world’s own rule', () => {
    expect(findProblems(DEFAULT_RULE)).toEqual([]);
  });

  it.each(BAD_RULES)('says what is wrong with a rule with %s', (_, __, rule) => {
    expect(findProblems(rule).some(({ refused }) => refused)).toBe(true);
  });

  it('refuses exactly what the program refuses, and steps without a picture', () => {
    const small = fc.integer({ min: -1, max: 3 });
    const eight = fc.array(small, { minLength: 8, maxLength: 8 });
    const rule = fc.record({
      steps: fc.array(
        fc.record({
          thresholds: eight,
          weights: eight,
          minimum: fc.oneof(small, fc.constantFrom(MAX_DEED, MAX_DEED + 1)),
        }),
        { maxLength: 4 },
      ),
      branchStage: fc.nat(5),
      branches: fc.array(eight, { minLength: 4, maxLength: 4 }),
    });
    fc.assert(
      fc.property(rule, (one) => {
        let refused = false;
        try {
          checkRule(one);
        } catch {
          refused = true;
        }
        expect(findProblems(one).some((problem) => problem.refused)).toBe(refused);
      }),
      { numRuns: 2_000 },
    );
  });

  it('names the step that asks for less, and by what', () => {
    const [first, second] = DEFAULT_RULE.steps;
    const steps = [{ ...first, thresholds: only('given', 5) }, second];
    const problems = findProblems({ ...DEFAULT_RULE, steps });
    expect(problems).toEqual([
      {
        where: { step: 1 },
        refused: true,
        text: 'It asks for fewer given than the stage before it (5).',
      },
    ]);
  });

  it('sees branches that nothing leads to', () => {
    const branches = [only('given', 2), only('given'), NONE, only('walked')];
    const found = findProblems({ ...DEFAULT_RULE, branches });
    expect(found.map(({ where, refused }) => [where, refused])).toEqual([
      [{ branch: 2 }, false],
      [{ branch: 3 }, false],
    ]);
    expect(simulated({ ...DEFAULT_RULE, branches }, USUAL_MIX, 100).reached(WINDOWS, 2, 2)).toBe(0);
  });

  it('sees stages that nobody reaches', () => {
    const far = { thresholds: NONE, weights: only('defeated'), minimum: MAX_DEED };
    const rule = { ...DEFAULT_RULE, steps: [...DEFAULT_RULE.steps.slice(0, 3), far] };
    expect(findProblems(rule)).toEqual([]);
    expect(findUnreached(rule, simulated(rule, USUAL_MIX, 50))[0].where).toEqual({ step: 3 });
  });
});
