import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE } from '#shared/growth/index.ts';
import { assetAddress, collectionAddress, createCollectionIx, evolveIx, mintIx } from '../../client/index.ts';
import { refusal } from '../../testing/refusals.ts';
import { uriOf } from '../../testing/scene.ts';
import { CORES, Svm } from '../../testing/svm.ts';

describe.each(CORES)('one key in every role (%s)', (core) => {
  it('can create, mint and evolve as payer, creator, zone and owner at once', () => {
    const svm = new Svm(core);
    const me = svm.payer.publicKey;
    const collection = collectionAddress(me, 3);
    const common = { name: 'Mo', uri: uriOf('0') };
    const create = createCollectionIx({
      payer: me,
      creator: me,
      index: 3,
      zone: me,
      rule: DEFAULT_RULE,
      ...common,
    });
    expect(refusal(svm.send([create]))).toBeNull();
    const genome = new Uint8Array(32).fill(1);
    const picture = new Uint8Array(32).fill(2);
    const mint = { payer: me, minter: me, owner: me, collection, genome, picture, consent: true };
    expect(refusal(svm.send([mintIx({ ...mint, ...common })]))).toBeNull();
    const evolve = evolveIx({
      payer: me,
      zone: me,
      owner: me,
      collection,
      asset: assetAddress(collection, genome),
      deeds: [17, 0, 0, 0, 0, 0, 0, 0],
      version: 0n,
      uri: uriOf('1'),
      picture,
    });
    expect(refusal(svm.send([evolve]))).toBe('RuleNotMet');
    evolve.data[8] = 50;
    expect(refusal(svm.send([evolve]))).toBeNull();
  });
});
