import { beforeEach, describe, expect, test } from 'vitest';
import {
  BALANCE,
  buyingPrice,
  CRYSTAL,
  DEAL,
  EVENT,
  FORAGER,
  FRUIT,
  hotPlace,
  INPUT,
  Inputs,
  memoryOf,
  RAIDER,
  STRIKE,
  sellingPrice,
  TRADE,
  TRADER,
  WANDERER,
} from './index.ts';
import { meadow } from './meadow.ts';
import { remember } from './memory.ts';
import { OBSERVATION_NAMES, observe, sight } from './observe.ts';
import { handsOn } from './testing.ts';
import { createWorld, HEADER, MEMORY_SLOTS, type World } from './world.ts';

const terrain = meadow();
let world: World;
const { tick, put, carry } = handsOn(() => world);

const PLAYER = 0;
const NPC = 1;
const MERCHANT = 2;
const ROBBER = 3;

beforeEach(() => {
  world = createWorld(terrain, { seed: 1, capacity: 20 });
  tick((i) => {
    i.join(PLAYER, { role: WANDERER, tag: 77, crystal: 4, fruit: 6, coins: 10 });
    i.join(NPC, { role: FORAGER, tag: 1 });
    i.join(MERCHANT, { role: TRADER, tag: 2 });
    i.join(ROBBER, { role: RAIDER, tag: 3 });
  });
  put(PLAYER, 12, 15);
  put(NPC, 13, 15);
  put(MERCHANT, 28, 28);
  put(ROBBER, 28, 14);
});

describe('what an NPC remembers of a player', () => {
  test('a blow and a loss, by name: also when the player comes back in another place', () => {
    carry(NPC, FRUIT, 2);
    for (let t = 0; t < 12; t++) tick((i) => i.act(PLAYER, t === 0 ? STRIKE : 0));
    const k = memoryOf(world, NPC, PLAYER);
    expect(world.harm[k]).toBeGreaterThan(BALANCE.memory.hit);
    tick((i) => i.leave(PLAYER));
    tick((i) => i.join(9, { role: WANDERER, tag: 77 }));
    expect(memoryOf(world, NPC, 9)).toBe(k);
    expect(memoryOf(world, NPC, ROBBER)).toBe(-1);
  });

  test('eight players, and whoever matters least makes room', () => {
    for (let p = 0; p < 9; p++) {
      tick((i) => i.join(10 + p, { role: WANDERER, tag: 100 + p }));
      remember(world, NPC, 10 + p, 'kind', 5000 + (p === 3 ? -4000 : 100 * p));
    }
    const known = [...world.knows.subarray(NPC * MEMORY_SLOTS, (NPC + 1) * MEMORY_SLOTS)];
    expect(known.sort()).toEqual([100, 101, 102, 104, 105, 106, 107, 108]);
  });

  test('fades to nothing, and is gone with the NPC', () => {
    remember(world, NPC, PLAYER, 'harm', 300);
    for (let t = 0; t < 20 * 310; t++) tick((i) => t % 400 === 0 && i.act(PLAYER, 0));
    expect(memoryOf(world, NPC, PLAYER)).toBe(-1);
    remember(world, NPC, PLAYER, 'harm', 300);
    tick((i) => i.leave(NPC));
    expect(world.knows[NPC * MEMORY_SLOTS]).toBe(0);
  });
});

describe('words', () => {
  const harm = () => {
    const k = memoryOf(world, NPC, PLAYER);
    return k < 0 ? 0 : world.harm[k];
  };
  test('a threat is remembered as harm, an apology takes some of it back, and both are seen', () => {
    expect(tick((i) => i.speak(PLAYER, NPC, 3))).toContainEqual([EVENT.spoke, PLAYER, NPC, 3]);
    const threatened = harm();
    expect(threatened).toBeGreaterThan(8000);
    const seen = new Uint8Array(64);
    sight(world);
    observe(world, NPC, seen, 0);
    expect(seen[OBSERVATION_NAMES.indexOf('enemy 1 harmed me')]).toBe(threatened >> 8);
    for (let t = 0; t < BALANCE.voiceCooldown; t++) tick();
    tick((i) => i.speak(PLAYER, NPC, 8));
    expect(harm()).toBeLessThan(threatened / 2);
  });

  test('nobody speaks twice at once, over a distance, or to nobody', () => {
    tick((i) => i.speak(PLAYER, NPC, 3));
    const before = harm();
    expect(tick((i) => i.speak(PLAYER, NPC, 3)).filter((e) => e[0] === EVENT.spoke)).toEqual([]);
    put(NPC, 28, 20);
    for (let t = 0; t < BALANCE.voiceCooldown; t++) tick();
    tick((i) => i.speak(PLAYER, NPC, 3));
    expect(harm()).toBeLessThanOrEqual(before);
    for (const [target, tone, why] of [
      [PLAYER, 3, /target: 0, must be another of 0..19/],
      [20, 3, /target: 20/],
      [1, 0, /tone: 0, must be 1..9/],
      [1, 10, /tone: 10/],
    ] as const) {
      const words = Int32Array.of(INPUT.speak, PLAYER, target, tone, 0, 0, 0, 0, 0);
      expect(Inputs.fault(words, 20)).toMatch(why);
    }
  });
});

