import type { SymbiontState } from '../../programs/client/index.ts';
import { CONSTANTS } from '../../programs/client/index.ts';
import type { SymbiontRow } from '../store/identities.ts';

/** One side of a pair: whose it is, the symbiont that walks with them, and what the chain says of it. */
export interface Side {
  /** What the reader calls them. */
  name: string;
  symbiont: Pick<SymbiontRow, 'asset' | 'name' | 'minted' | 'held' | 'stage' | 'collection'> | null;
  state: Pick<SymbiontState, 'stage' | 'rested'> | null;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

function duration(seconds: number): string {
  if (seconds >= 2 * HOUR) return `${Math.ceil(seconds / HOUR)} hours`;
  return seconds > MINUTE ? `${Math.ceil(seconds / MINUTE)} minutes` : 'a minute';
}

/** Why these two cannot have a child now, as a sentence for who asks; null: they can. `now`: Unix seconds. */
export function against(mine: Side, theirs: Side, now: number): string | null {
  for (const { name, symbiont, state } of [mine, theirs]) {
    if (!symbiont) return `${name}: has no symbiont yet`;
    if (!symbiont.minted || !state) return `${symbiont.name}: is still hatching`;
    if (symbiont.held === 'moving') return `${symbiont.name}: is moving to a wallet; try again in a moment`;
    if (state.stage < CONSTANTS.BREEDING_STAGE)
      return `${symbiont.name}: is a seed; it has to sprout before it can have a child`;
    const rests = Number(state.rested) - now;
    if (rests > 0) return `${symbiont.name}: rests for ${duration(rests)} more`;
  }
  if (mine.symbiont?.asset === theirs.symbiont?.asset) return 'symbiont: both are one';
  if (mine.symbiont?.collection !== theirs.symbiont?.collection)
    return `${theirs.symbiont?.name}: is of another collection`;
  return null;
}
