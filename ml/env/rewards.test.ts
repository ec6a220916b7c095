import { describe, expect, it } from 'vitest';
import { CRYSTAL, createWorld, EVENT, EventList, FRUIT } from '#shared/world/index.ts';
import { meadow } from '#shared/world/meadow.ts';
import { Rewarder, TERM_NAMES } from './rewards.ts';

const LEARNERS = 3;
const world = createWorld(meadow(), { seed: 1, capacity: 8 });

function worth(
  weights: Record<string, number>,
  events: readonly [number, number, number, number][],
): number[] {
  const list = new EventList(32);
  for (const [kind, actor, target, amount] of events) list.push(kind, actor, target, amount);
  const rewards = new Float32Array(LEARNERS + 2);
  const rewarder = new Rewarder(weights);
  rewarder.add(list, LEARNERS, rewards, 1, world);
  expect(rewards[0]).toBe(0);
  expect(rewards[LEARNERS + 1]).toBe(0);
  return [...rewards.subarray(1, LEARNERS + 1)];
}

describe('Rewarder', () => {
  it('rewards the actor, and the target under its own name', () => {
    const stolen: [number, number, number, number] = [EVENT.stole, 0, 2, CRYSTAL];
    expect(worth({ stole: 1 }, [stolen])).toEqual([1, 0, 0]);
    expect(worth({ robbed: -2 }, [stolen])).toEqual([0, 0, -2]);
    expect(worth({ stole: 1, robbed: -2 }, [stolen, stolen])).toEqual([2, 0, -4]);
  });

  it('counts health where a name says so', () => {
    const hit: [number, number, number, number] = [EVENT.hit, 1, 0, 14];
    expect(worth({ hit: 1 }, [hit])).toEqual([0, 1, 0]);
    expect(worth({ damage: 1 }, [hit])).toEqual([0, 14, 0]);
    expect(worth({ wounded: -0.5 }, [hit])).toEqual([-7, 0, 0]);
    expect(worth({ starved: -1 }, [[EVENT.starved, 2, -1, 1]])).toEqual([0, 0, -1]);
  });

  it('tells fruit from crystals, gathered and banked', () => {
    const events: [number, number, number, number][] = [
      [EVENT.gathered, 0, FRUIT, 17],
      [EVENT.gathered, 1, CRYSTAL, FRUIT],
      [EVENT.banked, 0, -1, FRUIT],
      [EVENT.banked, 2, -1, CRYSTAL],
    ];
    expect(worth({ 'gathered-fruit': 1 }, events)).toEqual([1, 0, 0]);
    expect(worth({ 'gathered-crystal': 1 }, events)).toEqual([0, 1, 0]);
    expect(worth({ 'banked-fruit': 1 }, events)).toEqual([1, 0, 0]);
    expect(worth({ 'banked-crystal': 1 }, events)).toEqual([0, 0, 1]);
    expect(worth({ gathered: 1, banked: 1 }, events)).toEqual([2, 1, 1]);
  });

  it('knows who fell, also to hunger, where nobody brought one down', () => {
    expect(worth({ died: -1, defeated: 1 }, [[EVENT.down, -1, 1, 0]])).toEqual([0, -1, 0]);
    expect(worth({ died: -1, defeated: 1 }, [[EVENT.down, 0, 1, 0]])).toEqual([1, -1, 0]);
  });

  it('passes over agents that do not learn', () => {
    expect(worth({ hit: 1, wounded: -1 }, [[EVENT.hit, 4, 3, 14]])).toEqual([0, 0, 0]);
  });

  it('refuses unknown names and numbers that are none', () => {
    expect(() => new Rewarder({ toString: 1 })).toThrow(/toString/);
    expect(() => new Rewarder({ hit: Number.NaN })).toThrow(/rewards\.hit/);
    expect(TERM_NAMES.length).toBeGreaterThan(20);
  });
});
