import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { BehaviorError, parseBehavior, readBehavior } from './behavior.ts';

const valid = {
  format: 1,
  role: 'forager',
  name: 'Test',
  seed: 1,
  steps: 100,
  rewards: { gathered: 1 },
  world: { worlds: 2, learners: 3, episode: 40, warmup: 0 },
  opponents: [{ role: 'raider', count: 2, mix: [{ policy: 'scripted' }] }],
  network: [64, 8, 12],
  ppo: {
    rollout: 4,
    epochs: 1,
    minibatch: 8,
    learningRate: 0.001,
    gamma: 0.99,
    lambda: 0.95,
    clip: 0.2,
    entropy: 0.01,
    valueCoefficient: 0.5,
    maxGradNorm: 0.5,
  },
  eval: { seed: 2, episode: 40, warmup: 0 },
};
const parse = (value: unknown) => parseBehavior(stringify(value), 'test.yaml', '.');

describe('parseBehavior', () => {
  it('reads a whole file and fills in what is left out', () => {
    const behavior = parse(valid);
    expect(behavior.opponents[0].mix[0].weight).toBe(1);
    expect(behavior.ppo.entropyEnd).toBe(0);
    expect(behavior.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['an unknown event', { rewards: { gahtered: 1 } }, /rewards\.gahtered: is none of gathered/],
    ['no event', { rewards: {} }, /rewards: must weigh at least one/],
    ['a weight that is not a number', { rewards: { gathered: Number.NaN } }, /rewards\.gathered/],
    ['a weight without end', { rewards: { gathered: Number.POSITIVE_INFINITY } }, /rewards\.gathered/],
    ['a weight too large', { rewards: { gathered: 1e6 } }, /rewards\.gathered.*1000/],
    ['a wrong input size', { network: [32, 8, 12] }, /network: must begin with 64/],
    ['too many actions', { network: [64, 8, 15] }, /network: must end with 1 to 14/],
    ['a layer too wide', { network: [64, 500, 12] }, /network\.1.*128/],
    ['no hidden layer', { network: [64, 12] }, /network/],
    ['too many layers', { network: [64, 8, 8, 8, 8, 12] }, /network/],
    ['a size that is not whole', { network: [64, 8.5, 12] }, /network\.1/],
    ['an unknown role', { role: 'bandit' }, /role/],
    ['an unknown field', { rewardz: {} }, /rewardz/],
    [
      'an episode that is no number of decisions',
      { world: { ...valid.world, episode: 41 } },
      /world\.episode.*4/,
    ],
    ['too many worlds', { world: { ...valid.world, worlds: 5000 } }, /world\.worlds.*1024/],
    [
      'too many agents',
      { world: { ...valid.world, worlds: 1024, learners: 256 } },
      /world\.worlds: .* at most 65536/,
    ],
    ['a minibatch larger than the rollout', { ppo: { ...valid.ppo, minibatch: 100 } }, /ppo\.minibatch.*24/],
    ['a learning rate of zero', { ppo: { ...valid.ppo, learningRate: 0 } }, /ppo\.learningRate/],
    ['an empty mix', { opponents: [{ role: 'raider', count: 1, mix: [] }] }, /opponents\.0\.mix/],
    ['an unknown critic', { ppo: { ...valid.ppo, critic: 'team' } }, /ppo\.critic/],
    ['a lag of two', { ppo: { ...valid.ppo, lag: 2 } }, /ppo\.lag/],
    [
      'an anchor without a parent',
      { ppo: { ...valid.ppo, klAnchor: 1 } },
      /ppo\.klAnchor: there is no parent/,
    ],
    ['an anchor that is not a number', { ppo: { ...valid.ppo, klAnchor: Number.NaN } }, /ppo\.klAnchor/],
    ['an anchor below zero', { parent: 'x', ppo: { ...valid.ppo, klAnchor: -1 } }, /ppo\.klAnchor/],
    ['a parent without a name', { parent: '' }, /parent/],
    ['another format', { format: 2 }, /format/],
  ])('refuses %s', (_what, change, message) => {
    const attempt = () => parse({ ...valid, ...change });
    expect(attempt).toThrow(BehaviorError);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(/^test\.yaml: /);
  });

  it('refuses what is no YAML, too long, or full of aliases', () => {
    expect(() => parseBehavior('a: [', 'x.yaml', '.')).toThrow(/x\.yaml: is not YAML/);
    expect(() => parseBehavior('#'.repeat(70_000), 'x.yaml', '.')).toThrow(/65536/);
    const bomb = [
      'a: &a [x,x]',
      ...[...'bcdefgh'].map((n, i) => `${n}: &${n} [${`*${'abcdefg'[i]},`.repeat(9)}]`),
    ];
    expect(() => parseBehavior(bomb.join('\n'), 'x.yaml', '.')).toThrow(BehaviorError);
  });

  it('names a file that cannot be read', () => {
    expect(() => readBehavior('no/such.yaml')).toThrow(/no\/such\.yaml: cannot be read \(ENOENT\)/);
  });
});

describe('the behaviours of this folder', () => {
  const folder = fileURLToPath(new URL('behaviors', import.meta.url));
  it.each(readdirSync(folder).filter((file) => file !== 'league.yaml'))('%s is valid', (file) => {
    expect(readBehavior(`${folder}/${file}`).format).toBe(1);
  });
});
