import { innerOf, returnDataOf, type Trial } from '../chain.ts';
import { accountJson, accountView, decodeWire } from '../encoding.ts';
import type { HistoryEntry } from '../history.ts';
import {
  address,
  type Config,
  config,
  contextSlot,
  flag,
  integer,
  type Params,
  signature,
} from '../params.ts';
import { decodeRecord } from '../record.ts';
import { invalidParams, RPC, RpcError } from '../rpcError.ts';
import { BLOCKHASH_AGE, commitmentOr, type SlotClock } from '../slots.ts';
import {
  MAX_TRANSACTION_BYTES,
  type ParsedTransaction,
  parseTransaction,
  TransactionFormatError,
} from '../transaction.ts';
import { type Method, type MethodContext, withContext } from './context.ts';
import { transactionEncoding, transactionJson } from './transactionJson.ts';

const MAX_SIGNATURES_FOR_ADDRESS = 1000;
/** Characters of the longest transaction text, in base64 or base58. */
const MAX_TEXT = 4096;

function readTransaction(params: Params, given: Config): ParsedTransaction {
  const bytes = decodeWire(
    params.string(0, 'transaction', MAX_TEXT),
    given.encoding,
    'base58',
    MAX_TRANSACTION_BYTES,
  );
  try {
    return parseTransaction(bytes);
  } catch (error) {
    if (!(error instanceof TransactionFormatError)) throw error;
    throw invalidParams(
      error.message.startsWith('sanitize: ')
        ? `invalid transaction: Transaction failed to sanitize accounts offsets correctly (${error.message.slice(10)})`
        : `failed to deserialize solana_transaction::versioned::VersionedTransaction: ${error.message}`,
    );
  }
}

/** Transactions can be asked for once they are confirmed, not before. */
function settledSlot(clock: SlotClock, given: Config): number {
  if (commitmentOr(given.commitment) === 'processed') {
    throw invalidParams('Method does not support commitment below `confirmed`');
  }
  return contextSlot(clock, given);
}

function status(clock: SlotClock, entry: HistoryEntry): object {
  const commitment = clock.commitmentOf(entry.slot);
  return {
    confirmationStatus: commitment,
    confirmations: commitment === 'finalized' ? null : clock.slot - entry.slot,
    err: entry.err,
    slot: entry.slot,
    status: entry.err === null ? { Ok: null } : { Err: entry.err },
  };
}

function simulate({ chain, limits }: MethodContext, params: Params): object {
  const given = params.config(1);
  const verify = flag(given.sigVerify, 'sigVerify', false);
  const replace = flag(given.replaceRecentBlockhash, 'replaceRecentBlockhash', false);
  const wantInner = flag(given.innerInstructions, 'innerInstructions', false);
  if (verify && replace) throw invalidParams('sigVerify may not be used with replaceRecentBlockhash');
  contextSlot(chain.clock, given);
  const wanted =
    given.accounts === undefined || given.accounts === null ? null : config(given.accounts, 'accounts');
  const view = wanted && accountView(wanted, 'base64');
  const tx = readTransaction(params, given);
  const addresses = wanted ? addressList(wanted, Math.min(limits.accountsPerCall, tx.keys.length)) : [];
  const trial = chain.attempt(tx, { verify, fresh: !replace });
  if (trial.err === 'SignatureFailure') {
    throw new RpcError(RPC.signature, 'Transaction signature verification failure');
  }
  const { slot } = chain.clock;
  return withContext(slot, {
    accounts: view
      ? addresses.map((key) => after(trial, key, (state) => accountJson(state, view), chain))
      : null,
    err: trial.err,
    innerInstructions: wantInner && trial.meta ? innerOf(trial.meta) : null,
    logs: trial.logs,
    replacementBlockhash: replace
      ? { blockhash: chain.clock.blockhash(slot), lastValidBlockHeight: slot + BLOCKHASH_AGE }
      : null,
    returnData: trial.meta ? returnDataOf(trial.meta) : null,
    unitsConsumed: trial.units,
  });
}

function after<T>(
  trial: Trial,
  key: string,
  json: (state: NonNullable<ReturnType<MethodContext['chain']['account']>>) => T,
  chain: MethodContext['chain'],
): T | null {
  if (trial.err !== null) return null;
  const state = trial.post.get(key) ?? chain.account(key);
  return state && state.lamports > 0n ? json(state) : null;
}

