import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from '#assets/vectors/growth.json' with { type: 'json' };
import { BAD_RULES } from './bad-rules.ts';
import {
  checkRule,
  chooseBranch,
  DEFAULT_RULE,
  GrowthRuleError,
  MAX_DEED,
  ruleNeeds,
  ruleNext,
} from './index.ts';

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const deeds = fc.array(u32, { minLength: 8, maxLength: 8 });

describe('ruleNext', () => {
  it.each(vectors.rules.map((rule, i) => [i, rule] as const))(
    'agrees with the vectors of rule %i',
    (i, rule) => {
      checkRule(rule);
      for (const one of vectors.cases.filter((one) => one.rule === i)) {
        expect(ruleNext(rule, one.stage, one.branch, one.deeds)).toEqual(one.next);
      }
    },
  );

  it('never falls back: more deeds reach whatever fewer reach', () => {
    fc.assert(
      fc.property(deeds, deeds, fc.integer({ min: 0, max: 4 }), (some, more, stage) => {
        const greater = some.map((one, i) => Math.max(one, more[i]));
        if (ruleNext(DEFAULT_RULE, stage, 0, some)) {
          expect(ruleNext(DEFAULT_RULE, stage, 0, greater)?.stage).toBe(stage + 1);
        }
      }),
    );
  });

  it('keeps a branch once it is chosen', () => {
    fc.assert(
      fc.property(deeds, fc.integer({ min: 1, max: 4 }), (all, branch) => {
        const next = ruleNext(DEFAULT_RULE, 2, branch, all);
        if (next) expect(next.branch).toBe(branch);
      }),
    );
  });

  it('grows exactly at what ruleNeeds says', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200), { minLength: 8, maxLength: 8 }), fc.nat(4), (all, stage) => {
        const needs = ruleNeeds(DEFAULT_RULE, stage, all);
        expect(ruleNext(DEFAULT_RULE, stage, 1, all) !== null).toBe(
          needs !== null && needs.have >= needs.need,
        );
      }),
    );
  });
});

describe('the default rule', () => {
  it('is one', () => {
    expect(() => checkRule(DEFAULT_RULE)).not.toThrow();
  });

  it('leads to each branch by its own deeds', () => {
    expect(chooseBranch(DEFAULT_RULE, [40, 20, 3, 0, 4, 2, 99, 9])).toBe(1);
    expect(chooseBranch(DEFAULT_RULE, [10, 2, 20, 5, 4, 2, 99, 9])).toBe(2);
    expect(chooseBranch(DEFAULT_RULE, [10, 2, 5, 0, 20, 2, 99, 9])).toBe(3);
    expect(chooseBranch(DEFAULT_RULE, [10, 2, 5, 0, 2, 12, 99, 9])).toBe(4);
    expect(chooseBranch(DEFAULT_RULE, [0, 0, 0, 0, 0, 0, 99, 9])).toBe(1);
  });
});

describe('checkRule', () => {
  it.each(BAD_RULES)('refuses a rule with %s, as the program does', (_, refusal, rule) => {
    expect(() => checkRule(rule)).toThrow(GrowthRuleError);
    try {
      checkRule(rule);
    } catch (error) {
      expect((error as GrowthRuleError).refusal).toBe(refusal);
    }
  });

  it.each([
    ['steps[0].weights', { ...DEFAULT_RULE.steps[0], weights: [1, 2, 3] }],
    ['steps[0].weights', { ...DEFAULT_RULE.steps[0], weights: [256, 0, 0, 0, 0, 0, 0, 0] }],
    ['steps[0].thresholds', { ...DEFAULT_RULE.steps[0], thresholds: [0.5, 0, 0, 0, 0, 0, 0, 0] }],
    ['steps[0].minimum', { ...DEFAULT_RULE.steps[0], minimum: -1 }],
    ['steps[0].minimum', { ...DEFAULT_RULE.steps[0], minimum: Number.NaN }],
  ])('names the field: %s', (field, step) => {
    const rule = { ...DEFAULT_RULE, steps: [step, ...DEFAULT_RULE.steps.slice(1)] };
    expect(() => checkRule(rule)).toThrow(field);
  });

  it('takes the limits themselves', () => {
    const step = { thresholds: Array(8).fill(MAX_DEED), weights: Array(8).fill(255), minimum: MAX_DEED };
    const branches = Array.from({ length: 4 }, () => Array(8).fill(255));
    expect(() => checkRule({ steps: Array(5).fill(step), branchStage: 5, branches })).not.toThrow();
  });
});
