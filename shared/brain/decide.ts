/**
 * The decision rule of law 4: the Gumbel-max trick on integers. Each legal action's logit (1/256 nat)
 * gets a Gumbel value from a fixed table, drawn by a hash of (world seed, tick, NPC, action); the
 * greatest sum wins, the lowest index on a tie. So actions fall with the probabilities of a softmax,
 * and whoever knows the four numbers can decide again and get the same action.
 */
import { GUMBEL } from './gumbel.ts';
import { MAX_OUTPUTS, NetworkError } from './network.ts';

/** Less than any logit plus Gumbel value (see MAX_BIAS). */
const LOWEST = -(2 ** 31);
/** 2^32 divided by the golden ratio: what one action's hash input differs from the next's. */
const STEP = 0x9e3779b9;

/** MurmurHash3's 32-bit finaliser: a bijection of u32; shifts, xors and two wrapping multiplications. */
export function mix32(h: number): number {
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** What all actions of one decision share: mix(mix(mix(worldSeed) ^ tick) ^ npc), u32. */
export function decisionHash(worldSeed: number, tick: number, npc: number): number {
  return mix32(mix32(mix32(worldSeed) ^ tick) ^ npc);
}

/** Entry of the Gumbel table that `action` draws: the top ten bits of mix(hash + (action + 1) · STEP). */
export function gumbelIndex(hash: number, action: number): number {
  return mix32((hash + Math.imul(action + 1, STEP)) | 0) >>> 22;
}

function requireU32(field: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new NetworkError(field, `must be an integer from 0 to 4294967295, is ${value}`);
  }
}

/**
 * Decides among the first `logits.length` actions.
 * @param logits int32 in 1/256 nat, 1..16 of them, as `forward` gives them
 * @param mask bit a is set where action a is legal; bits at and above `logits.length` are ignored
 * @returns the action; 0 (wait, always legal by the world's rules) when no bit is left in the mask
 * @throws NetworkError when a number is no u32 or there are not 1..16 logits
 */
export function decide(
  logits: Int32Array,
  mask: number,
  worldSeed: number,
  tick: number,
  npc: number,
): number {
  requireU32('mask', mask);
  requireU32('worldSeed', worldSeed);
  requireU32('tick', tick);
  requireU32('npc', npc);
  const actions = logits.length;
  if (actions < 1 || actions > MAX_OUTPUTS) {
    throw new NetworkError('logits.length', `must be from 1 to ${MAX_OUTPUTS}, is ${actions}`);
  }
  const hash = decisionHash(worldSeed, tick, npc);
  let chosen = 0;
  let best = LOWEST;
  for (let action = 0; action < actions; action++) {
    if (((mask >>> action) & 1) === 0) continue;
    const score = logits[action] + GUMBEL[gumbelIndex(hash, action)];
    if (score > best) {
      best = score;
      chosen = action;
    }
  }
  return chosen;
}
