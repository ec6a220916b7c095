import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Everything that a training computes with; of ml/ only what decides, not what shows or evaluates. */
const FOLDERS = ['shared/world', 'shared/brain', 'ml/env', 'ml/net', 'ml/rollout', 'ml/scripted'];
const FILES = [
  'assets/maps/hollow.json',
  'ml/behavior.ts',
  'ml/exact.ts',
  'ml/imitation.ts',
  'ml/kernel-bytes.ts',
  'ml/mappo.ts',
  'ml/opponents.ts',
  'ml/parent.ts',
  'ml/plan.ts',
  'ml/ppo.ts',
  'ml/quantize.ts',
  'ml/returnScale.ts',
  'ml/trainer.ts',
];
const COUNTS = /\.(ts|mjs)$/;
const APART = /(\.test\.ts|(^|\/)(make-|testing)[^/]*)$/;

function filesUnder(folder: string): string[] {
  return readdirSync(`${ROOT}${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'target' ? [] : filesUnder(file);
    return COUNTS.test(file) && !APART.test(file) ? [file] : [];
  });
}

/** The sources that decide what a training computes, sorted. */
export function decidingFiles(): string[] {
  return [...FOLDERS.flatMap(filesUnder), ...FILES].sort();
}

/** SHA-256 over names, lengths and bytes of those sources, 64 hex digits. */
export function codeHash(): string {
  const hash = sha256.create();
  for (const file of decidingFiles()) {
    const bytes = readFileSync(`${ROOT}${file}`);
    hash.update(new TextEncoder().encode(`${file}\0${bytes.length}\0`)).update(bytes);
  }
  return bytesToHex(hash.digest());
}
