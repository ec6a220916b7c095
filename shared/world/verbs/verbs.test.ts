import { beforeEach, describe, expect, test } from 'vitest';
import {
  BALANCE,
  CRYSTAL,
  EVENT,
  FORAGER,
  FRUIT,
  GATHER,
  GIVE,
  GUARD,
  RAIDER,
  STRIKE,
  WANDERER,
} from '../index.ts';
import { meadow } from '../meadow.ts';
import { handsOn } from '../testing.ts';
import { ALIVE, createWorld, DOWN, type World } from '../world.ts';

const terrain = meadow();
let world: World;
const { tick, put, carry } = handsOn(() => world);

beforeEach(() => {
  world = createWorld(terrain, { seed: 1, capacity: 4 });
  tick((i) => {
    i.join(0, { role: WANDERER, tag: 1, fruit: 2 });
    i.join(1, { role: RAIDER, tag: 2 });
    i.join(2, { role: FORAGER, tag: 3, crystal: 5, fruit: 1 });
  });
  put(0, 10, 15);
  put(1, 11, 15);
  put(2, 20, 28);
});

describe('walk', () => {
  test('covers the ground at its speed, diagonals no faster', () => {
    tick((i) => i.act(0, 3));
    expect(world.y[0]).toBe(15 * 256 + 128 + BALANCE.speed[0]);
    tick((i) => i.act(0, 2));
    expect(world.x[0]).toBe(10 * 256 + 128 + ((BALANCE.speed[0] * BALANCE.diagonal) >> 8));
  });
  test('stops at a wall and slides along it', () => {
    put(0, 15, 14);
    for (let t = 0; t < 30; t++) tick((i) => i.act(0, 2));
    expect(world.x[0]).toBe(16 * 256 - BALANCE.bodyHalf - 1);
    expect(world.y[0]).toBeGreaterThan(17 * 256);
  });
  test('turns around a corner that only the edge of the body touches', () => {
    for (const offset of [30, 226]) {
      put(0, 14, 8);
      world.y[0] = 8 * 256 + offset;
      for (let t = 0; t < 40; t++) tick((i) => i.act(0, 1));
      expect(world.x[0]).toBeGreaterThan(17 * 256);
    }
    // A wall ahead stays a wall: nobody is drawn along it.
    put(0, 15, 14);
    world.y[0] = 14 * 256 + 200;
    for (let t = 0; t < 40; t++) tick((i) => i.act(0, 1));
    expect([world.x[0], world.y[0]]).toEqual([16 * 256 - BALANCE.bodyHalf - 1, 14 * 256 + 200]);
  });
  test('fits through a gap one tile wide', () => {
    put(0, 14, 8);
    for (let t = 0; t < 30; t++) tick((i) => i.act(0, 1));
    expect(world.x[0]).toBeGreaterThan(17 * 256);
  });
});

describe('strike', () => {
  const until = (kind: number, most = 40) => {
    for (let t = 0; t < most; t++) {
      const found = tick().find((e) => e[0] === kind);
      if (found) return found;
    }
    return null;
  };
  test('lands after its windup, turns to its target, costs stamina', () => {
    expect(tick((i) => i.act(0, STRIKE))).toContainEqual([EVENT.swung, 0, 1, 0]);
    expect(world.facing[0]).toBe(0);
    expect(world.stamina[0]).toBe(BALANCE.stamina - BALANCE.strikeStamina);
    for (let t = 1; t < BALANCE.windup; t++) tick();
    expect(tick()).toContainEqual([EVENT.hit, 0, 1, BALANCE.strikeDamage[WANDERER]]);
    expect(world.health[1]).toBe(BALANCE.health - BALANCE.strikeDamage[WANDERER]);
  });
  test('is caught on a guard that faces it, and makes the striker reel', () => {
    world.facing[0] = 0;
    tick((i) => {
      i.act(1, STRIKE);
      i.act(0, GUARD);
    });
    expect(until(EVENT.blocked)).toEqual([EVENT.blocked, 1, 0, 0]);
    expect(world.health[0]).toBe(BALANCE.health);
    expect(world.cooldown[1]).toBeGreaterThan(BALANCE.strikeCooldown);
  });
  test('goes past a guard that faces away', () => {
    world.facing[0] = 4;
    tick((i) => {
      i.act(1, STRIKE);
      i.act(0, GUARD);
    });
    expect(until(EVENT.hit)).toEqual([EVENT.hit, 1, 0, BALANCE.strikeDamage[RAIDER]]);
  });
  test('takes one good with each hit and half of the rest with the last', () => {
    put(0, 3, 20);
    put(2, 10, 15);
    tick((i) => i.act(1, STRIKE));
    until(EVENT.down, 400);
    expect(world.status[2]).toBe(DOWN);
    expect(world.crystal[1] + world.crystal[2]).toBe(5);
    expect(world.crystal[1] + world.fruit[1]).toBe(6);
    for (let t = 0; t <= BALANCE.downTicks; t++) tick((i) => i.act(1, 0));
    expect(world.status[2]).toBe(ALIVE);
    expect(world.shield[2]).toBeGreaterThan(0);
  });
  test('hurts neither friends nor the shielded nor those at home, and not from home', () => {
    put(1, 30, 30);
    put(3, 11, 15);
    tick((i) => i.join(3, { role: WANDERER, tag: 9 }));
    put(3, 11, 15);
    tick((i) => i.act(0, STRIKE));
    expect(until(EVENT.hit)).toBeNull();
    put(1, 11, 15);
    world.shield[1] = 100;
    expect(until(EVENT.hit)).toBeNull();
    world.shield[1] = 0;
    put(1, 26, 7);
    put(0, 26, 10);
    expect(until(EVENT.hit)).toBeNull();
    tick((i) => {
      i.act(0, 0);
      i.act(1, STRIKE);
    });
    expect(until(EVENT.swung)).toBeNull();
  });
});

