import express, { type ErrorRequestHandler, Router } from 'express';
import { failure, readRequest, success } from '../ledger/rpc.ts';
import { RPC, RpcError } from '../ledger/rpcError.ts';
import type { FurtherMethod } from '../ledger/types.ts';
import type { Log } from '../log.ts';
import { unreadable } from './errors.ts';

/** Requests in one batch, and bytes of a body. */
const MOST = 20;
const MOST_BYTES = 16_384;

/** The same methods as a JSON-RPC endpoint of their own, for wherever the RPC is somebody else's. */
export function das(methods: ReadonlyMap<string, FurtherMethod>, log: Log): Router {
  const router = Router();
  router.use((_req, res, next) => {
    res.setHeader('Access-Control-Allow-Origin', '*');
    res.setHeader('Access-Control-Allow-Methods', 'POST, OPTIONS');
    res.setHeader('Access-Control-Allow-Headers', '*');
    next();
  });
  router.options('/', (_req, res) => void res.status(204).end());
  router.post('/', express.json({ limit: MOST_BYTES, strict: false }), async (req, res) => {
    const one = async (value: unknown): Promise<object | null> => {
      let id: ReturnType<typeof readRequest>['id'] = null;
      try {
        const request = readRequest(value);
        id = request.id;
        const method = methods.get(request.method);
        if (!method) throw new RpcError(RPC.methodNotFound, 'Method not found');
        return success(id, await method(request.params));
      } catch (error) {
        return failure(id, error, log);
      }
    };
    const { body } = req as { body: unknown };
    if (!Array.isArray(body)) return void res.json(await one(body));
    if (body.length === 0 || body.length > MOST) {
      const text = `Invalid request: a batch of ${body.length} (1 to ${MOST})`;
      return void res.json(failure(null, new RpcError(RPC.invalidRequest, text), log));
    }
    const answers: (object | null)[] = [];
    for (const value of body) answers.push(await one(value));
    res.json(answers);
  });
  router.use(unread(log));
  return router;
}

/** What could not be read is answered as JSON-RPC does, as at the ledger's own door. */
function unread(log: Log): ErrorRequestHandler {
  return (error, _req, res, next) => {
    const refusal = unreadable(error);
    if (!refusal) return next(error);
    const { status, message } = refusal;
    if (status === 413)
      res
        .status(status)
        .json(failure(null, new RpcError(RPC.invalidRequest, `Invalid request: ${message}`), log));
    else res.json(failure(null, new RpcError(RPC.parse, 'Parse error'), log));
  };
}
