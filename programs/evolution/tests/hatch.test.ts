import { Keypair, type PublicKey } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import {
  assetAddress,
  breedingAddress,
  decodeAsset,
  MPL_CORE_ID,
  setPausedIx,
  setSupplyIx,
  symbiontAddress,
} from '../../client/index.ts';
import { Couple, HATCH_SECONDS, REST_SECONDS, REVEAL_SECONDS } from '../../testing/couple.ts';
import { refusal } from '../../testing/refusals.ts';
import { uriOf } from '../../testing/scene.ts';
import { CORES } from '../../testing/svm.ts';
import { transfer } from './transfer.ts';

describe.each(CORES)('hatch (%s)', (core) => {
  it('can bring a child into the collection, with its parents recorded, and give both deposits back', () => {
    const couple = new Couple(core);
    const { scene } = couple;
    const purses = couple.purses();
    couple.reveals(0, 1);
    const genome = couple.genome(1_000n);
    const asset = assetAddress(scene.collection, genome);
    const minted = scene.readConfig().minted;
    expect(refusal(couple.hatch())).toBeNull();
    expect(couple.symbiont(asset)).toMatchObject({
      asset,
      config: scene.config,
      consent: couple.owners[1].publicKey,
      genome,
      picture: new Uint8Array(32).fill(33),
      version: 0n,
      stage: 0,
      branch: 0,
      parents: couple.assets,
      rested: 0n,
      bred: 0,
      generation: 1,
    });
    const shown = decodeAsset(asset, scene.svm.account(asset)!.data);
    expect(shown).toMatchObject({ owner: couple.owners[1].publicKey, collection: scene.collection });
    expect([shown.name, shown.uri]).toEqual(['Mimo', uriOf('5')]);
    expect(Object.fromEntries(shown.attributes).genome).toBe(Buffer.from(genome).toString('hex'));
    expect(scene.readConfig().minted).toBe(minted + 1);
    for (const side of [0, 1] as const)
      expect(couple.symbiont(side)).toMatchObject({ bred: 1, generation: 0 });
    expect(couple.read()).toBeNull();
    expect(couple.lamports(couple.breeding)).toBe(0n);
    // all but the fees, which the scene's payer paid
    expect(couple.purses()).toEqual(purses);
  });

  it('can be in one transaction with both revelations, as long as the terms were offered and met', () => {
    const couple = new Couple(core).reveals();
    const all = [couple.revealIx(0), couple.revealIx(1), couple.hatchIx()];
    expect(refusal(couple.scene.svm.send(all, [couple.scene.minter]))).toBeNull();
    expect(couple.symbiont(0).bred).toBe(1);
  });

  it('can be done late, once both have revealed in time', () => {
    const couple = new Couple(core).reveals(0, 1);
    couple.wait(REVEAL_SECONDS + HATCH_SECONDS + 5);
    expect(refusal(couple.hatch())).toBeNull();
  });

  it('can be by the authority for a child of the one who offered, without consent', () => {
    const couple = new Couple(core);
    const terms = { heir: 0 as const };
    couple.must(couple.offer({ ...terms, consent: false }));
    couple.must(couple.accept(terms));
    couple.setSlot(couple.slot + 1n);
    couple.must(couple.draw());
    for (const side of [0, 1] as const) couple.must(couple.reveal(side));
    const { creator, collection } = couple.scene;
    const over = { minter: creator.publicKey, owner: couple.owners[0].publicKey };
    expect(refusal(couple.hatch(over, [creator]))).toBeNull();
    const child = couple.symbiont(assetAddress(collection, couple.genome(1_000n)));
    expect(child.consent).toBeNull();
  });

  it('can follow another after the rest, and grandchildren count their generations', () => {
    const couple = new Couple(core).reveals(0, 1);
    couple.must(couple.hatch());
    expect(refusal(couple.offer())).toBe('Resting');
    couple.wait(REST_SECONDS);
    couple.setSlot(5_000n);
    couple.reveals(0, 1);
    couple.must(couple.hatch());
    expect(couple.symbiont(0).bred).toBe(2);
    const child = assetAddress(couple.scene.collection, couple.genome(5_000n));
    couple.must(couple.scene.evolve({ asset: child }));
    couple.wait(REST_SECONDS);
    couple.setSlot(9_000n);
    // with its own parent: the chain does not judge
    const other = Object.assign(Object.create(Object.getPrototypeOf(couple)), couple, {
      assets: [couple.assets[0], child],
      breeding: breedingAddress(couple.assets[0], child),
      genomes: [couple.genomes[0], couple.symbiont(child).genome],
    }) as Couple;
    other.reveals(0, 1);
    other.must(other.hatch());
    const grandchild = assetAddress(couple.scene.collection, other.genome(9_000n));
    expect(other.symbiont(grandchild)).toMatchObject({ generation: 2, parents: other.assets });
  });

  it('cannot before both have revealed', () => {
    for (const sides of [[], [0], [1]] as (0 | 1)[][]) {
      const couple = new Couple(core).reveals(...sides);
      expect(refusal(couple.hatch())).toBe('NotRevealed');
    }
    const couple = new Couple(core).agree();
    expect(refusal(couple.hatch())).toBe('NotRevealed');
  });

  it('cannot be of another genome than chance has given', () => {
    const couple = new Couple(core).reveals(0, 1);
    const before = couple.everything();
    const [a, b] = couple.genomes;
    const near = Uint8Array.from(couple.genome(1_000n));
    near[31] ^= 1;
    for (const genome of [a, b, near, new Uint8Array(32)])
      expect(refusal(couple.hatch({ genome }))).not.toBeNull();
    expect(refusal(couple.hatch({ genome: near }))).toBe('WrongGenome');
    expect(couple.everything()).toEqual(before);
  });

  it('cannot be done twice', () => {
    const couple = new Couple(core).reveals(0, 1);
    const again = couple.hatchIx();
    couple.must(couple.hatch());
    expect(refusal(couple.scene.svm.send([again], [couple.scene.minter]))).not.toBeNull();
    expect(couple.symbiont(0).bred).toBe(1);
  });

  it('cannot be when a parent has changed hands, though all was revealed', () => {
    const couple = new Couple(core).reveals(0, 1);
    transfer(couple.scene, couple.owners[0], couple.scene.stranger);
    expect(refusal(couple.hatch())).toBe('ParentMoved');
  });

  it('cannot be while the collection is paused or when it is full', () => {
    const couple = new Couple(core).reveals(0, 1);
    const { creator, collection, svm } = couple.scene;
    const of = { authority: creator.publicKey, collection };
    couple.must(svm.send([setPausedIx({ ...of, paused: true })], [creator]));
    expect(refusal(couple.hatch())).toBe('Paused');
    couple.must(
      svm.send([setPausedIx({ ...of, paused: false }), setSupplyIx({ ...of, supply: 2 })], [creator]),
    );
    expect(refusal(couple.hatch())).toBe('SoldOut');
    expect(couple.read()).not.toBeNull();
  });

  it('cannot be by anyone but minter or authority, for another than the heir, nor pay another', () => {
    const couple = new Couple(core).reveals(0, 1);
    const { stranger } = couple.scene;
    const before = couple.everything();
    for (const who of [stranger, ...couple.owners])
      expect(refusal(couple.hatch({ minter: who.publicKey }, [who]))).toBe('WrongMinter');
    for (const who of [stranger, couple.owners[0]])
      expect(refusal(couple.hatch({ owner: who.publicKey }))).toBe('WrongOwner');
    const [a, b] = couple.payers.map(({ publicKey }) => publicKey);
    for (const payers of [
      [b, a],
      [a, stranger.publicKey],
      [a, a],
    ] as [PublicKey, PublicKey][])
      expect(refusal(couple.hatch({ payers }))).toBe('WrongPayer');
    expect(couple.everything()).toEqual(before);
  });

  it('cannot take other parents, nor another program than Core', () => {
    const couple = new Couple(core).reveals(0, 1);
    const { minter, svm } = couple.scene;
    const swap = (from: PublicKey, to: PublicKey) => {
      const one = couple.hatchIx();
      for (const meta of one.keys) if (meta.pubkey.equals(from)) meta.pubkey = to;
      return refusal(svm.send([one], [minter]));
    };
    const [a, b] = couple.assets;
    const elsewhere = Keypair.generate().publicKey;
    for (const to of [b, elsewhere]) expect(swap(a, to)).toBe('WrongAsset');
    expect(swap(symbiontAddress(a), symbiontAddress(b))).not.toBeNull();
    expect(swap(MPL_CORE_ID, elsewhere)).toBe('WrongCore');
    expect(swap(couple.breeding, elsewhere)).not.toBeNull();
    expect(couple.read()).not.toBeNull();
  });

  it('cannot take a name or URI that is empty or too long', () => {
    const couple = new Couple(core).reveals(0, 1);
    expect(refusal(couple.hatch({ name: '' }))).toBe('NameLength');
    expect(refusal(couple.hatch({ name: 'n'.repeat(33) }))).toBe('NameLength');
    expect(refusal(couple.hatch({ uri: '' }))).toBe('UriLength');
    expect(refusal(couple.hatch({ uri: 'u'.repeat(201) }))).toBe('UriLength');
  });
});
