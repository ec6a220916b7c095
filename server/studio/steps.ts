import {
  type PublicKey,
  Transaction,
  type TransactionInstruction,
  TransactionMessage,
  VersionedTransaction,
} from '@solana/web3.js';
import type { StudioCost, StudioStep } from '#shared/protocol/index.ts';
import { BRAINS_ERRORS } from '../../programs/client/brains.ts';
import { EVOLUTION_ERRORS } from '../../programs/client/index.ts';
import type { Chain } from '../chain/chain.ts';

/** What the network takes for a signature. */
const LAMPORTS_PER_SIGNATURE = 5000;

/** A transaction that a wallet is to sign, before it is put together. */
export interface Plan {
  kind: string;
  what: string;
  /** Its instructions, with the account that pays for rent and prices. */
  instructions: (payer: PublicKey) => TransactionInstruction[];
}

/** What is on chain already. */
export const doneStep = (kind: string, what: string): StudioStep => ({
  kind,
  what,
  transaction: null,
  done: true,
  refusal: null,
  cost: null,
});

/**
 * Puts transactions together for a wallet and tells what each costs, by trying it on the chain as it is now. One that
 * the chain would refuse comes without its bytes and with the reason. Nothing is signed or sent here.
 * @throws Error when the chain does not answer
 */
export async function planSteps(
  chain: Chain,
  wallet: PublicKey,
  plans: readonly Plan[],
): Promise<StudioStep[]> {
  if (plans.length === 0) return [];
  const latest = await chain.connection.getLatestBlockhash('confirmed');
  return Promise.all(plans.map((plan) => planStep(chain, wallet, plan, latest)));
}

async function planStep(
  chain: Chain,
  wallet: PublicKey,
  { kind, what, instructions }: Plan,
  latest: { blockhash: string; lastValidBlockHeight: number },
): Promise<StudioStep> {
  const transaction = new Transaction({ feePayer: wallet, ...latest }).add(...instructions(wallet));
  const bytes = transaction.serialize({ requireAllSignatures: false, verifySignatures: false });
  const fee = LAMPORTS_PER_SIGNATURE * transaction.compileMessage().header.numRequiredSignatures;
  const tried = await attempt(chain, instructions, latest.blockhash);
  const step = { kind, what, done: false };
  if ('refusal' in tried) return { ...step, transaction: null, refusal: tried.refusal, cost: null };
  const cost: StudioCost = { fee, rest: tried.rest, total: fee + tried.rest };
  return { ...step, transaction: bytes.toString('base64'), refusal: null, cost };
}

/**
 * Tries instructions with the server's own payer in the wallet's place, so that an empty wallet is told the cost too.
 * What the wallet loses is what all others gain, and the fee.
 */
async function attempt(
  chain: Chain,
  instructions: Plan['instructions'],
  recentBlockhash: string,
): Promise<{ rest: number } | { refusal: string }> {
  const { connection, options } = chain;
  const payer = options.keys.payer.publicKey;
  await chain.ensureFunds();
  const all = instructions(payer);
  const others = [
    ...new Map(
      all
        .flatMap((ix) => ix.keys)
        .filter(({ isWritable, pubkey }) => isWritable && !pubkey.equals(payer))
        .map(({ pubkey }) => [pubkey.toBase58(), pubkey]),
    ).values(),
  ];
  const message = new TransactionMessage({ payerKey: payer, recentBlockhash, instructions: all });
  const transaction = new VersionedTransaction(message.compileToLegacyMessage());
  const before = await connection.getMultipleAccountsInfo(others, 'confirmed');
  const { value } = await connection.simulateTransaction(transaction, {
    sigVerify: false,
    replaceRecentBlockhash: true,
    commitment: 'confirmed',
    accounts: { encoding: 'base64', addresses: others.map((key) => key.toBase58()) },
  });
  if (value.err !== null) return { refusal: refusalOf(value.err, value.logs ?? []) };
  const after = value.accounts ?? [];
  const rest = others.reduce((sum, _, i) => sum + (after[i]?.lamports ?? 0) - (before[i]?.lamports ?? 0), 0);
  return { rest };
}

/** A refusal of one of our programs in its own sentence, or what the chain says. */
export function refusalOf(err: unknown, logs: readonly string[] = []): string {
  const text = JSON.stringify(err);
  const code = Number(/"Custom":(\d+)/.exec(text)?.[1] ?? Number.NaN);
  // The last program that failed first is the one whose code this is.
  const failed = logs.find((line) => / failed: /.test(line)) ?? '';
  const sentence = [EVOLUTION_ERRORS, BRAINS_ERRORS]
    .map((errors) => errors.get(code))
    .find((one) => one && logs.some((line) => line.includes(one.name) || line.includes(one.message)));
  const known = sentence ?? EVOLUTION_ERRORS.get(code);
  if (known) return `The chain would refuse it: ${known.message}`;
  return `The chain would refuse it: ${failed || text}`;
}
