/**
 * Trains one of the rival families: `node --import tsx ml/art/rivals/train.ts vae|rgb|masked|automaton [--minutes 2]`.
 * The minutes are this process' own processor time, so that a busy machine favours none. Starts again from its last
 * checkpoint in `runs/art-rivals` when killed.
 */
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { companionSprites } from '#ml/art/companions/index.ts';
import { randomFrom } from '#ml/art/dense.ts';
import { TRAINING_SEED } from '#ml/art/judge/figures.ts';
import { startBackend } from '#ml/net/backend.ts';
import { BRANCHES } from '#shared/art/types.ts';
import { checkpointOf, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { familyOf } from './families.ts';
import type { Learnt } from './family.ts';
import { minutesOf } from './minutes.ts';
import { Parameters } from './nn.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string', default: '2' }, seed: { type: 'string', default: '31' } },
});
const family = familyOf(positionals[0] ?? '');
const limit = minutesOf(values.minutes) * 60;
const seed = Number(values.seed);

await startBackend();
const sprites = companionSprites(TRAINING_SEED);
const parameters = new Parameters(seed);
const before = readCheckpoint(family.name);
let { step, spent } = before ?? { step: 0, spent: 0 };
let random = randomFrom(seed + step);

// a picture of no branch stands for all of them
const batchOf = () =>
  Array.from({ length: family.batch }, (): Learnt => {
    const { pixels, creature = 0, stage = 0, branch } = sprites[Math.floor(random() * sprites.length)];
    return { pixels, creature, stage, branch: branch ?? Math.floor(random() * BRANCHES.length) };
  });
tf.tidy(() => family.loss(parameters, batchOf(), random));
if (before) before.into(parameters);
random = randomFrom(seed + step);

const optimizer = tf.train.adam(0.002);
const used = () => process.cpuUsage().user / 1e6;
const base = spent - used();
let shown = spent;
let running = 0;
let counted = 0;
while (spent < limit) {
  // the rate falls to a tenth over the run
  (optimizer as unknown as { learningRate: number }).learningRate = 0.002 * (1 - 0.9 * (spent / limit));
  const loss = tf.tidy(() => {
    const { value, grads } = tf.variableGrads(
      () => family.loss(parameters, batchOf(), random),
      parameters.variables,
    );
    optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
    return value.dataSync()[0];
  });
  step++;
  running += loss;
  counted++;
  spent = base + used();
  if (spent - shown > 10 || spent >= limit) {
    const left = Math.max(0, limit - spent);
    console.log(
      `${family.name} step ${step}  loss ${(running / counted).toFixed(4)}  ${(counted / (spent - shown)).toFixed(2)} steps/s  ${left.toFixed(0)} s left  ${tf.memory().numTensors} tensors`,
    );
    [shown, running, counted] = [spent, 0, 0];
    writeCheckpoint(family.name, checkpointOf(parameters, step, spent));
  }
}
console.log(`${family.name}: ${parameters.count()} parameters, ${step} steps`);
