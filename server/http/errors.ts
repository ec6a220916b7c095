import type { ErrorRequestHandler, Response } from 'express';
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
    if (error instanceof Refusal) sendError(res, error.status, error.field, error.message);
    else if (error?.type === 'entity.too.large')
      sendError(res, 413, 'body', `${error.length} bytes, at most ${error.limit}`);
    else if (typeof error?.status === 'number' && error.status >= 400 && error.status < 500)
      sendError(res, error.status, error.type?.startsWith('entity') ? 'body' : 'request', reason(error));
    else {
      log(`${req.method} ${req.path}: ${reason(error)}`);
      sendError(res, 500, 'server', 'something went wrong here');
    }
  };
}
