import { transferV1 } from '@metaplex-foundation/mpl-core';
import { none } from '@metaplex-foundation/umi';
import type { Keypair } from '@solana/web3.js';
import { context, instructions, key, signer } from '../../testing/mpl.ts';
import type { Scene } from '../../testing/scene.ts';

/** Hands the scene's symbiont to somebody else, as any wallet would. */
export function transfer(scene: Scene, from: Keypair, to: Keypair): void {
  const builder = transferV1(context(scene.svm.payer), {
    asset: key(scene.asset),
    collection: key(scene.collection),
    authority: signer(from),
    newOwner: key(to),
    compressionProof: none(),
  });
  const { error, logs } = scene.svm.send(instructions(builder), [from]);
  if (error !== null) throw new Error(`${error}\n${logs.join('\n')}`);
}
