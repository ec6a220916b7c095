import { Keypair, PublicKey } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { setOperatorIx } from '../../client/chronicle.ts';
import { Court, chronicleRefusal } from '../../testing/court.ts';

const set = (court: Court, operator: PublicKey, authority = court.authority) =>
  chronicleRefusal(
    court.send(setOperatorIx({ authority: authority.publicKey, zone: court.zone, operator }), authority),
  );

describe('set_operator', () => {
  it('can hand publishing over: the new key may, the old one no longer', () => {
    const court = Court.sitting();
    const next = Keypair.generate();
    expect(set(court, next.publicKey)).toBeNull();
    expect(chronicleRefusal(court.publish(court.epoch()))).toBe('WrongOperator');
    expect(chronicleRefusal(court.publish(court.epoch(), next))).toBeNull();
  });

  it('cannot by another than the authority, the operator included', () => {
    const court = Court.sitting();
    court.svm.fund(court.operator);
    for (const who of [court.operator, court.stranger]) {
      expect(set(court, who.publicKey, who)).toBe('WrongAuthority');
    }
    expect(court.readZone().operator).toEqual(court.operator.publicKey);
  });

  it('cannot to nobody', () => {
    const court = Court.sitting();
    expect(set(court, PublicKey.default)).toBe('NoOperator');
  });
});
