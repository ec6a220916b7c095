import { bytesToHex } from '@noble/hashes/utils';
import { type RequestHandler, Router } from 'express';
import { BRANCHES, describe, STAGES } from '#shared/art/index.ts';
import type {
  GalleryForm,
  GalleryKin,
  GallerySymbiont,
  GalleryVersion,
  HttpApi,
} from '#shared/protocol/index.ts';
import { clientOf } from '../client.ts';
import { type CardSource, drawCard } from '../gallery/card.ts';
import { Buckets } from '../rate.ts';
import { Refusal } from '../refusal.ts';
import {
  type AssetRow,
  allCollections,
  ancestorsOf,
  assetsAt,
  type CollectionRow,
  childrenOf,
  collectionAt,
  searchAssets,
  type VersionRow,
  versionsOf,
} from '../store/gallery.ts';
import type { Store } from '../store/store.ts';
import { unfinishedCollections } from '../store/studio.ts';
import { ModelMissing, type Models } from '../studio/models.ts';
import { keyOf } from './actions.ts';

export interface GalleryServices {
  store: Store;
  models: Models;
  publicUrl: string;
  /** The page's HTML with `<!--head-->` in it; null where it is not built. */
  page: (url: string) => Promise<string | null>;
}

const MOST_LIMIT = 60;
const LIMIT = 24;
const MOST_PAGE = 100_000;
/** How far back a family is told, and how many children of one. */
const GENERATIONS = 3;
const MOST_CHILDREN = 24;
/** Pages, questions and cards that an address may ask for at once, and a second. */
const BURST = 60;
const PER_SECOND = 15;
/** Cards kept in memory, some 20 KB each. */
const CARDS = 64;
const TITLE = 'Symbiont gallery';
const LINE = 'Creatures that grew by what their players did, each drawn from what the chain holds of it.';

/** The gallery: its page, what the page asks for, and the pictures that go along when its address is shared. */
export function gallery({ store, models, publicUrl, page }: GalleryServices): Router {
  const router = Router();
  const pace = new Buckets(PER_SECOND, BURST);
  const cards = new Map<string, Promise<Buffer>>();

  const paced: RequestHandler = (req, _res, next) => {
    if (pace.take(clientOf(req), performance.now())) next();
    else next(new Refusal(429, 'requests', `at most ${PER_SECOND} a second`));
  };
  router.use(['/gallery', '/api/gallery'], paced);

  const find = async (text: unknown): Promise<{ row: AssetRow; versions: VersionRow[] }> => {
    const address = keyOf('asset', text).toBase58();
    const [row] = await assetsAt(store, [address]);
    if (!row) throw new Refusal(404, 'asset', 'no symbiont on the chain has this address');
    return { row, versions: (await versionsOf(store, [address])).get(address) ?? [] };
  };

  router.get('/api/gallery', async (req, res) => {
    const page = whole('page', req.query.page ?? '1', MOST_PAGE);
    const limit = whole('limit', req.query.limit ?? String(LIMIT), MOST_LIMIT);
    const key = (field: 'collection' | 'owner'): string | undefined =>
      req.query[field] === undefined ? undefined : keyOf(field, req.query[field]).toBase58();
    const [all, unfinished, found] = await Promise.all([
      allCollections(store),
      unfinishedCollections(store),
      searchAssets(store, {
        collection: key('collection'),
        owner: key('owner'),
        order: 'grown',
        page,
        limit,
      }),
    ]);
    const versions = await versionsOf(
      store,
      found.rows.map(({ address }) => address),
    );
    res.setHeader('Cache-Control', 'no-cache');
    res.json({
      collections: all
        .filter(({ address }) => !unfinished.has(address))
        .map(({ address, name, authority, minted, paused, model }) => ({
          address,
          name,
          authority,
          minted,
          paused,
          model,
        })),
      symbionts: found.rows.map((row) =>
        symbiontJson(row, versions.get(row.address) ?? [], modelIn(all, row.collection)),
      ),
      total: found.total,
      page,
      limit,
    } satisfies HttpApi['GET /api/gallery']);
  });

  router.get('/api/gallery/:asset', async (req, res) => {
    const { row, versions } = await find(req.params.asset);
    res.setHeader('Cache-Control', 'no-cache');
    res.json({
      symbiont: symbiontJson(row, versions, await modelOfCollection(row.collection)),
      versions: versions.map(versionJson),
      ...(await familyOf(row)),
    } satisfies HttpApi['GET /api/gallery/:asset']);
  });

  /** A family is of one collection. */
  const familyOf = async (row: AssetRow) => {
    const [model, ancestors, children] = await Promise.all([
      modelOfCollection(row.collection),
      ancestorsOf(store, row, GENERATIONS),
      childrenOf(store, row.address, MOST_CHILDREN),
    ]);
    const kin = (one: AssetRow): GalleryKin => ({
      address: one.address,
      name: one.name,
      genome: bytesToHex(one.genome),
      picture: bytesToHex(one.picture),
      model,
      parents: pairOf(one),
      version: one.version,
      stage: one.stage,
      branch: one.branch,
    });
    return { ancestors: ancestors.map(kin), children: children.rows.map(kin), childCount: children.total };
  };

  const modelOfCollection = async (collection: string): Promise<string | null> =>
    (await collectionAt(store, collection))?.model ?? null;

  /** Drawn once for each version, as long as it is asked for. */
  const card = (key: string, source: () => Promise<CardSource>): Promise<Buffer> => {
    const kept = cards.get(key) ?? source().then(drawCard);
    cards.delete(key);
    cards.set(key, kept);
    kept.catch(() => cards.delete(key));
    for (const oldest of cards.keys()) {
      if (cards.size <= CARDS) break;
      cards.delete(oldest);
    }
    return kept;
  };

  router.get('/gallery/card.png', async (_req, res) => {
    const { rows } = await searchAssets(store, { order: 'grown', page: 1, limit: 5 });
    const png = await card(rows.map((row) => `${row.address}/${row.version}`).join(), async () => {
      const forms: CardSource['forms'][number][] = [];
      for (const row of [...rows].reverse()) {
        const drawnBy = await models.byId(await modelOfCollection(row.collection)).catch(absent);
        // Nobody is drawn by another's model.
        if (drawnBy) forms.push({ ...row, model: drawnBy });
      }
      return { title: 'The gallery', line: 'They grow by what you do', forms };
    });
    res.setHeader('Cache-Control', 'public, max-age=300');
    res.type('image/png').send(png);
  });

  router.get('/gallery/:asset/card.png', async (req, res) => {
    const { row, versions } = await find(req.params.asset);
    const model = await models.byId(await modelOfCollection(row.collection)).catch(absent);
    if (!model) throw new Refusal(404, 'model', 'what draws this symbiont is not on this server');
    const png = await card(`${row.address}/${row.version}`, async () => ({
      title: row.name,
      line: kindOf(row),
      forms: versions.map(({ stage, branch }) => ({ model, genome: row.genome, stage, branch })),
    }));
    res.setHeader('Cache-Control', 'public, max-age=300');
    res.type('image/png').send(png);
  });

  const send = async (
    res: Parameters<RequestHandler>[1],
    path: string,
    head: Omit<Head, 'url'>,
  ): Promise<void> => {
    const html = await page(path);
    if (html === null) throw new Refusal(404, 'path', 'the page is not built');
    res.setHeader('Cache-Control', 'no-cache');
    res
      .type('html')
      .send(html.replace('<!--head-->', () => headTags({ ...head, url: `${publicUrl}${path}` })));
  };

  router.get('/gallery', (_req, res) =>
    send(res, '/gallery', { title: TITLE, description: LINE, image: `${publicUrl}/gallery/card.png` }),
  );

  router.get('/gallery/:asset', async (req, res, next) => {
    // With hot reload the page's own sources lie beside it.
    if (/\.\w+$/.test(req.params.asset)) return next();
    const { row } = await find(req.params.asset);
    const { line } = describe(row.genome, row.stage, row.branch);
    await send(res, `/gallery/${row.address}`, {
      title: `${row.name}, ${kindOf(row)}`,
      description: `${line[0].toUpperCase()}${line.slice(1)}. What it did in the world is what it became; the chain proves each step.`,
      image: `${publicUrl}/gallery/${row.address}/card.png?v=${row.version}`,
    });
  });

  return router;
}

