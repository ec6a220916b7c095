/**
 * A deployment of one's own has addresses of its own, and a program at another address than the one it was built
 * for does not know its own accounts. So the addresses stand in the source: `declare_id!`, where one program reads the
 * accounts of another (as bytes), and Anchor.toml. This rewrites all of them; what is built afterwards, and its
 * IDL, which everything else reads, carries the new ones.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PublicKey } from '@solana/web3.js';

/** The programs that have an address of their own. */
export const NAMES = ['brains', 'chronicle', 'evolution'] as const;
export type Name = (typeof NAMES)[number];

export const isName = (text: string): text is Name => (NAMES as readonly string[]).includes(text);

/** What the source of `name` declares. @throws Error when it declares nothing */
export function declaredAddress(root: string, name: Name): PublicKey {
  const text = readFileSync(join(root, 'programs', name, 'src', 'lib.rs'), 'utf8');
  const found = /declare_id!\("(\w{32,44})"\)/.exec(text);
  if (!found) throw new Error(`programs/${name}/src/lib.rs: no declare_id!`);
  return new PublicKey(found[1]);
}

/** Rewrites the sources under `root`, and names the files that changed. Doing it again changes nothing. */
export function rewriteAddresses(root: string, wanted: ReadonlyMap<Name, PublicKey>): string[] {
  const changes = [...wanted].map(([name, to]) => ({ from: declaredAddress(root, name), to }));
  const final = NAMES.map((name) => (wanted.get(name) ?? declaredAddress(root, name)).toBase58());
  if (new Set(final).size !== NAMES.length)
    throw new Error('--program: two programs cannot have one address');
  const changed: string[] = [];
  for (const file of ['Anchor.toml', ...sources(root, 'programs')]) {
    const before = readFileSync(join(root, file), 'utf8');
    const after = replaced(before, changes);
    if (after === before) continue;
    writeFileSync(join(root, file), after);
    changed.push(file);
  }
  return changed;
}

interface Change {
  from: PublicKey;
  to: PublicKey;
}

/** All at once, so that two programs may swap their addresses. */
function replaced(text: string, changes: Change[]): string {
  const next = new Map(changes.map(({ from, to }) => [from.toBase58(), to]));
  return text
    .replace(/\b[1-9A-HJ-NP-Za-km-z]{32,44}\b/g, (word) => next.get(word)?.toBase58() ?? word)
    .replace(/\[\s*((?:\d{1,3},\s*){31}\d{1,3}),?\s*\]/g, (array, numbers: string) => {
      const bytes = numbers.split(',').map(Number);
      if (bytes.some((byte) => byte > 255)) return array;
      const to = next.get(new PublicKey(Uint8Array.from(bytes)).toBase58());
      return to ? arrayText(to) : array;
    });
}

function arrayText(key: PublicKey): string {
  const bytes = [...key.toBytes()];
  return `[\n    ${bytes.slice(0, 16).join(', ')},\n    ${bytes.slice(16).join(', ')},\n]`;
}

/** Rust files under a folder of `root`, by their paths from there. */
function sources(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return entry.name === 'target' ? [] : sources(root, path);
      return entry.name.endsWith('.rs') ? [path] : [];
    });
}
