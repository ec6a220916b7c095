import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CheckpointError, decodeCheckpoint, encodeCheckpoint, readCheckpoint } from './checkpoint.ts';
import { cutMetrics, METRICS, runDirectory } from './directory.ts';
import { LockError, lockDirectory } from './lock.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'symbiont-run-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const arrays = {
  theta: Float32Array.of(1.5, Number.NaN, -0),
  counters: Float64Array.of(2 ** 53 - 1),
  random: Int32Array.of(-1, 7),
  worlds: Uint8Array.of(1, 2, 3),
};

describe('checkpoint', () => {
  it('reads back what was written, bit for bit', () => {
    const back = decodeCheckpoint(encodeCheckpoint({ a: [1, 'b'] }, arrays), 'x');
    expect(back.meta).toEqual({ a: [1, 'b'] });
    expect(back.arrays).toEqual(arrays);
  });

  it('refuses every flipped bit and every cut', () => {
    const bytes = encodeCheckpoint(null, arrays);
    for (let k = 0; k < bytes.length; k++) {
      const flipped = bytes.slice();
      flipped[k] ^= 1 << (k & 7);
      expect(() => decodeCheckpoint(flipped, 'file')).toThrow(CheckpointError);
      expect(() => decodeCheckpoint(bytes.slice(0, k), 'file')).toThrow(/^file: /);
    }
  });

  it('names a file that is not there', () => {
    expect(() => readCheckpoint(path.join(directory, 'none'))).toThrow(/none: cannot be read \(ENOENT\)/);
  });
});

describe('lockDirectory', () => {
  it('lets one trainer in at a time', () => {
    const unlock = lockDirectory(directory);
    expect(() => lockDirectory(directory)).toThrow(LockError);
    expect(() => lockDirectory(directory)).toThrow(String(process.pid));
    unlock();
    lockDirectory(directory)();
  });

  it.each([
    ['of a process that is gone', '4194305 12'],
    ['of another process under the same number', `${process.pid} 1`],
    ['that was cut off', ''],
  ])('takes over a lock %s', (_what, content) => {
    writeFileSync(path.join(directory, 'lock'), content);
    lockDirectory(directory)();
  });
});

describe('runDirectory', () => {
  it('never gives the place of an earlier run to a new one', () => {
    const before = process.cwd();
    process.chdir(directory);
    try {
      expect(runDirectory('raider', undefined, false)).toBe('runs/raider');
      for (const name of ['raider', 'raider-2']) {
        mkdirSync(`runs/${name}`, { recursive: true });
        writeFileSync(`runs/${name}/checkpoint.bin`, '');
      }
      expect(runDirectory('raider', undefined, false)).toBe('runs/raider-3');
      expect(runDirectory('raider', undefined, true)).toBe('runs/raider-2');
      expect(runDirectory('raider', 'there', false)).toBe('there');
    } finally {
      process.chdir(before);
    }
  });
});

describe('cutMetrics', () => {
  it('drops what came after the checkpoint, and a line that was cut off', () => {
    const file = path.join(directory, METRICS);
    const line = (iteration: number) => `${JSON.stringify({ iteration, note: 'ü' })}\n`;
    writeFileSync(file, `${line(1)}${line(2)}${line(3)}{"itera`);
    cutMetrics(directory, 2);
    expect(readFileSync(file, 'utf8')).toBe(line(1) + line(2));
    cutMetrics(directory, 0);
    expect(readFileSync(file, 'utf8')).toBe('');
  });
});
