import { createAuthContext, matchMaker, ServerError } from '@colyseus/core';
import type { RequestHandler } from 'express';
import { PROTOCOL } from '#shared/protocol/index.ts';
import { clientOf } from '../client.ts';
import { Buckets } from '../rate.ts';

/** Ways into the room that the client library knows; all lead to the one that is there. */
const METHODS = new Set(['joinOrCreate', 'join']);

/** Joins that an address may try at once, and a second. */
const BURST = 100;
const PER_SECOND = 5;

/** Reserves a seat in the zone, as Colyseus's own route does, but never makes a second room. */
export function matchmake(): RequestHandler {
  const pace = new Buckets(PER_SECOND, BURST);
  return async (req, res) => {
    if (!pace.take(clientOf(req), performance.now())) {
      res.status(429).json({ code: 429, error: `joins: at most ${PER_SECOND} a second` });
      return;
    }
    const { method, room } = req.params as { method: string; room: string };
    if (!METHODS.has(method) || room !== PROTOCOL.room) {
      res
        .status(404)
        .json({ code: 404, error: `only /matchmake/joinOrCreate/${PROTOCOL.room} is served here` });
      return;
    }
    try {
      const { remoteAddress } = req.socket;
      const context = createAuthContext({ headers: new Headers(), remoteAddress });
      res.json(await matchMaker.join(room, req.body ?? {}, context));
    } catch (error) {
      const code = error instanceof ServerError ? error.code : 500;
      const message = error instanceof ServerError ? error.message : 'something went wrong here';
      res.status(code === 500 ? 500 : 400).json({ code, error: message });
    }
  };
}
