import express, { type ErrorRequestHandler, type RequestHandler, type Response } from 'express';
import type { ZodType, z } from 'zod';
import { type Log, reason } from '../log.ts';
import { Refusal } from '../refusal.ts';

/** @throws Refusal 400 naming the first field that is wrong */
export function parseBody<T extends ZodType>(schema: T, body: unknown): z.infer<T> {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Refusal(400, issue.path.join('.') || 'body', issue.message);
}

/** Bytes of a body that asks for something small. */
const SMALL = 4096;

/** Reads a body of JSON, of at most `limit` bytes; what is of another type is refused, not overlooked. */
export function jsonBody(limit: number = SMALL): RequestHandler {
  const read = express.json({ limit });
  return (req, res, next) => {
    const { 'content-length': length, 'transfer-encoding': coded } = req.headers;
    const isThere = coded !== undefined || Number(length ?? 0) > 0;
    if (isThere && !req.is('application/json'))
      next(new Refusal(415, 'content-type', 'must be application/json'));
    else read(req, res, next);
  };
}

/** What is wrong with a request that could not be read; null where that is not the client's doing. */
export function unreadable(error: unknown): Refusal | null {
  const { status, type, length, limit } = Object(error) as { [field: string]: unknown };
  // A packed body ends where it has grown too long; how long it would have been nobody knows.
  if (type === 'entity.too.large')
    return new Refusal(413, 'body', `${length ? `${length} bytes` : 'too long'}, at most ${limit} bytes`);
  if (type === 'entity.parse.failed')
    return new Refusal(400, 'body', `must be a JSON object: ${reason(error)}`);
  if (typeof status !== 'number' || status < 400 || status >= 500) return null;
  return new Refusal(status, 'request', reason(error));
}

export function sendError(res: Response, status: number, field: string, message: string): void {
  res.status(status).json({ error: { field, message } });
}

/** Turns every error into `{ error: { field, message } }`; what is not the client's fault is logged. */
export function errorHandler(log: Log): ErrorRequestHandler {
  return (error, req, res, _next) => {
    if (res.headersSent) {
      res.destroy();
      return;
    }
    const refusal = error instanceof Refusal ? error : unreadable(error);
    if (refusal) sendError(res, refusal.status, refusal.field, refusal.message);
    else {
      log(`${req.method} ${req.path}: ${reason(error)}`);
      sendError(res, 500, 'server', 'something went wrong here');
    }
  };
}
