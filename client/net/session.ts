import type { HttpApi } from '#shared/protocol/http.ts';
import { PROTOCOL } from '#shared/protocol/limits.ts';
import { proofBytes } from '#shared/siws/session.ts';
import { forgetKey, storedKey } from './session-key.ts';

type Guest = HttpApi['POST /api/guest'];
type Key = HttpApi['POST /api/me/export'];

const TOKEN = 'symbiont.token';
const WALLET = 'symbiont.wallet';
/** Clocks closer than this agree; the server's is told in whole seconds. */
const SAME_TIME_MS = 1_500;

/** A sign-in by a wallet; its token counts with the session key of this browser only. */
export interface WalletSession {
  token: string;
  /** Milliseconds since 1970. */
  expires: number;
  address: string;
  /** The wallet's name, to find it again. */
  wallet: string;
  /** The chain as wallets name it: solana:localnet, … */
  chain: string;
}

/** An answer of the server that is an error; `status` is HTTP's. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;
  readonly field: string;

  constructor(status: number, field: string, message: string) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

/** How far the server's clock is ahead of ours, as its answers tell. */
let aheadMs = 0;

/**
 * Asks the server, as whoever the token opens where one is given.
 * @param body bytes as they are, anything else as JSON
 * @param as what the answer is: JSON, or bytes as they are
 * @throws ApiError
 */
export async function call<T>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
  token?: string,
  { as = 'json', again = true }: { as?: 'json' | 'bytes'; again?: boolean } = {},
): Promise<T> {
  const assumed = aheadMs;
  const signed = token !== undefined && token === walletSession()?.token;
  const response = await fetch(path, {
    method,
    headers: {
      ...(body === undefined
        ? {}
        : { 'content-type': body instanceof Uint8Array ? 'application/octet-stream' : 'application/json' }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(signed ? { 'x-session-proof': await proof(token, `${method} ${path}`) } : {}),
    },
    ...(body === undefined
      ? {}
      : { body: body instanceof Uint8Array ? Uint8Array.from(body) : JSON.stringify(body) }),
  });
  const told = Date.parse(response.headers.get('date') ?? '');
  if (!Number.isNaN(told)) aheadMs = told - Date.now();
  if (response.ok && as === 'bytes') return new Uint8Array(await response.arrayBuffer()) as T;
  const answer = (await response.json().catch(() => null)) as
    | (T & { error?: { field?: string; message?: string } })
    | null;
  if (response.ok && answer !== null) return answer;
  if (again && signed && response.status === 401 && answer?.error?.field === 'proof') {
    // With clocks that agree, the proof is older than a server that has just started: the next second's is not.
    if (Math.abs(aheadMs - assumed) <= SAME_TIME_MS)
      await new Promise((done) => setTimeout(done, SAME_TIME_MS));
    return call(method, path, body, token, { as, again: false });
  }
  const { field = '', message = `${path}: the server answered ${response.status}` } = answer?.error ?? {};
  throw new ApiError(response.status, field, message);
}

/** The session key's word that this act is ours, good once and for two minutes. */
async function proof(token: string, action: string): Promise<string> {
  const key = await storedKey();
  if (!key) return '';
  const at = Date.now() + aheadMs;
  const nonce = base64url(crypto.getRandomValues(new Uint8Array(16)));
  const bytes = proofBytes({ domain: location.host, token, action, at, nonce });
  return `${at}.${nonce}.${base64url(await key.sign(bytes))}`;
}

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

/** The guest's token; it is all that a browser keeps of a guest. */
export const storedToken = (): string | null => localStorage.getItem(TOKEN);
export const forgetToken = (): void => localStorage.removeItem(TOKEN);

/** The sign-in that this browser keeps, where it has not ended. */
export function walletSession(): WalletSession | null {
  try {
    const session = JSON.parse(localStorage.getItem(WALLET) ?? 'null') as WalletSession | null;
    return session && session.expires > Date.now() + aheadMs ? session : null;
  } catch {
    return null;
  }
}

export const keepWalletSession = (session: WalletSession): void =>
  localStorage.setItem(WALLET, JSON.stringify(session));

export async function forgetWalletSession(): Promise<void> {
  localStorage.removeItem(WALLET);
  await forgetKey();
}

/** What joining needs: a token, and for a wallet's also a proof. */
export interface Ticket {
  token: string;
  proof?: string;
}

/**
 * The wallet's session, the stored guest's token, or a new guest's. What the server no longer knows is replaced.
 * @param onEnded called when a wallet's session has ended
 */
export async function signIn(look: number, onEnded: () => void): Promise<Ticket> {
  const had = localStorage.getItem(WALLET);
  const session = walletSession();
  if (session) {
    if (await opens(session.token))
      return { token: session.token, proof: await proof(session.token, `JOIN ${PROTOCOL.room}`) };
  }
  if (had !== null) {
    // Another tab may have signed in meanwhile.
    if (localStorage.getItem(WALLET) !== had) return signIn(look, onEnded);
    await forgetWalletSession();
    onEnded();
  }
  const token = storedToken();
  if (token && (await opens(token))) return { token };
  const guest = await call<Guest>('POST', '/api/guest', { look });
  localStorage.setItem(TOKEN, guest.token);
  return { token: guest.token };
}

async function opens(token: string): Promise<boolean> {
  try {
    await call('GET', '/api/me', undefined, token);
    return true;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 401 || error.status === 404)) return false;
    throw error;
  }
}

/** The guest's own Solana key, in the form that wallets import. */
export const exportKey = (): Promise<Key> => call<Key>('POST', '/api/me/export', {}, storedToken() ?? '');
