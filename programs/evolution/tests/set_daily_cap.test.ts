import type { Keypair } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { setDailyCapIx } from '../../client/index.ts';
import { refusal } from '../../testing/refusals.ts';
import { Scene } from '../../testing/scene.ts';
import { CORES } from '../../testing/svm.ts';
import { FIVE } from './rules.ts';

const DAY = 86_400;
const MIDNIGHT = 20_900 * DAY;

describe.each(CORES)('set_daily_cap (%s)', (core) => {
  const set = (scene: Scene, dailyCap: number, authority: Keypair = scene.creator) =>
    refusal(
      scene.svm.send(
        [setDailyCapIx({ authority: authority.publicKey, collection: scene.collection, dailyCap })],
        [authority],
      ),
    );
  /** Evolves at this time of the clock, Unix seconds. */
  const at = (scene: Scene, seconds: number, version: number) => {
    const growing = { deeds: Array(8).fill(10), version: BigInt(version) };
    const proof = scene.published(growing);
    scene.court.setTime(seconds);
    return refusal(scene.evolve(growing, [], proof));
  };

  it('can limit a day’s evolutions, and midnight begins another day', () => {
    const scene = Scene.living(core, FIVE);
    expect(set(scene, 2)).toBeNull();
    expect(scene.readConfig().dailyCap).toBe(2);
    expect(at(scene, MIDNIGHT, 0)).toBeNull();
    expect(at(scene, MIDNIGHT + 60, 1)).toBeNull();
    expect(scene.readSymbiont()).toMatchObject({ day: 20_900, today: 2 });
    const before = scene.everything();
    expect(at(scene, MIDNIGHT + DAY - 1, 2)).toBe('CapReached');
    expect(scene.everything()).toEqual(before);
    expect(at(scene, MIDNIGHT + DAY, 2)).toBeNull();
    expect(scene.readSymbiont()).toMatchObject({ day: 20_901, today: 1, version: 3n });
  });

  it('can count for each symbiont by itself', () => {
    const scene = Scene.living(core, FIVE);
    set(scene, 1);
    const genome = new Uint8Array(32).fill(8);
    scene.mint({ genome });
    const asset = scene.mintIx({ genome }).keys[5].pubkey;
    expect(at(scene, MIDNIGHT, 0)).toBeNull();
    expect(at(scene, MIDNIGHT + 60, 1)).toBe('CapReached');
    expect(refusal(scene.evolve({ asset }))).toBeNull();
  });

  it('can be raised or lifted in the middle of a day', () => {
    const scene = Scene.living(core, FIVE);
    set(scene, 1);
    expect(at(scene, MIDNIGHT, 0)).toBeNull();
    expect(at(scene, MIDNIGHT + 60, 1)).toBe('CapReached');
    expect(set(scene, 2)).toBeNull();
    expect(at(scene, MIDNIGHT + 120, 1)).toBeNull();
    expect(at(scene, MIDNIGHT + 180, 2)).toBe('CapReached');
    expect(set(scene, 0)).toBeNull();
    expect(at(scene, MIDNIGHT + 240, 2)).toBeNull();
    expect(set(scene, 0xffff)).toBeNull();
    expect(at(scene, MIDNIGHT + 300, 3)).toBeNull();
  });

  it('counts nothing that was refused', () => {
    const scene = Scene.living(core, FIVE);
    set(scene, 1);
    expect(at(scene, MIDNIGHT, 7)).toBe('WrongVersion');
    expect(refusal(scene.evolve({ deeds: Array(8).fill(0) }))).toBe('RuleNotMet');
    expect(at(scene, MIDNIGHT + 600, 0)).toBeNull();
  });

  it('cannot by another than the authority', () => {
    const scene = Scene.living(core);
    for (const who of [scene.stranger, scene.minter, scene.owner, scene.court.operator]) {
      expect(set(scene, 1, who)).toBe('WrongAuthority');
    }
    expect(scene.readConfig().dailyCap).toBe(0);
  });
});
