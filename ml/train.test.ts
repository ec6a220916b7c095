import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeBrain } from '#shared/brain/index.ts';
import { type TrainResult, train } from './train.ts';

const CLI = fileURLToPath(new URL('cli.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('..', import.meta.url));

const behavior = (seed: number) => `
format: 1
role: forager
name: Tiny
seed: ${seed}
steps: 960
rewards: { gathered: 1, banked: 1, wounded: -0.01 }
world: { worlds: 2, learners: 5, episode: 40, warmup: 40 }
opponents:
  - { role: raider, count: 2, mix: [{ policy: scripted }, { policy: random }] }
network: [64, 16, 16, 12]
imitation: { steps: 160 }
ppo: { rollout: 8, epochs: 2, minibatch: 40, learningRate: 0.003, gamma: 0.99, lambda: 0.95, clip: 0.2,
       entropy: 0.01, valueCoefficient: 0.5, maxGradNorm: 0.5 }
eval: { seed: 99, episode: 40, warmup: 0 }
`;

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'symbiont-train-'));
  file = path.join(directory, 'tiny.yaml');
  writeFileSync(file, behavior(1));
});
afterEach(() => rmSync(directory, { recursive: true }));

const whole = (out: string, more = {}) =>
  train({ behaviorFile: file, out: path.join(directory, out), episodes: 4, threads: 0, ...more });
const brainOf = (result: TrainResult) => readFileSync(result.brainFile ?? '');
/** What was measured, without the clock's part. */
const measured = (out: string) =>
  readFileSync(path.join(directory, out, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const { seconds, stepsPerSecond, ...rest } = JSON.parse(line) as Record<string, unknown>;
      expect(seconds).toBeGreaterThan(0);
      expect(stepsPerSecond).toBeGreaterThan(0);
      return rest;
    });

describe('train', () => {
  it('makes the same brain of the same behaviour with any number of threads, and another of another seed', async () => {
    const first = await whole('a');
    const bytes = brainOf(first);
    expect(brainOf(await whole('b', { threads: 2 }))).toEqual(bytes);
    const brain = decodeBrain(Uint8Array.from(bytes));
    expect(brain.manifest.role).toBe('forager');
    expect(brain.manifest.provenance).toMatchObject({ seed: 1, steps: 960, algorithm: 'ppo', parent: null });
    expect(first.evaluations?.map(({ policy }) => policy)).toEqual(['brain', 'scripted', 'random']);
    writeFileSync(file, behavior(2));
    const other = decodeBrain(Uint8Array.from(brainOf(await whole('c'))));
    expect(other.manifest.weightsHash).not.toBe(brain.manifest.weightsHash);
  });

  it('continues after a stop exactly as if there had been none', async () => {
    const straight = await whole('straight');
    let iterations = 0;
    const stopped = await train(
      { behaviorFile: file, out: path.join(directory, 'halves'), threads: 1 },
      { shouldStop: () => ++iterations === 5 },
    );
    expect(stopped).toMatchObject({ finished: false, steps: 400 });
    let resumedAt = 0;
    const resumed = await train(
      { behaviorFile: file, out: path.join(directory, 'halves'), resume: true, episodes: 4, threads: 0 },
      {
        onStart: (_, steps) => {
          resumedAt = steps;
        },
      },
    );
    expect(resumedAt).toBe(400);
    expect(brainOf(resumed)).toEqual(brainOf(straight));
    expect(measured('halves')).toEqual(measured('straight'));
    expect(
      readdirSync(path.join(directory, 'halves')).filter((f) => f.includes('tfevents')).length,
    ).toBeGreaterThan(0);
    expect(existsSync(path.join(directory, 'halves', 'lock'))).toBe(false);
  });

  it('continues after kill -9 to the very brain of a run that was left alone', async () => {
    const straight = await whole('straight', { steps: 4000 });
    const out = path.join(directory, 'killed');
    const args = [
      'train',
      file,
      '--out',
      out,
      '--steps',
      '4000',
      '--episodes',
      '4',
      '--checkpoint-every',
      '0',
    ];
    const child = spawn(process.execPath, ['--import', 'tsx', CLI, ...args], { cwd: ROOT, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.on('exit', (_code, signal) => resolve(signal)));
    while (child.exitCode === null && !existsSync(path.join(out, 'checkpoint.bin')))
      await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    expect(await ended).toBe('SIGKILL');
    expect(existsSync(path.join(out, 'lock'))).toBe(true);
    expect(existsSync(path.join(out, 'forager.safetensors'))).toBe(false);
    const resumed = await whole('killed', { steps: 4000, resume: true });
    expect(brainOf(resumed)).toEqual(brainOf(straight));
    expect(measured('killed')).toEqual(measured('straight'));
  });

  it('refuses what would lose or mix up a run', async () => {
    await whole('run', { steps: 80 });
    await expect(whole('run')).rejects.toThrow(/holds a run already; --resume/);
    await expect(whole('none', { resume: true })).rejects.toThrow(/no checkpoint to resume/);
    writeFileSync(file, behavior(3));
    await expect(whole('run', { resume: true })).rejects.toThrow(/another version/);
    writeFileSync(path.join(directory, 'run', 'lock'), `${process.ppid} `);
    writeFileSync(file, behavior(1));
    const checkpoint = path.join(directory, 'run', 'checkpoint.bin');
    writeFileSync(checkpoint, readFileSync(checkpoint).fill(0, 100, 110));
    await expect(whole('run', { resume: true })).rejects.toThrow(/damaged/);
  });

  it('names an opponent that cannot be read', async () => {
    writeFileSync(file, behavior(1).replace('policy: random', 'policy: no.safetensors'));
    await expect(whole('x')).rejects.toThrow(/no\.safetensors: cannot be read \(ENOENT\)/);
    writeFileSync(path.join(directory, 'no.safetensors'), 'nonsense');
    await expect(whole('y')).rejects.toThrow();
  });
});