/** A model that is not here. */
function absent(error: unknown): null {
  if (error instanceof ModelMissing) return null;
  throw error;
}

interface Head {
  title: string;
  description: string;
  image: string;
  url: string;
}

/** Open Graph's words and picture; names come from the chain, where anyone may write them. */
function headTags({ title, description, image, url }: Head): string {
  const tag = (name: string, content: string, key = 'property') =>
    `<meta ${key}="${name}" content="${escaped(content)}" />`;
  return [
    `<title>${escaped(title)}</title>`,
    tag('description', description, 'name'),
    tag('og:type', 'website'),
    tag('og:site_name', 'Symbiont'),
    tag('og:title', title),
    tag('og:description', description),
    tag('og:url', url),
    tag('og:image', image),
    tag('og:image:type', 'image/png'),
    tag('og:image:width', '1200'),
    tag('og:image:height', '630'),
    tag('og:image:alt', title),
    tag('twitter:card', 'summary_large_image', 'name'),
    `<link rel="canonical" href="${escaped(url)}" />`,
  ].join('\n    ');
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => ENTITIES[letter]);

const kindOf = ({ stage, branch }: GalleryForm): string =>
  branch > 0 ? `${STAGES[stage]} of ${BRANCHES[branch]}` : STAGES[stage];

const modelIn = (all: readonly CollectionRow[], collection: string): string | null =>
  all.find(({ address }) => address === collection)?.model ?? null;

function pairOf({ parents }: AssetRow): [string, string] | null {
  const [one, other] = parents ?? [];
  return one !== undefined && other !== undefined ? [one, other] : null;
}

function symbiontJson(row: AssetRow, versions: readonly VersionRow[], model: string | null): GallerySymbiont {
  const { address, collection, name, owner, stage, branch, version, deeds } = row;
  return {
    address,
    collection,
    model,
    name,
    owner,
    stage,
    branch,
    version,
    deeds,
    genome: bytesToHex(row.genome),
    parents: pairOf(row),
    generation: row.generation,
    forms: versions.map((one) => ({ version: one.version, stage: one.stage, branch: one.branch })),
  };
}

function versionJson(row: VersionRow): GalleryVersion {
  const { version, stage, branch, deeds, uri, signature, slot, time, zone, epoch, leafIndex, leaf, path } =
    row;
  const proven = zone !== null && epoch !== null && leafIndex !== null && leaf !== null && path !== null;
  return {
    version,
    stage,
    branch,
    deeds,
    picture: bytesToHex(row.picture),
    uri,
    signature,
    slot,
    time,
    proof: proven
      ? {
          zone,
          epoch,
          index: leafIndex,
          leaf: bytesToHex(leaf),
          path: Array.from({ length: path.length / 32 }, (_, i) =>
            bytesToHex(path.subarray(i * 32, i * 32 + 32)),
          ),
        }
      : null,
  };
}

/** @throws Refusal 400 */
function whole(field: string, text: unknown, most: number): number {
  const value = typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > most) throw new Refusal(400, field, `must be a whole number from 1 to ${most}`);
  return value;
}
