import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Brain, decodeBrain, encodeBrain } from '#shared/brain/file.ts';
import type { Network } from '#shared/brain/network.ts';
import { ACTION_COUNT, OBSERVATION_LAYOUT, OBSERVATION_SIZE, ROLE_NAMES } from '#shared/world/index.ts';
import { POPULATION } from '../zone/minds.ts';

/** A brain file of untrained weights, for tests that need NPCs that decide, not NPCs that are wise. */
export function untrainedBrain(role: string, seed = 1): Uint8Array {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 24) - 128;
  };
  const layer = (inputs: number, outputs: number, shift: number) => ({
    inputs,
    outputs,
    shift,
    weights: Int8Array.from({ length: inputs * outputs }, random),
    bias: Int32Array.from({ length: outputs }, () => random() * 16),
  });
  const network: Network = { layers: [layer(OBSERVATION_SIZE, 32, 8), layer(32, ACTION_COUNT - 1, 4)] };
  return encodeBrain({
    role,
    name: `Untrained ${role}`,
    observation: OBSERVATION_LAYOUT,
    network,
    provenance: { seed },
  });
}

export function untrainedBrains(seed = 1): Map<string, Brain> {
  return new Map(
    POPULATION.map(({ role }) => [ROLE_NAMES[role], decodeBrain(untrainedBrain(ROLE_NAMES[role], seed))]),
  );
}

/** Writes such brains to a directory, as SYMBIONT_BRAINS wants it. */
export function writeBrains(dir: string, seed = 1): string {
  mkdirSync(dir, { recursive: true });
  for (const { role } of POPULATION)
    writeFileSync(join(dir, `${ROLE_NAMES[role]}.safetensors`), untrainedBrain(ROLE_NAMES[role], seed));
  return dir;
}
