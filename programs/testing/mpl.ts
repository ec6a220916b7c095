/** Metaplex Core's instructions as its own client library serialises them, for web3.js. */
import { mplCore } from '@metaplex-foundation/mpl-core';
import {
  createNoopSigner,
  publicKey,
  type Signer,
  signerIdentity,
  type TransactionBuilder,
  type PublicKey as UmiKey,
} from '@metaplex-foundation/umi';
import { createUmi } from '@metaplex-foundation/umi-bundle-defaults';
import { type Keypair, PublicKey, TransactionInstruction } from '@solana/web3.js';

export const key = (one: Keypair | PublicKey): UmiKey =>
  publicKey(('publicKey' in one ? one.publicKey : one).toBase58());

/** Names a signer; the signature itself is made when the transaction is sent. */
export const signer = (one: Keypair | PublicKey): Signer => createNoopSigner(key(one));

/** A context for mpl-core's builders: it is never asked to reach a network. */
export function context(payer: Keypair) {
  return createUmi('http://127.0.0.1:1')
    .use(mplCore())
    .use(signerIdentity(signer(payer)));
}

export function instructions(builder: TransactionBuilder): TransactionInstruction[] {
  return builder.getInstructions().map(
    ({ programId, keys, data }) =>
      new TransactionInstruction({
        programId: new PublicKey(programId),
        keys: keys.map(({ pubkey, isSigner, isWritable }) => ({
          pubkey: new PublicKey(pubkey),
          isSigner,
          isWritable,
        })),
        data: Buffer.from(data),
      }),
  );
}
