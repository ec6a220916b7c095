import { createRequire } from 'node:module';
import { HELD_OUT, ICONS } from '../companions/index.ts';

interface Metadata {
  readonly categories: Readonly<Record<string, readonly string[]>>;
}

let metadata: Metadata | undefined;
const category = (name: string): readonly string[] => {
  metadata ??= createRequire(import.meta.url)('@iconify-json/fluent-emoji-flat/metadata.json') as Metadata;
  return metadata.categories[name];
};

/** Pictures of nature that are hardly a creature's: marks, webs, single leaves. */
const NO_CREATURES = ['paw-prints', 'spider-web', 'feather', 'wing', 'pig-nose', 'empty-nest'];

/**
 * Real pictures that no model and no judge has learnt from: those that the companions leave out, and every animal and
 * plant that they do not use.
 */
export function heldOutNames(): string[] {
  const learnt = new Set(ICONS.map(({ name }) => name));
  const names = new Set([...HELD_OUT, ...category('Animals & Nature')]);
  return [...names].filter((name) => !learnt.has(name) && !NO_CREATURES.includes(name)).sort();
}

/** Real pictures that are no creatures: what the judge of forms learns to tell apart beside the companions. */
export function otherNames(): string[] {
  const used = new Set([...ICONS.map(({ name }) => name), ...heldOutNames()]);
  const names = ['Activities', 'Food & Drink', 'Objects', 'Travel & Places'].flatMap(category);
  return [...new Set(names)].filter((name) => !used.has(name)).sort();
}
