/** What `evolve` believes: leaves, paths, zones and operators. */
import { ComputeBudgetProgram, PublicKey, Transaction } from '@solana/web3.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeDecision, encodeDeed, encodeInput, NO_APPEARANCE } from '#shared/proof/index.ts';
import { CHRONICLE, leaveIx, stayIx, topUpIx, withdrawIx } from '../../client/chronicle.ts';
import { EVOLUTION_ID, type PublishedDeed, setZoneIx } from '../../client/index.ts';
import { Court } from '../../testing/court.ts';
import { refusal } from '../../testing/refusals.ts';
import { Scene, uriOf } from '../../testing/scene.ts';
import { CORES } from '../../testing/svm.ts';
import { FIVE } from './rules.ts';

/** Evolves by this proof, after `published` gave an honest one; a refusal must change nothing. */
function prove(scene: Scene, proof: PublishedDeed): string | number | null {
  const before = scene.everything();
  const answer = refusal(scene.evolve({}, [], proof));
  if (answer !== null) expect(scene.everything()).toEqual(before);
  return answer;
}

const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

describe.each(CORES)('evolve by proof (%s)', (core) => {
  it('can be brought by anyone who pays', () => {
    const scene = Scene.living(core);
    const one = scene.evolveIx({ payer: scene.stranger.publicKey });
    expect(refusal(scene.svm.send([one], [], scene.stranger))).toBeNull();
    expect(scene.readSymbiont().stage).toBe(1);
  });

  it('can by a leaf anywhere in an epoch of any size', () => {
    for (const size of [1, 2, 3, 5, 8, 13]) {
      for (const index of new Set([0, size >> 1, size - 1])) {
        const scene = Scene.living(core);
        const leaves = Array.from({ length: size }, (_, i) =>
          i === index ? scene.leaf() : scene.leaf({ deeds: Array(8).fill(i) }),
        );
        expect(prove(scene, scene.court.published(scene.publish(leaves), index))).toBeNull();
      }
    }
  });

  it('can by a path of 15 hashes, on either side', () => {
    for (const index of [0, 21_845, 32_767]) {
      const scene = Scene.living(core);
      expect(prove(scene, scene.publishedDeep({}, index))).toBeNull();
    }
  });

  it('fits one transaction with a path of 15 hashes, a priority fee and a URI of 110 bytes', () => {
    const scene = Scene.living(core);
    const uri = `${uriOf('1')}${'?'.repeat(10)}`;
    const one = scene.evolveIx({ uri }, scene.publishedDeep({ uri }));
    const fee = [
      ComputeBudgetProgram.setComputeUnitLimit({ units: 70_000 }),
      ComputeBudgetProgram.setComputeUnitPrice({ microLamports: 1_000_000 }),
    ];
    const transaction = new Transaction({
      feePayer: scene.payer,
      blockhash: PublicKey.default.toBase58(),
      lastValidBlockHeight: 0,
    });
    transaction.add(...fee, one).sign(scene.svm.payer);
    expect(transaction.serialize().length).toBeLessThanOrEqual(1232);
    expect(refusal(scene.svm.send([...fee, one]))).toBeNull();
  });

  it('can by any epoch of the ring, and not by one that has left it', () => {
    const scene = Scene.living(core);
    const first = scene.published();
    const second = scene.published();
    for (let i = 0; i < 63; i++) scene.publish([scene.leaf()]);
    expect(prove(scene, first)).toBe('EpochNotHeld');
    expect(prove(scene, second)).toBeNull();
  });

  it('cannot by a leaf or path in which any bit differs', () => {
    const scene = Scene.living(core);
    const honest = scene.publishedDeep();
    const whole = join(honest.leaf, ...honest.path);
    fc.assert(
      fc.property(fc.nat(8 * whole.length - 1), (bit) => {
        const changed = whole.slice();
        changed[bit >> 3] ^= 1 << (bit & 7);
        const { length } = honest.leaf;
        const path = honest.path.map((_, i) => changed.subarray(length + 32 * i, length + 32 * (i + 1)));
        const refused = prove(scene, { ...honest, leaf: changed.subarray(0, length), path });
        expect(['Leaf', 'OtherZone', 'EpochNotHeld', 'Path']).toContain(refused);
      }),
      { numRuns: 150 },
    );
    expect(prove(scene, honest)).toBeNull();
  });

  it('cannot by a path that is truncated, too long, foreign or no whole number of hashes', () => {
    const scene = Scene.living(core);
    const honest = scene.publishedDeep();
    const { path } = honest;
    const extra = new Uint8Array(32);
    const with_ = (changed: readonly Uint8Array[]) => prove(scene, { ...honest, path: changed });
    expect(with_([])).toBe('Path');
    expect(with_(path.slice(1))).toBe('Path');
    expect(with_(path.slice(0, -1))).toBe('Path');
    expect(with_([...path, extra])).toBe('Path');
    expect(with_([extra, ...path])).toBe('Path');
    expect(with_([...path.slice(0, -1), path[14].subarray(0, 31)])).toBe('Path');
    expect(with_([...path, extra.subarray(0, 1)])).toBe('Path');
    expect(with_([...path].reverse())).toBe('Path');
    expect(with_(Array(16).fill(extra))).toBe('Path');
    const elsewhere = scene.published();
    expect(with_(elsewhere.path)).toBe('Path');
    expect(prove(scene, { ...elsewhere, leaf: honest.leaf })).toBe('Path');
  });

  it('cannot by another place than the leaf’s', () => {
    const scene = Scene.living(core);
    const honest = scene.published();
    for (const index of [0, 2, 3, 0xffffffff]) expect(prove(scene, { ...honest, index })).toBe('Path');
    const { epoch } = scene.court.epochs[0].header;
    const neighbour = scene.leaf({ asset: scene.stranger.publicKey, epoch });
    expect(prove(scene, { ...honest, leaf: neighbour })).toBe('Path');
    expect(prove(scene, { ...honest, leaf: scene.leaf({ deeds: Array(8).fill(99), epoch }) })).toBe('Path');
  });

  it('cannot by a leaf of another length or kind', () => {
    const scene = Scene.living(core);
    const epoch = scene.court.epochs.length;
    const leaves = [
      scene.leaf().subarray(0, 119),
      join(scene.leaf(), new Uint8Array(1)),
      new Uint8Array(0),
      encodeDecision(scene.court.decision()),
      encodeInput({ zone: 7, epoch, tick: 1, hash: new Uint8Array(32) }),
    ];
    const published = scene.publish(leaves);
    leaves.forEach((_, index) => {
      expect(prove(scene, scene.court.published(published, index))).toBe('Leaf');
    });
  });

  it('cannot by a published leaf of another zone, epoch, asset or version', () => {
    const scene = Scene.living(core);
    scene.publish([scene.leaf()]);
    const { stranger } = scene;
    const cases: [Uint8Array, string][] = [
      [scene.leaf({ zoneId: 8 }), 'OtherZone'],
      [scene.leaf({ epoch: 2 }), 'EpochNotHeld'],
      [scene.leaf({ epoch: 0xffffffff }), 'EpochNotHeld'],
      // that epoch is held, but has another root
      [scene.leaf({ epoch: 0 }), 'Path'],
      [scene.leaf({ asset: stranger.publicKey }), 'OtherAsset'],
      [scene.leaf({ version: 1n }), 'WrongVersion'],
    ];
    const epoch = scene.publish(cases.map(([leaf]) => leaf));
    const found = cases.map((_, index) => prove(scene, scene.court.published(epoch, index)));
    expect(found).toEqual(cases.map(([, name]) => name));
  });

  it('cannot show another picture or URI than the leaf’s', () => {
    const scene = Scene.living(core);
    const proof = scene.published();
    const before = scene.everything();
    expect(refusal(scene.evolve({ uri: uriOf('2') }, [], proof))).toBe('WrongAppearance');
    expect(refusal(scene.evolve({ picture: new Uint8Array(32) }, [], proof))).toBe('WrongAppearance');
    const none = encodeDeed({
      zone: scene.court.number,
      epoch: scene.court.epochs.length,
      asset: scene.asset.toBytes(),
      version: 0n,
      counters: Array(8).fill(100),
      appearance: NO_APPEARANCE,
    });
    expect(prove(scene, scene.court.published(scene.publish([none])))).toBe('WrongAppearance');
    expect(scene.everything()).toEqual(before);
  });

  it('cannot by another zone, though it publishes the same leaf', () => {
    const scene = Scene.living(core);
    const other = new Court(scene.svm);
    other.must(other.register());
    const epoch = other.epoch([scene.leaf()]);
    other.must(other.publish(epoch));
    const proof = other.published(epoch);
    expect(refusal(scene.evolve({ zone: other.zone }, [], proof))).toBe('WrongZone');
    expect(prove(scene, proof)).toBe('EpochNotHeld');
  });

  it('cannot by an account that only looks like a zone', () => {
    const scene = Scene.living(core);
    const proof = scene.published();
    const real = scene.svm.account(scene.court.zone)!;
    const forged = scene.stranger.publicKey;
    const { creator, collection } = scene;
    const set = setZoneIx({ authority: creator.publicKey, collection, zone: forged });
    scene.court.must(scene.svm.send([set], [creator]));
    const as = (stored: typeof real) => {
      scene.svm.forge(forged, stored);
      return refusal(scene.evolve({ zone: forged }, [], proof));
    };
    expect(as({ ...real, owner: EVOLUTION_ID })).toBe('NotAZone');
    expect(as({ ...real, data: real.data.slice(1) })).toBe('NotAZone');
    expect(as({ ...real, data: real.data.map((byte, i) => (i === 0 ? byte ^ 1 : byte)) })).toBe('NotAZone');
    expect(as({ ...real, data: new Uint8Array(0) })).toBe('NotAZone');
    expect(as(real)).toBeNull();
  });

  it('cannot while the operator leaves, can when it stays, cannot once it has withdrawn', () => {
    const scene = Scene.living(core, FIVE);
    const { court } = scene;
    const proof = scene.published();
    const by = { authority: court.authority.publicKey, zone: court.zone };
    court.must(court.send(leaveIx(by), court.authority));
    expect(prove(scene, proof)).toBe('ZoneNotStanding');
    court.must(court.send(stayIx(by), court.authority));
    expect(prove(scene, proof)).toBeNull();
    const late = scene.published({ version: 1n });
    court.must(court.send(leaveIx(by), court.authority));
    court.setTime(court.time + Number(CHRONICLE.WITHDRAW_SECONDS) + 1);
    court.must(court.send(withdrawIx(by), court.authority));
    expect(prove(scene, late)).toBe('ZoneNotStanding');
  });

  it('cannot by an epoch proven wrong; by another one once the bond is whole again', () => {
    const scene = Scene.living(core);
    const { court } = scene;
    court.must(court.upload());
    const right = court.decision();
    const wrong = encodeDecision({ ...right, action: (right.action + 1) % 12 });
    const epoch = scene.publish([wrong, scene.leaf()]);
    const [lie, deed] = [0, 1].map((index) => court.published(epoch, index));
    const honest = scene.published();
    court.must(court.challenge(lie));
    expect(court.readZone().marked).toEqual([epoch.header.epoch]);
    expect(prove(scene, deed)).toBe('ZoneNotStanding');
    expect(prove(scene, honest)).toBe('ZoneNotStanding');
    const bond = { payer: court.authority.publicKey, zone: court.zone, lamports: CHRONICLE.MIN_BOND };
    court.must(court.send(topUpIx(bond), court.authority));
    expect(prove(scene, deed)).toBe('EpochMarked');
    expect(prove(scene, honest)).toBeNull();
  });

  it('cannot before the zone has published anything', () => {
    const scene = Scene.living(core);
    const proof: PublishedDeed = { index: 0, leaf: scene.leaf(), path: [] };
    expect(prove(scene, proof)).toBe('EpochNotHeld');
  });
});
