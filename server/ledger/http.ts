import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { clientOf } from '../client.ts';
import { toJson } from './encoding.ts';
import type { LedgerLimits } from './limits.ts';
import type { MethodContext } from './methods/context.ts';
import type { RateLimiter } from './rate.ts';
import { callMethod, failure, readRequest, success } from './rpc.ts';
import { RPC, RpcError } from './rpcError.ts';
import type { FurtherMethod } from './types.ts';

export interface HttpDoor {
  context: Omit<MethodContext, 'client'>;
  limits: LedgerLimits;
  requests: RateLimiter;
  /** Methods that are not the ledger's own. */
  further: ReadonlyMap<string, FurtherMethod>;
  log: (line: string) => void;
}

const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
  'Access-Control-Allow-Headers': '*',
  'Access-Control-Max-Age': '86400',
};
/** How long a batch may hold the event loop before others get their turn. */
const TURN_MS = 2;
/** A request whose body does not arrive is given up. */
const BODY_TIMEOUT_MS = 15_000;

export async function handleHttp(door: HttpDoor, req: IncomingMessage, res: ServerResponse): Promise<void> {
  if (req.method === 'OPTIONS') return answer(res, 204, null);
  if (req.method === 'GET' || req.method === 'HEAD') return answer(res, 200, 'ok', 'text/plain');
  if (req.method !== 'POST')
    return answer(res, 405, 'Used HTTP Method is not allowed. POST or OPTIONS is required', 'text/plain');
  if (!(req.headers['content-type'] ?? '').toLowerCase().startsWith('application/json')) {
    const text = 'Supplied content type is not allowed. Content-Type: application/json is required\n';
    return answer(res, 415, text, 'text/plain');
  }
  const body = await readBody(req, door.limits.bodyBytes);
  if (body === null) {
    res.setHeader('Connection', 'close');
    const text = `the body is over ${door.limits.bodyBytes} bytes or did not arrive in ${BODY_TIMEOUT_MS / 1000} s`;
    return answer(res, 413, text, 'text/plain');
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return answer(res, 200, toJson(failure(null, new RpcError(RPC.parse, 'Parse error'), door.log)));
  }
  const client = clientOf(req);
  const count = Array.isArray(parsed) ? Math.max(1, parsed.length) : 1;
  if (count <= door.limits.batch && !door.requests.take(client, count)) {
    res.setHeader('Retry-After', '1');
    const error = new RpcError(
      RPC.rate,
      `Too many requests: at most ${door.limits.requestsPerSecond} a second`,
    );
    return answer(res, 429, toJson(failure(null, error, door.log)));
  }
  const result = Array.isArray(parsed) ? await batch(door, client, parsed) : await one(door, client, parsed);
  answer(res, 200, result === null ? '' : toJson(result));
}

async function one(door: HttpDoor, client: string, value: unknown): Promise<object | null> {
  let id: ReturnType<typeof readRequest>['id'] = null;
  try {
    const request = readRequest(value);
    id = request.id;
    const { method, params } = request;
    const further = door.further.get(method);
    const result = further ? await further(params) : callMethod({ ...door.context, client }, method, params);
    return request.notification ? null : success(id, result);
  } catch (error) {
    return failure(id, error, door.log);
  }
}

async function batch(door: HttpDoor, client: string, list: unknown[]): Promise<object | null> {
  if (list.length === 0) return failure(null, new RpcError(RPC.invalidRequest, 'Invalid request'), door.log);
  if (list.length > door.limits.batch) {
    const text = `Invalid request: a batch of ${list.length} (max: ${door.limits.batch})`;
    return failure(null, new RpcError(RPC.invalidRequest, text), door.log);
  }
  const out: object[] = [];
  let turn = performance.now();
  for (const value of list) {
    const result = await one(door, client, value);
    if (result) out.push(result);
    if (performance.now() - turn > TURN_MS) {
      await nextTurn();
      turn = performance.now();
    }
  }
  return out.length > 0 ? out : null;
}

function readBody(req: IncomingMessage, limit: number): Promise<string | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const done = (text: string | null): void => {
      clearTimeout(timer);
      req.removeAllListeners('data');
      if (text === null) req.resume();
      resolve(text);
    };
    const timer = setTimeout(() => done(null), BODY_TIMEOUT_MS);
    if (Number(req.headers['content-length'] ?? 0) > limit) return done(null);
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) done(null);
      else chunks.push(chunk);
    });
    req.on('end', () => done(Buffer.concat(chunks).toString('utf8')));
    req.on('error', () => done(null));
    req.on('close', () => done(null));
  });
}

function answer(res: ServerResponse, status: number, body: string | null, type = 'application/json'): void {
  if (res.headersSent || res.destroyed) return;
  const bytes = Buffer.from(body ?? '');
  res.writeHead(status, {
    ...CORS,
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Length': bytes.length,
  });
  res.end(bytes);
}
