import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { removeHomes, temporaryHome } from '../testing/homes.ts';
import { Cipher, secretFile } from './cipher.ts';

afterAll(removeHomes);
const key = new Uint8Array(32).fill(7);

test('what is sealed opens again, under the same key and for the same purpose only', () => {
  const cipher = new Cipher(key);
  const secret = Uint8Array.of(1, 2, 3, 250);
  const sealed = cipher.seal(secret, 'identity');
  expect(cipher.open(sealed, 'identity')).toEqual(secret);
  expect(cipher.seal(secret, 'identity')).not.toEqual(sealed);
  expect(() => cipher.open(sealed, 'other')).toThrow();
  expect(() => new Cipher(new Uint8Array(32)).open(sealed, 'identity')).toThrow();
  for (let i = 0; i < sealed.length; i++) {
    const touched = sealed.slice();
    touched[i] ^= 1;
    expect(() => cipher.open(touched, 'identity')).toThrow();
  }
  expect(() => cipher.open(sealed.slice(0, 20), 'identity')).toThrow();
  expect(() => new Cipher(new Uint8Array(16))).toThrow('must be 32');
});

test('a secret file is made once, and only its owner reads it', () => {
  const path = join(temporaryHome(), 'keys', 'master');
  const made = secretFile(path, () => key);
  expect(made).toEqual(key);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(secretFile(path, () => new Uint8Array(1))).toEqual(key);
});

test('a secret file that others could read is closed to them', () => {
  const dir = temporaryHome();
  mkdirSync(join(dir, 'keys'));
  const path = join(dir, 'keys', 'master');
  writeFileSync(path, key, { mode: 0o644 });
  secretFile(path, () => key);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(Uint8Array.from(readFileSync(path))).toEqual(key);
});
