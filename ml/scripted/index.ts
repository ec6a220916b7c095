import { FORAGER, RAIDER, ROLE_NAMES, type RoleName, WANDERER } from '#shared/world/index.ts';
import { type Policy, type Rule, random, rulePolicy } from '../env/policy.ts';
import { forager } from './forager.ts';
import { players } from './players.ts';
import { raider } from './raider.ts';

/** The scripted rule of a role, by its number. Guards and traders behave as players until they have their own. */
export function scriptedRule(role: number): Rule {
  if (role === FORAGER) return forager;
  if (role === RAIDER) return raider;
  return players;
}

export function scriptedPolicy(role: number): Policy {
  return rulePolicy('scripted', scriptedRule(role));
}

export function randomPolicy(): Policy {
  return rulePolicy('random', random);
}

/** The number of a role. @throws RangeError on an unknown name. */
export function roleNumber(name: string): number {
  const role = ROLE_NAMES.indexOf(name as RoleName);
  if (role < WANDERER) throw new RangeError(`role: "${name}" is none of ${ROLE_NAMES.join(', ')}`);
  return role;
}
