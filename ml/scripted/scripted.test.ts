import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ACTION_COUNT,
  FORAGER,
  GATHER,
  GIVE,
  GUARD,
  OBSERVATION_SIZE,
  RAIDER,
  STRIKE,
  WAIT,
  WALK_FIRST,
  WALK_LAST,
  WANDERER,
} from '#shared/world/index.ts';
import { F, feature } from '../env/features.ts';
import { type Draw, random } from '../env/policy.ts';
import { forager } from './forager.ts';
import { roleNumber, scriptedRule } from './index.ts';
import { players } from './players/index.ts';
import { raider } from './raider.ts';

const WALKS = 0b1_1111_1111;
/** A draw that takes no chance: hash % 10 is not 0, no odd mood. */
const plain: Draw = { hash: 0x100, who: 0, mood: 0 };

/** One at full health on open ground with nothing around, except for what is named. */
function see(values: Record<string, number>): Uint8Array {
  const o = new Uint8Array(OBSERVATION_SIZE);
  for (const name of ['home dx', 'fruit dx', 'crystal dx', 'enemy 1 dx', 'friend dx', 'enemy 1 far dx'])
    o.fill(64, feature(name), feature(name) + 2);
  o.fill(127, F.freeEast, F.freeEast + 8);
  o[F.health] = o[F.stamina] = 127;
  for (const [name, value] of Object.entries(values)) o[feature(name)] = value;
  return o;
}

const EAST = WALK_FIRST;
const WEST = WALK_FIRST + 4;

describe('scripted rules', () => {
  it('only do what is legal, whatever they see', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: OBSERVATION_SIZE, maxLength: OBSERVATION_SIZE, max: 127 }),
        fc.nat(0xff),
        fc.record({ hash: fc.nat(0xffffffff), who: fc.nat(0xffffffff), mood: fc.nat(0xffffffff) }),
        (o, verbs, draw) => {
          const mask = WALKS | ((verbs << 9) & ((1 << ACTION_COUNT) - 1));
          for (const rule of [forager, raider, players, random])
            expect((mask >> rule(o, 0, mask, draw)) & 1).toBe(1);
        },
      ),
    );
  });

  it('a forager gathers in reach, goes to the nearer good, and home when full', () => {
    const mask = WALKS | (1 << GATHER);
    expect(forager(see({ gatherable: 127 }), 0, mask, plain)).toBe(GATHER);
    const between = { 'fruit dx': 127, 'fruit near': 100, 'crystal dx': 1, 'crystal near': 90 };
    expect(forager(see(between), 0, WALKS, plain)).toBe(EAST);
    expect(forager(see({ ...between, 'crystal near': 110 }), 0, WALKS, plain)).toBe(WEST);
    expect(forager(see({ crystal: 127, 'home dx': 1 }), 0, mask, plain)).toBe(WEST);
    expect(forager(see({ crystal: 60, home: 127 }), 0, mask, plain)).toBe(WAIT);
  });

  it('a forager guards against a blow, strikes while strong, and runs home with its load', () => {
    const enemy = { 'enemy 1 near': 120, 'enemy 1 role': 79, 'enemy 1 dx': 100, 'home dx': 1, fruit: 127 };
    const mask = WALKS | (1 << GUARD) | (1 << STRIKE);
    expect(forager(see({ ...enemy, 'enemy 1 stance': 127 }), 0, mask, plain)).toBe(GUARD);
    expect(forager(see(enemy), 0, mask, plain)).toBe(STRIKE);
    expect(forager(see({ ...enemy, health: 30 }), 0, mask, plain)).toBe(WEST);
  });

  it('a raider follows the trail, runs an enemy down, strikes, and leaves hurt or loaded', () => {
    const enemy = { enemies: 16, 'enemy 1 near': 90, 'enemy 1 role': 55, 'enemy 1 far dx': 90, 'home dx': 1 };
    const patient = { ...plain, mood: 0x40000000 };
    expect(raider(see({ 'enemy 1 far dx': 1 }), 0, WALKS, patient)).toBe(WEST);
    expect(raider(see(enemy), 0, WALKS, plain)).toBe(EAST);
    expect(raider(see(enemy), 0, WALKS | (1 << STRIKE), plain)).toBe(STRIKE);
    expect(raider(see({ ...enemy, health: 30 }), 0, WALKS, plain)).toBe(WEST);
    expect(raider(see({ ...enemy, crystal: 60 }), 0, WALKS, plain)).toBe(WEST);
    expect(raider(see({ home: 127, health: 60 }), 0, WALKS, plain)).toBe(WAIT);
  });

  it('leaves a shielded enemy alone', () => {
    const shielded = { enemies: 16, 'enemy 1 near': 120, 'enemy 1 role': 0, 'enemy 1 dx': 100 };
    expect(raider(see(shielded), 0, WALKS | (1 << STRIKE), plain)).not.toBe(STRIKE);
  });
});

describe('random', () => {
  it('takes every legal action about as often', () => {
    const mask = (1 << WAIT) | (1 << STRIKE) | (1 << GIVE);
    const counts = new Map<number, number>();
    for (let k = 0; k < 3000; k++) {
      const action = random(new Uint8Array(64), 0, mask, { ...plain, hash: Math.imul(k, 0x9e3779b9) >>> 0 });
      counts.set(action, (counts.get(action) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([WAIT, STRIKE, GIVE]);
    for (const count of counts.values()) expect(count).toBeGreaterThan(900);
  });
});

it('every role has a rule, and a name that is none is refused', () => {
  expect(scriptedRule(FORAGER)).toBe(forager);
  expect(scriptedRule(RAIDER)).toBe(raider);
  expect(scriptedRule(WANDERER)).toBe(players);
  expect(roleNumber('raider')).toBe(RAIDER);
  expect(() => roleNumber('bandit')).toThrow(/"bandit" is none of wanderer, forager/);
  expect(WALK_LAST - WALK_FIRST).toBe(7);
});
