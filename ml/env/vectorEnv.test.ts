import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FORAGER, invariant, OBSERVATION_SIZE, RAIDER, WANDERER } from '#shared/world/index.ts';
import { randomPolicy, scriptedPolicy } from '../scripted/index.ts';
import { feature } from './features.ts';
import { Rewarder } from './rewards.ts';
import { loadTerrain } from './terrain.ts';
import { VectorEnv } from './vectorEnv.ts';

const make = (
  seed: number,
  change: Partial<{ warmupTicks: number; stagger: boolean; episodeTicks: number }> = {},
) =>
  new VectorEnv({
    terrain: loadTerrain(),
    worlds: 4,
    seed,
    role: RAIDER,
    learners: 3,
    opponents: [
      {
        role: FORAGER,
        count: 4,
        mix: [
          { policy: scriptedPolicy(FORAGER), weight: 1 },
          { policy: randomPolicy(), weight: 1 },
        ],
      },
      { role: WANDERER, count: 2, mix: [{ policy: scriptedPolicy(WANDERER), weight: 1 }] },
    ],
    episodeTicks: 80,
    warmupTicks: 400,
    rewarder: new Rewarder({ hit: 1, stole: 1, wounded: -0.1, walked: 0.5 }),
    stagger: true,
    ...change,
  });

/** Plays scripted for some steps; a hash over everything that a learner is told. */
function play(env: VectorEnv, steps: number): string {
  const policy = scriptedPolicy(RAIDER);
  const hash = createHash('sha256');
  const actions = new Uint8Array(env.size);
  for (let s = 0; s < steps; s++) {
    hash.update(env.rows.observations).update(new Uint8Array(env.rows.masks.buffer));
    policy.act(env.rows, actions);
    env.step(actions);
    hash.update(new Uint8Array(env.rewards.buffer)).update(env.truncated);
  }
  return hash.digest('hex');
}

describe('VectorEnv', () => {
  it('gives the same for the same seed and other things for another', () => {
    const first = play(make(1), 60);
    expect(play(make(1), 60)).toBe(first);
    expect(play(make(2), 60)).not.toBe(first);
  });

  it('goes on from a saved state as if it had not stopped', () => {
    const env = make(5);
    play(env, 33);
    const saved = structuredClone(env.save());
    const expected = play(env, 40);
    const other = make(5);
    play(other, 7);
    other.load(saved);
    expect(play(other, 40)).toBe(expected);
  });

  it('refuses a state of other options', () => {
    const env = make(1);
    const saved = env.save();
    expect(() => env.load({ ...saved, end: new Int32Array(1) })).toThrow(/other options/);
  });

  it('cuts each world off after its episode, the first ones staggered, and begins anew', () => {
    const env = make(3);
    const actions = new Uint8Array(env.size);
    const ends: number[][] = env.worlds.map(() => []);
    for (let s = 1; s <= 60; s++) {
      env.step(actions);
      for (let w = 0; w < 4; w++) {
        const cut = env.truncated.subarray(w * 3, w * 3 + 3);
        expect(new Set(cut).size).toBe(1);
        if (cut[0]) ends[w].push(s);
      }
    }
    expect(ends).toEqual([
      [5, 25, 45],
      [10, 30, 50],
      [15, 35, 55],
      [20, 40, 60],
    ]);
  });

  it('shows the last observation of an episode beside the first of the next', () => {
    const env = make(3, { stagger: false, warmupTicks: 0, episodeTicks: 120 });
    const actions = new Uint8Array(env.size);
    for (let s = 0; s < 30; s++) env.step(actions);
    expect([...env.truncated]).toEqual(new Array(env.size).fill(1));
    const shield = feature('shield');
    for (let n = 0; n < env.size; n++) {
      // New ones still have their shield; after six seconds nobody has.
      expect(env.rows.observations[n * OBSERVATION_SIZE + shield]).toBe(127);
      expect(env.finalObservations[n * OBSERVATION_SIZE + shield]).toBe(0);
    }
  });

  it('keeps the laws of the world, whatever the learners do', () => {
    const env = make(8);
    const policy = randomPolicy();
    const actions = new Uint8Array(env.size);
    for (let s = 0; s < 50; s++) {
      policy.act(env.rows, actions);
      env.step(actions);
    }
    for (const world of env.worlds) expect(invariant(world)).toBeNull();
  });
});
