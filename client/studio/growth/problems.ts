import { BRANCHES, STAGES } from '#shared/art/types.ts';
import { checkRule, DEED_COUNT, type GrowthRule, MAX_DEED } from '#shared/growth/index.ts';
import { DEEDS } from '#shared/world/balance.ts';
import { HOURS, type Spread, WINDOWS } from './simulate.ts';

/** Steps that pictures have stages for. */
export const MOST_STEPS = STAGES.length - 1;

/** What is wrong with a rule, said where it is wrong. */
export interface Problem {
  /** The step (from this stage to the next), the branch (1 to 4), or the rule as a whole. */
  readonly where: { readonly step: number } | { readonly branch: number } | 'rule';
  /** The program would refuse it; else it is only not what a creator wants. */
  readonly refused: boolean;
  readonly text: string;
}

const limit = MAX_DEED.toLocaleString('en');

/** Everything that the program would refuse, and every branch that nothing leads to. */
export function findProblems(rule: GrowthRule): Problem[] {
  const problems: Problem[] = [];
  const say = (where: Problem['where'], refused: boolean, text: string) =>
    problems.push({ where, refused, text });
  const { steps, branchStage, branches } = rule;
  if (steps.length < 1 || steps.length > MOST_STEPS)
    say('rule', true, `There must be 1 to ${MOST_STEPS} steps: pictures have ${STAGES.length} stages.`);
  steps.forEach((step, i) => {
    const here = { step: i };
    const numbers = [step.minimum, ...step.thresholds];
    if (numbers.some((one) => !Number.isInteger(one) || one < 0))
      say(here, true, 'Every number must be whole and not below 0.');
    else if (numbers.some((one) => one > MAX_DEED))
      say(here, true, `It overflows: nothing may ask for more than ${limit}.`);
    if (step.weights.some((one) => !Number.isInteger(one) || one < 0 || one > 255))
      say(here, true, 'A deed can be worth 0 to 255 points.');
    if (step.minimum === 0 && step.thresholds.every((one) => one === 0))
      say(here, true, 'It asks for nothing: ask for points, or for some deed.');
    if (step.minimum > 0 && step.weights.every((one) => one === 0))
      say(here, true, `Nobody can reach it: it asks for ${step.minimum} points, and no deed is worth any.`);
    const before = steps[i - 1];
    if (before && step.minimum < before.minimum)
      say(here, true, `It asks for fewer points than the stage before it (${before.minimum}).`);
    for (let d = 0; before && d < DEED_COUNT; d++)
      if (step.thresholds[d] < before.thresholds[d])
        say(here, true, `It asks for fewer ${DEEDS[d]} than the stage before it (${before.thresholds[d]}).`);
  });
  if (branchStage > steps.length)
    say('rule', true, `Branches open at stage ${branchStage}, and there are ${steps.length}.`);
  if (branchStage > 0) problems.push(...branchProblems(branches));
  if (!problems.some(({ refused }) => refused)) {
    try {
      checkRule(rule);
    } catch (error) {
      say('rule', true, error instanceof Error ? error.message : String(error));
    }
  }
  return problems;
}

/** The greatest sum wins, the first branch on a tie: so what one never outweighs is never chosen. */
function branchProblems(branches: GrowthRule['branches']): Problem[] {
  return branches.flatMap((weights, b): Problem[] => {
    const where = { branch: b + 1 };
    if (weights.some((one) => !Number.isInteger(one) || one < 0 || one > 255))
      return [{ where, refused: true, text: 'A deed can weigh 0 to 255.' }];
    if (weights.every((one) => one === 0)) {
      if (b > 0)
        return [{ where, refused: false, text: 'Nobody will ever take it: no deed weighs anything for it.' }];
      return [{ where, refused: true, text: 'The first branch must weigh some deed.' }];
    }
    const above = branches.findIndex(
      (other, k) => k !== b && other.every((one, d) => (k < b ? one >= weights[d] : one > weights[d])),
    );
    if (above < 0) return [];
    const text = `Nobody will ever take it: every deed weighs as much for ${BRANCHES[above + 1]}, or more.`;
    return [{ where, refused: false, text }];
  });
}

/** What the simulated players never reached. @param rule one without refused problems */
export function findUnreached(rule: GrowthRule, spread: Spread): Problem[] {
  const unreached = rule.steps.findIndex((_, i) => spread.reached(WINDOWS, i + 1) === 0);
  const problems: Problem[] = [];
  if (unreached >= 0)
    problems.push({
      where: { step: unreached },
      refused: false,
      text: `Of ${spread.players} players none reached it within ${HOURS} hours of play.`,
    });
  const branched = rule.branchStage > 0 && spread.reached(WINDOWS, rule.branchStage) > 0;
  for (let b = 1; branched && b < BRANCHES.length; b++)
    if (spread.reached(WINDOWS, rule.branchStage, b) === 0)
      problems.push({
        where: { branch: b },
        refused: false,
        text: `Of ${spread.players} players none took it.`,
      });
  return problems;
}
