import type { HttpApi } from '#shared/protocol/http.ts';

export class Unanswered extends Error {}

/** Asks the server. @throws Unanswered with what it said */
export async function ask<T>(path: string): Promise<T> {
  const answer = await fetch(path);
  const value = (await answer.json().catch(() => null)) as (T & { error?: { message: string } }) | null;
  if (!answer.ok || !value)
    throw new Unanswered(value?.error?.message ?? `the server answered ${answer.status}`);
  return value;
}

let config: Promise<HttpApi['GET /api/config']> | null = null;

/** Where a transaction can be looked at: Solana's explorer, over this world's own ledger where it has one. */
export async function explorer(signature: string): Promise<string> {
  config ??= ask<HttpApi['GET /api/config']>('/api/config');
  const { rpc } = await config;
  const url = encodeURIComponent(new URL(rpc, location.origin).href);
  return `https://explorer.solana.com/tx/${signature}?cluster=custom&customUrl=${url}`;
}
