import { transferV1 } from '@metaplex-foundation/mpl-core';
import { none } from '@metaplex-foundation/umi';
import { Keypair, SystemProgram } from '@solana/web3.js';
import { expect, test } from 'vitest';
import { context, instructions, key, signer } from '../../programs/testing/mpl.ts';
import { transferIx } from './transfer.ts';

test('a transfer is what Metaplex’s own library writes', () => {
  const [payer, owner, collection, asset, newOwner] = Array.from({ length: 5 }, () => Keypair.generate());
  const [theirs] = instructions(
    transferV1(context(payer), {
      asset: key(asset),
      collection: key(collection),
      authority: signer(owner),
      newOwner: key(newOwner),
      systemProgram: key(SystemProgram.programId),
      compressionProof: none(),
    }),
  );
  const ours = transferIx({
    payer: payer.publicKey,
    owner: owner.publicKey,
    collection: collection.publicKey,
    asset: asset.publicKey,
    newOwner: newOwner.publicKey,
  });
  expect(ours).toEqual(theirs);
});
