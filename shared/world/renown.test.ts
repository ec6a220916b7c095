import { beforeEach, describe, expect, test } from 'vitest';
import {
  ALIVE,
  BALANCE,
  createWorld,
  DOWN,
  EVENT,
  FORAGER,
  FRUIT,
  GATHER,
  GIVE,
  GUARDIAN,
  Inputs,
  OBSERVATION_NAMES,
  OBSERVATION_SIZE,
  observe,
  RAIDER,
  RENOWN,
  restore,
  STRIKE,
  sight,
  snapshot,
  step,
  WANDERER,
  type World,
  wanted,
  wantedNear,
} from './index.ts';
import { meadow } from './meadow.ts';
import { handsOn, playCrowd } from './testing.ts';

const terrain = meadow();
const [PLAYER, WORKER, GUARD_NPC, RAIDER_NPC, OTHER] = [0, 1, 2, 3, 4];
let world: World;
const { tick: stepped, put, carry } = handsOn(() => world);
/** What of a step changed renown. */
const tick: typeof stepped = (fill) => stepped(fill).filter(([kind]) => kind === EVENT.renown);

/** One blow of `i` on `target`, beside it; the renown that it changed. */
function blow(i: number, target: number): number[][] {
  put(i, 20, 14);
  put(target, 21, 14);
  world.health[target] = BALANCE.health;
  world.stamina[i] = BALANCE.stamina;
  world.cooldown[i] = 0;
  const told = tick((now) => now.act(i, STRIKE));
  for (let t = 0; t < BALANCE.windup + 1; t++) told.push(...tick((now) => now.act(i, 0)));
  put(target, 12, 28);
  return told;
}

/** Robs the worker of so many fruit; the renown that it changed. */
function rob(times: number, robber = PLAYER): number[][] {
  const told: number[][] = [];
  for (let n = 0; n < times; n++) {
    carry(WORKER, FRUIT, 1);
    carry(robber, FRUIT, 0);
    told.push(...blow(robber, WORKER));
  }
  return told;
}

function see(i: number): (name: string) => number {
  sight(world);
  const out = new Uint8Array(OBSERVATION_SIZE);
  observe(world, i, out, 0);
  return (name) => out[OBSERVATION_NAMES.indexOf(name)];
}

beforeEach(() => {
  world = createWorld(terrain, { seed: 1, capacity: 6 });
  tick((now) => {
    now.join(PLAYER, { role: WANDERER, tag: 77 });
    now.join(WORKER, { role: FORAGER, tag: 1 });
    now.join(GUARD_NPC, { role: GUARDIAN, tag: 2 });
    now.join(RAIDER_NPC, { role: RAIDER, tag: 3 });
    now.join(OTHER, { role: WANDERER, tag: 78 });
  });
  put(GUARD_NPC, 4, 14);
  put(RAIDER_NPC, 30, 30);
  put(OTHER, 2, 30);
});

/** How many robberies in a row make an outlaw. */
const MANY = Math.ceil(BALANCE.outlawFrom / (BALANCE.infamy.theft + BALANCE.infamy.wound)) + 1;

describe('an outlaw', () => {
  test('is who robs those whom guards serve again and again, and is told', () => {
    expect(rob(MANY - 3)).toEqual([]);
    expect(world.outlaw[PLAYER]).toBe(0);
    expect(rob(4)).toEqual([[EVENT.renown, PLAYER, RENOWN.outlaw, 1]]);
    expect(see(WORKER)('enemy 1 robs')).toBe(0);
    put(WORKER, 22, 14);
    expect(see(WORKER)('enemy 1 robs')).toBe(127);
  });

  test('is not who robs raiders: that makes good what was done before', () => {
    rob(4);
    const before = world.infamy[PLAYER];
    for (let n = 0; n < 2; n++) {
      carry(RAIDER_NPC, FRUIT, 1);
      carry(PLAYER, FRUIT, 0);
      blow(PLAYER, RAIDER_NPC);
    }
    expect(world.infamy[PLAYER]).toBeLessThan(before - 2 * BALANCE.infamy.service + 1);
  });

  test('a gift takes away two thefts, never more than there were', () => {
    rob(1);
    carry(PLAYER, FRUIT, 2);
    put(PLAYER, 20, 14);
    put(WORKER, 21, 14);
    world.cooldown[PLAYER] = 0;
    tick((now) => now.act(PLAYER, GIVE));
    expect(world.fruit[PLAYER]).toBe(1);
    expect(world.infamy[PLAYER]).toBe(0);
  });

  test('honest work counts too', () => {
    rob(3);
    const before = world.infamy[PLAYER];
    put(PLAYER, 10, 11);
    for (let t = 0; t <= BALANCE.gatherTicks; t++) tick((now) => now.act(PLAYER, GATHER));
    expect(world.infamy[PLAYER]).toBeLessThan(before - BALANCE.infamy.work + 1);
    expect(world.infamy[PLAYER]).toBeGreaterThan(before - 2 * BALANCE.infamy.work);
  });

  test('stays one until it has long kept quiet, and is told when it is over', () => {
    rob(MANY);
    const told: number[][] = [];
    let ticks = 0;
    while (world.outlaw[PLAYER] === 1 && ticks < 20_000) {
      told.push(...tick());
      ticks++;
    }
    expect(told).toEqual([[EVENT.renown, PLAYER, RENOWN.outlaw, 0]]);
    expect(ticks).toBeGreaterThan(3 * 1200);
    expect(ticks).toBeLessThan(10 * 1200);
  });

  test('whom a guard brings down comes back later than others', () => {
    rob(MANY);
    for (const [who, outlaw] of [
      [PLAYER, true],
      [OTHER, false],
    ] as const) {
      put(GUARD_NPC, 20, 14);
      put(who, 21, 14);
      world.health[who] = 1;
      world.cooldown[GUARD_NPC] = 0;
      world.stamina[GUARD_NPC] = BALANCE.stamina;
      tick((now) => now.act(GUARD_NPC, STRIKE));
      for (let t = 0; t < BALANCE.windup; t++) tick((now) => now.act(GUARD_NPC, 0));
      expect(world.status[who]).toBe(DOWN);
      let down = 0;
      while (world.status[who] !== ALIVE) {
        tick();
        down++;
      }
      const least = outlaw ? BALANCE.stocksTicks : BALANCE.downTicks;
      expect(Math.abs(down - least)).toBeLessThan(3);
    }
  });
});

