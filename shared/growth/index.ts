export { DEFAULT_RULE } from './default-rule.ts';
export { type Brood, broodChance, broodCommit, mixGenomes } from './mix.ts';
export {
  BRANCH_COUNT,
  checkRule,
  chooseBranch,
  DEED_COUNT,
  type Growth,
  type GrowthRule,
  GrowthRuleError,
  type GrowthStep,
  MAX_DEED,
  MAX_STEPS,
  NO_DEEDS,
  ruleNeeds,
  ruleNext,
} from './rule.ts';
