import { fileURLToPath } from 'node:url';
import { readBehavior } from '#ml/behavior.ts';
import { loadTerrain } from '#ml/env/terrain.ts';
import { startBackend } from '#ml/net/backend.ts';
import { resolveOpponents, trainingEnv } from '#ml/opponents.ts';
import { randomPolicy } from '#ml/scripted/index.ts';
import { Trainer } from '#ml/trainer.ts';
import { createKernel } from '#shared/brain/index.ts';
import { median, report } from './report.ts';

/** Training of foragers on one core: decisions that the environment alone gives, and those that PPO learns from. */
const print = report('train', process.argv.includes('--json'));
await startBackend();
const kernel = await createKernel();
const file = fileURLToPath(new URL('../ml/behaviors/forager.yaml', import.meta.url));
const behavior = { ...readBehavior(file), imitation: { steps: 0 } };
const { opponents } = resolveOpponents(behavior, kernel);

const env = trainingEnv(behavior, opponents, loadTerrain());
const policy = randomPolicy();
const actions = new Uint8Array(env.size);
function play(steps: number): number {
  const begin = performance.now();
  for (let s = 0; s < steps; s++) {
    policy.act(env.rows, actions);
    env.step(actions);
  }
  return (steps * env.size * 1000) / (performance.now() - begin);
}
play(20);
print('env_decisions_per_s', median([1, 2, 3].map(() => play(40))), '1/s');

const trainer = new Trainer(behavior, trainingEnv(behavior, opponents, loadTerrain()), kernel);
function learn(): number {
  const begin = performance.now();
  const before = trainer.steps;
  trainer.iterate(0);
  return ((trainer.steps - before) * 1000) / (performance.now() - begin);
}
learn();
print('ppo_decisions_per_s', median([1, 2, 3, 4, 5].map(learn)), '1/s');
