import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Keypair, type PublicKey } from '@solana/web3.js';
import { afterAll, expect, it } from 'vitest';
import { declaredAddress, NAMES, rewriteAddresses } from './addresses.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const place = mkdtempSync(join(tmpdir(), 'addresses-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

let copies = 0;
/** The sources that may name an address, copied. */
function copy(): string {
  const root = join(place, String(copies++));
  mkdirSync(root);
  cpSync(join(project, 'Anchor.toml'), join(root, 'Anchor.toml'));
  for (const crate of readdirSync(join(project, 'programs'))) {
    const from = join(project, 'programs', crate, 'src');
    if (existsSync(from)) cpSync(from, join(root, 'programs', crate, 'src'), { recursive: true });
  }
  return root;
}

function text(root: string): string {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return files.map((one) => readFileSync(join(one.parentPath, one.name), 'utf8')).join('\n');
}

const spelled = (key: PublicKey): string[] => [key.toBase58(), [...key.toBytes()].join(',')];
const bare = (source: string): string => source.replace(/(\d),\s+(?=\d)/g, '$1,');

it('leaves no trace of the old addresses, as text or as bytes, and can be taken back', () => {
  const root = copy();
  const before = text(root);
  const old = new Map(NAMES.map((name) => [name, declaredAddress(root, name)]));
  const fresh = new Map(NAMES.map((name) => [name, Keypair.generate().publicKey]));
  const changed = rewriteAddresses(root, fresh);
  expect(changed).toContain('Anchor.toml');
  for (const name of NAMES) {
    expect(declaredAddress(root, name)).toEqual(fresh.get(name));
    for (const trace of spelled(old.get(name)!)) expect(bare(text(root))).not.toContain(trace);
    const count = (key: PublicKey, source: string) =>
      spelled(key).reduce((sum, trace) => sum + bare(source).split(trace).length - 1, 0);
    expect(count(fresh.get(name)!, text(root))).toBe(count(old.get(name)!, before));
  }
  expect(rewriteAddresses(root, fresh)).toEqual([]);
  expect(rewriteAddresses(root, old)).toEqual(changed);
  expect(text(root)).toBe(before);
});

it('swaps two, and refuses one address for two programs', () => {
  const root = copy();
  const [brains, chronicle] = [declaredAddress(root, 'brains'), declaredAddress(root, 'chronicle')];
  const before = text(root);
  expect(() => rewriteAddresses(root, new Map([['brains', chronicle]]))).toThrow(/two programs/);
  expect(text(root)).toBe(before);
  const swapped = new Map([
    ['brains', chronicle],
    ['chronicle', brains],
  ] as const);
  rewriteAddresses(root, swapped);
  expect(declaredAddress(root, 'brains')).toEqual(chronicle);
  expect(declaredAddress(root, 'chronicle')).toEqual(brains);
});
