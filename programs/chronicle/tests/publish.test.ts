import { describe, expect, it } from 'vitest';
import { encodeEpoch, epochHash, NO_PREVIOUS } from '#shared/proof/index.ts';
import { CHRONICLE, publishIx } from '../../client/chronicle.ts';
import { Court, chronicleRefusal } from '../../testing/court.ts';

const other = new Uint8Array(32).fill(99);

describe('publish', () => {
  it('can append epochs, each linked to the one before, and hold the last 64', () => {
    const court = Court.sitting();
    court.publishMany(70);
    const zone = court.readZone();
    expect(zone).toMatchObject({ nextEpoch: 71, nextTick: 71 * 600, published: 71, missed: 0, late: 0 });
    expect(zone.epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 64 }, (_, i) => i + 7));
    for (const entry of zone.epochs) {
      const { header } = court.epochs[entry.epoch];
      expect(entry).toMatchObject({ root: header.root, leaves: 1, firstTick: header.firstTick, ticks: 600 });
      expect(entry.hash).toEqual(epochHash(header));
    }
    expect(zone.lastHash).toEqual(epochHash(court.epochs[70].header));
    expect(zone.lastWorld).toEqual(court.epochs[70].header.worldHashAfter);
  });

  it('can begin anywhere in a world’s life', () => {
    const court = new Court();
    court.must(court.register());
    expect(court.readZone().firstEpoch).toBeNull();
    const first = court.epoch([], { epoch: 1000, previous: other });
    expect(chronicleRefusal(court.publish(first))).toBeNull();
    expect(court.readZone()).toMatchObject({ firstEpoch: 1000, nextEpoch: 1001, missed: 0 });
  });

  it('counts what was left out, for all to see', () => {
    const court = Court.sitting();
    court.must(court.publish(court.epoch([], { epoch: 4, worldHashBefore: other })));
    expect(court.readZone()).toMatchObject({ nextEpoch: 5, published: 2, missed: 3 });
  });

  it('counts what comes late', () => {
    const court = Court.sitting();
    court.setTime(court.time + Number(CHRONICLE.LATE_SECONDS));
    court.must(court.publish(court.epoch()));
    expect(court.readZone().late).toBe(0);
    court.setTime(court.time + Number(CHRONICLE.LATE_SECONDS) + 1);
    court.must(court.publish(court.epoch()));
    expect(court.readZone().late).toBe(1);
  });

  it('cannot one epoch twice, be it the same or a fork', () => {
    const court = Court.sitting();
    court.publishMany(2);
    const before = court.everything();
    const again = court.send(court.publishIx(court.epochs[2]), court.operator);
    expect(chronicleRefusal(again)).toBe('EpochPublished');
    for (const epoch of [0, 1, 2]) {
      expect(chronicleRefusal(court.publish(court.epoch([], { epoch })))).toBe('EpochPublished');
    }
    expect(court.everything()).toEqual(before);
  });

  it('cannot without the link to the last header', () => {
    const court = Court.sitting();
    court.publishMany(1);
    for (const previous of [NO_PREVIOUS, other, epochHash(court.epochs[0].header)]) {
      expect(chronicleRefusal(court.publish(court.epoch([], { previous })))).toBe('NotLinked');
    }
  });

  it('cannot with another world or tick than the last epoch ended with', () => {
    const court = Court.sitting();
    const publish = (over: Parameters<Court['epoch']>[1]) =>
      chronicleRefusal(court.publish(court.epoch([], over)));
    expect(publish({ worldHashBefore: other })).toBe('WorldBroken');
    expect(publish({ firstTick: 601, lastTick: 1200 })).toBe('WorldBroken');
    expect(publish({ firstTick: 599, lastTick: 1000 })).toBe('TickOrder');
    expect(publish({ epoch: 5, firstTick: 0, lastTick: 599 })).toBe('TickOrder');
  });

  it('cannot push an epoch out of the ring while it can still be challenged', () => {
    const court = Court.sitting();
    const start = court.time;
    for (let i = 1; i < 64; i++) court.must(court.publish(court.epoch()));
    const next = court.epoch();
    expect(chronicleRefusal(court.publish(next))).toBe('RingFull');
    court.setTime(start + Number(CHRONICLE.CHALLENGE_SECONDS) - 1);
    expect(chronicleRefusal(court.publish(next))).toBe('RingFull');
    court.setTime(start + Number(CHRONICLE.CHALLENGE_SECONDS));
    expect(chronicleRefusal(court.publish(next))).toBeNull();
  });

  it('cannot by another than the operator, the authority included', () => {
    const court = Court.sitting();
    for (const who of [court.authority, court.stranger]) {
      expect(chronicleRefusal(court.publish(court.epoch(), who))).toBe('WrongOperator');
    }
    const ix = court.publishIx(court.epoch());
    ix.keys[0].isSigner = false;
    expect(chronicleRefusal(court.send(ix))).toBe('MissingRequiredSignature');
  });

  it('cannot into another operator’s zone, or an account that is none', () => {
    const court = Court.sitting();
    court.must(court.register({ operator: court.stranger.publicKey }, court.stranger));
    const header = encodeEpoch(court.epoch().header);
    const operator = court.stranger.publicKey;
    const into = (zone: typeof court.zone) =>
      chronicleRefusal(court.send(publishIx({ operator, zone, header }), court.stranger));
    expect(into(court.zone)).toBe('WrongOperator');
    expect(into(court.brain)).toBe('IllegalOwner');
    expect(into(court.challenger.publicKey)).toBe('AccountDataTooSmall');
  });

  it('cannot with a header of another zone, length, kind or range', () => {
    const court = Court.sitting();
    expect(chronicleRefusal(court.publish(court.epoch([], { zone: 8 })))).toBe('OtherZone');
    const honest = encodeEpoch(court.epoch().header);
    const send = (header: Uint8Array) =>
      chronicleRefusal(
        court.send(
          publishIx({ operator: court.operator.publicKey, zone: court.zone, header }),
          court.operator,
        ),
      );
    const set = (at: number, value: number) => {
      const header = honest.slice();
      new DataView(header.buffer).setUint32(at, value, true);
      return send(header);
    };
    expect(send(honest.subarray(0, 163))).toBe('Header');
    expect(send(new Uint8Array(0))).toBe('Header');
    expect(send(Uint8Array.from([...honest, 0]))).toBe('Header');
    expect(set(0, 0)).toBe('Header');
    expect(set(4, 0x0101)).toBe('Header');
    expect(set(20, 599)).toBe('Header');
    expect(set(20, 1200)).toBe('Header');
    expect(set(24, 2 ** 24 + 1)).toBe('Header');
    expect(set(28, 0xffffffff)).toBe('Header');
    expect(send(honest)).toBeNull();
  });

  it('cannot the last numbers of all, which would leave none for the next', () => {
    const court = Court.sitting();
    const epoch = 0xffffffff;
    const [firstTick, lastTick] = [1000, 1599];
    expect(chronicleRefusal(court.publish(court.epoch([], { epoch, firstTick, lastTick })))).toBe('Overflow');
    const end = { firstTick: epoch - 5, lastTick: epoch };
    expect(chronicleRefusal(court.publish(court.epoch([], { epoch: 9, ...end })))).toBe('Overflow');
  });
});
