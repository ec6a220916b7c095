import type { Draft } from '../draft.ts';

/** How long a creator may have it train. */
export const GOALS = [
  { steps: 150, name: 'A first look' },
  { steps: 1_200, name: 'Good' },
  { steps: 4_000, name: 'Fine' },
] as const;

export const runGoal = ({ run }: Draft): number => run?.goal ?? GOALS[1].steps;

/** A run's name: its goal, its seed, and its pictures (FNV-1a over their ids, which are random). */
export function runId(goal: number, seed: number, pictures: readonly { readonly id: string }[]): string {
  const ids = pictures.map(({ id }) => id).sort();
  let hash = 0x811c9dc5;
  for (const letter of ids.join()) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  return `${goal}.${seed}.${(hash >>> 0).toString(16).padStart(8, '0')}`;
}
