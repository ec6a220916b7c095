import { type PublicKey, SystemProgram, TransactionInstruction } from '@solana/web3.js';
import { MPL_CORE_ID } from '../../programs/client/index.ts';

/** Core's `TransferV1`, of an asset that is not compressed. */
const TRANSFER_V1 = 14;
const NO_PROOF = 0;

/** Gives an asset of a collection to another owner; `payer` and `owner` sign. */
export function transferIx(args: {
  payer: PublicKey;
  owner: PublicKey;
  collection: PublicKey;
  asset: PublicKey;
  newOwner: PublicKey;
}): TransactionInstruction {
  const { payer, owner, collection, asset, newOwner } = args;
  const account = (pubkey: PublicKey, isSigner = false, isWritable = false) => ({
    pubkey,
    isSigner,
    isWritable,
  });
  return new TransactionInstruction({
    programId: MPL_CORE_ID,
    keys: [
      account(asset, false, true),
      account(collection),
      account(payer, true, true),
      account(owner, true),
      account(newOwner),
      account(SystemProgram.programId),
      account(MPL_CORE_ID), // no log wrapper
    ],
    data: Buffer.from([TRANSFER_V1, NO_PROOF]),
  });
}
