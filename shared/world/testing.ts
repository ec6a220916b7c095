import { ACTION_COUNT } from './actions.ts';
import { TONE_NAMES } from './balance.ts';
import { Inputs } from './inputs.ts';
import { step } from './step.ts';
import type { Terrain } from './terrain.ts';
import { createWorld, type World } from './world.ts';

/** A small generator for tests and vectors (xorshift32); the world's own chance stays the world's. */
export function chance(seed: number): (bound: number) => number {
  let x = seed | 1;
  return (bound) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % bound;
  };
}

/** Fills `inputs` with what an unruly crowd would send at a tick: joins, leaves, acts of all kinds, some of them nonsense. */
export function crowd(inputs: Inputs, below: (bound: number) => number, capacity: number): void {
  inputs.clear();
  for (let n = below(6); n > 0; n--) {
    const agent = below(capacity + 1) - (below(40) === 0 ? 1 : 0);
    const what = below(30);
    if (what === 0) inputs.leave(agent);
    else if (what <= 3)
      inputs.join(agent, {
        role: below(5),
        tag: below(1000),
        fruit: below(14),
        crystal: below(13),
        bankedCrystal: below(100),
        coins: below(40),
      });
    else if (what === 4) inputs.speak(agent, below(capacity + 1), below(TONE_NAMES.length + 1));
    else inputs.act(agent, below(ACTION_COUNT + 1), below(6));
  }
}

/** A world after `ticks` of a crowd's doings, for hashes that must be the same everywhere. */
export function playCrowd(terrain: Terrain, seed: number, ticks: number, capacity = 24): World {
  const world = createWorld(terrain, { seed, capacity });
  const below = chance(seed);
  const inputs = new Inputs(64);
  for (let t = 0; t < ticks; t++) {
    crowd(inputs, below, capacity);
    step(world, inputs);
  }
  return world;
}
