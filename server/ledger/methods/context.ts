import type { Chain } from '../chain.ts';
import type { Faucet } from '../faucet.ts';
import type { LedgerLimits } from '../limits.ts';
import type { Params } from '../params.ts';
import type { RateLimiter } from '../rate.ts';

/** What a method may use. */
export interface MethodContext {
  chain: Chain;
  faucet: Faucet;
  limits: LedgerLimits;
  identity: string;
  genesisHash: string;
  airdrops: RateLimiter;
  /** Address of the asking client, or null for a call in process. */
  client: string | null;
}

export interface Method {
  /** The most positional arguments it takes. */
  params: number;
  call: (context: MethodContext, params: Params) => unknown;
}

/** The version of Solana's runtime that LiteSVM 1.5 is built from. */
export const API_VERSION = '4.3.0';

/** A value with the slot it was read at. */
export const withContext = (slot: number, value: unknown): object => ({
  context: { apiVersion: API_VERSION, slot },
  value,
});
