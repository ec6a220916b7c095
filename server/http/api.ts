import { bytesToHex } from '@noble/hashes/utils';
import { type Request, Router } from 'express';
import { decodeEpoch, epochLeaves } from '#shared/proof/epoch.ts';
import { GuestRequest, type HttpApi } from '#shared/protocol/index.ts';
import { type Guests, NameRefused } from '../identity/guests.ts';
import { Buckets } from '../rate.ts';
import type { Store } from '../store/store.ts';
import { type EpochRow, epochRow } from '../store/worlds.ts';
import { ZONE_ID, type ZoneHost } from '../zone/host.ts';
import { HttpError, parseBody } from './errors.ts';
import { Proofs } from './proofs.ts';
import { bearer, type WalletServices, wallets } from './wallets.ts';

export interface ApiServices extends WalletServices {
  store: Store;
  guests: Guests;
  host: ZoneHost;
  card: (identity: number) => Promise<HttpApi['GET /api/me']['symbiont']>;
  config: () => HttpApi['GET /api/config'];
  pendingIntents: () => Promise<number>;
}

/** New guests an address may make at once, and a minute. */
const GUEST_BURST = 100;
const GUESTS_PER_MINUTE = 30;
/** Other requests an address may make at once, and a second. */
const API_BURST = 60;
const API_PER_SECOND = 20;

/** The server's HTTP interface; the types are shared/protocol/http.ts. */
export function api(services: ApiServices): Router {
  const { store, guests, host, sessions } = services;
  const router = Router();
  const newGuests = new Buckets(GUESTS_PER_MINUTE / 60, GUEST_BURST);
  const pace = new Buckets(API_PER_SECOND, API_BURST);
  const proofs = new Proofs(store);

  router.use((req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    if (pace.take(addressOf(req), performance.now())) next();
    else next(new HttpError(429, 'requests', `at most ${API_PER_SECOND} a second`));
  });

  router.post('/guest', async (req, res) => {
    const wish = parseBody(GuestRequest, req.body);
    if (!newGuests.take(addressOf(req), performance.now()))
      throw new HttpError(429, 'guests', `at most ${GUESTS_PER_MINUTE} a minute`);
    try {
      const { token, identity } = await guests.create(wish);
      const { id, name, look, address } = identity;
      res.json({ token, id, name, look, address } satisfies HttpApi['POST /api/guest']);
    } catch (error) {
      if (error instanceof NameRefused) throw new HttpError(400, 'name', error.message);
      throw error;
    }
  });

  router.get('/me', async (req, res) => {
    const { id, name, look, address, linked } = (await bearer(sessions, req)).identity;
    const symbiont = await services.card(id);
    res.json({ id, name, look, address, wallet: linked !== null, symbiont } satisfies HttpApi['GET /api/me']);
  });

  router.post('/me/export', async (req, res) => {
    const { identity, session } = await bearer(sessions, req);
    const exported = session.scope === 'guest' ? guests.export(identity) : null;
    if (!exported) throw new HttpError(403, 'session', 'is for play; the key is in the wallet');
    res.json(exported satisfies HttpApi['POST /api/me/export']);
  });

  router.use(wallets(services));

  router.get('/config', (_req, res) => {
    res.json(services.config());
  });

  router.get('/status', async (_req, res) => {
    res.json({
      ok: true,
      tick: host.zone.world.tick,
      players: host.players,
      npcs: host.zone.minds.count,
      tickMsP99: host.loop.took.percentile(99),
      intervalErrorMsP99: host.loop.missed.percentile(99),
      memoryMb: Math.round(process.memoryUsage.rss() / 1024 / 1024),
      saving: host.recorder.saving,
      pendingIntents: await services.pendingIntents(),
    } satisfies HttpApi['GET /api/status']);
  });

  router.get('/epochs/:epoch', async (req, res) => {
    res.json(describeEpoch(await findEpoch(store, req.params.epoch)));
  });

  router.get('/epochs/:epoch/leaves/:index', async (req, res) => {
    const row = await findEpoch(store, req.params.epoch);
    const header = decodeEpoch(row.header);
    const count = epochLeaves(header);
    const index = wholeNumber('index', req.params.index, count - 1);
    const kept = await proofs.tree(row.epoch);
    if (!kept) throw new HttpError(410, 'epoch', 'its leaves are too old to be kept; the header stays');
    res.json({
      index,
      count,
      leaf: bytesToHex(kept.leaves[index]),
      path: kept.tree.path(index).map((hash) => bytesToHex(hash)),
      root: bytesToHex(header.root),
    } satisfies HttpApi['GET /api/epochs/:epoch/leaves/:index']);
  });

  router.use((_req, _res, next) => next(new HttpError(404, 'path', 'there is nothing here')));
  return router;
}

export function addressOf(req: Request): string {
  return req.socket.remoteAddress ?? '';
}

function wholeNumber(field: string, text: string, most: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : -1;
  if (value < 0 || value > most) throw new HttpError(400, field, `must be a whole number from 0 to ${most}`);
  return value;
}

async function findEpoch(store: Store, text: string): Promise<EpochRow> {
  const epoch = text === 'latest' ? text : wholeNumber('epoch', text, 0xffffffff);
  const row = await epochRow(store, ZONE_ID, epoch);
  if (!row) throw new HttpError(404, 'epoch', `${text}: is not closed yet`);
  return row;
}

function describeEpoch(row: EpochRow): HttpApi['GET /api/epochs/:epoch'] {
  const { worldHashBefore, worldHashAfter, root, previous, ...rest } = decodeEpoch(row.header);
  return {
    ...rest,
    worldHashBefore: bytesToHex(worldHashBefore),
    worldHashAfter: bytesToHex(worldHashAfter),
    root: bytesToHex(root),
    previous: bytesToHex(previous),
    hash: bytesToHex(row.hash),
  };
}
