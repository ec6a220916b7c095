import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeDecision } from '#shared/proof/index.ts';
import { leaveIx, setOperatorIx, stayIx, topUpIx, withdrawIx } from '../../client/chronicle.ts';
import { Court } from '../../testing/court.ts';

type Step = (court: Court) => { error: null | number | string };

const by =
  (make: typeof leaveIx): Step =>
  (court) =>
    court.send(make({ authority: court.authority.publicKey, zone: court.zone }), court.authority);
const wait =
  (seconds: number): Step =>
  (court) => {
    court.setTime(court.time + seconds);
    return { error: null };
  };
const publish =
  (wrong: boolean): Step =>
  (court) => {
    const right = court.decision();
    const action = wrong ? (right.action + 1) % 12 : right.action;
    return court.publish(court.epoch([encodeDecision({ ...right, action })]));
  };
const challenge =
  (back: number): Step =>
  (court) => {
    const epoch = court.epochs.at(-1 - back);
    return epoch ? court.challenge(court.published(epoch)) : { error: null };
  };
const topUp: Step = (court) => {
  const args = { payer: court.stranger.publicKey, zone: court.zone, lamports: 700_000_000n };
  return court.send(topUpIx(args), court.stranger);
};
const rotate: Step = (court) => {
  const { authority, operator, zone } = court;
  const args = { authority: authority.publicKey, zone, operator: operator.publicKey };
  return court.send(setOperatorIx(args), authority);
};

const steps: Record<string, Step> = {
  publish: publish(false),
  cheat: publish(true),
  challenge: challenge(0),
  challengeOlder: challenge(1),
  leave: by(leaveIx),
  stay: by(stayIx),
  withdraw: by(withdrawIx),
  topUp,
  rotate,
  minute: wait(60),
  day: wait(86_400),
};

describe('invariants of a zone', () => {
  it('hold after any sequence: lamports are conserved, the bond is there, counts only grow', () => {
    const done: Record<string, number> = {};
    const sequence = fc.array(fc.constantFrom(...Object.keys(steps)), { minLength: 10, maxLength: 40 });
    fc.assert(
      fc.property(sequence, (names) => {
        const court = Court.sitting();
        const rent = court.lamports(court.zone) - court.readZone().bond;
        let last = court.readZone();
        const purses = [court.zone, court.authority.publicKey, court.challenger.publicKey];
        purses.push(court.stranger.publicKey);
        const sum = () => purses.reduce((total, key) => total + court.lamports(key), 0n);
        let held = sum();
        for (const name of names) {
          const { error } = steps[name](court);
          // an abort is a finding, never a refusal
          expect(error === null || typeof error === 'number', `${name}: ${error}`).toBe(true);
          if (error === null) done[name] = (done[name] ?? 0) + 1;
          const zone = court.readZone();
          expect(court.lamports(court.zone)).toBe(rent + zone.bond);
          // only a won challenge burns, and half of the bond at most
          const now = sum();
          const burnt = zone.marked.length > last.marked.length ? last.bond / 2n : 0n;
          expect(held - now).toBe(burnt);
          expect(zone.published).toBeGreaterThanOrEqual(last.published);
          expect(zone.nextEpoch).toBeGreaterThanOrEqual(last.nextEpoch);
          expect(zone.marked.slice(0, last.marked.length)).toEqual(last.marked);
          expect(zone.authority).toEqual(last.authority);
          expect(zone.worldSeed).toBe(last.worldSeed);
          [last, held] = [zone, now];
        }
      }),
      { numRuns: 40 },
    );
    // the sequences did reach every step's success
    expect(Object.keys(done).sort()).toEqual(Object.keys(steps).sort());
  }, 60_000);
});
