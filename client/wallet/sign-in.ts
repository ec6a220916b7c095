import bs58 from 'bs58';
import type { Connection } from '#client/net/connection.ts';
import {
  ApiError,
  call,
  forgetToken,
  forgetWalletSession,
  keepWalletSession,
  storedToken,
  walletSession,
} from '#client/net/session.ts';
import { keepKey, makeKey } from '#client/net/session-key.ts';
import type { HttpApi } from '#shared/protocol/http.ts';
import { type SiwsInput, siwsText } from '#shared/siws/message.ts';
import { can, type Wallet, type WalletAccount } from './standard.ts';

export type Purpose = 'enter' | 'move';

type Verified = HttpApi['POST /api/siws/verify'];
/** What a wallet answered, as the server takes it. */
type Answer =
  | { address: string; message: string; signature: string }
  | { address: string; transaction: string };

/** The person said no in their wallet. */
export class Declined extends Error {
  override name = 'Declined';
}

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
const bytesOf = (text: string): Uint8Array => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

/**
 * Signs in with a wallet: it signs once, for a key made here that plays in its name for a week.
 * @throws ApiError, Declined, or whatever the wallet throws
 */
export async function signInWith(
  connection: Pick<Connection, 'hold' | 'rejoin'>,
  wallet: Wallet,
  purpose: Purpose,
): Promise<void> {
  const key = await makeKey();
  const guest = purpose === 'move' ? (storedToken() ?? '') : undefined;
  const input = await call<SiwsInput>('POST', '/api/siws/nonce', { purpose, key: key.hex }, guest);
  if (input.domain !== location.host)
    throw new ApiError(403, 'domain', `the server signs in for ${input.domain}, not for ${location.host}`);
  const answer = await ask(wallet, input);
  // Moving ends the guest's connection: it must not come back as a new guest meanwhile.
  const release = connection.hold();
  try {
    const { token, expires, address } = await call<Verified>('POST', '/api/siws/verify', answer);
    await keepKey(key);
    keepWalletSession({ token, expires, address, wallet: wallet.name, chain: `solana:${input.chainId}` });
    if (purpose === 'move') forgetToken();
    connection.rejoin();
  } finally {
    release();
  }
}

/** Asks for a signature in the best way that the wallet knows; a way that fails gives place to the next. */
async function ask(wallet: Wallet, input: SiwsInput): Promise<Answer> {
  const failures: unknown[] = [];
  for (const way of [bySignIn, byMessage, byMemo]) {
    try {
      const answer = await way(wallet, input);
      if (answer) return answer;
    } catch (error) {
      if (isRefusal(error)) throw new Declined('Your wallet said no.');
      if (error instanceof ApiError) throw error;
      failures.push(error);
    }
  }
  throw failures[0] ?? new Error(`${wallet.name} cannot sign in.`);
}

async function bySignIn(wallet: Wallet, input: SiwsInput): Promise<Answer | null> {
  const feature = can(wallet, 'solana:signIn');
  if (!feature) return null;
  const [{ account, signedMessage, signature }] = await feature.signIn(input);
  return { address: account.address, message: base64(signedMessage), signature: base64(signature) };
}

async function byMessage(wallet: Wallet, input: SiwsInput): Promise<Answer | null> {
  const account = await accountOf(wallet);
  const feature = account && can(wallet, 'solana:signMessage', account);
  if (!feature) return null;
  const message = new TextEncoder().encode(siwsText({ ...input, address: account.address }));
  const [{ signedMessage, signature }] = await feature.signMessage({ account, message });
  return { address: account.address, message: base64(signedMessage), signature: base64(signature) };
}

