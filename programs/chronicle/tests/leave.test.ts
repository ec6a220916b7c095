import { describe, expect, it } from 'vitest';
import { CHRONICLE, leaveIx, stayIx, topUpIx, withdrawIx } from '../../client/chronicle.ts';
import { Court, chronicleRefusal } from '../../testing/court.ts';

const WAIT = Number(CHRONICLE.WITHDRAW_SECONDS);

function by(court: Court, make: typeof leaveIx, authority = court.authority) {
  return chronicleRefusal(court.send(make({ authority: authority.publicKey, zone: court.zone }), authority));
}

describe('leave, stay and withdraw', () => {
  it('can withdraw the bond a day after leaving; the record stays', () => {
    const court = Court.sitting();
    expect(by(court, leaveIx)).toBeNull();
    expect(court.readZone()).toMatchObject({ leavingSince: court.time, stands: false });
    court.setTime(court.time + WAIT - 1);
    expect(by(court, withdrawIx)).toBe('TooEarly');
    court.setTime(court.time + 1);
    const [zone, authority] = [court.lamports(court.zone), court.lamports(court.authority.publicKey)];
    expect(by(court, withdrawIx)).toBeNull();
    expect(zone - court.lamports(court.zone)).toBe(CHRONICLE.MIN_BOND);
    // the authority paid no fee: the ledger's payer did
    expect(court.lamports(court.authority.publicKey) - authority).toBe(CHRONICLE.MIN_BOND);
    expect(court.readZone()).toMatchObject({ bond: 0n, published: 1 });
    // a second time there is nothing
    expect(by(court, withdrawIx)).toBeNull();
    expect(court.lamports(court.authority.publicKey) - authority).toBe(CHRONICLE.MIN_BOND);
  });

  it('cannot publish while leaving, and can again after staying', () => {
    const court = Court.sitting();
    expect(by(court, leaveIx)).toBeNull();
    expect(chronicleRefusal(court.publish(court.epoch()))).toBe('NotStanding');
    expect(by(court, stayIx)).toBeNull();
    expect(chronicleRefusal(court.publish(court.epoch()))).toBeNull();
    court.setTime(court.time + 2 * WAIT);
    expect(by(court, withdrawIx)).toBe('NotLeaving');
  });

  it('cannot save up a leave: staying starts the time anew', () => {
    const court = Court.sitting();
    expect(by(court, leaveIx)).toBeNull();
    court.setTime(court.time + WAIT);
    expect(by(court, stayIx)).toBeNull();
    expect(chronicleRefusal(court.publish(court.epoch()))).toBeNull();
    expect(by(court, leaveIx)).toBeNull();
    expect(by(court, withdrawIx)).toBe('TooEarly');
  });

  it('cannot publish without the whole bond, and can once it is topped up', () => {
    const court = Court.sitting();
    court.must(
      court.send(leaveIx({ authority: court.authority.publicKey, zone: court.zone }), court.authority),
    );
    court.setTime(court.time + WAIT);
    expect(by(court, withdrawIx)).toBeNull();
    expect(by(court, stayIx)).toBeNull();
    expect(chronicleRefusal(court.publish(court.epoch()))).toBe('NotStanding');
    const topUp = (lamports: bigint) =>
      court.must(
        court.send(topUpIx({ payer: court.stranger.publicKey, zone: court.zone, lamports }), court.stranger),
      );
    topUp(CHRONICLE.MIN_BOND - 1n);
    expect(chronicleRefusal(court.publish(court.epoch()))).toBe('NotStanding');
    topUp(1n);
    expect(chronicleRefusal(court.publish(court.epoch()))).toBeNull();
  });

  it('cannot twice in a row', () => {
    const court = Court.sitting();
    expect(by(court, stayIx)).toBe('NotLeaving');
    expect(by(court, leaveIx)).toBeNull();
    expect(by(court, leaveIx)).toBe('Leaving');
  });

  it('cannot by another than the authority', () => {
    const court = Court.sitting();
    court.svm.fund(court.operator);
    const before = court.everything();
    for (const who of [court.operator, court.stranger]) {
      for (const make of [leaveIx, stayIx, withdrawIx]) expect(by(court, make, who)).toBe('WrongAuthority');
    }
    expect(court.everything()).toEqual(before);
  });
});
