import { LAMPORTS_PER_SOL, PublicKey } from '@solana/web3.js';
import express, { type ErrorRequestHandler, type Request, Router } from 'express';
import { z } from 'zod';
import { type ArtModel, drawSprite, toPng } from '#shared/art/index.ts';
import type { Chain } from '../chain/chain.ts';
import { clientOf } from '../client.ts';
import { OfferRefused, type Offers } from '../gallery/offers.ts';
import { type Log, reason } from '../log.ts';
import { Buckets } from '../rate.ts';
import { Refusal } from '../refusal.ts';
import { parseBody } from './errors.ts';

/** Of https://solana.com/docs/advanced/actions, the specification that this follows. */
const VERSION = '2.4';
const CORS: Record<string, string> = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET,POST,PUT,OPTIONS',
  'Access-Control-Allow-Headers':
    'Content-Type, Authorization, Content-Encoding, Accept-Encoding, X-Action-Version, X-Blockchain-Ids',
  'Access-Control-Expose-Headers': 'X-Action-Version, X-Blockchain-Ids',
  'Access-Control-Max-Age': '86400',
};
/** Offers that an address may ask for at once, and a minute; and all addresses together. */
const BURST = 6;
const PER_MINUTE = 6;
const ALL_BURST = 60;
const ALL_PER_MINUTE = 60;
/** Characters of a genesis hash that a CAIP-2 chain id takes. */
const CHAIN_ID = 32;
const ICON_SCALE = 16;

/** Clients send what else the specification has or will have. */
const Post = z.object({ account: z.string('must be a base58 address').max(44) });

export interface ActionsServices {
  offers: Offers;
  chain: Chain;
  model: ArtModel;
  publicUrl: string;
  log: Log;
}

/** Solana Actions: whoever shares the gallery's address shares a button by which a wallet mints a symbiont. */
export function actions({ offers, chain, model, publicUrl, log }: ActionsServices): Router {
  const router = Router();
  const pace = new Buckets(PER_MINUTE / 60, BURST);
  const all = new Buckets(ALL_PER_MINUTE / 60, ALL_BURST);
  let chainId: Promise<string> | null = null;
  let icon: Buffer | null = null;

  router.use(['/actions.json', '/api/actions'], async (req, res, next) => {
    for (const [name, value] of Object.entries(CORS)) res.setHeader(name, value);
    res.setHeader('X-Action-Version', VERSION);
    chainId ??= chain.connection.getGenesisHash().then((hash) => `solana:${hash.slice(0, CHAIN_ID)}`);
    const id = await chainId.catch(() => {
      chainId = null;
      return null;
    });
    if (id) res.setHeader('X-Blockchain-Ids', id);
    if (req.method === 'OPTIONS') res.status(204).end();
    else next();
  });

  router.get('/actions.json', (_req, res) => {
    res.json({
      rules: [
        { pathPattern: '/gallery', apiPath: '/api/actions/mint' },
        { pathPattern: '/api/actions/**', apiPath: '/api/actions/**' },
      ],
    });
  });

  router.get('/api/actions/icon.png', (_req, res) => {
    // Any grown creature stands for all of them; this one is always the same.
    const genome = Uint8Array.from({ length: 32 }, (_, i) => (i * 37 + 11) & 255);
    icon ??= Buffer.from(toPng(drawSprite(model, { genome, stage: 3, branch: 1 }), ICON_SCALE));
    res.setHeader('Cache-Control', 'public, max-age=86400');
    res.type('image/png').send(icon);
  });

  router.get('/api/actions/mint', async (req, res) => {
    const { closed, price } = await offers.terms(collectionOf(req, chain));
    const asked = price > 0n ? `${Number(price) / LAMPORTS_PER_SOL} SOL, ` : '';
    res.json({
      type: 'action',
      icon: `${publicUrl}/api/actions/icon.png`,
      title: 'Hatch a symbiont',
      description:
        'A creature that nobody else has, drawn from its genome, which the chain holds. ' +
        `You pay ${asked}the network’s fee and the rent of its accounts, nothing else.`,
      label: 'Hatch',
      ...(closed ? { disabled: true, error: { message: `The collection ${closed}.` } } : {}),
    });
  });

  router.post('/api/actions/mint', express.json({ limit: 4096 }), async (req, res) => {
    const { account } = parseBody(Post, req.body);
    const wallet = keyOf('account', account);
    const collection = collectionOf(req, chain);
    const now = performance.now();
    if (!pace.take(clientOf(req), now) || !all.take('', now))
      throw new Refusal(429, 'requests', `at most ${PER_MINUTE} a minute; try again shortly`);
    const offer = await offers.make(wallet, collection);
    res.json({
      type: 'transaction',
      transaction: Buffer.from(offer.transaction).toString('base64'),
      message: `${offer.name} hatches. See it grow: ${publicUrl}/gallery/${offer.asset}`,
    });
  });

  router.use('/api/actions', (_req, _res, next) => next(new Refusal(404, 'path', 'there is no such action')));
  router.use(['/actions.json', '/api/actions'], refused(log));
  return router;
}

/** Errors in the specification's form: `{ message }`. */
function refused(log: Log): ErrorRequestHandler {
  return (error, req, res, _next) => {
    let [status, message] = [500, 'something went wrong here'];
    if (error instanceof OfferRefused) [status, message] = [error.status, `${error.field} ${error.message}`];
    else if (error instanceof Refusal) [status, message] = [error.status, `${error.field}: ${error.message}`];
    else if (typeof error?.status === 'number' && error.status < 500)
      [status, message] = [error.status, `body: ${reason(error)}`];
    else log(`${req.method} ${req.path}: ${reason(error)}`);
    res.status(status).json({ message });
  };
}

/** The world's own collection, or the one that `?collection=` names. */
function collectionOf(req: Request, chain: Chain): PublicKey {
  const { collection } = req.query;
  return collection === undefined ? chain.collection : keyOf('collection', collection);
}

/** @throws Refusal 400 */
export function keyOf(field: string, text: unknown): PublicKey {
  try {
    // A text of another length would be another key's.
    if (typeof text === 'string' && text.length >= 32 && text.length <= 44) return new PublicKey(text);
  } catch {}
  throw new Refusal(400, field, 'must be a base58 address of 32 bytes');
}
