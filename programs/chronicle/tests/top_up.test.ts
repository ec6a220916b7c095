import { describe, expect, it } from 'vitest';
import { CHRONICLE, topUpIx } from '../../client/chronicle.ts';
import { Court, chronicleRefusal } from '../../testing/court.ts';

const topUp = (court: Court, lamports: bigint, zone = court.zone) =>
  chronicleRefusal(court.send(topUpIx({ payer: court.stranger.publicKey, zone, lamports }), court.stranger));

describe('top_up', () => {
  it('can by anyone', () => {
    const court = Court.sitting();
    const before = court.lamports(court.zone);
    expect(topUp(court, 5n)).toBeNull();
    expect(court.readZone().bond).toBe(CHRONICLE.MIN_BOND + 5n);
    expect(court.lamports(court.zone)).toBe(before + 5n);
  });

  it('cannot nothing, or more than there is', () => {
    const court = Court.sitting();
    const before = court.everything();
    expect(topUp(court, 0n)).toBe('NoLamports');
    expect(topUp(court, 100_000_000_000n)).not.toBeNull();
    expect(topUp(court, 2n ** 64n - 1n)).toBe('Overflow');
    expect(court.everything()).toEqual(before);
  });

  it('cannot into an account that is no zone', () => {
    const court = Court.sitting();
    expect(topUp(court, 5n, court.brain)).toBe('IllegalOwner');
  });
});
