import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Brain, decodeBrain } from '#shared/brain/file.ts';
import type { Kernel } from '#shared/brain/kernel.ts';
import {
  OBSERVATION_GROUPS,
  OBSERVATION_LAYOUT,
  OBSERVATION_SIZE,
  type Terrain,
} from '#shared/world/index.ts';
import { type Behavior, BehaviorError } from './behavior.ts';
import { brainPolicy, hiding, type Policy } from './env/policy.ts';
import { Rewarder } from './env/rewards.ts';
import { type Opponents, VectorEnv } from './env/vectorEnv.ts';
import { mannerPolicy, randomPolicy, roleNumber, scriptedPolicy, teacherPolicy } from './scripted/index.ts';

/** Reads a brain file that can play here. @throws Error naming the file and what is wrong. */
export function readBrain(file: string): Brain {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new BehaviorError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
  return parseBrain(bytes, file);
}

/** A brain's bytes as one that can play here. @throws Error naming `file` and what is wrong. */
export function parseBrain(bytes: Uint8Array, file: string): Brain {
  const brain = decodeBrain(Uint8Array.from(bytes));
  if (brain.manifest.observation !== OBSERVATION_LAYOUT)
    throw new BehaviorError(
      `${file}: reads observations "${brain.manifest.observation}", this world gives "${OBSERVATION_LAYOUT}"`,
    );
  if (brain.network.layers[0].inputs !== OBSERVATION_SIZE)
    throw new BehaviorError(
      `${file}: reads ${brain.network.layers[0].inputs} observations, not ${OBSERVATION_SIZE}`,
    );
  return brain;
}

/** Before a policy's name: the same without the habits in its observation (OBSERVATION_GROUPS.habits). */
export const ZEROED = 'zeroed:';

/** `scripted`, `scripted:MANNER` (players of one manner), `teacher`, `random`, or a brain file (relative to `folder`) as a policy for a role; with the brain's id, if one. */
export function resolvePolicy(
  name: string,
  role: string,
  folder: string,
  kernel: Kernel,
): { policy: Policy; id: string } {
  if (name === 'scripted') return { policy: scriptedPolicy(roleNumber(role)), id: name };
  if (name === 'teacher') return { policy: teacherPolicy(roleNumber(role)), id: name };
  if (name.startsWith(ZEROED)) {
    const { policy, id } = resolvePolicy(name.slice(ZEROED.length), role, folder, kernel);
    return { policy: hiding(OBSERVATION_GROUPS.habits, policy), id: `${ZEROED}${id}` };
  }
  if (name.startsWith('scripted:')) {
    if (role !== 'wanderer') throw new BehaviorError(`${name}: manners are of wanderers, not of a ${role}`);
    return { policy: mannerPolicy(name.slice(9)), id: name };
  }
  if (name === 'random') return { policy: randomPolicy(), id: name };
  const brain = readBrain(path.resolve(folder, name));
  return { policy: brainPolicy(name, kernel, brain.network), id: brain.id };
}

/** The opponents of a behaviour, and who they were: each `role: policy or brain id`. */
export function resolveOpponents(
  behavior: Behavior,
  kernel: Kernel,
): { opponents: Opponents[]; ids: string[] } {
  const ids: string[] = [];
  const opponents = behavior.opponents.map(({ role, count, mix }) => ({
    role: roleNumber(role),
    count,
    mix: mix.map(({ policy, weight }) => {
      const resolved = resolvePolicy(policy, role, behavior.folder, kernel);
      ids.push(`${role}: ${resolved.id}`);
      return { policy: resolved.policy, weight };
    }),
  }));
  return { opponents, ids };
}

/** The environment that a behaviour trains in, or a part of its worlds: `count` of them from `first` on. */
export function trainingEnv(
  behavior: Behavior,
  opponents: readonly Opponents[],
  terrain: Terrain,
  part = { first: 0, count: behavior.world.worlds },
): VectorEnv {
  return new VectorEnv({
    terrain,
    worlds: part.count,
    part: { first: part.first, of: behavior.world.worlds },
    seed: behavior.seed,
    role: roleNumber(behavior.role),
    learners: behavior.world.learners,
    opponents,
    episodeTicks: behavior.world.episode,
    warmupTicks: behavior.world.warmup,
    rewarder: new Rewarder(behavior.rewards),
    lives: behavior.world.lives,
    stagger: true,
  });
}
