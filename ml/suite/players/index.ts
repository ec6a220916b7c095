import type { Body, Manner } from '../body.ts';
import { griefer, kiter, liar, robber, rusher, turtle } from './fighters.ts';
import { ambusher, pack, pedlar, sentry, sturdy, timid } from './inhabitants.ts';
import { courier, giver, hoarder, merchant, newcomer, pacifist, SKILLS, traveller } from './peaceful.ts';

/** A player who does as one of the others does, and takes up another manner every so often. */
export function changing(manners: readonly Manner[], ticks: number): Manner {
  return (body: Body) => {
    if (body.every('change', ticks)) body.set('manner', body.below(manners.length));
    return manners[body.note('manner')](body);
  };
}

/** Everyone whom a scenario can name, beside `scripted` and `random`. */
export const MANNERS = {
  rusher,
  kiter,
  hoarder,
  pacifist,
  griefer,
  newcomer,
  courier,
  turtle,
  robber,
  giver,
  liar,
  merchant,
  traveller: traveller(SKILLS.regular),
  timid,
  sturdy,
  pack,
  ambusher,
  sentry,
  pedlar,
  moody: changing([pacifist, robber, giver, turtle, hoarder, rusher], 400),
} as const satisfies Record<string, Manner>;

export type MannerName = keyof typeof MANNERS;
