/**
 * Writes assets/vectors/growth.json: rules, deeds and what they lead to, and pairs of genomes with what comes of
 * them. The tests of ruleNext and mixGenomes and those of the program read it. Run again after a change:
 *   node --import tsx assets/src/vectors/growth.ts
 */
import { writeFileSync } from 'node:fs';
import { DEFAULT_RULE, type GrowthRule, MAX_DEED, mixGenomes, ruleNext } from '#shared/growth/index.ts';
import { wholesFrom } from '#shared/random.ts';

const random = wholesFrom(7);
const eight = (make: (i: number) => number): number[] => Array.from({ length: 8 }, (_, i) => make(i));

function randomRule(): GrowthRule {
  const count = 1 + random(5);
  const scale = [10, 1000, MAX_DEED / 5][random(3)];
  let thresholds = eight(() => (random(3) ? 0 : random(scale)));
  let minimum = 1 + random(scale);
  const steps = Array.from({ length: count }, () => {
    const step = { thresholds, weights: eight(() => random(256)), minimum };
    step.weights[random(8)] = 1 + random(255);
    thresholds = thresholds.map((one) => one + (random(2) ? 0 : random(scale)));
    minimum += random(scale);
    return step;
  });
  const branchStage = random(count + 1);
  const branches = Array.from({ length: 4 }, () => eight(() => (branchStage ? random(4) : 0)));
  if (branchStage) branches[0][random(8)] = 1;
  return { steps, branchStage, branches };
}

/** Deeds just at, just below and around what a step asks for. */
function deedsFor(rule: GrowthRule, stage: number): number[] {
  const step = rule.steps[stage];
  const deeds = eight((i) => (step?.thresholds[i] ?? 0) + (random(3) ? random(20) : 0));
  if (step && random(2)) {
    const heavy = step.weights.findIndex((weight) => weight > 0);
    const have = step.weights.reduce((sum, weight, i) => sum + weight * deeds[i], 0);
    const lacks = Math.ceil(Math.max(0, step.minimum - have) / step.weights[heavy]);
    deeds[heavy] += Math.max(0, lacks - random(2));
  }
  if (random(8) === 0) deeds[random(8)] = 0xffffffff;
  if (random(8) === 0) deeds[random(8)] = Math.max(0, deeds[0] - 1);
  return deeds;
}

const rules = [DEFAULT_RULE, ...Array.from({ length: 23 }, randomRule)];
const cases = rules.flatMap((rule, index) =>
  Array.from({ length: 16 }, () => {
    const stage = random(rule.steps.length + 1);
    const branch = rule.branchStage > 0 && stage >= rule.branchStage ? 1 + random(4) : 0;
    const deeds = deedsFor(rule, stage);
    return { rule: index, stage, branch, deeds, next: ruleNext(rule, stage, branch, deeds) };
  }),
);
// ties: the lowest branch wins
const tied: GrowthRule = {
  steps: [{ thresholds: eight(() => 0), weights: eight(() => 1), minimum: 1 }],
  branchStage: 1,
  branches: [eight(() => 1), eight(() => 1), eight(() => 1), eight(() => 1)],
};
for (const [weights, deeds] of [
  [[1, 1, 1, 1], eight(() => 3)],
  [[1, 2, 2, 1], eight(() => 3)],
  [[1, 1, 1, 2], eight(() => 3)],
  [[255, 255, 255, 255], eight(() => 0xffffffff)],
  [[254, 255, 254, 255], eight(() => 0xffffffff)],
] as const) {
  const rule = { ...tied, branches: weights.map((weight) => eight(() => weight)) };
  cases.push({ rule: rules.push(rule) - 1, stage: 0, branch: 0, deeds, next: ruleNext(rule, 0, 0, deeds) });
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const filled = (make: (i: number) => number): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => make(i));
const ends = [0, 255, 1, 254, 7, 248, 8, 247];
const mixes = Array.from({ length: 64 }, (_, round) => {
  // every byte of chance with every end of the range, then as it falls
  const a = filled((i) => (round < 32 ? ends[(i + round) % 8] : random(256)));
  const b = filled((i) => (round < 32 ? ends[(i * 3 + round) % 8] : random(256)));
  const chance = filled((i) => (round < 16 ? (round % 8) * 32 + i : random(256)));
  return { a: hex(a), b: hex(b), chance: hex(chance), child: hex(mixGenomes(a, b, chance)) };
});

writeFileSync('assets/vectors/growth.json', `${JSON.stringify({ rules, cases, mixes })}\n`);
console.log(`${cases.length} cases, ${cases.filter(({ next }) => next).length} of them grow`);
