import { expect, test } from 'vitest';
import { feature } from '#ml/env/features.ts';
import { DIR_X, DIR_Y, OBSERVATION_SIZE, STRIKE, WAIT, WALK_FIRST } from '#shared/world/index.ts';
import { TURNS, turnAction, turnObservation } from './turn.ts';

/** An observation of made-up features, all different. */
function seen(): Uint8Array {
  const o = Uint8Array.from({ length: OBSERVATION_SIZE }, (_, f) => 1 + f);
  return o;
}
function turned(from: Uint8Array, turn: number): Uint8Array {
  const to = new Uint8Array(OBSERVATION_SIZE);
  turnObservation(from, to, 0, turn);
  return to;
}
const DX = feature('enemy 1 dx');

test('eight turns are all different, each is undone by another, and what has no direction stays', () => {
  const all = Array.from({ length: TURNS }, (_, turn) => turned(seen(), turn));
  expect(all[0]).toEqual(seen());
  expect(new Set(all.map(String)).size).toBe(TURNS);
  for (const one of all) {
    expect(Array.from({ length: TURNS }, (_, back) => String(turned(one, back)))).toContain(String(seen()));
    for (const name of ['health', 'enemy 1 near', 'enemy 1 robs', 'heat']) {
      const f = feature(name);
      expect(one[f]).toBe(seen()[f]);
    }
    for (const value of one) expect(value).toBeLessThanOrEqual(127);
  }
  expect(turned(turned(turned(turned(seen(), 1), 1), 1), 1)).toEqual(seen());
});

test('who walks towards an enemy, or where it is free, does so in every turn', () => {
  for (let direction = 0; direction < 8; direction++) {
    const o = seen().fill(0, feature('free e'), feature('free e') + 8);
    o[DX] = 64 + 40 * DIR_X[direction];
    o[DX + 1] = 64 + 40 * DIR_Y[direction];
    o[feature('free e') + direction] = 127;
    for (let turn = 0; turn < TURNS; turn++) {
      const to = turned(o, turn);
      const walk = turnAction(WALK_FIRST + direction, turn) - WALK_FIRST;
      expect([to[DX] - 64, to[DX + 1] - 64]).toEqual([40 * DIR_X[walk], 40 * DIR_Y[walk]]);
      expect(to[feature('free e') + walk]).toBe(127);
    }
  }
  for (const action of [WAIT, STRIKE]) expect(turnAction(action, 5)).toBe(action);
});

test('the extremes of a signed feature stay within 1..127', () => {
  const o = seen().fill(64);
  [o[DX], o[DX + 1]] = [1, 127];
  for (let turn = 0; turn < TURNS; turn++)
    for (const value of turned(o, turn).subarray(DX, DX + 2)) expect([1, 127]).toContain(value);
});