/** For hardware wallets that sign transactions alone: one that carries the text and that no chain takes. */
async function byMemo(wallet: Wallet, input: SiwsInput): Promise<Answer | null> {
  const account = await accountOf(wallet);
  const feature = account && can(wallet, 'solana:signTransaction', account);
  if (!feature) return null;
  const { address } = account;
  const { transaction } = await call<HttpApi['POST /api/siws/memo']>('POST', '/api/siws/memo', {
    nonce: input.nonce,
    address,
  });
  const [{ signedTransaction }] = await feature.signTransaction({
    account,
    transaction: bytesOf(transaction),
    chain: `solana:${input.chainId}`,
  });
  return { address, transaction: base64(signedTransaction) };
}

/** The wallet's first account, or the one of this address; the wallet asks its owner where it has to. */
async function accountOf(wallet: Wallet, address?: string): Promise<WalletAccount | null> {
  const fits = (one: WalletAccount) => address === undefined || one.address === address;
  const present = wallet.accounts.find(fits);
  if (present) return present;
  const connected = await can(wallet, 'standard:connect')?.connect();
  return connected?.accounts.find(fits) ?? null;
}

/** Wallets say no by code 4001 (EIP-1193, which they took over), or in words. */
function isRefusal(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === 4001 || /reject|denied|declin|cancel/i.test(String(message));
}

interface Handing {
  /** Path and body of the question for the transaction. */
  ask: [path: string, body: object];
  /** Path and body that bring it back, signed. */
  answer: (transaction: string) => [path: string, body: object];
  /** The same where the wallet has sent it itself; without it there is nothing more to say. */
  sent?: () => [path: string, body: object];
}

/**
 * Has the wallet sign a transaction of the server's, and hands it in.
 * @throws ApiError, Declined, or what the wallet throws
 */
export async function signAndHandIn(wallet: Wallet, { ask, answer, sent }: Handing): Promise<void> {
  const session = walletSession();
  if (!session) throw new Error('You are not signed in.');
  const { token } = session;
  const asked = await call<{ transaction: string }>('POST', ...ask, token);
  const signed = await signWith(wallet, asked.transaction);
  const back = typeof signed === 'string' ? sent?.() : answer(base64(signed));
  if (back) await call('POST', ...back, token);
}

/**
 * Has the wallet that is signed in sign a transaction. @param transaction base64
 * @returns its bytes, or its signature in base58 where the wallet sends by itself
 * @throws Declined, or what the wallet throws
 */
export async function signWith(wallet: Wallet, transaction: string): Promise<Uint8Array | string> {
  const session = walletSession();
  if (!session) throw new Error('You are not signed in.');
  const account = await accountOf(wallet, session.address);
  if (!account) throw new Error(`${wallet.name} does not show the account ${session.address}.`);
  const input = { account, transaction: bytesOf(transaction), chain: session.chain };
  try {
    const signs = can(wallet, 'solana:signTransaction', account);
    if (signs) return (await signs.signTransaction(input))[0].signedTransaction;
    const sends = can(wallet, 'solana:signAndSendTransaction', account);
    if (!sends) throw new Error(`${wallet.name} signs no transactions.`);
    return bs58.encode((await sends.signAndSendTransaction(input))[0].signature);
  } catch (error) {
    if (isRefusal(error)) throw new Declined('Your wallet said no.');
    throw error;
  }
}

/** Has the wallet sign whether its symbiont may grow. @throws ApiError, Declined, or what the wallet throws */
export const sayConsent = (wallet: Wallet, consent: boolean): Promise<void> =>
  signAndHandIn(wallet, {
    ask: ['/api/me/consent/ask', { consent }],
    answer: (transaction) => ['/api/me/consent', { transaction }],
    sent: () => ['/api/me/consent', { sent: consent }],
  });

/** Ends this browser's session, or all of this wallet's; play goes on as a guest. */
export async function signOut(connection: Connection, everywhere: boolean): Promise<void> {
  const session = walletSession();
  const release = connection.hold();
  try {
    const path = everywhere ? '/api/me/sign-out-everywhere' : '/api/me/sign-out';
    if (session) await call('POST', path, {}, session.token);
    await forgetWalletSession();
    connection.rejoin();
  } finally {
    release();
  }
}
