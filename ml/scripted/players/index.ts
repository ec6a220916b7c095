import type { Rule } from '../../env/policy.ts';
import {
  camper,
  courier,
  gatherer,
  giver,
  hoarder,
  newcomer,
  pacifist,
  stroller,
  tradesman,
  visitor,
} from './peaceful.ts';
import { bully, griefer, kiter, robber, rusher, turtle } from './rough.ts';

/**
 * The manners that players have, and how many in a crowd have each. Two in three are harmless, many of them close to those who work, so that what one does well
 * to do before a stranger differs from what one does well to do before one that is known.
 */
const CROWD: readonly (readonly [name: string, rule: Rule, share: number])[] = [
  ['stroller', stroller, 2],
  ['gatherer', gatherer, 2],
  ['courier', courier, 3],
  ['camper', camper, 2],
  ['giver', giver, 1],
  ['pacifist', pacifist, 1],
  ['hoarder', hoarder, 1],
  ['newcomer', newcomer, 2],
  ['tradesman', tradesman, 1],
  ['visitor', visitor, 6],
  ['robber', robber, 3],
  ['bully', bully, 1],
  ['turtle', turtle, 2],
  ['kiter', kiter, 2],
  ['rusher', rusher, 1],
  ['griefer', griefer, 1],
];
const SHARES = CROWD.flatMap(([, rule, share]) => new Array<Rule>(share).fill(rule));

/** Another manner every thirteen seconds. */
const varied: Rule = (o, at, mask, draw) => SHARES[(draw.mood >>> 12) % SHARES.length](o, at, mask, draw);

/** Each manner by its name; `scripted:NAME` names it in a behaviour file. */
export const MANNERS: ReadonlyMap<string, Rule> = new Map([
  ...CROWD.map(([name, rule]): [string, Rule] => [name, rule]),
  ['varied', varied],
]);

/** As players do: each keeps one manner for as long as it stays; one in sixteen changes it all the time. */
const EVERYBODY: readonly Rule[] = [...SHARES, varied, varied];
export const players: Rule = (o, at, mask, draw) =>
  EVERYBODY[(draw.who >>> 8) % EVERYBODY.length](o, at, mask, draw);
