import { describe, expect, it } from 'vitest';
import {
  CRYSTAL,
  createWorld,
  EVENT,
  EventList,
  FORAGER,
  FRUIT,
  GUARDIAN,
  HEADER,
  Inputs,
  RAIDER,
  step,
  WANDERER,
  type World,
} from '#shared/world/index.ts';
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

describe('what is done to others', () => {
  /** A guard (0) and another far off (1), both learners, a forager (3), a raider (4), players (5: harmless, 6: a robber). */
  const place = (): World => {
    const world = createWorld(meadow(), { seed: 1, capacity: 8 });
    const inputs = new Inputs(8);
    const roles = [GUARDIAN, GUARDIAN, GUARDIAN, FORAGER, RAIDER, WANDERER, WANDERER];
    for (const [i, role] of roles.entries()) inputs.join(i, { role, tag: i + 1 });
    step(world, inputs);
    roles.forEach((_, i) => {
      world.x[i] = (3 + i) * 256;
      world.y[i] = 20 * 256;
    });
    world.x[1] = 30 * 256;
    world.x[2] = 29 * 256;
    world.outlaw[6] = 1;
    world.infamy[6] = 16384;
    return world;
  };
  const of = (
    weights: Record<string, number>,
    event: [number, number, number, number],
    change = (_: World) => {},
  ) => {
    const world = place();
    change(world);
    const list = new EventList(4);
    list.push(...event);
    const rewards = new Float32Array(LEARNERS);
    new Rewarder(weights).add(list, LEARNERS, rewards, 0, world);
    return [...rewards];
  };

  it('falls to the nearest guard, however far, where one is robbed by a raider or a player', () => {
    expect(of({ 'ally-robbed': -1 }, [EVENT.stole, 4, 3, CRYSTAL])).toEqual([-1, 0, 0]);
    expect(of({ 'ally-robbed': -1 }, [EVENT.stole, 6, 3, CRYSTAL])).toEqual([-1, 0, 0]);
    const away = (world: World) => {
      world.y[0] = 3 * 256;
      world.x[3] = 25 * 256;
    };
    expect(of({ 'ally-robbed': -1 }, [EVENT.stole, 4, 3, CRYSTAL], away)).toEqual([0, 0, -1]);
    expect(of({ 'ally-wounded': -0.5 }, [EVENT.hit, 4, 5, 8])).toEqual([-4, 0, 0]);
  });

  it('leaves out what happens to raiders and robbers, and what foragers take back', () => {
    for (const [actor, target] of [
      [3, 4],
      [4, 6],
      [3, 5],
      [0, 4],
    ])
      expect(of({ 'ally-robbed': -1 }, [EVENT.stole, actor, target, FRUIT])).toEqual([0, 0, 0]);
  });

  it('knows the outlaw that guards look for from others', () => {
    const cry = (world: World) => {
      world.header[HEADER.wanted] = 7;
      world.header[HEADER.wantedTick] = world.tick;
    };
    const weights = { 'struck-wanted': 2, 'felled-wanted': 5 };
    expect(of(weights, [EVENT.hit, 0, 6, 14], cry)).toEqual([2, 0, 0]);
    expect(of(weights, [EVENT.down, 1, 6, 0], cry)).toEqual([0, 5, 0]);
    expect(of(weights, [EVENT.hit, 0, 5, 14], cry)).toEqual([0, 0, 0]);
    expect(of(weights, [EVENT.hit, 0, 6, 14])).toEqual([0, 0, 0]);
  });

  it('pays a guard for work done within ten tiles of it', () => {
    expect(of({ 'ally-gathered': 1 }, [EVENT.gathered, 3, FRUIT, 1])).toEqual([1, 0, 0]);
    const far = (world: World) => {
      world.x[3] = 18 * 256;
    };
    expect(of({ 'ally-gathered': 1 }, [EVENT.gathered, 3, FRUIT, 1], far)).toEqual([0, 0, 0]);
  });

  it('tells a blow on a raider or robber from one on the harmless', () => {
    const weights = { 'drove-off': 1, 'felled-offender': 5, 'hit-innocent': -3 };
    expect(of(weights, [EVENT.hit, 0, 4, 14])).toEqual([1, 0, 0]);
    expect(of(weights, [EVENT.hit, 0, 6, 14])).toEqual([1, 0, 0]);
    expect(of(weights, [EVENT.down, 0, 6, 0])).toEqual([5, 0, 0]);
    expect(of(weights, [EVENT.hit, 0, 5, 14])).toEqual([-3, 0, 0]);
    // Whoever threatened this guard is none of the harmless for it, though for the other.
    const threatened = (world: World) => {
      world.knows[0] = world.tag[5];
      world.harm[0] = 12288;
    };
    expect(of(weights, [EVENT.hit, 0, 5, 14], threatened)).toEqual([1, 0, 0]);
    expect(of(weights, [EVENT.hit, 1, 5, 14], threatened)).toEqual([0, -3, 0]);
  });

  it('tells being fooled by one whom everybody knows from bad luck with a stranger', () => {
    const weights = { robbed: -1, 'fooled-robbed': -3, 'fooled-wounded': -1, 'fooled-thwarted': -5 };
    expect(of(weights, [EVENT.stole, 5, 0, FRUIT])).toEqual([-1, 0, 0]);
    expect(of(weights, [EVENT.stole, 6, 0, FRUIT])).toEqual([-4, 0, 0]);
    expect(of(weights, [EVENT.hit, 5, 0, 16])).toEqual([0, 0, 0]);
    expect(of(weights, [EVENT.blocked, 0, 5, 0])).toEqual([0, 0, 0]);
    const known = (world: World) => {
      world.habitStrike[5] = world.habitGuard[5] = 20_000;
      world.habitStrike[4] = 20_000;
    };
    expect(of(weights, [EVENT.hit, 5, 0, 16], known)).toEqual([-16, 0, 0]);
    expect(of(weights, [EVENT.blocked, 0, 5, 0], known)).toEqual([-5, 0, 0]);
    // What raiders do is no surprise to anybody.
    expect(of(weights, [EVENT.hit, 4, 0, 8], known)).toEqual([0, 0, 0]);
  });

  it('counts coins got and paid', () => {
    expect(of({ earned: 0.5, spent: -0.25 }, [EVENT.paid, 1, 1, 8])).toEqual([0, 4, 0]);
    expect(of({ earned: 0.5, spent: -0.25 }, [EVENT.paid, 2, 0, 8])).toEqual([0, 0, -2]);
  });
});
