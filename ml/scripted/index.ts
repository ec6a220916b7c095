import {
  FORAGER,
  GUARDIAN,
  RAIDER,
  ROLE_NAMES,
  type RoleName,
  TRADER,
  WANDERER,
} from '#shared/world/index.ts';
import { type Policy, type Rule, random, rulePolicy } from '../env/policy.ts';
import { forager } from './forager.ts';
import { guard } from './guard.ts';
import { MANNERS, players } from './players/index.ts';
import { raider } from './raider.ts';
import { trader } from './trader.ts';
import { teacherRule } from './wary.ts';

/** The scripted rule of a role, by its number. */
export function scriptedRule(role: number): Rule {
  if (role === FORAGER) return forager;
  if (role === RAIDER) return raider;
  if (role === GUARDIAN) return guard;
  if (role === TRADER) return trader;
  return players;
}

export function scriptedPolicy(role: number): Policy {
  return rulePolicy('scripted', scriptedRule(role));
}

/** Players who all have one manner (`scripted:NAME` in a behaviour). @throws RangeError on an unknown name. */
export function mannerPolicy(name: string): Policy {
  const rule = MANNERS.get(name);
  if (!rule) throw new RangeError(`manner: "${name}" is none of ${[...MANNERS.keys()].join(', ')}`);
  return rulePolicy(`scripted:${name}`, rule);
}

/** Whom training imitates first (wary.ts); for a role without a teacher of its own the scripted rule. */
export function teacherPolicy(role: number): Policy {
  return rulePolicy('teacher', teacherRule(role) ?? scriptedRule(role));
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
