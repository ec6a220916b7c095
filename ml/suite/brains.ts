import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RoleMind } from './jobs.ts';
import { judged } from './policies.ts';
import { ScenarioError, SUITE_ROLES } from './scenario.ts';

const COMMITTED = fileURLToPath(new URL('../../assets/brains', import.meta.url));

/**
 * The brains of all roles in a folder (the committed ones unless said) as inhabitants. @param blind habits are hidden from them
 * @throws ScenarioError when one is missing
 */
export function inhabitants(blind = false, folder = COMMITTED): RoleMind[] {
  return SUITE_ROLES.map((role) => {
    const file = path.join(folder, `${role}.safetensors`);
    if (!existsSync(file)) throw new ScenarioError(`${file}: is missing`);
    return { role, judged: { ...judged(file), name: `${role} brain`, blind } };
  });
}

/** All roles by their scripted rule. */
export const scriptedInhabitants = (): RoleMind[] =>
  SUITE_ROLES.map((role) => ({ role, judged: { name: 'scripted' } }));