describe('stalls', () => {
  const deal = (agent: number, arg: number) => {
    const events = tick((i) => i.act(agent, TRADE, arg));
    tick((i) => i.act(agent, 0));
    for (let t = 0; t < BALANCE.tradeCooldown; t++) tick();
    return events.filter((e) => e[0] === EVENT.sold || e[0] === EVENT.bought || e[0] === EVENT.paid);
  };

  test('prices fall with what a stall holds, and going back and forth gains nothing', () => {
    put(PLAYER, 10, 25);
    for (let stock = 0; stock <= BALANCE.stallMax; stock++) {
      world.stock[0] = stock;
      const asked = buyingPrice(world, 0, FRUIT);
      expect(asked).toBeGreaterThanOrEqual(1);
      expect(asked).toBeLessThanOrEqual(BALANCE.priceMax);
      world.stock[0] = stock - 1;
      if (stock > 0) expect(sellingPrice(world, 0, FRUIT)).toBe(asked);
    }
  });

  test('goods change hands for coins', () => {
    put(PLAYER, 10, 25);
    world.stock[1] = 4;
    const carried = world.crystal[PLAYER];
    const price = sellingPrice(world, 0, CRYSTAL);
    expect(deal(PLAYER, DEAL.sellCrystal)).toEqual([
      [EVENT.sold, PLAYER, 0, CRYSTAL],
      [EVENT.paid, PLAYER, 1, price],
    ]);
    expect([world.coins[PLAYER], world.crystal[PLAYER]]).toEqual([10 + price, carried - 1]);
    expect(deal(PLAYER, DEAL.buyFruit)[0]).toEqual([EVENT.bought, PLAYER, 0, FRUIT]);
  });

  test('no deal without coins, goods, room, stock, or a stall', () => {
    put(PLAYER, 10, 25);
    world.header[HEADER.coinsOut] += world.coins[PLAYER];
    world.coins[PLAYER] = 0;
    expect(deal(PLAYER, DEAL.buyFruit)).toEqual([]);
    world.header[HEADER.takenAway + CRYSTAL] += world.crystal[PLAYER];
    world.crystal[PLAYER] = 0;
    expect(deal(PLAYER, DEAL.sellCrystal)).toEqual([]);
    world.stock[0] = BALANCE.stallMax;
    expect(deal(PLAYER, DEAL.sellFruit)).toEqual([]);
    put(PLAYER, 20, 20);
    expect(deal(PLAYER, DEAL.sellFruit)).toEqual([]);
  });

  test('one who carries goods from the cheap stall to the dear one gains, by the best deal alone', () => {
    const before = world.coins[MERCHANT];
    expect(before).toBe(BALANCE.traderCoins);
    world.stock.set([12, 2, 12, 22]);
    put(MERCHANT, 11, 6);
    for (let n = 0; n < 3; n++) deal(MERCHANT, DEAL.best);
    expect(world.crystal[MERCHANT]).toBe(3);
    put(MERCHANT, 10, 25);
    for (let n = 0; n < 3; n++) deal(MERCHANT, DEAL.best);
    expect(world.crystal[MERCHANT]).toBe(0);
    expect(world.coins[MERCHANT]).toBeGreaterThan(before + 9);
  });
});

describe('named places', () => {
  test('goods carried past are what raiders have in mind, losses what all others have', () => {
    put(PLAYER, 15, 8);
    for (let t = 0; t < 100; t++) tick();
    const tile = (i: number) => (world.y[i] >> 8) * terrain.width + (world.x[i] >> 8);
    expect(terrain.places[hotPlace(world, ROBBER, tile(ROBBER))].name).toBe('the gap');
    expect(hotPlace(world, NPC, tile(NPC))).toBe(-1);
    put(PLAYER, 15, 24);
    put(ROBBER, 14, 24);
    for (let t = 0; t < 12; t++) tick((i) => i.act(ROBBER, t === 0 ? STRIKE : 0));
    expect(terrain.places[hotPlace(world, NPC, tile(NPC))].name).toBe('the hole');
    for (let t = 0; t < 20 * 900; t++) tick();
    expect(hotPlace(world, NPC, tile(NPC))).toBe(-1);
  });
});
