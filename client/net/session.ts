import type { HttpApi } from '#shared/protocol/http.ts';

type Guest = HttpApi['POST /api/guest'];
type Key = HttpApi['POST /api/me/export'];

const TOKEN = 'symbiont.token';

/** An answer of the server that is an error; `status` is HTTP's. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

async function call<T>(method: string, path: string, body?: unknown, token?: string): Promise<T> {
  const response = await fetch(path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json().catch(() => null)) as (T & { error?: { message?: string } }) | null;
  if (!response.ok || answer === null)
    throw new ApiError(
      response.status,
      answer?.error?.message ?? `${path}: the server answered ${response.status}`,
    );
  return answer;
}

/** The guest's token; it is all that a browser keeps. */
export const storedToken = (): string | null => localStorage.getItem(TOKEN);
export const forgetToken = (): void => localStorage.removeItem(TOKEN);

/** The stored guest's token, or a new guest's. A token that the server no longer knows is replaced. */
export async function signIn(look: number): Promise<string> {
  const token = storedToken();
  if (token) {
    try {
      await call('GET', '/api/me', undefined, token);
      return token;
    } catch (error) {
      if (!(error instanceof ApiError) || (error.status !== 401 && error.status !== 404)) throw error;
    }
  }
  const guest = await call<Guest>('POST', '/api/guest', { look });
  localStorage.setItem(TOKEN, guest.token);
  return guest.token;
}

/** The guest's own Solana key, in the form that wallets import. */
export const exportKey = (): Promise<Key> => call<Key>('POST', '/api/me/export', {}, storedToken() ?? '');
