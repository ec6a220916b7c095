import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readArguments, UsageError } from './options.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const cli = async (...args: string[]) => {
  try {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'ml/cli.ts', ...args],
      {
        cwd: ROOT,
      },
    );
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
};

describe('readArguments', () => {
  const read = (...args: string[]) => readArguments(args, { steps: 'string', json: 'boolean' }, 1);

  it('reads numbers within their limits', () => {
    const given = read('x', '--steps', '12', '--json');
    expect(given.positionals).toEqual(['x']);
    expect(given.number('steps', 1, 20)).toBe(12);
    expect(given.number('minutes', 1, 20)).toBeUndefined();
    expect(given.flag('json')).toBe(true);
  });

  it.each(['0', '21', '1.5', 'ten', '', 'NaN', 'Infinity'])('refuses "%s"', (value) => {
    expect(() => read('x', `--steps=${value}`).number('steps', 1, 20)).toThrow(/--steps: .* from 1 to 20/);
  });

  it('refuses unknown options and missing arguments', () => {
    expect(() => read('x', '--fast')).toThrow(UsageError);
    expect(() => read()).toThrow(/takes 1 argument, was given 0/);
  });
});

describe('symbiont', () => {
  it('evaluates a scripted policy beside the random one, as JSON', async () => {
    const { code, stdout } = await cli('eval', 'scripted', '--role', 'raider', '--episodes', '4', '--json');
    expect(code).toBe(0);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ policy }) => policy)).toEqual(['scripted', 'random']);
    for (const { role, episodes, low, meanReturn, high } of lines) {
      expect(role).toBe('raider');
      expect(episodes).toBe(4);
      expect(low).toBeLessThanOrEqual(meanReturn);
      expect(high).toBeGreaterThanOrEqual(meanReturn);
    }
  });

  it('plays held-out scenarios beside the baselines, writes numbers and a card', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'card-'));
    try {
      const { code, stdout } = await cli(
        ...[
          'eval',
          '--suite',
          'assets/brains/guard.safetensors',
          '--only',
          'guard-harmless',
          '--episodes',
          '2',
        ],
        ...['--threads', '1', '--card', folder, '--json', path.join(folder, 'all.json')],
      );
      expect(code).toBe(0);
      expect(stdout).toMatch(/guard-harmless +-?[\d.]+ \[/);
      const { brains } = JSON.parse(readFileSync(path.join(folder, 'all.json'), 'utf8'));
      const { result } = brains[0];
      expect(result.scenarios.map(({ name }: { name: string }) => name)).toEqual(['guard-harmless']);
      const card = readFileSync(path.join(folder, 'guard.md'), 'utf8');
      expect(card).toContain(result.policies[0].id);
      expect(card).toMatch(/\*\*Not for:\*\* .+\n/);
      expect(card).toMatch(/This evaluation: \d+ J, (measured|estimated)/);
      expect(readFileSync(path.join(folder, 'guard.png')).subarray(1, 4).toString()).toBe('PNG');
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);

  it.each([
    [['fly'], 2, /no verb "fly"/],
    [['eval', 'scripted'], 2, /--role: is needed/],
    [['eval', 'no.safetensors'], 1, /no\.safetensors: cannot be read \(ENOENT\)/],
    [['eval', 'package.json'], 1, /symbiont eval: \w+/],
    [['eval', '--suite'], 2, /takes 1 to 8 arguments, was given 0/],
    [['eval', '--suite', 'no.safetensors'], 1, /no\.safetensors: cannot be read \(ENOENT\)/],
    [
      ['eval', '--suite', 'assets/brains/raider.safetensors', '--episodes', '1'],
      2,
      /--episodes: .* from 2 to/,
    ],
    [
      ['eval', '--suite', 'assets/brains/raider.safetensors', '--only', 'x'],
      1,
      /scenarios: "x" is none of raider-/,
    ],
    [['replay', 'no.session'], 1, /no\.session: cannot be read \(ENOENT\)/],
    [['replay', 'package.json'], 1, /session: /],
    [['report', '--brains', 'docs'], 1, /forager\.safetensors: is missing/],
    [['train', 'no.yaml'], 1, /no\.yaml: cannot be read \(ENOENT\)/],
    [['train', 'ml/behaviors/raider.yaml', '--minutes=-1'], 2, /--minutes: must be a number from 0\.01/],
  ])('says what is wrong with %j', async (args, code, message) => {
    const result = await cli(...(args as string[]));
    expect(result.stderr).toMatch(message);
    expect(result.stderr).not.toMatch(/\n {4}at /);
    expect(result.code).toBe(code);
  });
});
