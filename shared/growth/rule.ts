/**
 * The rule of growth, as the evolution program computes it (programs/evolution/src/rule.rs): the same
 * answers for every input; both read assets/vectors/growth.json.
 */

/** What one step asks for: every counter at its threshold, and the weighted sum at its minimum. */
export interface GrowthStep {
  /** 8 counters, 0..MAX_DEED. */
  readonly thresholds: readonly number[];
  /** 8 weights, 0..255. */
  readonly weights: readonly number[];
  /** 0..MAX_DEED. */
  readonly minimum: number;
}

export interface GrowthRule {
  /** 1 to 5; the first leads from stage 0 to stage 1. */
  readonly steps: readonly GrowthStep[];
  /** The stage at which the branch is chosen; 0: never. */
  readonly branchStage: number;
  /** 4 branches of 8 weights (0..255): the greatest weighted sum wins, the lowest branch on a tie. */
  readonly branches: readonly (readonly number[])[];
}

/** How far a symbiont has come. `branch` is 0 until it is chosen, then 1 to 4. */
export interface Growth {
  readonly stage: number;
  readonly branch: number;
}

export const DEED_COUNT = 8;
/** The counters of whoever has done nothing yet. */
export const NO_DEEDS: readonly number[] = Object.freeze([0, 0, 0, 0, 0, 0, 0, 0]);
export const BRANCH_COUNT = 4;
export const MAX_STEPS = 5;
export const MAX_DEED = 1_000_000_000;

/** A rule that cannot be one; `refusal` is the program's name for it. */
export class GrowthRuleError extends Error {
  readonly refusal: string;

  constructor(refusal: string, message: string) {
    super(`rule: ${message}`);
    this.refusal = refusal;
  }
}

/** Eight u32 times eight u8 stay below 2^43, so that the sum is exact. */
function weighted(weights: readonly number[], deeds: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < DEED_COUNT; i++) sum += weights[i] * deeds[i];
  return sum;
}

/**
 * The next stage and the branch after it, or null if these deeds do not reach it. One stage at a time.
 * `deeds`: the 8 counters, u32.
 */
export function ruleNext(
  rule: GrowthRule,
  stage: number,
  branch: number,
  deeds: ArrayLike<number>,
): Growth | null {
  const step = rule.steps[stage];
  if (!step) return null;
  for (let i = 0; i < DEED_COUNT; i++) if (deeds[i] < step.thresholds[i]) return null;
  if (weighted(step.weights, deeds) < step.minimum) return null;
  const reached = stage + 1;
  return { stage: reached, branch: reached === rule.branchStage ? chooseBranch(rule, deeds) : branch };
}

/** The branch (1 to 4) that these deeds choose. */
export function chooseBranch(rule: GrowthRule, deeds: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < BRANCH_COUNT; i++) {
    if (weighted(rule.branches[i], deeds) > weighted(rule.branches[best], deeds)) best = i;
  }
  return best + 1;
}

/** The weighted total that the next stage asks for and what these deeds have of it; null at the last stage. */
export function ruleNeeds(
  rule: GrowthRule,
  stage: number,
  deeds: ArrayLike<number>,
): { stage: number; have: number; need: number } | null {
  const step = rule.steps[stage];
  return step ? { stage: stage + 1, have: weighted(step.weights, deeds), need: step.minimum } : null;
}

/** Throws a GrowthRuleError that names field and limit, where the program would refuse the rule. */
export function checkRule(rule: GrowthRule): void {
  const count = rule.steps.length;
  if (count < 1 || count > MAX_STEPS) {
    throw new GrowthRuleError('RuleSteps', `${count} steps, 1 to ${MAX_STEPS} are allowed`);
  }
  rule.steps.forEach((step, i) => {
    checkNumbers(`steps[${i}].thresholds`, step.thresholds, DEED_COUNT, 0xffffffff);
    checkNumbers(`steps[${i}].weights`, step.weights, DEED_COUNT, 255);
    checkNumbers(`steps[${i}].minimum`, [step.minimum], 1, 0xffffffff);
  });
  checkNumbers('branchStage', [rule.branchStage], 1, 255);
  if (rule.branches.length !== BRANCH_COUNT) {
    throw new GrowthRuleError('RuleBranches', `${rule.branches.length} branches, ${BRANCH_COUNT} are needed`);
  }
  rule.branches.forEach((branch, i) => {
    checkNumbers(`branches[${i}]`, branch, DEED_COUNT, 255);
  });
  if (rule.branchStage > count) {
    throw new GrowthRuleError(
      'RuleBranchStage',
      `branchStage ${rule.branchStage} is beyond the last, ${count}`,
    );
  }
  rule.steps.forEach((step, i) => {
    checkStep(step, `steps[${i}]`, rule.steps[i - 1]);
  });
  const weighs = (branch: readonly number[]): boolean => branch.some((weight) => weight > 0);
  if (rule.branchStage > 0 ? !weighs(rule.branches[0]) : rule.branches.some(weighs)) {
    throw new GrowthRuleError(
      'RuleBranches',
      'branches[0] must weigh some deed if there is a branchStage, and no branch may if there is none',
    );
  }
}

function checkStep(step: GrowthStep, where: string, before?: GrowthStep): void {
  if (step.minimum > MAX_DEED || step.thresholds.some((one) => one > MAX_DEED)) {
    throw new GrowthRuleError('RuleLimit', `${where} has a threshold or minimum above ${MAX_DEED}`);
  }
  if (step.minimum === 0 && step.thresholds.every((one) => one === 0)) {
    throw new GrowthRuleError('RuleEmptyStep', `${where} asks for nothing`);
  }
  if (step.minimum > 0 && step.weights.every((one) => one === 0)) {
    throw new GrowthRuleError('RuleUnreachable', `${where} has a minimum but weighs no deed`);
  }
  if (
    before &&
    (step.minimum < before.minimum || step.thresholds.some((one, i) => one < before.thresholds[i]))
  ) {
    throw new GrowthRuleError('RuleDecreasing', `${where} asks for less than the step before it`);
  }
}

function checkNumbers(where: string, numbers: readonly number[], count: number, most: number): void {
  if (numbers.length !== count) {
    throw new GrowthRuleError('RuleShape', `${where} has ${numbers.length} numbers, ${count} are needed`);
  }
  for (const one of numbers) {
    if (!Number.isInteger(one) || one < 0 || one > most) {
      throw new GrowthRuleError('RuleShape', `${where} holds ${one}, whole numbers 0 to ${most} are allowed`);
    }
  }
}
