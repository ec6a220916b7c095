import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeDecision, encodeEpoch, NO_PREVIOUS } from '#shared/proof/index.ts';
import { judgeIx, type PublishedDecision, readJudgement } from '../../client/brains.ts';
import { publishIx, recallAddress, recallIx, zoneAddress } from '../../client/chronicle.ts';
import { brainFile, brainsRefusal, Court } from '../../testing/court.ts';
import { vectorNetwork } from '../../testing/vectors.ts';

type Over = Partial<Omit<Parameters<typeof judgeIx>[0], keyof PublishedDecision>>;

const judge = (court: Court, decision: PublishedDecision, over: Over = {}) =>
  court.send(judgeIx({ zone: court.zone, brain: court.brain, ...decision, ...over }));

/** Thirteen decisions: a tree with ragged edges. */
function thirteen(court: Court) {
  const leaves = Array.from({ length: 13 }, (_, npc) =>
    encodeDecision(court.decision({ npc, observations: new Uint8Array(64).fill(npc * 9) })),
  );
  const epoch = court.epoch(leaves);
  court.must(court.publish(epoch));
  return epoch;
}

describe('judge', () => {
  it('can decide every leaf of an epoch again, as it was published', () => {
    const court = Court.sitting();
    const epoch = thirteen(court);
    epoch.leaves.forEach((leaf, index) => {
      const outcome = court.must(judge(court, court.published(epoch, index)));
      const { action, published } = readJudgement(outcome.returned);
      expect(published).toBe(leaf[128]);
      expect(action).toBe(published);
    });
  });

  it('can show a wrong action', () => {
    const court = Court.sitting();
    const right = court.decision();
    const wrong = { ...right, action: (right.action + 1) % 12 };
    const epoch = court.epoch([encodeDecision(wrong)]);
    court.must(court.publish(epoch));
    const { returned } = court.must(judge(court, court.published(epoch)));
    expect(readJudgement(returned)).toEqual({ action: right.action, published: wrong.action });
  });

  it('cannot with a path that was forged, cut, lengthened, or of another leaf', () => {
    const court = Court.sitting();
    const epoch = thirteen(court);
    const honest = court.published(epoch, 5);
    const with_ = (over: Partial<PublishedDecision>) => brainsRefusal(judge(court, { ...honest, ...over }));
    expect(with_({})).toBeNull();
    expect(with_({ path: honest.path.slice(1) })).toBe('Path');
    expect(with_({ path: honest.path.slice(0, -1) })).toBe('Path');
    expect(with_({ path: [] })).toBe('Path');
    expect(with_({ path: [...honest.path, new Uint8Array(32)] })).toBe('Path');
    expect(with_({ path: Array.from({ length: 25 }, () => new Uint8Array(32)).slice(0, 24) })).toBe('Path');
    expect(with_({ path: [...honest.path].reverse() })).toBe('Path');
    expect(with_({ path: [...honest.path.slice(0, -1), honest.path[3].subarray(0, 31)] })).toBe('Path');
    expect(with_({ path: epoch.tree.path(6) })).toBe('Path');
    for (const index of [0, 4, 6, 12, 13, 0xffffffff]) expect(with_({ index })).toBe('Path');
    expect(with_({ leaf: epoch.leaves[4] })).toBe('Path');
  });

  it('cannot with any bit of leaf or path flipped', () => {
    const court = Court.sitting();
    const epoch = thirteen(court);
    const honest = court.published(epoch, 12);
    const bits = 8 * (129 + 32 * honest.path.length);
    fc.assert(
      fc.property(fc.nat(bits - 1), (bit) => {
        const all = Buffer.concat([honest.leaf, ...honest.path]);
        all[bit >> 3] ^= 1 << (bit & 7);
        const path = honest.path.map((_, i) => all.subarray(129 + 32 * i, 161 + 32 * i));
        const refused = brainsRefusal(judge(court, { index: 12, leaf: all.subarray(0, 129), path }));
        expect(['Leaf', 'OtherZone', 'EpochNotHeld', 'Path']).toContain(refused);
      }),
      { numRuns: 300 },
    );
  });

  it('cannot with a leaf of another length, kind or range', () => {
    const court = Court.sitting();
    const honest = court.published(court.epochs[0]);
    const with_ = (change: (leaf: Uint8Array) => Uint8Array) =>
      brainsRefusal(judge(court, { ...honest, leaf: change(honest.leaf.slice()) }));
    expect(with_((leaf) => leaf.subarray(0, 128))).toBe('Leaf');
    expect(with_((leaf) => Uint8Array.from([...leaf, 0]))).toBe('Leaf');
    expect(with_(() => new Uint8Array(0))).toBe('Leaf');
    const set = (at: number, value: number) =>
      with_((leaf) => {
        leaf[at] = value;
        return leaf;
      });
    expect(set(0, 0)).toBe('Leaf');
    expect(set(4, 2)).toBe('Leaf');
    expect(set(5, 2)).toBe('Leaf');
    expect(set(6, 1)).toBe('Leaf');
    expect(set(64, 128)).toBe('Leaf');
    expect(set(127, 255)).toBe('Leaf');
    expect(set(128, 16)).toBe('Leaf');
  });

  it('cannot with a leaf of another zone or of an epoch that is not there', () => {
    const court = Court.sitting();
    const one = (over: Parameters<Court['decision']>[0]) => encodeDecision(court.decision(over));
    const epoch = court.epoch([one({ zone: 8 }), one({ epoch: 0 }), one({ epoch: 2 }), one({})]);
    court.must(court.publish(epoch));
    const found = epoch.leaves.map((_, index) => brainsRefusal(judge(court, court.published(epoch, index))));
    // the second leaf's own epoch has another root
    expect(found).toEqual(['OtherZone', 'Path', 'EpochNotHeld', null]);
  });

  it('cannot against another zone’s roots', () => {
    const court = Court.sitting();
    const epoch = thirteen(court);
    const { publicKey } = court.stranger;
    const theirs = zoneAddress(publicKey, court.number);
    expect(brainsRefusal(judge(court, court.published(epoch), { zone: theirs }))).toBe('NotAZone');
    court.must(court.register({ operator: publicKey }, court.stranger));
    expect(brainsRefusal(judge(court, court.published(epoch), { zone: theirs }))).toBe('EpochNotHeld');
    const own = court.epoch([new Uint8Array(1)], { epoch: 1, previous: NO_PREVIOUS });
    const header = encodeEpoch(own.header);
    court.must(court.send(publishIx({ operator: publicKey, zone: theirs, header }), court.stranger));
    expect(brainsRefusal(judge(court, court.published(epoch), { zone: theirs }))).toBe('Path');
    for (const zone of [court.brain, publicKey, court.svm.payer.publicKey]) {
      expect(brainsRefusal(judge(court, court.published(epoch), { zone }))).toBe('NotAZone');
    }
  });

  it('cannot with a copy of the zone in another program’s hands', () => {
    const court = Court.sitting();
    const copy = court.svm.account(court.zone)!;
    const { publicKey } = court.stranger;
    court.svm.forge(publicKey, { ...copy, owner: court.svm.payer.publicKey });
    const decision = court.published(court.epochs[0]);
    expect(brainsRefusal(judge(court, decision, { zone: publicKey }))).toBe('NotAZone');
    const brain = court.svm.account(court.brain)!;
    court.svm.forge(publicKey, { ...brain, owner: court.svm.payer.publicKey });
    expect(brainsRefusal(judge(court, decision, { brain: publicKey }))).toBe('NotSealed');
  });

  it('cannot with another brain than the leaf names, or one not sealed', () => {
    const court = Court.sitting();
    const decision = court.published(court.epochs[0]);
    const other = brainFile(court.network, { other: true });
    court.must(court.upload(other));
    expect(brainsRefusal(judge(court, decision, { brain: court.brainAt(other) }))).toBe('OtherBrain');
    const open = brainFile(court.network, { open: true });
    court.must(court.upload(open, 3));
    expect(brainsRefusal(judge(court, decision, { brain: court.brainAt(open) }))).toBe('NotSealed');
  });

  it('cannot with a brain that reads another number of observations than a leaf has', () => {
    const court = Court.sitting();
    const file = brainFile(vectorNetwork('eight actions'), { narrow: true });
    const narrow = brainFile(vectorNetwork('two actions'));
    court.must(court.upload(file));
    court.must(court.upload(narrow));
    const brain = court.brainAt(narrow);
    const { id } = court.readBrain(brain);
    const leaf = court.decision({ brain: Uint8Array.from(Buffer.from(id, 'hex')), action: 0 });
    const epoch = court.epoch([encodeDecision(leaf)]);
    court.must(court.publish(epoch));
    expect(brainsRefusal(judge(court, court.published(epoch), { brain }))).toBe('Observations');
  });

  it('can decide a leaf of an epoch before the ring, with a recall, and only of that epoch', () => {
    const court = Court.sitting();
    court.publishMany(66);
    const first = court.epochs[0];
    expect(brainsRefusal(judge(court, court.published(first)))).toBe('EpochNotHeld');
    const payer = court.stranger.publicKey;
    const recall = recallAddress(court.zone, payer);
    // epoch 3 is the oldest in the ring
    const headers = [3, 2, 1, 0].map((epoch) => court.publishIx(court.epochs[epoch]).data.subarray(12));
    court.must(court.send(recallIx({ payer, zone: court.zone, headers }), court.stranger));
    const { returned } = court.must(judge(court, court.published(first), { recall }));
    expect(readJudgement(returned).action).toBe(readJudgement(returned).published);
    expect(brainsRefusal(judge(court, court.published(court.epochs[1]), { recall }))).toBe('OtherRecall');
    for (const other of [court.zone, court.brain, payer]) {
      expect(brainsRefusal(judge(court, court.published(first), { recall: other }))).toBe('NotARecall');
    }
  });
});
