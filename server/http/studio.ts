import express, { type Request, type RequestHandler, Router } from 'express';
import {
  STUDIO,
  type StudioApi,
  StudioConfirm,
  StudioDraft,
  StudioManage,
  StudioMint,
} from '#shared/protocol/index.ts';
import { clientOf } from '../client.ts';
import type { Sessions } from '../identity/sessions.ts';
import { Buckets } from '../rate.ts';
import { Refusal } from '../refusal.ts';
import type { Drops } from '../studio/drops.ts';
import type { Library } from '../studio/library.ts';
import type { Studio } from '../studio/studio.ts';
import type { Trainings } from '../studio/training/trainings.ts';
import { parseBody } from './errors.ts';
import { training } from './training.ts';
import { owner } from './wallets.ts';

export interface StudioServices {
  sessions: Sessions;
  studio: Studio;
  library: Library;
  drops: Drops;
  trainings: Trainings;
}

/** Questions that a creator may ask at once, and a second; files an hour; and what an address without a session may. */
const BURST = 60;
const PER_SECOND = 2;
const FILES = 20;
const DROPS_BURST = 10;
const DROPS_PER_MINUTE = 10;
const TEST_SOL_PER_MINUTE = 6;
const OPEN_BURST = 120;
const OPEN_PER_SECOND = 20;
const FOREVER = 'public, max-age=31536000, immutable';

/** `/api/studio`: collections of creators. Its types are shared/protocol/studio.ts. */
export function studio({ sessions, studio, library, drops, trainings }: StudioServices): Router {
  const router = Router();
  const pace = new Buckets(PER_SECOND, BURST);
  const files = new Buckets(FILES / 3600, FILES);
  const dropped = new Buckets(DROPS_PER_MINUTE / 60, DROPS_BURST);
  const filled = new Buckets(TEST_SOL_PER_MINUTE / 60, TEST_SOL_PER_MINUTE);
  const open = new Buckets(OPEN_PER_SECOND, OPEN_BURST);
  const json = express.json({ limit: STUDIO.bodyBytes });
  const raw = express.raw({ limit: STUDIO.modelBytes, type: () => true });

  router.use((req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    if (open.take(clientOf(req), performance.now())) next();
    else next(new Refusal(429, 'requests', `at most ${OPEN_PER_SECOND} a second`));
  });

  router.get('/models/:id', async (req, res) => {
    const file = await library.file(req.params.id);
    res.setHeader('Cache-Control', FOREVER);
    res.setHeader('Access-Control-Allow-Origin', '*');
    res.setHeader('X-Content-Type-Options', 'nosniff');
    res.type('application/octet-stream').send(Buffer.from(file));
  });

  const wallets = new WeakMap<Request, string>();
  /** Whose wallet asks. */
  const signedIn: RequestHandler = async (req, _res, next) => {
    const { identity } = await owner(sessions, req);
    if (!pace.take(identity.address, performance.now()))
      throw new Refusal(429, 'requests', `at most ${PER_SECOND} a second`);
    wallets.set(req, identity.address);
    next();
  };
  const walletOf = (req: Request): string => {
    const wallet = wallets.get(req);
    if (!wallet) throw new Refusal(401, 'authorization', 'must be a wallet’s session');
    return wallet;
  };
  /** Spends one of so many. */
  const spends =
    (buckets: Buckets, field: string, what: string): RequestHandler =>
    (req, _res, next) =>
      buckets.take(walletOf(req), performance.now())
        ? next()
        : next(new Refusal(429, field, `at most ${what}`));
  router.use(signedIn);

  router.get('/models', async (req, res) => {
    const models = await library.mine(walletOf(req));
    res.json({ models } satisfies StudioApi['GET /api/studio/models']);
  });

  router.post('/models', spends(files, 'files', `${FILES} an hour`), raw, async (req, res) => {
    const bytes = Buffer.isBuffer(req.body) ? Uint8Array.from(req.body) : new Uint8Array(0);
    const model = await library.bring(walletOf(req), bytes);
    res.json({ model } satisfies StudioApi['POST /api/studio/models']);
  });

  router.delete('/models/:id', async (req, res) => {
    await library.drop(walletOf(req), req.params.id);
    res.json({ deleted: true } satisfies StudioApi['DELETE /api/studio/models/:id']);
  });

  router.use('/trainings', training(trainings, walletOf));

  router.use(json);

  router.get('/collections', async (req, res) => {
    const wallet = walletOf(req);
    const [collections, balance] = await Promise.all([studio.mine(wallet), studio.balance(wallet)]);
    const testSol = studio.options.chain.options.embedded;
    res.json({ collections, balance, testSol } satisfies StudioApi['GET /api/studio/collections']);
  });

  router.post('/collections', async (req, res) => {
    const draft = parseBody(StudioDraft, req.body);
    const answer = await studio.draft(walletOf(req), draft);
    res.json(answer satisfies StudioApi['POST /api/studio/collections']);
  });

  router.get('/collections/:address', async (req, res) => {
    const answer = await studio.one(walletOf(req), req.params.address);
    res.json(answer satisfies StudioApi['GET /api/studio/collections/:address']);
  });

  router.put('/collections/:address', async (req, res) => {
    const draft = parseBody(StudioDraft, req.body);
    const answer = await studio.change(walletOf(req), req.params.address, draft);
    res.json(answer satisfies StudioApi['PUT /api/studio/collections/:address']);
  });

  router.delete('/collections/:address', async (req, res) => {
    await studio.drop(walletOf(req), req.params.address);
    res.json({ deleted: true } satisfies StudioApi['DELETE /api/studio/collections/:address']);
  });

  router.post('/collections/:address/confirm', async (req, res) => {
    const { signature } = parseBody(StudioConfirm, req.body);
    const answer = await studio.confirm(walletOf(req), req.params.address, signature);
    res.json(answer satisfies StudioApi['POST /api/studio/collections/:address/confirm']);
  });

  router.post('/collections/:address/manage', async (req, res) => {
    const wish = parseBody(StudioManage, req.body);
    const step = await studio.manage(walletOf(req), req.params.address, wish);
    res.json({ step } satisfies StudioApi['POST /api/studio/collections/:address/manage']);
  });

  router.post(
    '/collections/:address/mint',
    spends(dropped, 'drops', `${DROPS_PER_MINUTE} a minute`),
    async (req, res) => {
      const { count, to } = parseBody(StudioMint, req.body);
      const made = await drops.make(walletOf(req), String(req.params.address), count, to);
      res.json(made satisfies StudioApi['POST /api/studio/collections/:address/mint']);
    },
  );

  router.post(
    '/test-sol',
    spends(filled, 'test-sol', `${TEST_SOL_PER_MINUTE} a minute`),
    async (req, res) => {
      res.json((await studio.testSol(walletOf(req))) satisfies StudioApi['POST /api/studio/test-sol']);
    },
  );

  router.use((_req, _res, next) => next(new Refusal(404, 'path', 'there is nothing here')));
  return router;
}
