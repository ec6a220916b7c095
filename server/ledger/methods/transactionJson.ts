import bs58 from 'bs58';
import type { LedgerRecord } from '../record.ts';
import { invalidParams, RPC, RpcError } from '../rpcError.ts';
import { isWritableIndex, type ParsedTransaction } from '../transaction.ts';

export type TransactionEncoding = 'json' | 'jsonParsed' | 'base64' | 'base58';

export function transactionEncoding(value: unknown): TransactionEncoding {
  const encoding = value ?? 'json';
  if (encoding === 'json' || encoding === 'jsonParsed' || encoding === 'base64' || encoding === 'base58')
    return encoding;
  throw invalidParams(
    `Invalid params: unknown variant \`${String(encoding).slice(0, 32)}\`, expected one of \`base58\`, \`base64\`, \`json\`, \`jsonParsed\` (field encoding).`,
  );
}

/**
 * A record as getTransaction answers it. Instructions stay unparsed under jsonParsed, as Solana leaves those of
 * programs it does not know. Throws -32015 for a version that the client did not say it understands.
 */
export function transactionJson(
  record: LedgerRecord,
  tx: ParsedTransaction,
  encoding: TransactionEncoding,
  maxVersion: number | null,
  blockTime: number,
): object {
  if (tx.version !== 'legacy' && (maxVersion === null || maxVersion < tx.version)) {
    throw new RpcError(
      RPC.unsupportedVersion,
      `Transaction version (${tx.version}) is not supported by the requesting client. Please try the request again with the following configuration parameter: "maxSupportedTransactionVersion": ${tx.version}`,
    );
  }
  const out = {
    slot: record.slot,
    blockTime,
    meta: meta(record, encoding),
    transaction: body(record, tx, encoding),
  };
  return maxVersion === null ? out : { ...out, version: tx.version };
}

function meta({ head, body }: LedgerRecord, encoding: TransactionEncoding): object {
  const parsed = encoding === 'jsonParsed';
  const inner = body.inner.map(({ index, instructions }) => ({
    index,
    instructions: instructions.map((ix) =>
      parsed
        ? {
            programId: head.keys[ix.programIdIndex],
            accounts: ix.accounts.map((i) => head.keys[i]),
            data: ix.data,
            stackHeight: ix.stackHeight,
          }
        : ix,
    ),
  }));
  return {
    err: head.err,
    status: head.err === null ? { Ok: null } : { Err: head.err },
    fee: body.fee,
    preBalances: body.pre,
    postBalances: body.post,
    innerInstructions: inner,
    logMessages: body.logs,
    preTokenBalances: [],
    postTokenBalances: [],
    rewards: [],
    ...(parsed ? {} : { loadedAddresses: body.loaded }),
    ...(body.returnData ? { returnData: body.returnData } : {}),
    computeUnitsConsumed: body.units,
  };
}

function body(
  { head, body: { loaded } }: LedgerRecord,
  tx: ParsedTransaction,
  encoding: TransactionEncoding,
): unknown {
  if (encoding === 'base64') return [Buffer.from(tx.bytes).toString('base64'), 'base64'];
  if (encoding === 'base58') return [bs58.encode(tx.bytes), 'base58'];
  const { signatures, lookups } = tx;
  const tables =
    tx.version === 'legacy'
      ? {}
      : {
          addressTableLookups: lookups.map((l) => ({
            accountKey: l.table,
            writableIndexes: l.writable,
            readonlyIndexes: l.readonly,
          })),
        };
  if (encoding === 'jsonParsed') {
    const writableTables = tx.keys.length + loaded.writable.length;
    const accountKeys = head.keys.map((pubkey, i) => ({
      pubkey,
      signer: i < tx.header.signatures,
      source: i < tx.keys.length ? 'transaction' : 'lookupTable',
      writable: i < tx.keys.length ? isWritableIndex(tx, i) : i < writableTables,
    }));
    const instructions = tx.instructions.map((ix) => ({
      programId: head.keys[ix.programIdIndex],
      accounts: ix.accounts.map((i) => head.keys[i]),
      data: bs58.encode(ix.data),
      stackHeight: 1,
    }));
    return { signatures, message: { accountKeys, instructions, recentBlockhash: tx.blockhash, ...tables } };
  }
  const message = {
    accountKeys: tx.keys,
    header: {
      numRequiredSignatures: tx.header.signatures,
      numReadonlySignedAccounts: tx.header.readonlySigned,
      numReadonlyUnsignedAccounts: tx.header.readonlyUnsigned,
    },
    instructions: tx.instructions.map((ix) => ({
      programIdIndex: ix.programIdIndex,
      accounts: ix.accounts,
      data: bs58.encode(ix.data),
      stackHeight: 1,
    })),
    recentBlockhash: tx.blockhash,
    ...tables,
  };
  return { signatures, message };
}
