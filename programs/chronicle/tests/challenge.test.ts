import { PublicKey } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import type { DecisionLeaf } from '#shared/proof/index.ts';
import { encodeDecision } from '#shared/proof/index.ts';
import type { PublishedDecision } from '../../client/brains.ts';
import { CHRONICLE, challengeIx, leaveIx, readChallenge, topUpIx } from '../../client/chronicle.ts';
import { brainFile, Court, chronicleRefusal } from '../../testing/court.ts';

const INCINERATOR = new PublicKey('1nc1nerator11111111111111111111111111111111');

/** An epoch of 20 decisions, one of them not the brain's. */
function cheat(court: Court, over: Partial<DecisionLeaf> = {}, at = 11) {
  const leaves = Array.from({ length: 20 }, (_, npc) => {
    const right = court.decision({ npc });
    return npc === at ? { ...right, action: (right.action + 1) % 12, ...over } : right;
  });
  const epoch = court.epoch(leaves.map(encodeDecision));
  court.must(court.publish(epoch));
  return epoch;
}

describe('challenge', () => {
  it('can take the bond of an operator who published one wrong action', () => {
    const court = Court.sitting();
    court.publishMany(3);
    const epoch = cheat(court);
    court.publishMany(2);
    const accounts = [court.zone, court.challenger.publicKey, INCINERATOR];
    const before = accounts.map((key) => court.lamports(key));
    const { returned } = court.must(court.challenge(court.published(epoch, 11)));
    expect(readChallenge(returned)).toMatchObject({ won: true, published: epoch.leaves[11][128] });
    expect(readChallenge(returned).action).not.toBe(epoch.leaves[11][128]);
    const half = CHRONICLE.MIN_BOND / 2n;
    const gained = accounts.map((key, i) => court.lamports(key) - before[i]);
    expect(gained).toEqual([-CHRONICLE.MIN_BOND, half, half]);
    expect(court.readZone()).toMatchObject({ bond: 0n, marked: [4], stands: false });
    // without a bond nothing is published
    expect(chronicleRefusal(court.publish(court.epoch()))).toBe('NotStanding');
  });

  it('costs the deposit where the operator was right', () => {
    const court = Court.sitting();
    const epoch = cheat(court);
    const before = court.lamports(court.challenger.publicKey);
    const { returned } = court.must(court.challenge(court.published(epoch, 12)));
    expect(readChallenge(returned)).toMatchObject({ won: false });
    expect(before - court.lamports(court.challenger.publicKey)).toBe(CHRONICLE.CHALLENGE_DEPOSIT);
    expect(court.readZone()).toMatchObject({
      bond: CHRONICLE.MIN_BOND + CHRONICLE.CHALLENGE_DEPOSIT,
      marked: [],
      stands: true,
    });
  });

  it('can win against another seed than the zone’s, and a tick outside of the epoch', () => {
    for (const over of [{ worldSeed: 1 }, { tick: 5 }, { tick: 1200 }, { tick: 0xffffffff }]) {
      const court = Court.sitting();
      // the action is the one that seed and tick give
      const { action } = court.decision({ npc: 11, ...over });
      const epoch = cheat(court, { ...over, action });
      const { returned } = court.must(court.challenge(court.published(epoch, 11)));
      expect(readChallenge(returned).won).toBe(true);
    }
  });

  it('can win against an action that is not legal', () => {
    const court = Court.sitting();
    const epoch = cheat(court, { mask: 0, action: 5 });
    const { returned } = court.must(court.challenge(court.published(epoch, 11)));
    expect(readChallenge(returned)).toEqual({ won: true, action: 0, published: 5 });
  });

  it('cannot take a bond twice for one epoch', () => {
    const court = Court.sitting();
    const epoch = cheat(court);
    court.must(court.challenge(court.published(epoch, 11)));
    const before = court.everything();
    expect(chronicleRefusal(court.challenge(court.published(epoch, 11)))).toBe('Marked');
    expect(chronicleRefusal(court.challenge(court.published(epoch, 12)))).toBe('Marked');
    expect(court.everything()).toEqual(before);
  });

  it('can take a bond that was laid down anew for another epoch, sixteen times', () => {
    const court = Court.sitting();
    const [payer, zone, lamports] = [court.stranger.publicKey, court.zone, CHRONICLE.MIN_BOND];
    court.svm.fund(court.stranger);
    const wrong = Array.from({ length: 17 }, () => cheat(court));
    for (const [i, epoch] of wrong.slice(0, 16).entries()) {
      const won = court.must(court.challenge(court.published(epoch, 11)));
      expect(readChallenge(won.returned).won).toBe(true);
      expect(court.readZone().marked).toHaveLength(i + 1);
      if (i % 4 === 0) court.must(court.send(topUpIx({ payer, zone, lamports }), court.stranger));
    }
    court.must(court.send(topUpIx({ payer, zone, lamports }), court.stranger));
    expect(court.readZone()).toMatchObject({ stands: false });
    expect(chronicleRefusal(court.publish(court.epoch()))).toBe('NotStanding');
    expect(chronicleRefusal(court.challenge(court.published(wrong[16], 11)))).toBe('TooManyMarks');
  });

  it('can take the bond of a zone that is leaving', () => {
    const court = Court.sitting();
    const epoch = cheat(court);
    const authority = court.authority.publicKey;
    court.must(court.send(leaveIx({ authority, zone: court.zone }), court.authority));
    court.setTime(court.time + Number(CHRONICLE.WITHDRAW_SECONDS) - 1);
    const { returned } = court.must(court.challenge(court.published(epoch, 11)));
    expect(readChallenge(returned).won).toBe(true);
  });

  it('cannot an epoch that has left the ring, or is not published yet', () => {
    const court = Court.sitting();
    const epoch = cheat(court);
    const future = court.epoch([encodeDecision(court.decision())]);
    expect(chronicleRefusal(court.challenge(court.published(future)))).toBe('EpochNotHeld');
    court.publishMany(64);
    const before = court.everything();
    expect(chronicleRefusal(court.challenge(court.published(epoch, 11)))).toBe('EpochNotHeld');
    expect(court.everything()).toEqual(before);
  });

  it('cannot with a forged, cut, long or foreign path, or another leaf', () => {
    const court = Court.sitting();
    const epoch = cheat(court);
    const honest = court.published(epoch, 11);
    const before = court.everything();
    const with_ = (over: Partial<PublishedDecision>) =>
      chronicleRefusal(court.challenge({ ...honest, ...over }));
    const forged = encodeDecision({ ...court.decision({ npc: 12 }), epoch: 1, action: 3 });
    expect(with_({ path: honest.path.slice(1) })).toBe('Path');
    expect(with_({ path: [...honest.path, honest.path[0]] })).toBe('Path');
    expect(with_({ path: epoch.tree.path(12) })).toBe('Path');
    expect(with_({ index: 12 })).toBe('Path');
    expect(with_({ leaf: forged })).toBe('Path');
    expect(with_({ leaf: encodeDecision({ ...court.decision(), zone: 8 }) })).toBe('OtherZone');
    expect(with_({ leaf: honest.leaf.subarray(1) })).toBe('Leaf');
    expect(court.everything()).toEqual(before);
  });

  it('cannot with another brain, one that is not sealed, or one somebody else’s program holds', () => {
    const court = Court.sitting();
    const epoch = cheat(court);
    const decision = court.published(epoch, 11);
    const refused = (brain: PublicKey) => chronicleRefusal(court.challenge(decision, { brain }));
    const other = brainFile(court.network, { other: true });
    court.must(court.upload(other));
    expect(refused(court.brainAt(other))).toBe('OtherBrain');
    const open = brainFile(court.network, { open: true });
    court.must(court.upload(open, 5));
    expect(refused(court.brainAt(open))).toBe('NotSealed');
    expect(refused(court.challenger.publicKey)).not.toBeNull();
    const forged = court.stranger.publicKey;
    const sealed = court.svm.account(court.brain)!;
    court.svm.forge(forged, { ...sealed, owner: court.svm.payer.publicKey });
    expect(refused(forged)).toBe('NotSealed');
    expect(court.readZone().marked).toEqual([]);
  });

  it('cannot without the challenger, or into another account than the incinerator', () => {
    const court = Court.sitting();
    const epoch = cheat(court);
    const { zone, brain } = court;
    const make = () =>
      challengeIx({ challenger: court.challenger.publicKey, zone, brain, ...court.published(epoch, 11) });
    const unsigned = make();
    unsigned.keys[0].isSigner = false;
    expect(chronicleRefusal(court.send(unsigned))).toBe('MissingRequiredSignature');
    const elsewhere = make();
    elsewhere.keys[3].pubkey = court.stranger.publicKey;
    expect(chronicleRefusal(court.send(elsewhere, court.challenger))).toBe('NotIncinerator');
  });

  it('cannot lose a deposit that the challenger does not have', () => {
    const court = Court.sitting();
    const epoch = cheat(court);
    const before = court.readZone();
    court.svm.forge(court.challenger.publicKey, {
      ...court.svm.account(court.challenger.publicKey)!,
      lamports: CHRONICLE.CHALLENGE_DEPOSIT - 1n,
    });
    expect(court.challenge(court.published(epoch, 12)).error).not.toBeNull();
    expect(court.readZone()).toEqual(before);
  });
});
