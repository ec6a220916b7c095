import { describe, expect, it } from 'vitest';
import { EVENT, EventList, RAIDER } from '#shared/world/index.ts';
import { Arena } from './arena.ts';
import { inhabitants } from './brains.ts';
import { Encounters } from './encounter.ts';
import { suiteMap } from './maps/index.ts';
import { MEASURE_NAMES, Tally } from './measures.ts';
import { MANNERS } from './players/index.ts';
import { evaluateSuite, fairness } from './suite.ts';

const scripted = { name: 'scripted' };
const random = { name: 'random' };
const few = { episodes: 12, seed: 3, scenarios: ['forager-crowd', 'forager-alone'] };

describe('evaluateSuite', () => {
  it('comes to the same figures in this thread, on two threads, and again', async () => {
    const alone = await evaluateSuite('forager', [scripted, random], { ...few, threads: 0 });
    let told = [0, 0];
    const together = await evaluateSuite('forager', [scripted, random], {
      ...few,
      threads: 2,
      onDone: (done, all) => {
        told = [done, all];
      },
    });
    expect(together).toEqual(alone);
    expect(told).toEqual([48, 48]);
    const [first] = alone.scenarios[1].scores;
    expect(first.low).toBeLessThan(first.mean);
    expect(first.high).toBeGreaterThan(first.mean);
    expect(first.normalised?.mean).toBe(1);
    expect(alone.scenarios[1].scores[1].normalised?.mean).toBe(0);
    expect(first.perMinute.gathered).toBeGreaterThan(1);
    expect(alone.mean[0].difference).toEqual({ mean: 0, low: 0, high: 0, n: 12 });
    expect(alone.mean[1].difference.high).toBeLessThan(0);
  });

  it('another seed gives other games', async () => {
    const of = async (seed: number) =>
      (await evaluateSuite('forager', [scripted], { ...few, episodes: 2, seed, threads: 0 })).scenarios;
    expect(await of(1)).not.toEqual(await of(2));
  });

  it('what a brain does without habits differs from what it does with them', async () => {
    const [{ judged }] = inhabitants().filter(({ role }) => role === 'raider');
    const { mean } = await evaluateSuite('raider', [judged, { ...judged, blind: true }], {
      episodes: 4,
      threads: 0,
      scenarios: ['raider-strangers'],
    });
    expect(mean[1].difference.mean).not.toBe(0);
  });

  it.each([
    ['episodes', { episodes: 1 }, [scripted], /episodes: must be a whole number from 2 to 10000, is 1/],
    ['episodes', { episodes: 2.5 }, [scripted], /episodes: /],
    ['seed', { seed: -1 }, [scripted], /seed: /],
    [
      'scenarios',
      { scenarios: ['raider-couriers'] },
      [scripted],
      /scenarios: "raider-couriers" is none of forager-/,
    ],
    ['policies', {}, [], /policies: 1 to 16, there are 0/],
    ['name', { episodes: 2 }, [{ name: 'clever' }], /clever: is none of scripted, random, and no brain/],
    ['brain', { episodes: 2 }, [{ name: 'junk', brain: new Uint8Array(100) }], /./],
  ])('refuses a wrong %s', async (_what, options, policies, message) => {
    await expect(evaluateSuite('forager', policies, { threads: 0, ...options })).rejects.toThrow(message);
  });

  it('refuses a brain of another role, also from a thread', async () => {
    const [{ judged }] = inhabitants().filter(({ role }) => role === 'raider');
    await expect(evaluateSuite('forager', [judged], { ...few, threads: 1 })).rejects.toThrow(
      /raider brain: is a raider, not a forager/,
    );
  });
});

describe('fairness', () => {
  it('is a share of encounters with an interval, and says where there is none', async () => {
    const fair = await fairness('raider', scripted, { episodes: 2, threads: 0, levels: ['regular'] });
    expect(fair.levels.newcomer).toBeNull();
    expect(fair.chance).toEqual(fair.levels.regular);
    expect(fair.chance?.n).toBeGreaterThan(2);
    expect(fair.fair).toBe(fair.verdict === 'within');
  });
});

describe('an encounter', () => {
  const seats = [0, RAIDER, RAIDER].map((role, i) => ({
    who: { role, tag: i + 1 },
    mind: { manner: MANNERS.hoarder },
  }));
  const begin = () => {
    const arena = new Arena(suiteMap('clearing'), 1, seats);
    arena.run(4);
    const encounters = new Encounters(RAIDER);
    const { world } = arena;
    const happen = (...events: [number, number, number, number][]) => {
      world.events.clear();
      for (const event of events) world.events.push(...event);
      encounters.watch(world);
    };
    const wait = (ticks: number) => {
      world.header[2] += ticks;
      happen();
    };
    return { encounters, happen, wait };
  };

  it('is lost by the player who goes down', () => {
    const { encounters, happen } = begin();
    happen([EVENT.hit, 0, 1, 16], [EVENT.hit, 1, 0, 8]);
    expect(encounters.outcomes).toEqual([]);
    happen([EVENT.down, 1, 0, 0]);
    expect(encounters.outcomes).toEqual([{ player: 0, won: 0, ended: 'player-down', others: 1 }]);
  });

  it('is won when all who took part are down', () => {
    const { encounters, happen } = begin();
    happen([EVENT.hit, 1, 0, 8], [EVENT.blocked, 2, 0, 0]);
    happen([EVENT.down, 0, 1, 0]);
    expect(encounters.outcomes).toEqual([]);
    happen([EVENT.down, 0, 2, 0]);
    expect(encounters.outcomes).toEqual([{ player: 0, won: 1, ended: 'others-down', others: 2 }]);
  });

  it.each([
    [8, 16, 1],
    [16, 8, 0],
    [8, 8, 0.5],
  ])('parted after %i lost and %i taken counts %d', (lost, taken, won) => {
    const { encounters, happen, wait } = begin();
    happen([EVENT.hit, 1, 0, lost], [EVENT.hit, 0, 1, taken]);
    wait(99);
    expect(encounters.outcomes).toEqual([]);
    wait(101);
    expect(encounters.outcomes).toEqual([{ player: 0, won, ended: 'parted', others: 1 }]);
  });

  it('is none between others', () => {
    const { encounters, happen, wait } = begin();
    happen([EVENT.hit, 1, 2, 8], [EVENT.down, -1, 0, 0]);
    wait(500);
    expect(encounters.outcomes).toEqual([]);
  });
});

describe('a tally', () => {
  it('counts for actor and target, by amount, and coins by direction', () => {
    const events = new EventList(8);
    events.push(EVENT.hit, 0, 1, 16);
    events.push(EVENT.paid, 1, 1, 7);
    events.push(EVENT.paid, 1, 0, 4);
    events.push(EVENT.down, -1, 0, 0);
    const tally = new Tally(2);
    tally.add(events);
    const all = (i: number) =>
      Object.fromEntries(
        MEASURE_NAMES.map((name) => [name, tally.sum(name, i, 1)]).filter(([, n]) => n !== 0),
      );
    expect(all(0)).toEqual({ hit: 1, damage: 16, died: 1 });
    expect(all(1)).toEqual({ struck: 1, wounded: 16, earned: 7, spent: 4 });
    expect(tally.sum('earned', 0, 2)).toBe(7);
  });
});
