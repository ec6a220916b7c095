import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Request, Router } from 'express';
import { z } from 'zod';
import { writeAtomically } from '#ml/files.ts';
import type { Indexed } from '../gallery/indexer.ts';
import type { Brains } from '../learning/brains.ts';
import { Refusal } from '../refusal.ts';
import { sha256 } from '../store/cipher.ts';
import { parseBody } from './errors.ts';

const FILE = 'door';
const Door = z.object({ url: z.url(), token: z.string().min(32).max(100), pid: z.int() });
/** Where a running server lets those in who can read its home, and by what. */
export type Door = z.infer<typeof Door>;

/**
 * Writes down the way in for this run of the server, readable by its owner alone. @returns the token, and what takes
 * it away again
 */
export function openDoor(home: string, port: number): { token: string; close: () => void } {
  const path = join(home, FILE);
  const door: Door = {
    url: `http://127.0.0.1:${port}`,
    token: randomBytes(32).toString('base64url'),
    pid: process.pid,
  };
  writeAtomically(path, JSON.stringify(door), 0o600);
  return { token: door.token, close: () => rmSync(path, { force: true }) };
}

/** The way into the server that runs on this home; null where none does or did not leave one. */
export function readDoor(home: string): Door | null {
  try {
    return Door.parse(JSON.parse(readFileSync(join(home, FILE), 'utf8')));
  } catch {
    return null;
  }
}

const Rollback = z.strictObject({ role: z.string().min(1).max(32) });

export interface DoorServices {
  token: string;
  brains: Brains;
  epoch: () => number;
  /** The epoch with which a change that is made now may begin. */
  soon: () => number;
  onAppointed: (file: Uint8Array) => void;
  learning: () => unknown;
  /** Reads the gallery's index from the chain anew. */
  reindex: () => Promise<Indexed>;
}

/** What the operator does to a running server, from the machine it runs on. */
export function door(services: DoorServices): Router {
  const { brains } = services;
  const router = Router();

  router.use((req, _res, next) => {
    if (!isLocal(req)) throw new Refusal(403, 'door', 'is for the machine that the server runs on');
    const given = /^Bearer (\S+)$/.exec(req.headers.authorization ?? '')?.[1] ?? '';
    if (!timingSafeEqual(sha256(given), sha256(services.token)))
      throw new Refusal(401, 'authorization', 'must be the token in the file "door" of the server’s home');
    next();
  });

  router.get('/brains', async (_req, res) => {
    const epoch = services.epoch();
    res.json({ epoch, brains: await brains.list(epoch), learning: services.learning() });
  });

  router.post('/brains/rollback', async (req, res) => {
    const { role } = parseBody(Rollback, req.body);
    const { since, loaded } = await brains.rollback(role, services.soon());
    services.onAppointed(loaded.file);
    res.json({ role, since, brain: loaded.brain.id });
  });

  router.post('/reindex', async (_req, res) => {
    res.json(await services.reindex());
  });

  return router;
}

/** Behind a proxy every request comes from this machine; then it carries where it was forwarded from. */
function isLocal(req: Request): boolean {
  const address = req.socket.remoteAddress ?? '';
  const loopback = address === '::1' || /^(::ffff:)?127\./.test(address);
  return loopback && !req.headers['x-forwarded-for'] && !req.headers.forwarded;
}
