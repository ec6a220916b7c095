import { neutral, OBSERVATION_NAMES } from '#shared/world/index.ts';

/** The place of a named feature in an observation. @throws RangeError on an unknown name. */
export function feature(name: string): number {
  const at = OBSERVATION_NAMES.indexOf(name);
  if (at < 0) throw new RangeError(`observation: has no feature "${name}"`);
  return at;
}

/** The features that scripted policies read, by place. */
export const F = {
  health: feature('health'),
  stamina: feature('stamina'),
  hunger: feature('hunger'),
  fruit: feature('fruit'),
  crystal: feature('crystal'),
  ready: feature('ready'),
  home: feature('home'),
  homeDx: feature('home dx'),
  homeNear: feature('home near'),
  freeEast: feature('free e'),
  fruitDx: feature('fruit dx'),
  fruitNear: feature('fruit near'),
  crystalDx: feature('crystal dx'),
  crystalNear: feature('crystal near'),
  gatherable: feature('gatherable'),
  enemyDx: feature('enemy 1 dx'),
  enemyNear: feature('enemy 1 near'),
  enemyHealth: feature('enemy 1 health'),
  enemyGoods: feature('enemy 1 goods'),
  enemyStance: feature('enemy 1 stance'),
  enemyRole: feature('enemy 1 role'),
  enemies: feature('enemies'),
  strikes: feature('enemy 1 strikes'),
  guards: feature('enemy 1 guards'),
  gathers: feature('enemy 1 gathers'),
  robs: feature('enemy 1 robs'),
  harmed: feature('enemy 1 harmed me'),
  warded: feature('enemy 1 caught my blows'),
  kind: feature('enemy 1 was kind to me'),
  looted: feature('enemy 1 lost goods to me'),
  friendDx: feature('friend dx'),
  friendNear: feature('friend near'),
  friendGoods: feature('friend goods'),
  friendHurt: feature('friend hurt'),
  coins: feature('coins'),
  heat: feature('heat'),
  hotDx: feature('hot dx'),
  hurt: feature('hurt'),
  enemyFarDx: feature('enemy 1 far dx'),
} as const;

/** What a network subtracts from each feature, so that a signed one lies around zero: 64 for `dx` and `dy`. */
export const OFFSETS: Uint8Array = Uint8Array.from(OBSERVATION_NAMES, (_, i) => neutral(i));
