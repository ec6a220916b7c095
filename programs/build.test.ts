import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import hashes from '#assets/programs/hashes.json' with { type: 'json' };
import { BRAINS_ID } from './client/brains.ts';
import { CHRONICLE_ID } from './client/chronicle.ts';
import { EVOLUTION_ID } from './client/index.ts';

const read = (path: string): Buffer => readFileSync(new URL(`../${path}`, import.meta.url));

it.each(Object.entries(hashes))('%s is the file that was built', (name, hash) => {
  expect(
    createHash('sha256')
      .update(read(`assets/programs/${name}`))
      .digest('hex'),
  ).toBe(hash);
});

it('every cluster in Anchor.toml names the address that the program declares', () => {
  const text = read('Anchor.toml').toString();
  const clusters = [...text.matchAll(/\[programs\.(\w+)\]\nevolution = "(\w+)"/g)];
  expect(clusters.map(([, cluster]) => cluster)).toEqual(['localnet', 'devnet', 'mainnet']);
  for (const [, , address] of clusters) expect(address).toBe(EVOLUTION_ID.toBase58());
});

it.each([
  ['brains', BRAINS_ID],
  ['chronicle', CHRONICLE_ID],
])('and so for %s', (name, id) => {
  const found = [
    ...read('Anchor.toml')
      .toString()
      .matchAll(new RegExp(`^${name} = "(\\w+)"`, 'gm')),
  ];
  expect(found.map(([, address]) => address)).toEqual(Array(3).fill(id.toBase58()));
});
