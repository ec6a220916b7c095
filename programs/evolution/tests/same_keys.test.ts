import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE } from '#shared/growth/index.ts';
import { appearance, encodeDeed, encodeEpoch } from '#shared/proof/index.ts';
import { publishIx, zoneAddress } from '../../client/chronicle.ts';
import { assetAddress, collectionAddress, createCollectionIx, evolveIx, mintIx } from '../../client/index.ts';
import { Court } from '../../testing/court.ts';
import { refusal } from '../../testing/refusals.ts';
import { uriOf } from '../../testing/scene.ts';
import { CORES, Svm } from '../../testing/svm.ts';

describe.each(CORES)('one key in every role (%s)', (core) => {
  it('can create, mint and evolve as payer, creator, operator, minter and owner at once', () => {
    const svm = new Svm(core);
    const court = new Court(svm);
    const me = svm.payer.publicKey;
    const zone = zoneAddress(me, court.number);
    court.must(court.register({ operator: me }, svm.payer));
    const collection = collectionAddress(me, 3);
    const common = { name: 'Mo', uri: uriOf('0') };
    const create = createCollectionIx({
      payer: me,
      creator: me,
      index: 3,
      zone,
      minter: me,
      dailyCap: 1,
      rule: DEFAULT_RULE,
      ...common,
    });
    expect(refusal(svm.send([create]))).toBeNull();
    const genome = new Uint8Array(32).fill(1);
    const picture = new Uint8Array(32).fill(2);
    const mint = { payer: me, minter: me, owner: me, collection, genome, picture, consent: true };
    expect(refusal(svm.send([mintIx({ ...mint, ...common })]))).toBeNull();
    const asset = assetAddress(collection, genome);
    const evolve = (gathered: number) => {
      const leaf = encodeDeed({
        zone: court.number,
        epoch: court.epochs.length,
        asset: asset.toBytes(),
        version: 0n,
        counters: [gathered, 0, 0, 0, 0, 0, 0, 0],
        appearance: appearance(picture, uriOf('1')),
      });
      const epoch = court.epoch([leaf]);
      court.must(svm.send([publishIx({ operator: me, zone, header: encodeEpoch(epoch.header) })]));
      court.epochs.push(epoch);
      const whom = { payer: me, owner: me, collection, asset, zone };
      return refusal(svm.send([evolveIx({ ...whom, uri: uriOf('1'), picture, ...court.published(epoch) })]));
    };
    expect(evolve(17)).toBe('RuleNotMet');
    expect(evolve(50)).toBeNull();
  });
});
