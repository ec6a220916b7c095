import { readFileSync } from 'node:fs';
import { brainId, type Kernel } from '#shared/brain/index.ts';
import { brainPolicy, type Policy } from '../env/policy.ts';
import { parseBrain } from '../opponents.ts';
import { randomPolicy, roleNumber, scriptedPolicy } from '../scripted/index.ts';
import { ScenarioError } from './scenario.ts';

/** Whom a suite judges: `scripted`, `random`, or a brain as bytes. `blind`: habits are hidden from it (the ablation). */
export interface Judged {
  readonly name: string;
  readonly brain?: Uint8Array;
  readonly blind?: boolean;
}

/** `scripted`, `random`, or the brain in a file. @throws Error when the file cannot be read. */
export function judged(name: string): Judged {
  if (name === 'scripted' || name === 'random') return { name };
  try {
    return { name, brain: Uint8Array.from(readFileSync(name)) };
  } catch (error) {
    throw new ScenarioError(`${name}: cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
}

/** @throws Error when a brain cannot play here, or is of another role. */
export function policyOf({ name, brain }: Judged, role: string, kernel: Kernel): Policy {
  if (!brain) {
    if (name === 'scripted') return scriptedPolicy(roleNumber(role));
    if (name === 'random') return randomPolicy();
    throw new ScenarioError(`${name}: is none of scripted, random, and no brain`);
  }
  const mine = loaded.get(kernel) ?? new Map<string, Policy>();
  loaded.set(kernel, mine);
  const { id, manifest, network } = parseBrain(brain, name);
  if (manifest.role !== role) throw new ScenarioError(`${name}: is a ${manifest.role}, not a ${role}`);
  const policy = mine.get(id) ?? brainPolicy(name, kernel, network);
  mine.set(id, policy);
  return policy;
}

/** A brain is loaded into a kernel once, however many jobs name it. */
const loaded = new WeakMap<Kernel, Map<string, Policy>>();

/** The brain's id, or the name of a rule. */
export const idOf = ({ name, brain }: Judged): string => (brain ? brainId(brain) : name);
