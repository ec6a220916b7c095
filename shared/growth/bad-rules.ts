/** For tests: rules that are none, and the program's refusal of each. */
import { DEFAULT_RULE, type GrowthRule, type GrowthStep, MAX_DEED } from './index.ts';

const NONE = [0, 0, 0, 0, 0, 0, 0, 0];
const ONE = [1, 0, 0, 0, 0, 0, 0, 0];
const step = (over: Partial<GrowthStep>): GrowthStep => ({
  thresholds: NONE,
  weights: ONE,
  minimum: 5,
  ...over,
});
const rule = (over: Partial<GrowthRule>): GrowthRule => ({ ...DEFAULT_RULE, ...over });
const steps = (...all: Partial<GrowthStep>[]): GrowthRule => rule({ steps: all.map(step), branchStage: 1 });

export const BAD_RULES: [string, string, GrowthRule][] = [
  ['no step', 'RuleSteps', rule({ steps: [], branchStage: 0, branches: [NONE, NONE, NONE, NONE] })],
  ['six steps', 'RuleSteps', steps({}, {}, {}, {}, {}, {})],
  ['a branch stage beyond the last', 'RuleBranchStage', rule({ branchStage: 5 })],
  ['a minimum above the limit', 'RuleLimit', steps({ minimum: MAX_DEED + 1 })],
  ['a threshold above the limit', 'RuleLimit', steps({ thresholds: [0, 0, 0, 0, 0, 0, 0, 0xffffffff] })],
  ['a falling minimum', 'RuleDecreasing', steps({ minimum: 5 }, { minimum: 4 })],
  [
    'a falling threshold',
    'RuleDecreasing',
    steps({ thresholds: [0, 2, 0, 0, 0, 0, 0, 0] }, { thresholds: ONE }),
  ],
  ['a step that asks for nothing', 'RuleEmptyStep', steps({ minimum: 0 })],
  ['a minimum of nothing weighed', 'RuleUnreachable', steps({ weights: NONE })],
  ['a first branch of zeros', 'RuleBranches', rule({ branches: [NONE, ONE, ONE, ONE] })],
  ['branches without a branch stage', 'RuleBranches', rule({ branchStage: 0 })],
];
