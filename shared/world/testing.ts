import { ACTION_COUNT } from './actions.ts';
import { FRUIT, TONE_NAMES } from './balance.ts';
import { Inputs } from './inputs.ts';
import { step } from './step.ts';
import type { Terrain } from './terrain.ts';
import { createWorld, HEADER, invariant, type World } from './world.ts';

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

/** What a test does to its world. */
export interface Hands {
  /**
   * Steps with the inputs that `fill` writes. @returns what happened, as [kind, actor, target, amount]
   * @throws Error naming what no longer holds in the world
   */
  tick(fill?: (inputs: Inputs) => void): number[][];
  /** Sets an agent down in the middle of a tile, unshielded. */
  put(agent: number, tileX: number, tileY: number): void;
  /** Lets an agent carry so many of a good (FRUIT or CRYSTAL), as if it had brought them into the world. */
  carry(agent: number, good: number, count: number): void;
}

/** Hands on the world that `current` gives, asked anew each time: tests make theirs before each case. */
export function handsOn(current: () => World): Hands {
  const inputs = new Inputs(32);
  return {
    tick: (fill = () => {}) => {
      const world = current();
      inputs.clear();
      fill(inputs);
      step(world, inputs);
      const broken = invariant(world);
      if (broken) throw new Error(`tick ${world.tick}: ${broken}`);
      const { count, words } = world.events;
      return Array.from({ length: count }, (_, e) => Array.from(words.subarray(e * 4, e * 4 + 4)));
    },
    put: (agent, tileX, tileY) => {
      const world = current();
      world.x[agent] = tileX * 256 + 128;
      world.y[agent] = tileY * 256 + 128;
      world.shield[agent] = 0;
    },
    carry: (agent, good, count) => {
      const world = current();
      const held = good === FRUIT ? world.fruit : world.crystal;
      world.header[HEADER.broughtIn + good] += count - held[agent];
      held[agent] = count;
    },
  };
}
