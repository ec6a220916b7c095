import { addPluginV1, createPlugin } from '@metaplex-foundation/mpl-core';
import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { chainAttributes } from '#shared/art/index.ts';
import { ruleNext } from '#shared/growth/index.ts';
import { assetAddress, CONSTANTS, configAddress, MPL_CORE_ID, symbiontAddress } from '../../client/index.ts';
import { context, instructions, key, signer } from '../../testing/mpl.ts';
import { refusal } from '../../testing/refusals.ts';
import { Scene, uriOf } from '../../testing/scene.ts';
import { CORES } from '../../testing/svm.ts';
import { FIVE } from './rules.ts';
import { transfer } from './transfer.ts';

const ACCOUNTS = { owner: 1, config: 2, symbiont: 3, asset: 4, collection: 5, core: 7 };
describe.each(CORES)('evolve (%s)', (core) => {
  it('can grow a symbiont: state, URI and attributes change together', () => {
    const scene = Scene.living(core);
    const deeds = [12, 4, 1, 0, 0, 0, 20, 3];
    expect(refusal(scene.evolve({ deeds }))).toBeNull();
    expect(scene.readSymbiont()).toMatchObject({ stage: 1, branch: 0, version: 1n, deeds });
    const asset = scene.readAsset();
    expect(asset).toMatchObject({ name: 'Mo', uri: uriOf('1'), owner: scene.owner.publicKey });
    expect(asset.attributes).toEqual([
      ['stage', '1'],
      ['branch', '0'],
      ['deeds', '12,4,1,0,0,0,20,3'.padEnd(87)],
      ['genome', '07'.repeat(32)],
      ['version', '1'],
      ['picture', '0a'.repeat(32)],
    ]);
  });

  it('can grow through every stage, the branch chosen on its stage and kept after it', () => {
    const scene = Scene.living(core, FIVE);
    const seen = [1, 2, 3, 4, 5].map((stage) => {
      // until the third stage the second branch leads, afterwards the first
      const deeds = [stage > 3 ? 99 : 0, stage, 0, 0, 0, 0, 0, 0];
      expect(refusal(scene.evolve({ deeds, version: BigInt(stage - 1) }))).toBeNull();
      const { stage: reached, branch } = scene.readSymbiont();
      return [reached, branch];
    });
    expect(seen).toEqual([
      [1, 0],
      [2, 0],
      [3, 2],
      [4, 2],
      [5, 2],
    ]);
    expect(refusal(scene.evolve({ deeds: Array(8).fill(0xffffffff), version: 5n }))).toBe('RuleNotMet');
  });

  it('can show the greatest counters', () => {
    const scene = Scene.living(core, FIVE);
    const deeds = Array(8).fill(0xffffffff);
    expect(refusal(scene.evolve({ deeds }))).toBeNull();
    expect(Object.fromEntries(scene.readAsset().attributes).deeds).toBe(deeds.join(','));
  });

  it('can show counters of any length, as shared/art writes them, at no rent', () => {
    const powers = Array.from({ length: 8 }, (_, i) => 10 ** (i + 1));
    for (const deeds of [powers, [9, 10, 99, 100, 999, 4294967294, 1_000_000_007, 65_536]]) {
      const scene = Scene.living(core, FIVE);
      const before = scene.svm.account(scene.asset)!;
      expect(refusal(scene.evolve({ deeds }))).toBeNull();
      const { genome, picture, ...state } = scene.readSymbiont();
      const shown = { version: Number(state.version), pictureHash: Buffer.from(picture).toString('hex') };
      expect(scene.readAsset().attributes).toEqual(chainAttributes({ ...state, ...shown, genome }));
      const after = scene.svm.account(scene.asset)!;
      expect([after.data.length, after.lamports]).toEqual([before.data.length, before.lamports]);
    }
  });

  it('can grow by one stage only, whatever was done', () => {
    const scene = Scene.living(core);
    const deeds = Array(8).fill(100_000);
    expect(refusal(scene.evolve({ deeds }))).toBeNull();
    expect(scene.readSymbiont().stage).toBe(1);
    expect(refusal(scene.evolve({ deeds, version: 1n }))).toBeNull();
    const rule = scene.readConfig().rule;
    expect(scene.readSymbiont()).toMatchObject(ruleNext(rule, 1, 0, deeds)!);
  });

  it('can take the owner’s signature instead of standing consent', () => {
    const scene = new Scene(core);
    scene.createCollection();
    scene.mint({ consent: false }, [scene.minter]);
    expect(refusal(scene.evolve())).toBe('ConsentMissing');
    const signed = { owner: scene.owner.publicKey };
    expect(refusal(scene.evolve(signed, [scene.owner]))).toBeNull();
    expect(scene.readSymbiont().consent).toBeNull();
  });

  it('cannot on the consent of a former owner, nor take another’s signature for the owner’s', () => {
    const scene = Scene.living(core);
    transfer(scene, scene.owner, scene.stranger);
    expect(refusal(scene.evolve())).toBe('ConsentMissing');
    const former = { owner: scene.owner.publicKey };
    expect(refusal(scene.evolve(former, [scene.owner]))).toBe('WrongOwner');
    const present = { owner: scene.stranger.publicKey };
    expect(refusal(scene.evolve(present, [scene.stranger]))).toBeNull();
  });

  it('cannot count the owner’s key without the signature', () => {
    const scene = Scene.living(core);
    const one = scene.evolveIx({ owner: scene.owner.publicKey });
    one.keys[ACCOUNTS.owner].isSigner = false;
    expect(refusal(scene.svm.send([one]))).toBe('MissingRequiredSignature');
  });

  it('cannot be replayed', () => {
    const scene = Scene.living(core, FIVE);
    const one = scene.evolveIx();
    expect(refusal(scene.svm.send([one]))).toBeNull();
    const before = scene.everything();
    expect(refusal(scene.svm.send([one]))).toBe('WrongVersion');
    expect(refusal(scene.evolve())).toBe('WrongVersion');
    expect(refusal(scene.evolve({ version: 2n }))).toBe('WrongVersion');
    expect(refusal(scene.evolve({ version: 0xffffffffffffffffn }))).toBe('WrongVersion');
    expect(scene.everything()).toEqual(before);
  });

  it('cannot when the rule is not met', () => {
    const scene = Scene.living(core);
    const before = scene.everything();
    expect(refusal(scene.evolve({ deeds: [0, 0, 0, 0, 0, 0, 35, 0] }))).toBe('RuleNotMet');
    expect(refusal(scene.evolve({ deeds: [0, 0, 0, 0, 0, 0, 0, 0] }))).toBe('RuleNotMet');
    expect(scene.everything()).toEqual(before);
  });

  it('cannot with a counter that goes down', () => {
    const scene = Scene.living(core, FIVE);
    scene.evolve({ deeds: [5, 5, 5, 5, 5, 5, 5, 5] });
    for (let i = 0; i < 8; i++) {
      const deeds = [9, 9, 9, 9, 9, 9, 9, 9];
      deeds[i] = 4;
      expect(refusal(scene.evolve({ deeds, version: 1n }))).toBe('DeedsDecrease');
    }
    expect(scene.readSymbiont().version).toBe(1n);
  });

  it('cannot shorten the URI, nor take an empty or too long one', () => {
    const scene = Scene.living(core);
    expect(refusal(scene.evolve({ uri: uriOf('1').slice(1) }))).toBe('UriShorter');
    expect(refusal(scene.evolve({ uri: '' }))).toBe('UriLength');
    expect(refusal(scene.evolve({ uri: 'u'.repeat(CONSTANTS.MAX_URI + 1) }))).toBe('UriLength');
    expect(refusal(scene.evolve({ uri: `${uriOf('1')}?longer` }))).toBeNull();
    expect(scene.readAsset().uri).toBe(`${uriOf('1')}?longer`);
  });

  describe('with an account substituted', () => {
    const two = () => {
      const scene = Scene.living(core);
      const genome = new Uint8Array(32).fill(8);
      scene.mint({ genome });
      scene.createCollection({ index: 1 });
      const other = scene.createCollectionIx({ index: 1 });
      return { scene, asset: assetAddress(scene.collection, genome), collection: other.keys[3].pubkey };
    };
    const swap = (scene: Scene, index: number, to: PublicKey) => {
      const one: TransactionInstruction = scene.evolveIx();
      one.keys[index].pubkey = to;
      const before = scene.everything();
      const answer = refusal(scene.svm.send([one]));
      expect(scene.everything()).toEqual(before);
      return answer;
    };

    it('cannot evolve another asset', () => {
      const { scene, asset } = two();
      expect(swap(scene, ACCOUNTS.asset, asset)).toBe('WrongAsset');
    });

    it('cannot use another’s state', () => {
      const { scene, asset } = two();
      expect(swap(scene, ACCOUNTS.symbiont, symbiontAddress(asset))).toBe('WrongAsset');
    });

    it('cannot use another collection or its rule', () => {
      const { scene, collection } = two();
      expect(swap(scene, ACCOUNTS.collection, collection)).toBe('WrongCollection');
      expect(swap(scene, ACCOUNTS.config, configAddress(collection))).toBe('WrongConfig');
    });

    it('cannot call another program than Core', () => {
      const { scene } = two();
      expect(swap(scene, ACCOUNTS.core, scene.stranger.publicKey)).toBe('WrongCore');
    });

    it('cannot use accounts that only look like the program’s', () => {
      const { scene } = two();
      const forged = scene.stranger.publicKey;
      for (const [index, real] of [
        [ACCOUNTS.symbiont, scene.symbiont],
        [ACCOUNTS.config, scene.config],
      ] as const) {
        scene.svm.forge(forged, { ...scene.svm.account(real)!, owner: MPL_CORE_ID });
        expect(swap(scene, index, forged)).not.toBeNull();
      }
      // the right owner, but another kind of account
      expect(swap(scene, ACCOUNTS.symbiont, scene.config)).not.toBeNull();
      expect(swap(scene, ACCOUNTS.config, scene.symbiont)).not.toBeNull();
    });

    it('cannot evolve an asset that left the collection or is none', () => {
      const { scene } = two();
      const real = scene.svm.account(scene.asset)!;
      const changed = (change: (data: Uint8Array) => void, owner = real.owner) => {
        const data = Uint8Array.from(real.data);
        change(data);
        scene.svm.forge(scene.asset, { ...real, data, owner });
        return refusal(scene.evolve());
      };
      expect(changed((data) => data.fill(0, 0, 1))).toBe('NotInCollection');
      expect(changed((data) => data.fill(1, 33, 34))).toBe('NotInCollection');
      expect(changed((data) => data.fill(3, 34, 35))).toBe('NotInCollection');
      expect(changed((data) => data.fill(255, 66, 70))).toBe('NotInCollection');
      expect(changed(() => undefined, scene.stranger.publicKey)).toBe('NotInCollection');
      scene.svm.forge(scene.asset, { ...real, data: new Uint8Array(0) });
      expect(refusal(scene.evolve())).toBe('NotInCollection');
    });
  });

  it('can make room for a longer URI at the payer’s cost, and asks nothing of it otherwise', () => {
    const scene = Scene.living(core, FIVE);
    const payer = scene.svm.funded();
    const evolve = (version: bigint, uri: string) => {
      const [paid, held] = [payer.publicKey, scene.asset].map((one) => scene.svm.account(one)!.lamports);
      const growing = { deeds: Array(8).fill(10), version, uri };
      expect(refusal(scene.evolve({ ...growing, payer: payer.publicKey }, [payer]))).toBeNull();
      return [
        paid - scene.svm.account(payer.publicKey)!.lamports,
        scene.svm.account(scene.asset)!.lamports - held,
      ];
    };
    expect(evolve(0n, uriOf('1'))).toEqual([0n, 0n]);
    const [paid, got] = evolve(1n, `${uriOf('2')}?longer`);
    expect(paid).toBe(got);
    expect(got).toBeGreaterThan(0n);
    expect(evolve(2n, `${uriOf('3')}?longer`)).toEqual([0n, 0n]);
  });

  it.runIf(core === 'real binary')('can evolve what its owner has put a plugin on', () => {
    const scene = Scene.living(core);
    const add = addPluginV1(context(scene.svm.payer), {
      asset: key(scene.asset),
      collection: key(scene.collection),
      authority: signer(scene.owner),
      plugin: createPlugin({ type: 'FreezeDelegate', data: { frozen: false } }),
    });
    expect(scene.svm.send(instructions(add), [scene.owner]).error).toBeNull();
    expect(refusal(scene.evolve())).toBeNull();
    expect(scene.readAsset().attributes[0]).toEqual(['stage', '1']);
  });
});
