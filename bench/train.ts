import { fileURLToPath } from 'node:url';
import { readBehavior } from '#ml/behavior.ts';
import { loadTerrain } from '#ml/env/terrain.ts';
import { startBackend } from '#ml/net/backend.ts';
import { KernelLearner } from '#ml/net/kernelLearner.ts';
import type { Learner, LearnerOptions } from '#ml/net/learner.ts';
import { initialize } from '#ml/net/parameters.ts';
import { nextRandom, seedRng } from '#ml/net/random.ts';
import { TfjsLearner } from '#ml/net/tfjsLearner.ts';
import { resolveOpponents, trainingEnv } from '#ml/opponents.ts';
import { createCollector } from '#ml/rollout/collector.ts';
import { randomPolicy } from '#ml/scripted/index.ts';
import { Trainer } from '#ml/trainer.ts';
import { createKernel } from '#shared/brain/index.ts';
import { median, report } from './report.ts';
import { timePeers } from './train-peers.ts';

/**
 * Training of foragers with the 64-64-64-12 actor-critic. A step is one decision of one learner: observed, decided, played
 * among its opponents, learnt from in every epoch of PPO. `--peers` also times other people's trainers on this machine.
 */
const json = process.argv.includes('--json');
const print = report('train', json);
const file = fileURLToPath(new URL('../ml/behaviors/forager.yaml', import.meta.url));
const behavior = { ...readBehavior(file), imitation: { steps: 0 } };

const kernel = await createKernel();
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

await startBackend();
/** Rows a second of processor time through minibatch steps: forward, loss, backward, Adam. */
function learnerSpeed(Kind: new (options: LearnerOptions) => Learner, runs: number): number {
  const rows = 4096;
  const random = seedRng(1);
  const floats = () => Float32Array.from({ length: rows }, () => nextRandom(random) / 2 ** 32);
  const learner = new Kind({
    sizes: behavior.network,
    offsets: new Uint8Array(64),
    critic: 'own',
    group: 1,
    rows,
  });
  learner.theta.set(initialize(learner.layout, 1));
  learner.load({
    count: rows,
    observations: Uint8Array.from({ length: rows * 64 }, () => nextRandom(random) >>> 25),
    masks: new Uint32Array(rows).fill(0xfff),
    actions: new Uint8Array(rows).fill(3),
  });
  const oldLogProbs = new Float32Array(rows);
  learner.logProbs(learner.theta, oldLogProbs);
  learner.estimate({ oldLogProbs, oldValues: floats(), advantages: floats(), returns: floats() });
  const options = {
    ...behavior.ppo,
    imitate: false,
    entropy: 0.01,
    anchor: 0,
  };
  const batch = Uint32Array.from({ length: 1024 }, (_, k) => k * 4);
  for (let k = 0; k < runs >> 2; k++) learner.step(batch, options);
  const before = process.cpuUsage();
  for (let k = 0; k < runs; k++) learner.step(batch, options);
  const { user, system } = process.cpuUsage(before);
  return (1024 * 1e6 * runs) / (user + system);
}
print('learner_rows_per_s', learnerSpeed(KernelLearner, 300), '1/s', {
  peer: 'tfjs-wasm',
  peerValue: learnerSpeed(TfjsLearner, 40),
});

const collector = await createCollector(behavior);
const trainer = new Trainer(behavior, collector);
for (let k = 0; k < 3; k++) await trainer.iterate(0);
const speeds: number[] = [];
const spent = process.cpuUsage();
const first = trainer.steps;
for (let run = 0; run < 3; run++) {
  const before = trainer.steps;
  const begin = performance.now();
  for (let k = 0; k < 6; k++) await trainer.iterate(0);
  speeds.push(((trainer.steps - before) * 1000) / (performance.now() - begin));
}
const { user, system } = process.cpuUsage(spent);
const steps = trainer.steps - first;
await trainer.settle();
await collector.close();
const peers = process.argv.includes('--peers') ? await timePeers((line) => console.error(line)) : [];
const trained = peers.find(({ peer }) => peer.startsWith('Stable-Baselines3'));
print('agent_steps_per_s', median(speeds), '1/s', trained);
print('cpu_us_per_agent_step', (user + system) / steps, 'us');
for (const { peer, peerValue } of peers) if (peer !== trained?.peer) print(`peer: ${peer}`, peerValue, '1/s');
