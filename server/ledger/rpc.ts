import { accountMethods } from './methods/accounts.ts';
import { clusterMethods } from './methods/cluster.ts';
import type { Method, MethodContext } from './methods/context.ts';
import { transactionMethods } from './methods/transactions.ts';
import { Params } from './params.ts';
import { RPC, RpcError } from './rpcError.ts';

const METHODS = new Map<string, Method>(
  Object.entries({ ...accountMethods, ...clusterMethods, ...transactionMethods }),
);

export const METHOD_NAMES: readonly string[] = [...METHODS.keys()];

/** Calls a method. Throws RpcError; anything else that goes wrong is an internal error. */
export function callMethod(context: MethodContext, method: string, params: unknown): unknown {
  const found = METHODS.get(method);
  if (!found) throw new RpcError(RPC.methodNotFound, 'Method not found');
  return found.call(context, new Params(params, found.params));
}

type Id = string | number | null;

/** One request of JSON-RPC 2.0, checked. */
export interface Request {
  id: Id;
  /** No id: the client wants no answer. */
  notification: boolean;
  method: string;
  params: unknown;
}

/** Checks the envelope of one request; throws -32600 with what is wrong. */
export function readRequest(value: unknown): Request {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new RpcError(RPC.invalidRequest, 'Invalid request');
  }
  const { jsonrpc, id, method, params } = value as { [field: string]: unknown };
  if (jsonrpc !== '2.0') throw new RpcError(RPC.invalidRequest, 'Invalid request: jsonrpc must be "2.0"');
  if (typeof method !== 'string' || method.length > 64) {
    throw new RpcError(
      RPC.invalidRequest,
      'Invalid request: method must be a string of at most 64 characters',
    );
  }
  if (
    id !== undefined &&
    id !== null &&
    typeof id !== 'number' &&
    !(typeof id === 'string' && id.length <= 128)
  ) {
    throw new RpcError(
      RPC.invalidRequest,
      'Invalid request: id must be a number or a string of at most 128 characters',
    );
  }
  return { id: (id ?? null) as Id, notification: id === undefined, method, params };
}

export const success = (id: Id, result: unknown): object => ({ jsonrpc: '2.0', result, id });

/** The answer to a failed request. What is no RpcError is our own fault: the client hears that, the log the rest. */
export function failure(id: Id, error: unknown, log: (line: string) => void): object {
  if (error instanceof RpcError) return { jsonrpc: '2.0', error: error.toJSON(), id };
  log(`ledger: internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return { jsonrpc: '2.0', error: { code: RPC.internal, message: 'Internal error' }, id };
}
