/** The people and places of the script, and how its steps are written. */
import {
  addressPluginAuthority,
  createPlugin,
  pluginAuthorityPair,
  ruleSet,
  updatePluginAuthority,
} from '@metaplex-foundation/mpl-core';
import type { TransactionBuilder } from '@metaplex-foundation/umi';
import { Keypair, type TransactionInstruction } from '@solana/web3.js';
import { context, instructions, key, signer } from '../../../testing/mpl.ts';

export interface Step {
  name: string;
  send: TransactionInstruction[];
  signers: Keypair[];
}

const named = (seed: number): Keypair => Keypair.fromSeed(new Uint8Array(32).fill(seed));

export const PEOPLE = {
  payer: named(1),
  creator: named(2),
  delegate: named(3),
  owner: named(4),
  other: named(5),
  stranger: named(6),
};

/** Every account that the script makes or could make. */
export const PLACES = {
  collection: named(20),
  second: named(21),
  bare: named(22),
  asset: named(30),
  free: named(31),
  loose: named(32),
  refused: named(33),
  royal: named(34),
  royalAsset: named(35),
};

export const { payer, creator, delegate, owner, other, stranger } = PEOPLE;
export const { collection, second, bare, asset, free, loose, refused, royal, royalAsset } = PLACES;
export const umi = context(payer);
export const address = (who: Keypair) => addressPluginAuthority(key(who));
export const byUpdateAuthority = updatePluginAuthority();

export const list = (...pairs: [string, string][]) => ({
  attributeList: pairs.map(([name, value]) => ({ key: name, value })),
});
export const attributes = (...pairs: [string, string][]) =>
  createPlugin({ type: 'Attributes', data: list(...pairs) });
export const updateDelegate = (...who: Keypair[]) =>
  createPlugin({ type: 'UpdateDelegate', data: { additionalDelegates: who.map(key) } });
/** Shares of these percentages, for the people from the first on. */
export const royalties = (basisPoints: number, ...percentages: number[]) =>
  createPlugin({
    type: 'Royalties',
    data: {
      basisPoints,
      creators: percentages.map((percentage, i) => ({
        address: key(Object.values(PEOPLE)[i % 5]),
        percentage,
      })),
      ruleSet: ruleSet('None'),
    },
  });
export const withAttributes = (authority: Parameters<typeof pluginAuthorityPair>[0]['authority']) =>
  pluginAuthorityPair({ type: 'Attributes', data: list(['stage', '0'], ['genome', 'ab']), authority });

export const step = (name: string, builder: TransactionBuilder, ...signers: Keypair[]): Step => ({
  name,
  send: instructions(builder),
  signers,
});

/** Drops the last account of an instruction, or its last byte of data. */
export const broken = (one: Step, change: (instruction: TransactionInstruction) => void): Step => {
  for (const instruction of one.send) change(instruction);
  return one;
};

export const on = (who: Keypair, place: Keypair = asset) => ({
  asset: key(place),
  collection: key(collection),
  authority: signer(who),
});
export const of = (who: Keypair, place: Keypair = collection) => ({
  collection: key(place),
  authority: signer(who),
});
