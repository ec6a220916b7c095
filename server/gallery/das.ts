import { hexToBytes } from '@noble/hashes/utils';
import { z } from 'zod';
import { address, type Config, config, integer } from '../ledger/params.ts';
import { invalidParams, RPC, RpcError } from '../ledger/rpcError.ts';
import type { FurtherMethod } from '../ledger/types.ts';
import { Bucket } from '../rate.ts';
import { blobsByHash } from '../store/blobs.ts';
import {
  type AssetRow,
  allCollections,
  assetsAt,
  type CollectionRow,
  countAssets,
  type Search,
  searchAssets,
} from '../store/gallery.ts';
import type { Store } from '../store/store.ts';

/** Assets in one answer, and the last page that can be asked for. */
export const MOST_LIMIT = 1000;
export const MOST_PAGE = 100_000;
/** As Metaplex's own index says it where there is no such asset. */
const NOT_FOUND = -32000;
/** Requests a second, of all clients together: a long list is some work for the world's own thread. */
const PER_SECOND = 100;
const SCHEMA = 'https://schema.metaplex.com/nft1.0.json';
const SORTS = { created: 'created', updated: 'updated', recent_action: 'updated', id: 'address' } as const;

/** As much of a metadata document as an answer repeats. */
const Document = z.object({
  symbol: z.string().optional(),
  description: z.string().optional(),
  image: z.string().optional(),
  external_url: z.string().optional(),
  attributes: z.array(z.object({ trait_type: z.string(), value: z.string() })).optional(),
  properties: z
    .object({ files: z.array(z.object({ uri: z.string(), type: z.string() })).optional() })
    .optional(),
});
type Document = z.infer<typeof Document>;

/**
 * The read-only part of Metaplex's Digital Asset Standard API that wallets use, over the game's own index: parameters by
 * position, as umi sends them, or by name. Errors are RpcErrors.
 */
export function dasMethods(store: Store): ReadonlyMap<string, FurtherMethod> {
  const pace = new Bucket(PER_SECOND, PER_SECOND * 2, performance.now());
  const paced =
    (names: readonly string[], method: (given: Config) => Promise<unknown>): FurtherMethod =>
    async (params) => {
      if (!pace.take(performance.now()))
        throw new RpcError(RPC.rate, `Too many requests: at most ${PER_SECOND} a second`);
      return method(named(params, names));
    };
  const paging = ['sortBy', 'limit', 'page', 'before', 'after'];
  return new Map<string, FurtherMethod>([
    ['getAsset', paced(['id'], (given) => getAsset(store, address(given.id, 'id')))],
    [
      'getAssetsByOwner',
      paced(['ownerAddress', ...paging], async (given) =>
        list(store, given, { owner: address(given.ownerAddress, 'ownerAddress') }),
      ),
    ],
    [
      'getAssetsByGroup',
      paced(['groupKey', 'groupValue', ...paging], async (given) => {
        if (given.groupKey !== 'collection')
          throw invalidParams('Invalid params: groupKey must be "collection".');
        return list(store, given, { collection: address(given.groupValue, 'groupValue') });
      }),
    ],
  ]);
}

/** Parameters by their names. */
function named(params: unknown, names: readonly string[]): Config {
  if (!Array.isArray(params)) return config(params, 'params');
  // Clients add an object of display options after those that are named here.
  return Object.fromEntries(names.map((name, i) => [name, params[i]]));
}

async function getAsset(store: Store, id: string): Promise<object> {
  const [[asset], collections] = await Promise.all([assetsAt(store, [id]), allCollections(store)]);
  if (asset) return (await assetsJson(store, [asset], collections))[0];
  const collection = collections.find((one) => one.address === id);
  if (!collection) throw new RpcError(NOT_FOUND, 'Asset Not Found: no asset or collection here has this id');
  return collectionJson(collection, await countAssets(store, id));
}

async function list(store: Store, given: Config, of: Pick<Search, 'owner' | 'collection'>): Promise<object> {
  for (const field of ['before', 'after', 'cursor'])
    if (given[field] !== undefined && given[field] !== null)
      throw invalidParams(`Invalid params: ${field} is not supported; give page and limit.`);
  const limit = integer(given.limit ?? MOST_LIMIT, 'limit', MOST_LIMIT);
  const page = integer(given.page ?? 1, 'page', MOST_PAGE);
  if (limit === 0) throw invalidParams('Invalid params: limit must be at least 1.');
  if (page === 0) throw invalidParams('Invalid params: page must be at least 1.');
  const found = await searchAssets(store, { ...of, ...sorting(given.sortBy), page, limit });
  const items = await assetsJson(store, found.rows, await allCollections(store));
  return { total: items.length, grand_total: found.total, limit, page, items };
}