describe('the hue and cry', () => {
  test('leads guards to where an outlaw did wrong last, and shows them the outlaw before all others', () => {
    put(OTHER, 5, 14);
    expect(see(GUARD_NPC)('heat')).toBeLessThan(127);
    rob(MANY);
    expect(wanted(world)).toBe(PLAYER);
    const near = see(GUARD_NPC);
    expect(near('heat')).toBe(127);
    expect([near('hot dx'), near('hot dy')]).not.toEqual([64, 64]);
    // Step by step to the place.
    const row = (i: number) => ((world.y[i] >> 8) * terrain.width + (world.x[i] >> 8)) * terrain.nodeCount;
    const node = wantedNear(world);
    for (let n = 0; n < 60; n++) {
      const seen = see(GUARD_NPC);
      const [dx, dy] = [Math.sign(seen('hot dx') - 64), Math.sign(seen('hot dy') - 64)];
      if (dx === 0 && dy === 0) break;
      put(GUARD_NPC, (world.x[GUARD_NPC] >> 8) + dx, (world.y[GUARD_NPC] >> 8) + dy);
    }
    expect(terrain.nodeSteps[row(GUARD_NPC) + node]).toBeLessThanOrEqual(4);
    put(PLAYER, (world.x[GUARD_NPC] >> 8) - 3, world.y[GUARD_NPC] >> 8);
    put(OTHER, (world.x[GUARD_NPC] >> 8) + 1, world.y[GUARD_NPC] >> 8);
    expect(see(GUARD_NPC)('enemy 1 dx')).toBe(64 - 3 * 16);
    expect(see(RAIDER_NPC)('heat')).toBe(0);
  });

  test('dies away when the outlaw keeps quiet, and with the outlaw that leaves', () => {
    rob(MANY);
    for (let t = 0; t <= BALANCE.wantedTicks; t++) tick();
    expect(world.outlaw[PLAYER]).toBe(1);
    expect(wanted(world)).toBe(-1);
    rob(1);
    expect(wanted(world)).toBe(PLAYER);
    tick((now) => now.leave(PLAYER));
    tick((now) => now.join(PLAYER, { role: WANDERER, tag: 99 }));
    expect(wanted(world)).toBe(-1);
  });

  test('is after the worse of two', () => {
    rob(MANY + 6);
    rob(MANY, OTHER);
    expect(world.outlaw[OTHER]).toBe(1);
    expect(wanted(world)).toBe(PLAYER);
    rob(20, OTHER);
    expect(wanted(world)).toBe(OTHER);
  });

  test('what a guard takes from an outlaw lies in its store, where nobody robs it again', () => {
    carry(PLAYER, FRUIT, 3);
    const stored = world.bankedFruit[GUARD_NPC];
    blow(GUARD_NPC, PLAYER);
    expect(world.fruit[PLAYER]).toBe(2);
    expect(world.fruit[GUARD_NPC]).toBe(0);
    expect(world.bankedFruit[GUARD_NPC]).toBe(stored + 1);
  });
});

describe('dread', () => {
  test('raiders see whom they dread first, and that they dread it', () => {
    const told = [];
    for (let n = 0; n < 5; n++) told.push(...blow(PLAYER, RAIDER_NPC));
    expect(told).toEqual([[EVENT.renown, PLAYER, RENOWN.dreaded, 1]]);
    put(RAIDER_NPC, 12, 28);
    put(PLAYER, 12, 24);
    put(OTHER, 13, 28);
    const seen = see(RAIDER_NPC);
    expect(seen('enemy 1 dy')).toBe(64 - 4 * 16 + 1);
    expect(seen('enemy 1 strikes')).toBe(127);
    // Others know of blows only what they know of anybody's.
    put(WORKER, 12, 22);
    expect(see(WORKER)('enemy 1 strikes')).toBeLessThan(127);
  });
});

test('renown is part of the state: a world restored goes on the same', () => {
  const nothing = new Inputs(1);
  const lived = playCrowd(terrain, 5, 3000);
  const again = restore(terrain, snapshot(lived));
  for (const one of [lived, again]) for (let t = 0; t < 200; t++) step(one, nothing);
  expect(again.bytes).toEqual(lived.bytes);
});
