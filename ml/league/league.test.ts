import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readBrain } from '../opponents.ts';
import { runLeague } from './league.ts';
import { readLeague } from './plan.ts';
import { prioritize } from './prioritize.ts';

describe('prioritize', () => {
  const standing = (score: number, k: number) => ({ name: `p${k}`, score });
  it('gives shares that sum to one, never none, more to the harder', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 12 }),
        (scores) => {
          const shares = prioritize(scores.map(standing));
          expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
          for (const [k, share] of shares.entries()) {
            expect(share).toBeGreaterThan(0);
            for (const [j, other] of shares.entries())
              if (scores[k] < scores[j]) expect(share).toBeGreaterThanOrEqual(other);
          }
        },
      ),
    );
  });
  it('is even where nobody is harder', () => {
    expect(prioritize([standing(3, 0), standing(3, 1)])).toEqual([0.5, 0.5]);
  });
  it('refuses an empty pool and scores that are none', () => {
    expect(() => prioritize([])).toThrow(/empty pool/);
    expect(() => prioritize([standing(Number.NaN, 4)])).toThrow(/p4 is NaN/);
  });
});

const behavior = (role: string, opponent: string) => `
format: 1
role: ${role}
name: Small ${role}
seed: 3
steps: 512
rewards: { banked: 1, stole: 1, robbed: -1 }
world: { worlds: 2, learners: 2, episode: 80, warmup: 80, lives: 2 }
opponents:
  - { role: ${opponent}, count: 2, mix: [{ policy: scripted }] }
  - { role: wanderer, count: 3, mix: [{ policy: 'scripted:robber' }, { policy: 'scripted:giver', weight: 2 }] }
network: [64, 8, 12]
imitation: { steps: 64 }
ppo: { rollout: 16, lag: 0, epochs: 1, minibatch: 64, learningRate: 0.001, gamma: 0.99, lambda: 0.95, clip: 0.2, entropy: 0.01, valueCoefficient: 0.5, maxGradNorm: 0.5 }
eval: { seed: 5, episode: 80, warmup: 80 }
`;
const league = `
format: 1
seed: 9
generations: 2
steps: [256, 128]
roles: [forager.yaml, raider.yaml]
klAnchor: 0.1
scripted: 0.3
pool: 2
trials: 2
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'league-'));
  writeFileSync(path.join(folder, 'forager.yaml'), behavior('forager', 'raider'));
  writeFileSync(path.join(folder, 'raider.yaml'), behavior('raider', 'forager'));
  writeFileSync(path.join(folder, 'league.yaml'), league);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const file = () => path.join(folder, 'league.yaml');

describe('runLeague', () => {
  it('goes on where it stopped to the same brains, and exports the last of each role', {
    timeout: 120_000,
  }, async () => {
    const whole = path.join(folder, 'whole');
    expect(
      await runLeague({ file: file(), directory: whole, threads: 0, exportTo: path.join(folder, 'out') }),
    ).toBe(true);
    const parts = path.join(folder, 'parts');
    let iterations = 0;
    // Stopped in the middle of the second turn, again and again.
    for (let k = 0; k < 20; k++)
      if (
        await runLeague(
          { file: file(), directory: parts, threads: 0 },
          { shouldStop: () => ++iterations % 5 === 0 },
        )
      )
        break;
    const brains = readdirSync(whole).filter((name) => name.endsWith('.safetensors'));
    expect(brains.sort()).toEqual(
      ['forager-0', 'forager-1', 'raider-0', 'raider-1'].map((n) => `${n}.safetensors`),
    );
    for (const name of brains)
      expect(readFileSync(path.join(parts, name)).equals(readFileSync(path.join(whole, name)))).toBe(true);
    const last = readBrain(path.join(folder, 'out', 'raider.safetensors'));
    expect(last.manifest.provenance.parent).toBe(readBrain(path.join(whole, 'raider-0.safetensors')).id);
    const turn = parse(readFileSync(path.join(whole, 'raider-1.yaml'), 'utf8'));
    expect(turn.opponents[0].mix.map((m: { policy: string }) => m.policy)).toEqual([
      'scripted',
      'forager-0.safetensors',
      'forager-1.safetensors',
    ]);
    expect(turn.opponents[1].mix.map((m: { policy: string }) => m.policy)).toEqual([
      'scripted:robber',
      'scripted:giver',
    ]);
    expect(existsSync(path.join(folder, 'out', 'league', 'forager-1.yaml'))).toBe(true);
  });

  it('refuses a folder of another league', async () => {
    const directory = path.join(folder, 'other');
    mkdirSync(directory);
    writeFileSync(path.join(directory, 'league.json'), JSON.stringify({ format: 1, league: 'x', done: [] }));
    await expect(runLeague({ file: file(), directory, threads: 0 })).rejects.toThrow(/another league/);
  });
});

describe('readLeague', () => {
  const broken = (change: (text: string) => string) => {
    writeFileSync(file(), change(league));
    return () => readLeague(file());
  };
  it('names the field and the limit', () => {
    expect(broken((t) => t.replace('generations: 2', 'generations: 0'))).toThrow(
      /league\.yaml: generations: .*>=1/,
    );
    expect(broken((t) => t.replace('scripted: 0.3', 'scripted: .nan'))).toThrow(/scripted/);
    expect(broken((t) => `${t}\nwings: 2`)).toThrow(/wings/);
    expect(broken((t) => t.replace('raider.yaml', 'bandit.yaml'))).toThrow(/bandit\.yaml: cannot be read/);
    copyFileSync(path.join(folder, 'raider.yaml'), path.join(folder, 'again.yaml'));
    expect(broken((t) => t.replace('[forager.yaml,', '[again.yaml,'))).toThrow(/raider is named twice/);
    expect(broken(() => '{')).toThrow(/is not YAML/);
  });
});