function addressList(given: Config, max: number): string[] {
  if (!Array.isArray(given.addresses))
    throw invalidParams('Invalid params: accounts.addresses must be a sequence.');
  if (given.addresses.length > max) throw invalidParams(`Too many accounts provided; max ${max}`);
  return given.addresses.map((key) => address(key, 'accounts.addresses'));
}

export const transactionMethods: { [name: string]: Method } = {
  sendTransaction: {
    params: 2,
    call: ({ chain }, params) => {
      const given = params.config(1);
      const skip = flag(given.skipPreflight, 'skipPreflight', false);
      commitmentOr(given.preflightCommitment);
      // Accepted and without effect: a transaction is run once, at once, so that nothing needs sending again.
      if (given.maxRetries !== undefined && given.maxRetries !== null)
        integer(given.maxRetries, 'maxRetries');
      contextSlot(chain.clock, { minContextSlot: given.minContextSlot }, 'processed');
      return chain.send(readTransaction(params, given), skip);
    },
  },

  simulateTransaction: { params: 2, call: simulate },

  getSignatureStatuses: {
    params: 2,
    call: ({ chain, limits }, params) => {
      const names = params.array(0, 'signatures', limits.statusesPerCall).map(signature);
      const search = flag(params.config(1).searchTransactionHistory, 'searchTransactionHistory', false);
      const oldest = search ? 0 : chain.clock.slot - 2 * BLOCKHASH_AGE;
      return withContext(
        chain.clock.slot,
        names.map((name) => {
          const entry = chain.history.find(name);
          return entry && entry.slot >= oldest ? status(chain.clock, entry) : null;
        }),
      );
    },
  },

  getTransaction: {
    params: 2,
    call: ({ chain }, params) => {
      const name = params.signature(0);
      // Older clients give the encoding alone.
      const given: Config =
        typeof params.list[1] === 'string' ? { encoding: params.list[1] } : params.config(1);
      const encoding = transactionEncoding(given.encoding);
      const max = given.maxSupportedTransactionVersion ?? null;
      const version = max === null ? null : integer(max, 'maxSupportedTransactionVersion', 255);
      const settled = settledSlot(chain.clock, given);
      const entry = chain.history.find(name);
      if (!entry || entry.slot > settled) return null;
      const bytes = chain.journal.read(entry.location);
      if (!bytes) return null;
      const record = decodeRecord(bytes);
      return transactionJson(
        record,
        parseTransaction(record.tx),
        encoding,
        version,
        chain.clock.time(record.slot),
      );
    },
  },

  getSignaturesForAddress: {
    params: 2,
    call: ({ chain }, params) => {
      const key = params.address(0);
      const given = params.config(1);
      const limit = integer(given.limit ?? MAX_SIGNATURES_FOR_ADDRESS, 'limit', MAX_SIGNATURES_FOR_ADDRESS);
      if (limit === 0) throw invalidParams(`Invalid limit; max ${MAX_SIGNATURES_FOR_ADDRESS}`);
      const settled = settledSlot(chain.clock, given);
      const before = given.before == null ? null : chain.history.find(signature(given.before));
      const until = given.until == null ? null : chain.history.find(signature(given.until));
      if (before === undefined) return [];
      const found: object[] = [];
      for (const entry of chain.history.of(key)) {
        if (entry.slot > settled || (before && entry.seq >= before.seq)) continue;
        if ((until && entry.seq <= until.seq) || found.length >= limit) break;
        found.push({
          blockTime: chain.clock.time(entry.slot),
          confirmationStatus: chain.clock.commitmentOf(entry.slot),
          err: entry.err,
          memo: null,
          signature: entry.signature,
          slot: entry.slot,
        });
      }
      return found;
    },
  },

  requestAirdrop: {
    params: 3,
    call: ({ chain, faucet, limits, airdrops, client }, params) => {
      const to = params.address(0);
      const lamports = params.integer(1, 'lamports', limits.airdropLamports);
      if (lamports === 0) throw invalidParams('Invalid params: lamports must be at least 1.');
      if (client !== null && !airdrops.take(client)) {
        throw new RpcError(
          RPC.rate,
          `airdrop request failed: at most ${limits.airdropsPerMinute} airdrops a minute`,
        );
      }
      const hash = chain.clock.blockhash(chain.clock.slot);
      return chain.send(faucet.transfer(to, lamports, hash, chain.seq), false);
    },
  },
};
