import { transferV1 } from '@metaplex-foundation/mpl-core';
import { none } from '@metaplex-foundation/umi';
import type { Keypair } from '@solana/web3.js';
import { context, instructions, key, signer } from '../../testing/mpl.ts';
import type { Scene } from '../../testing/scene.ts';

/** Hands the scene's symbiont, or another, to somebody else, as any wallet would. */
export function transfer(scene: Scene, from: Keypair, to: Keypair, asset = scene.asset): void {
  const builder = transferV1(context(scene.svm.payer), {
    asset: key(asset),
    collection: key(scene.collection),
    authority: signer(from),
    newOwner: key(to),
    compressionProof: none(),
  });
  const { error, logs } = scene.svm.send(instructions(builder), [from]);
  if (error !== null) throw new Error(`${error}\n${logs.join('\n')}`);
}
