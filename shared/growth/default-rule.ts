import type { GrowthRule, GrowthStep } from './rule.ts';

/**
 * How much a deed counts towards the next stage:
 * gathered, banked, struck, defeated, guarded, given, walked, endured.
 */
const WEIGHTS = [2, 2, 2, 6, 3, 3, 1, 2];

const step = (minimum: number): GrowthStep => ({
  thresholds: [0, 0, 0, 0, 0, 0, 0, 0],
  weights: WEIGHTS,
  minimum,
});

/**
 * The embedded world's rule. A player who walks, gathers and quarrels earns ten to fifteen a minute: the
 * first stage comes after about three minutes, the second (with the branch) within a quarter of an hour,
 * the last after about two hours.
 */
export const DEFAULT_RULE: GrowthRule = {
  steps: [step(36), step(150), step(480), step(1400)],
  branchStage: 2,
  branches: [
    [1, 1, 0, 0, 0, 0, 0, 0], // bloom: gathers and brings home
    [0, 0, 2, 6, 0, 0, 0, 0], // thorn: strikes and brings down
    [0, 0, 0, 0, 4, 0, 0, 0], // stone: catches blows
    [0, 0, 0, 0, 0, 4, 0, 0], // heart: gives
  ],
};
