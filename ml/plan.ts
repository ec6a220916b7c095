import path from 'node:path';
import { type Behavior, BehaviorError, readBehavior } from './behavior.ts';
import { readBrain } from './opponents.ts';
import { parametersOf } from './parent.ts';

/** What may take the place of a behaviour file's own words; see TrainOptions. */
export interface PlanOptions {
  readonly behaviorFile: string;
  readonly engine?: 'kernel' | 'tfjs';
  readonly parent?: string;
  readonly klAnchor?: number;
  readonly critic?: 'own' | 'central';
  readonly data?: string;
}

/** The behaviour that is trained, what it begins from, and all that the result is a function of. */
export interface Plan {
  readonly behavior: Behavior;
  readonly engine: 'kernel' | 'tfjs';
  readonly parent: { readonly id: string; readonly theta: Float32Array } | null;
  readonly data: string | null;
}

/** @throws BehaviorError naming the file, the field and the limit. */
export function planOf(options: PlanOptions): Plan {
  const read = readBehavior(options.behaviorFile);
  const parentFile =
    options.parent ?? (read.parent === undefined ? undefined : path.resolve(read.folder, read.parent));
  const { klAnchor = read.ppo.klAnchor, critic = read.ppo.critic, data = null } = options;
  if (!(klAnchor >= 0 && klAnchor <= 100))
    throw new BehaviorError(`klAnchor: must be from 0 to 100, is ${klAnchor}`);
  if (klAnchor > 0 && parentFile === undefined)
    throw new BehaviorError('klAnchor: there is no parent to hold on to');
  if (data !== null && !/^[0-9a-f]{64}$/.test(data))
    throw new BehaviorError('data: must be a Merkle root, 64 hex digits');
  // A parent takes the teacher's place.
  const imitation = parentFile === undefined ? read.imitation : { steps: 0 };
  const behavior = { ...read, imitation, ppo: { ...read.ppo, klAnchor, critic } };
  if (parentFile === undefined) return { behavior, engine: options.engine ?? 'kernel', parent: null, data };
  const brain = readBrain(parentFile);
  try {
    const theta = parametersOf(brain.network, behavior.network);
    return { behavior, engine: options.engine ?? 'kernel', parent: { id: brain.id, theta }, data };
  } catch (error) {
    throw new BehaviorError(`${parentFile}: ${error instanceof Error ? error.message : error}`);
  }
}