function sorting(given: unknown): Pick<Search, 'order' | 'descending'> {
  const { sortBy = 'created', sortDirection = 'desc' } = config(given, 'sortBy');
  if (sortDirection !== 'asc' && sortDirection !== 'desc')
    throw invalidParams('Invalid params: sortBy.sortDirection must be "asc" or "desc".');
  if (sortBy === 'none') return { order: 'address' };
  const order = Object.entries(SORTS).find(([name]) => name === sortBy)?.[1];
  if (!order)
    throw invalidParams(
      'Invalid params: sortBy.sortBy must be "created", "updated", "recent_action", "id" or "none".',
    );
  return { order, descending: sortDirection === 'desc' };
}

/** What is kept here of the documents behind these URIs, by URI. */
async function documentsOf(store: Store, uris: readonly string[]): Promise<Map<string, Document>> {
  const hashes = new Map(
    uris.flatMap((uri) => {
      const hash = /\/([0-9a-f]{64})\.json$/.exec(uri)?.[1];
      return hash ? [[hash, uri] as const] : [];
    }),
  );
  const blobs = await blobsByHash(store, [...hashes.keys()].map(hexToBytes));
  return new Map(
    blobs.flatMap(({ hash, kind, body }) => {
      if (kind !== 'metadata') return [];
      const parsed = Document.safeParse(JSON.parse(Buffer.from(body).toString('utf8')));
      const uri = hashes.get(Buffer.from(hash).toString('hex'));
      return parsed.success && uri ? [[uri, parsed.data] as const] : [];
    }),
  );
}

async function assetsJson(
  store: Store,
  rows: readonly AssetRow[],
  collections: readonly CollectionRow[],
): Promise<object[]> {
  const documents = await documentsOf(
    store,
    rows.map(({ uri }) => uri),
  );
  return rows.map((row) => {
    const collection = collections.find((one) => one.address === row.collection);
    return {
      interface: 'MplCoreAsset',
      id: row.address,
      content: content(row.uri, row.name, documents.get(row.uri)),
      ...common(collection?.config ?? '', collection?.royalties ?? null),
      grouping: [{ group_key: 'collection', group_value: row.collection }],
      ownership: ownership(row.owner ?? ''),
      burnt: row.owner === null,
      plugins: row.attributes
        ? {
            attributes: {
              data: { attribute_list: row.attributes.list },
              index: 0,
              offset: row.attributes.offset,
              authority: row.attributes.authority,
            },
          }
        : {},
      mpl_core_info: { plugins_json_version: 1 },
    };
  });
}

function collectionJson(row: CollectionRow, size: number): object {
  return {
    interface: 'MplCoreCollection',
    id: row.address,
    content: content(row.uri, row.name, undefined),
    ...common(row.config, row.royalties),
    grouping: [],
    ownership: ownership(row.config),
    burnt: false,
    plugins: {},
    mpl_core_info: { num_minted: row.minted, current_size: size, plugins_json_version: 1 },
  };
}

const content = (uri: string, name: string, document: Document | undefined): object => ({
  $schema: SCHEMA,
  json_uri: uri,
  files: (document?.properties?.files ?? []).map((file) => ({ uri: file.uri, mime: file.type })),
  metadata: {
    name,
    symbol: document?.symbol ?? '',
    ...(document?.description === undefined ? {} : { description: document.description }),
    ...(document?.attributes === undefined ? {} : { attributes: document.attributes }),
  },
  links: {
    ...(document?.image === undefined ? {} : { image: document.image }),
    ...(document?.external_url === undefined ? {} : { external_url: document.external_url }),
  },
});

/** The config of its collection is the only one that may write it. */
const common = (authority: string, royalties: CollectionRow['royalties']): object => ({
  authorities: [{ address: authority, scopes: ['full'] }],
  compression: {
    eligible: false,
    compressed: false,
    data_hash: '',
    creator_hash: '',
    asset_hash: '',
    tree: '',
    seq: 0,
    leaf_id: 0,
  },
  royalty: {
    royalty_model: 'creators',
    target: null,
    percent: (royalties?.basisPoints ?? 0) / 10_000,
    basis_points: royalties?.basisPoints ?? 0,
    primary_sale_happened: false,
    locked: false,
  },
  creators: (royalties?.creators ?? []).map((one) => ({
    address: one.address,
    share: one.percentage,
    verified: false,
  })),
  supply: null,
  mutable: true,
  external_plugins: [],
});

const ownership = (owner: string): object => ({
  frozen: false,
  delegated: false,
  delegate: null,
  ownership_model: 'single',
  owner,
});
