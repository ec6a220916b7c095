import { SystemProgram } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../testing/refusals.ts';
import { Scene } from '../../testing/scene.ts';
import { CORES } from '../../testing/svm.ts';

/** Rent-exempt without data, and more than the account's own rent. */
const SUMS = [900_000, 100_000_000];

describe.each(CORES)('places that somebody has paid into before (%s)', (core) => {
  it.each(SUMS)('hinder neither a collection nor a mint: %d lamports', (lamports) => {
    const scene = new Scene(core);
    for (const toPubkey of [scene.config, scene.symbiont]) {
      const pay = SystemProgram.transfer({ fromPubkey: scene.payer, toPubkey, lamports });
      expect(scene.svm.send([pay]).error).toBeNull();
    }
    expect(refusal(scene.createCollection())).toBeNull();
    expect(refusal(scene.mint())).toBeNull();
    expect(scene.readConfig().minted).toBe(1);
    expect(scene.readSymbiont().stage).toBe(0);
  });
});
