import type { GrowthRule } from '#shared/growth/index.ts';

const step = (minimum: number) => ({
  thresholds: [0, 0, 0, 0, 0, 0, 0, 0],
  weights: [1, 1, 1, 1, 1, 1, 1, 1],
  minimum,
});
/** Five stages, a deed each; the branch is chosen at the third. */
export const FIVE: GrowthRule = {
  steps: [step(1), step(2), step(3), step(4), step(5)],
  branchStage: 3,
  branches: [
    [1, 0, 0, 0, 0, 0, 0, 0],
    [0, 1, 0, 0, 0, 0, 0, 0],
    [0, 0, 1, 0, 0, 0, 0, 0],
    [0, 0, 0, 1, 0, 0, 0, 0],
  ],
};
