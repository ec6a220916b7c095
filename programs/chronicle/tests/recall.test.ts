import { describe, expect, it } from 'vitest';
import { encodeEpoch, epochHash } from '#shared/proof/index.ts';
import { forgetIx, recallAddress, recallIx, recallOnIx, zoneAddress } from '../../client/chronicle.ts';
import { Court, chronicleRefusal } from '../../testing/court.ts';

/** A court whose first epochs have left the ring; the oldest in it is 8. */
function old(): Court {
  const court = Court.sitting();
  court.publishMany(71);
  return court;
}

const headers = (court: Court, ...epochs: number[]) =>
  epochs.map((epoch) => encodeEpoch(court.epochs[epoch].header));

function recall(court: Court, list: Uint8Array[], make: typeof recallIx = recallIx, payer = court.stranger) {
  return chronicleRefusal(
    court.send(make({ payer: payer.publicKey, zone: court.zone, headers: list }), payer),
  );
}

const placeOf = (court: Court) => recallAddress(court.zone, court.stranger.publicKey);

describe('recall', () => {
  it('can prove old epochs through the links, in several steps', () => {
    const court = old();
    expect(recall(court, headers(court, 8, 7, 6, 5, 4))).toBeNull();
    expect(recall(court, headers(court, 3, 2), recallOnIx)).toBeNull();
    const { data } = court.svm.account(placeOf(court))!;
    expect(data.subarray(40, 72)).toEqual(court.epochs[2].header.root);
    expect(Buffer.from(data).readUInt32LE(168)).toBe(2);
    expect(Buffer.from(data).readUInt32LE(172)).toBe(1);
    expect(recall(court, headers(court, 1, 0), recallOnIx)).toBeNull();
    // before the first there is none
    expect(recall(court, headers(court, 0), recallOnIx)).toBe('BrokenChain');
  });

  it('cannot go back before the first epoch that was published here', () => {
    const court = new Court();
    court.must(court.register());
    // an operator's own history, which nobody could ever challenge
    const hidden = court.epoch([], { epoch: 9 });
    court.must(court.publish(court.epoch([], { epoch: 10, previous: epochHash(hidden.header) })));
    const first = encodeEpoch(court.epochs[0].header);
    expect(recall(court, [first, encodeEpoch(hidden.header)])).toBe('BeforeFirst');
    expect(recall(court, [first])).toBeNull();
    expect(recall(court, [encodeEpoch(hidden.header)], recallOnIx)).toBe('BeforeFirst');
  });

  it('cannot begin with a header that the ring does not hold', () => {
    const court = old();
    expect(recall(court, headers(court, 7))).toBe('NotInRing');
    const forged = encodeEpoch({ ...court.epochs[9].header, root: new Uint8Array(32) });
    expect(recall(court, [forged])).toBe('NotInRing');
    expect(court.svm.account(placeOf(court))).toBeNull();
  });

  it('cannot go on with another header than the one before', () => {
    const court = old();
    const forged = encodeEpoch({ ...court.epochs[7].header, root: new Uint8Array(32) });
    expect(recall(court, [...headers(court, 8), forged])).toBe('BrokenChain');
    expect(recall(court, headers(court, 8, 6))).toBe('BrokenChain');
    expect(recall(court, headers(court, 8, 9))).toBe('BrokenChain');
    expect(recall(court, headers(court, 8))).toBeNull();
    expect(recall(court, headers(court, 8), recallOnIx)).toBe('BrokenChain');
    expect(recall(court, headers(court, 6), recallOnIx)).toBe('BrokenChain');
  });

  it('cannot with no header or a part of one', () => {
    const court = old();
    expect(recall(court, [])).toBe('NoHeaders');
    expect(recall(court, [headers(court, 8)[0].subarray(1)])).toBe('NoHeaders');
    const broken = headers(court, 8)[0];
    broken[0] = 0;
    expect(recall(court, [broken])).toBe('Header');
  });

  it('cannot take another’s recall, or one of another zone, any further', () => {
    const court = old();
    expect(recall(court, headers(court, 8))).toBeNull();
    const args = { payer: court.challenger.publicKey, zone: court.zone, headers: headers(court, 7) };
    const theirs = recallOnIx(args);
    theirs.keys[2].pubkey = placeOf(court);
    expect(chronicleRefusal(court.send(theirs, court.challenger))).toBe('WrongPayer');
    court.must(court.register({}, court.stranger));
    const own = recallOnIx({ ...args, payer: court.stranger.publicKey });
    own.keys[1].pubkey = zoneAddress(court.stranger.publicKey, court.number);
    expect(chronicleRefusal(court.send(own, court.stranger))).toBe('OtherRecall');
  });

  it('can be forgotten by its payer alone, and begun again', () => {
    const court = old();
    expect(recall(court, headers(court, 8))).toBeNull();
    const theirs = forgetIx({ payer: court.challenger.publicKey, zone: court.zone });
    theirs.keys[1].pubkey = placeOf(court);
    expect(chronicleRefusal(court.send(theirs, court.challenger))).toBe('WrongPayer');
    const before = court.lamports(court.stranger.publicKey) + court.lamports(placeOf(court));
    court.must(court.send(forgetIx({ payer: court.stranger.publicKey, zone: court.zone }), court.stranger));
    expect(court.svm.account(placeOf(court))).toBeNull();
    expect(court.lamports(court.stranger.publicKey)).toBe(before);
    expect(recall(court, headers(court, 10, 9))).toBeNull();
  });

  it('cannot forget a zone', () => {
    const court = old();
    const ix = forgetIx({ payer: court.authority.publicKey, zone: court.zone });
    ix.keys[1].pubkey = court.zone;
    expect(chronicleRefusal(court.send(ix, court.authority))).toBe('InvalidAccountData');
  });
});
