import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeBrain } from '#shared/brain/index.ts';
import { readChain } from './run/chain.ts';
import { verifyRun } from './run/verify.ts';
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
world: { worlds: 3, learners: 5, episode: 40, warmup: 40, lives: 2 }
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

const rootOf = (out: string) => readChain(path.join(directory, out)).root;

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
    expect(stopped).toMatchObject({ finished: false, steps: 600 });
    let resumedAt = 0;
    const resumed = await train(
      { behaviorFile: file, out: path.join(directory, 'halves'), resume: true, episodes: 4, threads: 0 },
      {
        onStart: (_, steps) => {
          resumedAt = steps;
        },
      },
    );
    expect(resumedAt).toBe(600);
    expect(brainOf(resumed)).toEqual(brainOf(straight));
    expect(measured('halves')).toEqual(measured('straight'));
    expect(rootOf('halves')).toBe(rootOf('straight'));
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
    expect(rootOf('killed')).toBe(rootOf('straight'));
  });

  it('can be verified when the clock annealed it, and when it was continued', async () => {
    const out = path.join(directory, 'clock');
    const options = { behaviorFile: file, out, threads: 0, episodes: 4, minutes: 1 };
    let iterations = 0;
    await train(options, { shouldStop: () => ++iterations === 6 });
    await train({ ...options, steps: 960, resume: true });
    const { links } = readChain(out);
    const verified = await verifyRun(out, { sample: links.length, threads: 1 });
    expect(verified.segments.length).toBe(links.length);
  });

  it('refuses to go on with other code or another critic than a run began with', async () => {
    // So many steps that no segment ends before it is stopped.
    const options = { behaviorFile: file, out: path.join(directory, 'stopped'), threads: 0, steps: 1e6 };
    await train(options, { shouldStop: () => true });
    const chain = path.join(directory, 'stopped', 'chain.jsonl');
    const text = readFileSync(chain, 'utf8');
    const resume = (more = {}) => train({ ...options, resume: true, ...more }, { shouldStop: () => true });
    writeFileSync(chain, text.replace(/"code":"[0-9a-f]{8}/, '"code":"00000000'));
    await expect(resume()).rejects.toThrow(/code: the run began with "00000000/);
    writeFileSync(chain, text);
    await expect(resume({ critic: 'central' })).rejects.toThrow(/checkpoint: theta is of another behaviour/);
    await expect(resume({ engine: 'tfjs' })).rejects.toThrow(/engine: the run began with "kernel"/);
    writeFileSync(chain, '');
    await expect(resume()).rejects.toThrow(/chain\.jsonl: ends before segment 0/);
    writeFileSync(chain, text);
    await expect(resume()).resolves.toMatchObject({ finished: false });
  });

  it('begins where a parent ended, and an anchor holds it there', async () => {
    const parent = await whole('parent', { steps: 240 });
    const id = decodeBrain(Uint8Array.from(brainOf(parent))).id;
    const child = (out: string, more: object) =>
      whole(out, { steps: 1200, parent: parent.brainFile, threads: 2, ...more });
    const free = await child('free', {});
    const held = await child('held', { klAnchor: 10 });
    for (const result of [free, held])
      expect(decodeBrain(Uint8Array.from(brainOf(result))).manifest.provenance.parent).toBe(id);
    const apart = (out: string) => Number(measured(out).at(-1)?.anchorKl);
    expect(apart('free')).toBe(0);
    expect(apart('held')).toBeGreaterThan(0);
    expect(apart('held')).toBeLessThan(0.02);
    // No teacher any more: the first rollout is the parent's own.
    expect(measured('free')[0].approxKl).not.toBe(0);
    await expect(whole('x', { klAnchor: 1 })).rejects.toThrow(/klAnchor: there is no parent/);
    await expect(child('y', { klAnchor: -1 })).rejects.toThrow(/klAnchor: must be from 0 to 100/);
    await expect(whole('z', { parent: 'no.safetensors' })).rejects.toThrow(/no\.safetensors: cannot be read/);
    await expect(whole('d', { data: 'abc' })).rejects.toThrow(/data: must be a Merkle root/);
    writeFileSync(file, behavior(1).replace('[64, 16, 16, 12]', '[64, 8, 16, 12]'));
    await expect(child('w', {})).rejects.toThrow(
      /forager\.safetensors: network: the parent is 64-16-16-12, the behaviour asks for 64-8-16-12/,
    );
  });

  it('trains with a central critic and with tfjs, each to the same brain again', async () => {
    const central = brainOf(await whole('central', { critic: 'central', steps: 480 }));
    expect(brainOf(await whole('again', { critic: 'central', steps: 480, threads: 2 }))).toEqual(central);
    expect(decodeBrain(Uint8Array.from(central)).manifest.provenance.algorithm).toBe('mappo');
    const tfjs = brainOf(await whole('tfjs', { engine: 'tfjs', steps: 480 }));
    expect(brainOf(await whole('tfjs2', { engine: 'tfjs', steps: 480, threads: 1 }))).toEqual(tfjs);
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
