import { ACTION_COUNT, GATHER, GIVE, GUARD, STRIKE, TRADE, WAIT, WALK_FIRST, WALK_LAST } from '../actions.ts';
import type { World } from '../world.ts';
import { gather } from './gather.ts';
import { give } from './give.ts';
import { guard } from './guard.ts';
import { strike } from './strike.ts';
import { trade } from './trade.ts';
import { walk } from './walk.ts';

type Verb = (world: World, agent: number) => void;

/** What each action does in a tick. A new verb is a new file and a line here. */
export const VERBS: readonly Verb[] = (() => {
  const verbs: Verb[] = new Array(ACTION_COUNT);
  verbs[WAIT] = () => {};
  for (let a = WALK_FIRST; a <= WALK_LAST; a++) verbs[a] = walk;
  verbs[STRIKE] = strike;
  verbs[GUARD] = guard;
  verbs[GATHER] = gather;
  verbs[GIVE] = give;
  verbs[TRADE] = trade;
  return verbs;
})();
