import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { deflateSync, inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeBrain, encodeBrain } from '#shared/brain/index.ts';
import { train } from '../train.ts';
import { readChain } from './chain.ts';
import { codeHash, decidingFiles } from './codeHash.ts';
import { verifyRun } from './verify.ts';

const CLI = fileURLToPath(new URL('../cli.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const BEHAVIOR = `
format: 1
role: forager
name: Tiny
seed: 5
steps: 800
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

let home: string;
let run: string;
beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'symbiont-verify-'));
  run = path.join(home, 'run');
  const behaviorFile = path.join(home, 'tiny.yaml');
  writeFileSync(behaviorFile, BEHAVIOR);
  await train({ behaviorFile, out: run, episodes: 4, threads: 0 });
});
afterAll(() => rmSync(home, { recursive: true }));

/** A copy of the run with something changed. */
function changed(name: string, change: (directory: string) => void): string {
  const directory = path.join(home, name);
  cpSync(run, directory, { recursive: true });
  change(directory);
  return directory;
}
const rewrite = (file: string, change: (text: string) => string) =>
  writeFileSync(file, change(readFileSync(file, 'utf8')));
const verify = (directory: string, segments: number[] = [2]) =>
  verifyRun(directory, { segments, threads: 0 });

describe('verifyRun', () => {
  it('reaches the hash of every segment, and writes so into the manifest', async () => {
    const directory = changed('whole', () => {});
    const { links, genesis, root } = readChain(directory);
    expect(links.length).toBe(10);
    expect(links.at(-1)?.steps).toBe(800);
    expect(genesis).toMatchObject({ code: codeHash(), seed: 5, data: null, parent: null, engine: 'kernel' });
    expect((await verify(directory)).segments).toEqual([2]);
    const verified = await verifyRun(directory, { sample: 10, threads: 2 });
    expect(verified).toMatchObject({ of: 10, root, segments: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] });
    const brain = decodeBrain(Uint8Array.from(readFileSync(verified.brainFile)));
    expect(brain.id).toBe(verified.brainId);
    expect(brain.manifest.provenance).toMatchObject({
      training: { root, segments: 10 },
      verified: { root, of: 10, percent: 100 },
    });
  });

  it('does so in another process too', async () => {
    const directory = changed('process', () => {});
    const args = [
      '--import',
      'tsx',
      CLI,
      'verify',
      'brain',
      directory,
      '--sample',
      '2',
      '--threads',
      '1',
      '--json',
    ];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
    expect(JSON.parse(stdout)).toMatchObject({ root: readChain(run).root, of: 10 });
  });

  it.each<[string, (directory: string) => void, RegExp]>([
    [
      'a link that was changed',
      (d) => rewrite(path.join(d, 'chain.jsonl'), (text) => text.replace('"steps":160', '"steps":161')),
      /chain\.jsonl: line 4: does not follow/,
    ],
    [
      'the last link changed',
      (d) => rewrite(path.join(d, 'chain.jsonl'), (text) => text.replace('"steps":800', '"steps":801')),
      /names the chain .*, here lies/,
    ],
    [
      'a link left out',
      (d) =>
        rewrite(path.join(d, 'chain.jsonl'), (text) =>
          text
            .split('\n')
            .filter((_, k) => k !== 2)
            .join('\n'),
        ),
      /line 3: does not follow/,
    ],
    [
      'another beginning',
      (d) => rewrite(path.join(d, 'chain.jsonl'), (text) => text.replace('"seed":5', '"seed":6')),
      /line 2: does not follow/,
    ],
    ['nonsense', (d) => writeFileSync(path.join(d, 'chain.jsonl'), '{}\n'), /line 1: format/],
    ['no chain', (d) => rmSync(path.join(d, 'chain.jsonl')), /chain\.jsonl: cannot be read \(ENOENT\)/],
    [
      'a border that was changed',
      (d) => {
        const file = path.join(d, 'borders', '1.bin.z');
        const bytes = inflateSync(readFileSync(file));
        bytes[bytes.length - 100] ^= 1;
        writeFileSync(file, deflateSync(bytes));
      },
      /1\.bin\.z: hashes to .* the chain names/,
    ],
    ['no border', (d) => rmSync(path.join(d, 'borders', '1.bin.z')), /1\.bin\.z: cannot be read/],
    [
      'weights of another brain',
      (d) => {
        const file = path.join(d, 'forager.safetensors');
        const { manifest, network } = decodeBrain(Uint8Array.from(readFileSync(file)));
        network.layers[1].weights[3] ^= 1;
        const { role, name, observation, provenance } = manifest;
        writeFileSync(file, encodeBrain({ role, name, observation, provenance, network }));
      },
      /its weights are not those/,
    ],
    [
      'another behaviour file',
      (d) => {
        const behaviorFile = path.join(d, 'other.yaml');
        writeFileSync(behaviorFile, BEHAVIOR.replace('gathered: 1', 'gathered: 2'));
        writeFileSync(path.join(d, 'run.json'), JSON.stringify({ behaviorFile, parent: null }));
      },
      /the behaviour file \(behavior\)/,
    ],
  ])('refuses %s', async (name, change, message) => {
    await expect(verify(changed(name, change))).rejects.toThrow(message);
  });

  it('finds a chain that was made up: another state than the segment leads to', async () => {
    // Trained further from an honest border than the chain says, by somebody who rewrites all that follows.
    const directory = changed('forged', () => {});
    const behaviorFile = path.join(home, 'forged.yaml');
    writeFileSync(behaviorFile, BEHAVIOR);
    const { ChainWriter, readBorder } = await import('./chain.ts');
    const { genesis, links } = readChain(directory);
    const { format, state, ...begin } = genesis;
    const writer = ChainWriter.begin(directory, begin, readBorder(run, 0, genesis.state));
    links.forEach((link, k) => {
      const arrays = readBorder(run, k + 1, link.state);
      if (k === 4) (arrays.theta as Float32Array)[0] += 0.01;
      writer.add({ iteration: link.iteration, steps: link.steps, progress: link.progress }, arrays);
    });
    const file = path.join(directory, 'forager.safetensors');
    const { manifest, network } = decodeBrain(Uint8Array.from(readFileSync(file)));
    const { role, name, observation, provenance } = manifest;
    const training = { ...(provenance.training as object), root: writer.root };
    writeFileSync(
      file,
      encodeBrain({ role, name, observation, network, provenance: { ...provenance, training } }),
    );
    await expect(verify(directory, [3])).resolves.toMatchObject({ segments: [3] });
    await expect(verify(directory, [5])).rejects.toThrow(/segment 5: the state it ends in/);
    await expect(verify(directory, [6])).rejects.toThrow(/segment 6: the state it ends in/);
  });

  it('names a segment that there is not, and a run that has not ended', async () => {
    await expect(verify(run, [11])).rejects.toThrow(/segment: must be from 1 to 10, is 11/);
    await expect(verify(changed('open', (d) => rmSync(path.join(d, 'forager.safetensors'))))).rejects.toThrow(
      /is missing; the run has not ended/,
    );
  });
});

describe('the code hash', () => {
  it('is over everything that training imports', () => {
    const files = new Set(decidingFiles());
    const seen = new Set<string>();
    const visit = (file: string) => {
      if (seen.has(file)) return;
      seen.add(file);
      const text = readFileSync(path.join(ROOT, file), 'utf8');
      for (const [, name] of text.matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)';/gm)) {
        if (name.startsWith('#')) visit(name.slice(1));
        else if (name.startsWith('.')) visit(path.posix.join(path.posix.dirname(file), name));
      }
    };
    visit('ml/trainer.ts');
    visit('ml/rollout/worker.ts');
    visit('ml/plan.ts');
    const missing = [...seen].filter((file) => !files.has(file));
    // What a checkpoint looks like on disk decides nothing.
    expect(missing.filter((file) => !file.startsWith('ml/run/'))).toEqual([]);
    expect(readdirSync(path.join(ROOT, 'ml/rollout')).length).toBeGreaterThan(3);
  });
});