describe('gather', () => {
  test('takes one good after its time, leaves the place poorer, which grows again', () => {
    put(0, 12, 13);
    let gathered = 0;
    for (let t = 0; t < BALANCE.gatherTicks * 5; t++)
      gathered += tick((i) => i.act(0, GATHER)).filter((e) => e[0] === EVENT.gathered).length;
    expect(gathered).toBe(4);
    expect(world.nodeAmount[2]).toBe(0);
    for (let t = 0; t < 900; t++) tick((i) => i.act(0, 0));
    expect(world.nodeAmount[2]).toBeGreaterThan(0);
  });
  test('starts over when interrupted, and stops when hands are full', () => {
    put(0, 12, 13);
    for (let t = 0; t < BALANCE.gatherTicks - 1; t++) tick((i) => i.act(0, GATHER));
    tick((i) => i.act(0, 0));
    expect(world.gathering[0]).toBe(0);
    carry(0, CRYSTAL, BALANCE.carry);
    for (let t = 0; t < 30; t++)
      expect(tick((i) => i.act(0, GATHER)).some((e) => e[0] === EVENT.gathered)).toBe(false);
  });
});

describe('give', () => {
  test('hands over one good and only where there is room', () => {
    expect(tick((i) => i.act(0, GIVE, 1))).toContainEqual([EVENT.gave, 0, 1, 0]);
    expect([world.fruit[0], world.fruit[1]]).toEqual([1, 1]);
    carry(1, FRUIT, BALANCE.carry);
    for (let t = 0; t < 20; t++) tick();
    expect([world.fruit[0], world.fruit[1]]).toEqual([1, BALANCE.carry]);
  });
  test('gives nothing that is not there', () => {
    expect(tick((i) => i.act(0, GIVE, 2)).some((e) => e[0] === EVENT.gave)).toBe(false);
  });
});

describe('home and needs', () => {
  test('stores at home what is carried beyond provisions', () => {
    put(2, 6, 6);
    carry(2, FRUIT, 5);
    for (let t = 0; t < 60; t++) tick();
    expect([world.crystal[2], world.bankedCrystal[2]]).toEqual([0, 5]);
    expect([world.fruit[2], world.bankedFruit[2]]).toEqual([BALANCE.provisions, 2]);
  });
  test('eats by oneself when hungry, starves without food, and comes back fed', () => {
    world.hunger[0] = BALANCE.eatAt;
    expect(tick().map((e) => e[0])).toContain(EVENT.ate);
    expect(world.hunger[0]).toBeLessThan(BALANCE.eatAt);
    world.hunger[1] = BALANCE.hungerMax;
    world.health[1] = 2;
    let down = false;
    for (let t = 0; t < 100 && !down; t++)
      down = tick().some((e) => e[0] === EVENT.down && e[1] === -1 && e[2] === 1);
    expect(down).toBe(true);
    for (let t = 0; t <= BALANCE.downTicks; t++) tick();
    expect(world.hunger[1]).toBeLessThan(BALANCE.eatAt);
  });
  test('what one does lately shows, and fades', () => {
    tick((i) => i.act(0, STRIKE));
    const high = world.habitStrike[0];
    tick((i) => i.act(0, 0));
    for (let t = 0; t < 2400; t++) tick();
    expect(high).toBe(BALANCE.habitRaise);
    expect(world.habitStrike[0]).toBeLessThan((high * 9) / 10);
  });
});
