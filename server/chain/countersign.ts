import { Transaction, type TransactionInstruction } from '@solana/web3.js';
import bs58 from 'bs58';
import { Refusal } from '../refusal.ts';
import type { SignedTransaction } from '../store/outbox.ts';
import type { Chain } from './chain.ts';

/** Something that a wallet may sign, and what it says by that. */
export interface Word<T> {
  says: T;
  instruction: TransactionInstruction;
}

/** A transaction for a wallet to sign, signed by the server already, which pays for it. */
export async function giveOut(chain: Chain, instruction: TransactionInstruction): Promise<Uint8Array> {
  const payer = chain.options.keys.payer;
  const life = await chain.connection.getLatestBlockhash('confirmed');
  const transaction = new Transaction({ feePayer: payer.publicKey, ...life }).add(instruction);
  transaction.partialSign(payer);
  return transaction.serialize({ requireAllSignatures: false });
}

/**
 * Takes a transaction back that was given out.
 * @param words what may have been given out; their instructions must be the same whenever they are made
 * @throws Refusal 409 when it is none of them, or is not signed by the wallet
 */
export async function takeBack<T>(
  chain: Chain,
  bytes: Uint8Array,
  words: readonly Word<T>[],
): Promise<{ says: T; signed: SignedTransaction }> {
  const given = readTransaction(bytes);
  const { lastValidBlockHeight } = await chain.connection.getLatestBlockhash('confirmed');
  const word = words.find(({ instruction }) => {
    const feePayer = chain.options.keys.payer.publicKey;
    const ours = new Transaction({ feePayer, blockhash: given.recentBlockhash ?? '', lastValidBlockHeight });
    return isSame(given, ours.add(instruction));
  });
  if (!word) throw new Refusal(409, 'transaction', 'is not the one that was to be signed');
  if (!given.signature || !given.verifySignatures())
    throw new Refusal(409, 'transaction', 'is not signed by the wallet');
  return {
    says: word.says,
    signed: {
      signature: bs58.encode(given.signature),
      raw: Uint8Array.from(bytes),
      lastValidHeight: lastValidBlockHeight,
    },
  };
}

function readTransaction(bytes: Uint8Array): Transaction {
  try {
    return Transaction.from(bytes);
  } catch {
    throw new Refusal(409, 'transaction', 'cannot be read');
  }
}

/** Whether both say the same. One whose blockhash is none says nothing. */
function isSame(a: Transaction, b: Transaction): boolean {
  try {
    return a.serializeMessage().equals(b.serializeMessage());
  } catch {
    return false;
  }
}
