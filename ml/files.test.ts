import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeAtomically } from './files.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'symbiont-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('writeAtomically', () => {
  it('replaces a file and leaves nothing else', () => {
    const file = join(directory, 'f');
    writeAtomically(file, Uint8Array.of(1));
    writeAtomically(file, Uint8Array.of(2, 3));
    expect([...readFileSync(file)]).toEqual([2, 3]);
    expect(existsSync(`${file}.tmp`)).toBe(false);
  });

  it.runIf(existsSync('/dev/full'))('keeps the old file when the disk is full', () => {
    const file = join(directory, 'f');
    writeFileSync(file, 'old');
    symlinkSync('/dev/full', `${file}.tmp`);
    expect(() => writeAtomically(file, new Uint8Array(100_000))).toThrow(/ENOSPC/);
    expect(readFileSync(file, 'utf8')).toBe('old');
  });

  it('lets only those read it who may', () => {
    const file = join(directory, 'f');
    writeAtomically(file, 'a secret', 0o600);
    expect(readFileSync(file, 'utf8')).toBe('a secret');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
