import bs58 from 'bs58';
import { accountJson, accountView } from '../encoding.ts';
import { address, type Config, config, contextSlot, flag, integer } from '../params.ts';
import { invalidParams, RPC, RpcError } from '../rpcError.ts';
import type { AccountState } from '../vm.ts';
import { type Method, withContext } from './context.ts';

/** Solana's bounds of one filter list. */
const MAX_FILTERS = 4;
const MAX_MEMCMP_BYTES = 128;
/** The largest account that the runtime allows. */
const MAX_ACCOUNT_BYTES = 10 * 1024 * 1024;

export type AccountFilter = (state: AccountState) => boolean;

/** Reads `filters` of getProgramAccounts and programSubscribe. */
export function accountFilter(value: unknown): AccountFilter {
  if (value === undefined || value === null) return () => true;
  if (!Array.isArray(value)) throw invalidParams('Invalid params: filters must be a sequence.');
  if (value.length > MAX_FILTERS) throw invalidParams(`Too many filters provided; max ${MAX_FILTERS}`);
  const filters = value.map(oneFilter);
  return (state) => filters.every((accepts) => accepts(state));
}

function oneFilter(value: unknown): AccountFilter {
  const given = config(value, 'filter');
  if (given.dataSize !== undefined) {
    const size = integer(given.dataSize, 'dataSize');
    return (state) => state.data.length === size;
  }
  if (given.memcmp === undefined) {
    throw invalidParams('Invalid params: a filter needs dataSize or memcmp.');
  }
  const memcmp = config(given.memcmp, 'memcmp');
  const offset = integer(memcmp.offset, 'memcmp.offset', MAX_ACCOUNT_BYTES);
  const bytes = memcmpBytes(memcmp);
  if (bytes.length > MAX_MEMCMP_BYTES) {
    throw invalidParams(`Invalid param: memcmp.bytes has ${bytes.length} bytes (max: ${MAX_MEMCMP_BYTES})`);
  }
  return ({ data }) =>
    offset + bytes.length <= data.length &&
    Buffer.compare(data.subarray(offset, offset + bytes.length), bytes) === 0;
}

function memcmpBytes(memcmp: Config): Uint8Array {
  const { bytes, encoding } = memcmp;
  if (typeof bytes !== 'string') throw invalidParams('Invalid params: memcmp.bytes must be a string.');
  if (bytes.length > 2 * MAX_MEMCMP_BYTES) {
    throw invalidParams(
      `Invalid param: memcmp.bytes has ${bytes.length} characters (max: ${2 * MAX_MEMCMP_BYTES})`,
    );
  }
  if (encoding === 'base64') return Buffer.from(bytes, 'base64');
  const decoded = bs58.decodeUnsafe(bytes);
  if (!decoded) throw invalidParams('Invalid param: memcmp.bytes is not base58');
  return decoded;
}

export const accountMethods: { [name: string]: Method } = {
  getBalance: {
    params: 2,
    call: ({ chain }, params) => {
      const slot = contextSlot(chain.clock, params.config(1));
      return withContext(slot, Number(chain.account(params.address(0), slot)?.lamports ?? 0n));
    },
  },

  getAccountInfo: {
    params: 2,
    call: ({ chain }, params) => {
      const key = params.address(0);
      const given = params.config(1);
      const slot = contextSlot(chain.clock, given);
      const view = accountView(given);
      const state = chain.account(key, slot);
      return withContext(slot, state && accountJson(state, view));
    },
  },

  getMultipleAccounts: {
    params: 2,
    call: ({ chain, limits }, params) => {
      const keys = params.array(0, 'pubkeys', limits.accountsPerCall).map((key) => address(key, 'pubkeys'));
      const given = params.config(1);
      const slot = contextSlot(chain.clock, given);
      const view = accountView(given, 'base64');
      return withContext(
        slot,
        keys.map((key) => {
          const state = chain.account(key, slot);
          return state && accountJson(state, view);
        }),
      );
    },
  },

  getProgramAccounts: {
    params: 2,
    call: ({ chain, limits }, params) => {
      const program = params.address(0);
      const given = params.config(1);
      const slot = contextSlot(chain.clock, given);
      const view = accountView(given);
      const accepts = accountFilter(given.filters);
      const wrap = flag(given.withContext, 'withContext', false);
      const found: object[] = [];
      for (const [pubkey, state] of chain.accounts.ownedBy(program, slot)) {
        if (!accepts(state)) continue;
        if (found.length >= limits.programAccounts) {
          throw new RpcError(
            RPC.invalidRequest,
            `more than ${limits.programAccounts} accounts match; ask with narrower filters`,
          );
        }
        found.push({ account: accountJson(state, view), pubkey });
      }
      return wrap ? withContext(slot, found) : found;
    },
  },

  getMinimumBalanceForRentExemption: {
    params: 2,
    call: ({ chain }, params) => chain.vm.minimumBalance(params.integer(0, 'data length', MAX_ACCOUNT_BYTES)),
  },
};
