import { bytesToHex } from '@noble/hashes/utils';
import { Router } from 'express';
import { decodeDecision } from '#shared/proof/canonical.ts';
import { decodeEpoch, EPOCH_TICKS, epochLeaves } from '#shared/proof/epoch.ts';
import {
  GuestRequest,
  type HttpApi,
  type LeafProof,
  type OwnedSymbiont,
  type StudioApi,
} from '#shared/protocol/index.ts';
import { clientOf } from '../client.ts';
import type { Guests } from '../identity/guests.ts';
import type { Brains } from '../learning/brains.ts';
import type { Privacy } from '../learning/privacy.ts';
import { Buckets } from '../rate.ts';
import { Refusal } from '../refusal.ts';
import { talesOf } from '../store/brains.ts';
import type { Store } from '../store/store.ts';
import { type EpochRow, epochRow, type SavedEpoch } from '../store/worlds.ts';
import { ZONE_ID, type ZoneHost } from '../zone/host.ts';
import { parseBody } from './errors.ts';
import { learning } from './learning.ts';
import { Proofs } from './proofs.ts';
import { bearer, type WalletServices, wallets } from './wallets.ts';

export interface ApiServices extends WalletServices {
  store: Store;
  guests: Guests;
  host: ZoneHost;
  card: (identity: number) => Promise<HttpApi['GET /api/me']['symbiont']>;
  /** Symbionts that an identity owns. */
  owned: (identity: number) => Promise<OwnedSymbiont[]>;
  config: () => HttpApi['GET /api/config'];
  brains: Brains;
  privacy: Privacy;
  /** What only the operator may do. */
  door: Router;
  pendingIntents: () => Promise<number>;
  /** What NPCs understand by. */
  dialogue: () => string;
}

/** Lines of the chronicle that are told at once. */
const MOST_TALES = 50;
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
    if (pace.take(clientOf(req), performance.now())) next();
    else next(new Refusal(429, 'requests', `at most ${API_PER_SECOND} a second`));
  });

  router.post('/guest', async (req, res) => {
    const wish = parseBody(GuestRequest, req.body);
    if (!newGuests.take(clientOf(req), performance.now()))
      throw new Refusal(429, 'guests', `at most ${GUESTS_PER_MINUTE} a minute`);
    const { token, identity } = await guests.create(wish);
    const { id, name, look, address } = identity;
    res.json({ token, id, name, look, address } satisfies HttpApi['POST /api/guest']);
  });

  router.get('/me', async (req, res) => {
    const { id, name, look, address, linked } = (await bearer(sessions, req)).identity;
    const symbiont = await services.card(id);
    res.json({ id, name, look, address, wallet: linked !== null, symbiont } satisfies HttpApi['GET /api/me']);
  });

  router.get('/me/symbionts', async (req, res) => {
    const symbionts = await services.owned((await bearer(sessions, req)).identity.id);
    res.json({ symbionts } satisfies StudioApi['GET /api/me/symbionts']);
  });

  router.post('/me/export', async (req, res) => {
    const { identity, session } = await bearer(sessions, req);
    const exported = session.scope === 'guest' ? guests.export(identity) : null;
    if (!exported) throw new Refusal(403, 'session', 'is for play; the key is in the wallet');
    res.json(exported satisfies HttpApi['POST /api/me/export']);
  });

  router.use(wallets(services));
  router.use(learning(services));
  router.use('/door', services.door);

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
      dialogue: services.dialogue(),
    } satisfies HttpApi['GET /api/status']);
  });

  router.get('/epochs/:epoch', async (req, res) => {
    res.json(describeEpoch(await findEpoch(store, req.params.epoch)));
  });

  const proofOf = async (
    row: EpochRow,
    find: (leaves: readonly Uint8Array[]) => number,
  ): Promise<LeafProof> => {
    const header = decodeEpoch(row.header);
    const kept = await proofs.tree(row.epoch);
    if (!kept) throw new Refusal(410, 'epoch', 'its leaves are too old to be kept; the header stays');
    const index = find(kept.leaves);
    return {
      index,
      count: epochLeaves(header),
      leaf: bytesToHex(kept.leaves[index]),
      path: kept.tree.path(index).map((hash) => bytesToHex(hash)),
      root: bytesToHex(header.root),
    };
  };

  router.get('/epochs/:epoch/leaves/:index', async (req, res) => {
    const row = await findEpoch(store, req.params.epoch);
    const index = wholeNumber('index', req.params.index, epochLeaves(decodeEpoch(row.header)) - 1);
    res.json(await proofOf(row, () => index));
  });

  router.get('/epochs/:epoch/decisions/:tick/:npc', async (req, res) => {
    const row = await findEpoch(store, req.params.epoch);
    const { firstTick, lastTick, decisions } = decodeEpoch(row.header);
    const tick = wholeNumber('tick', req.params.tick, lastTick, firstTick);
    const npc = wholeNumber('npc', req.params.npc, host.zone.minds.count - 1);
    const found = (leaf: Uint8Array): boolean => {
      const decision = decodeDecision(leaf);
      return decision.tick === tick && decision.npc === npc;
    };
    const find = (leaves: readonly Uint8Array[]): number => {
      const index = leaves.slice(0, decisions).findIndex(found);
      if (index < 0) throw new Refusal(404, 'npc', `${npc} decided nothing at tick ${tick}`);
      return index;
    };
    res.json(await proofOf(row, find));
  });

  router.get('/chronicle', async (_req, res) => {
    const epoch = Math.floor(host.zone.world.tick / EPOCH_TICKS);
    const terms = await talesOf(store, ZONE_ID, epoch, MOST_TALES);
    const tales = terms.map(({ since, role, tale, brain }) => ({
      epoch: since,
      role,
      text: tale ?? '',
      brain,
    }));
    res.json({ tales } satisfies HttpApi['GET /api/chronicle']);
  });

  router.get('/brains/:id', async (req, res) => {
    const file = await services.brains.fileOf(req.params.id);
    if (!file) throw new Refusal(404, 'id', 'no brain that lives or lived here has it');
    res.setHeader('Content-Type', 'application/octet-stream');
    res.end(Buffer.from(file));
  });

  router.use((_req, _res, next) => next(new Refusal(404, 'path', 'there is nothing here')));
  return router;
}

function wholeNumber(field: string, text: string, most: number, least = 0): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : -1;
  if (value < least || value > most)
    throw new Refusal(400, field, `must be a whole number from ${least} to ${most}`);
  return value;
}

async function findEpoch(store: Store, text: string): Promise<SavedEpoch> {
  const epoch = text === 'latest' ? text : wholeNumber('epoch', text, 0xffffffff);
  const row = await epochRow(store, ZONE_ID, epoch);
  if (!row) throw new Refusal(404, 'epoch', `${text}: is not closed yet`);
  return row;
}

function describeEpoch(row: SavedEpoch): HttpApi['GET /api/epochs/:epoch'] {
  const { worldHashBefore, worldHashAfter, root, previous, ...rest } = decodeEpoch(row.header);
  return {
    ...rest,
    worldHashBefore: bytesToHex(worldHashBefore),
    worldHashAfter: bytesToHex(worldHashAfter),
    root: bytesToHex(root),
    previous: bytesToHex(previous),
    hash: bytesToHex(row.hash),
    published: row.signature,
  };
}
