import { PublicKey, Transaction, TransactionInstruction } from '@solana/web3.js';
import { SiwsFault } from '#shared/siws/index.ts';
import { sha256 } from '../store/cipher.ts';
import { verify } from './sessions.ts';

const MEMO = new PublicKey('MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr');
/** What a wallet may add by itself before it signs. */
const BUDGET = 'ComputeBudget111111111111111111111111111111';

/**
 * A transaction that carries a sign-in's text as a memo, for hardware wallets that sign nothing else. It names a
 * blockhash that never was, so that no chain takes it.
 */
export function memoTransaction(text: string, address: string): Uint8Array {
  const payer = new PublicKey(address);
  const transaction = new Transaction({
    feePayer: payer,
    blockhash: new PublicKey(sha256(`never: ${text}`)).toBase58(),
    lastValidBlockHeight: 0,
  });
  transaction.add(
    new TransactionInstruction({
      programId: MEMO,
      keys: [{ pubkey: payer, isSigner: true, isWritable: false }],
      data: Buffer.from(text),
    }),
  );
  return transaction.serialize({ requireAllSignatures: false });
}

/**
 * The text in a signed memo transaction, its signature checked.
 * @throws SiwsFault when it does anything else, or another signed it
 */
export function readMemo(bytes: Uint8Array, address: string): string {
  let transaction: Transaction;
  try {
    transaction = Transaction.from(bytes);
  } catch {
    throw new SiwsFault('transaction', 'cannot be read');
  }
  const work = transaction.instructions.filter((one) => one.programId.toBase58() !== BUDGET);
  const [memo] = work;
  if (work.length !== 1 || !memo.programId.equals(MEMO))
    throw new SiwsFault('transaction', 'must hold the memo alone');
  if (transaction.feePayer?.toBase58() !== address || transaction.signatures.length !== 1)
    throw new SiwsFault('transaction', 'must be signed by the wallet alone');
  const { signature, publicKey } = transaction.signatures[0];
  if (!signature || !verify(signature, transaction.serializeMessage(), publicKey.toBytes()))
    throw new SiwsFault('signature', 'is not the wallet’s');
  return memo.data.toString('utf8');
}
