import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { inflateSync } from 'node:zlib';
import { createUmi } from '@metaplex-foundation/umi-bundle-defaults';
import { Connection, Keypair, LAMPORTS_PER_SOL, PublicKey, Transaction } from '@solana/web3.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HttpApi } from '#shared/protocol/index.ts';
import { ROOT } from '../config.ts';
import { removeHomes } from '../testing/homes.ts';
import { until } from '../testing/player.ts';
import { type SpawnedServer, spawnServer } from '../testing/server.ts';
import { CARD_HEIGHT, CARD_WIDTH } from './card.ts';

let server: SpawnedServer;
let collection: string;
let asset: string;
const wallet = Keypair.generate();
const nobody = Keypair.generate().publicKey.toBase58();

const get = (path: string, init?: RequestInit) => fetch(`${server.url}${path}`, init);
const post = (path: string, body: string) =>
  get(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
const json = async <T>(path: string) => (await (await get(path)).json()) as T;
interface Answer {
  result?: { [field: string]: unknown; items: { id: string }[] };
  error?: { code: number; message: string };
}
const rpc = async (path: string, method: string, params: unknown): Promise<Answer> =>
  (await (await post(path, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))).json()) as Answer;

beforeAll(async () => {
  server = await spawnServer();
  const config = () => json<HttpApi['GET /api/config']>('/api/config');
  await until('the collection', async () => (await config()).collection !== null, 30_000, 200);
  collection = (await config()).collection as string;
}, 90_000);
afterAll(async () => {
  await server?.kill();
  removeHomes();
});

test('whoever sends the offered transaction owns a new symbiont, which the gallery shows once it is final', async () => {
  const connection = new Connection(`${server.url}/rpc`, 'confirmed');
  await connection.requestAirdrop(wallet.publicKey, LAMPORTS_PER_SOL);
  const answer = await post('/api/actions/mint', JSON.stringify({ account: wallet.publicKey.toBase58() }));
  expect(answer.status).toBe(200);
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  const offer = (await answer.json()) as { type: string; transaction: string; message: string };
  expect(offer.type).toBe('transaction');
  const transaction = Transaction.from(Buffer.from(offer.transaction, 'base64'));
  // The minter's signature is on it, the wallet's is not.
  expect(transaction.signatures.filter(({ signature }) => signature !== null)).toHaveLength(1);
  expect(transaction.feePayer?.toBase58()).toBe(wallet.publicKey.toBase58());
  transaction.partialSign(wallet);
  await connection.sendRawTransaction(transaction.serialize());
  [, asset] = /gallery\/(\w+)$/.exec(offer.message) ?? [];

  const indexed = async () => (await get(`/api/gallery/${asset}`)).status === 200;
  await until('the gallery', indexed, 60_000, 500);
  const shown = await json<HttpApi['GET /api/gallery/:asset']>(`/api/gallery/${asset}`);
  expect(shown.symbiont).toMatchObject({ owner: wallet.publicKey.toBase58(), collection, stage: 0 });
  expect(shown.versions).toMatchObject([{ version: 0, proof: null, signature: expect.any(String) }]);
  const wall = await json<HttpApi['GET /api/gallery']>(`/api/gallery?collection=${collection}`);
  expect(wall).toMatchObject({ total: 1, symbionts: [shown.symbiont], collections: [{ minted: 1 }] });
  const metadata = await get(new URL(shown.versions[0].uri).pathname);
  expect(await metadata.json()).toMatchObject({ name: shown.symbiont.name });
}, 90_000);

test('umi finds it by its DAS methods on the ledger’s own RPC, and at /das', async () => {
  const umi = createUmi(`${server.url}/rpc`);
  const owner = wallet.publicKey.toBase58();
  const found = await umi.rpc.call<Record<string, unknown>>('getAsset', [asset]);
  expect(found).toMatchObject({
    interface: 'MplCoreAsset',
    id: asset,
    content: {
      json_uri: expect.stringMatching(/\/metadata\/[0-9a-f]{64}\.json$/),
      metadata: { symbol: 'SYMB' },
    },
    grouping: [{ group_key: 'collection', group_value: collection }],
    ownership: { owner, ownership_model: 'single', frozen: false, delegated: false, delegate: null },
    compression: { compressed: false },
    burnt: false,
    plugins: {
      attributes: { data: { attribute_list: expect.arrayContaining([{ key: 'stage', value: '0' }]) } },
    },
  });
  // As the DAS plugin of umi asks: sortBy, limit, page, before, after.
  const byOwner = await umi.rpc.call<object>('getAssetsByOwner', [owner, null, null, 1, null, null]);
  expect(byOwner).toEqual({ total: 1, grand_total: 1, limit: 1000, page: 1, items: [found] });
  const named = await rpc('/das', 'getAssetsByGroup', {
    groupKey: 'collection',
    groupValue: collection,
    page: 1,
    limit: 5,
    sortBy: { sortBy: 'id', sortDirection: 'asc' },
  });
  expect(named.result).toMatchObject({ total: 1, limit: 5, items: [found] });
  expect((await rpc('/das', 'getAsset', { id: collection })).result).toMatchObject({
    interface: 'MplCoreCollection',
    mpl_core_info: { num_minted: 1, current_size: 1 },
  });
  const beyond = { ownerAddress: owner, page: 2, limit: 1 };
  expect((await rpc('/rpc', 'getAssetsByOwner', beyond)).result).toMatchObject({ total: 0, items: [] });
  expect((await rpc('/das', 'getAssetsByOwner', { ownerAddress: nobody })).result?.items).toEqual([]);
  expect((await rpc('/rpc', 'getHealth', [])).result).toBe('ok');
});

test.each([
  ['getAsset', [nobody], -32000, 'Asset Not Found'],
  ['getAsset', ['x'], -32602, 'WrongSize'],
  ['getAsset', {}, -32602, 'id'],
  ['getAsset', ['0'.repeat(44)], -32602, 'Invalid'],
  ['getAssetsByOwner', { ownerAddress: nobody, limit: 1001 }, -32602, 'limit is 1001 (max: 1000)'],
  ['getAssetsByOwner', { ownerAddress: nobody, limit: 0 }, -32602, 'limit'],
  ['getAssetsByOwner', { ownerAddress: nobody, page: 0 }, -32602, 'page'],
  ['getAssetsByOwner', { ownerAddress: nobody, page: 100_001 }, -32602, 'page'],
  ['getAssetsByOwner', { ownerAddress: nobody, after: nobody }, -32602, 'after is not supported'],
  ['getAssetsByOwner', { ownerAddress: nobody, sortBy: { sortBy: 'mood' } }, -32602, 'sortBy'],
  ['getAssetsByGroup', ['creator', nobody], -32602, 'groupKey'],
  ['getAssetsByGroup', 7, -32602, 'params'],
])('%s of %j is refused', async (method, params, code, message) => {
  for (const path of ['/rpc', '/das']) {
    const { error } = await rpc(path, method, params);
    expect(error?.code).toBe(code);
    expect(error?.message).toContain(message);
  }
});

test('an unknown method and a batch that is too long are refused at /das', async () => {
  expect((await rpc('/das', 'getBalance', [nobody])).error?.code).toBe(-32601);
  const batch = Array.from({ length: 21 }, () => ({ jsonrpc: '2.0', id: 1, method: 'getAsset' }));
  expect(await (await post('/das', JSON.stringify(batch))).json()).toMatchObject({ error: { code: -32600 } });
});

test.each([
  ['half a request', '{"jsonrpc":', 200, -32700, 'Parse error'],
  ['null', 'null', 200, -32600, 'Invalid request'],
  ['a long text', `"${'x'.repeat(20_000)}"`, 413, -32600, 'at most 16384 bytes'],
])('%s at /das is refused as JSON-RPC does', async (_what, body, status, code, message) => {
  const answer = await post('/das', body);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({
    id: null,
    error: { code, message: expect.stringContaining(message) },
  });
});

test('a body that an action cannot read is refused with what is wrong', async () => {
  const long = await post('/api/actions/mint', JSON.stringify({ account: 'x'.repeat(5000) }));
  expect([long.status, await long.json()]).toEqual([
    413,
    { message: 'body: 5014 bytes, at most 4096 bytes' },
  ]);
  const plain = await get('/api/actions/mint', { method: 'POST', body: '{}' });
  expect([plain.status, await plain.json()]).toEqual([
    415,
    { message: 'content-type: must be application/json' },
  ]);
});

test.each([
  ['/api/gallery/x', 400, 'asset'],
  [`/api/gallery/${nobody}`, 404, 'asset'],
  [`/gallery/${nobody}`, 404, 'asset'],
  [`/gallery/${nobody}/card.png`, 404, 'asset'],
  ['/gallery/0000/card.png', 400, 'asset'],
  ['/api/gallery?page=0', 400, 'page'],
  ['/api/gallery?page=100001', 400, 'page'],
  ['/api/gallery?limit=61', 400, 'limit'],
  ['/api/gallery?limit=1e3', 400, 'limit'],
  ['/api/gallery?owner=x', 400, 'owner'],
  ['/api/gallery?collection=a&collection=b', 400, 'collection'],
])('%s is answered with %i and names %s', async (path, status, field) => {
  const answer = await get(path);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ error: { field } });
});

test('a page beyond the last is empty, and cards are pictures of the size that sharing asks for', async () => {
  const beyond = await json<HttpApi['GET /api/gallery']>('/api/gallery?page=7&limit=60');
  expect(beyond).toMatchObject({ symbionts: [], total: 1, page: 7 });
  for (const path of ['/gallery/card.png', `/gallery/${asset}/card.png?v=0`]) {
    const answer = await get(path);
    expect(answer.headers.get('content-type')).toBe('image/png');
    const png = Buffer.from(await answer.arrayBuffer());
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([CARD_WIDTH, CARD_HEIGHT]);
    const at = png.indexOf('IDAT');
    const data = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
    expect(data.length).toBe((CARD_WIDTH + 1) * CARD_HEIGHT);
    expect(new Set(data).size).toBeGreaterThan(12);
  }
});

test('actions are announced, described and open to other origins', async () => {
  expect(await json('/actions.json')).toMatchObject({
    rules: expect.arrayContaining([{ pathPattern: '/gallery', apiPath: '/api/actions/mint' }]),
  });
  const asked = await get('/api/actions/mint', { method: 'OPTIONS' });
  expect(asked.status).toBe(204);
  const headers = (name: string) => asked.headers.get(name);
  expect(headers('access-control-allow-methods')).toBe('GET,POST,PUT,OPTIONS');
  expect(headers('access-control-expose-headers')).toContain('X-Blockchain-Ids');
  expect(headers('x-action-version')).toMatch(/^\d+\.\d+$/);
  expect(headers('x-blockchain-ids')).toMatch(/^solana:[1-9A-HJ-NP-Za-km-z]{32}$/);
  const about = await json<{ icon: string }>('/api/actions/mint');
  expect(about).toMatchObject({ type: 'action', title: expect.any(String), label: expect.any(String) });
  const icon = await get(new URL(about.icon).pathname);
  expect(icon.headers.get('content-type')).toBe('image/png');
  const other = await json(`/api/actions/mint?collection=${nobody}`);
  expect(other).toMatchObject({
    disabled: true,
    error: { message: expect.stringContaining('not on the chain') },
  });
});

test('a wrong wish for a mint is refused as the specification has it, and an address that asks too often waits', async () => {
  const [onCurve] = PublicKey.findProgramAddressSync([Buffer.from('x')], new PublicKey(collection));
  const cases: [number, string, string, string?][] = [
    [400, 'account', '{}'],
    [400, 'account', '{"account":7}'],
    [400, 'account', '{"account":"nobody"}'],
    [400, 'body', '{"account":'],
    [400, 'collection', JSON.stringify({ account: nobody }), '?collection=x'],
    [409, 'account', JSON.stringify({ account: onCurve.toBase58() })],
    [409, 'collection', JSON.stringify({ account: nobody }), `?collection=${nobody}`],
  ];
  for (const [status, field, body, query] of cases) {
    const answer = await post(`/api/actions/mint${query ?? ''}`, body);
    expect([answer.status, body]).toEqual([status, body]);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(((await answer.json()) as { message: string }).message).toContain(field);
  }
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => post('/api/actions/mint', JSON.stringify({ account: nobody }))),
  );
  expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(1);
});

test('reindex gives the same answers, by the running server and without it', async () => {
  const before = await json(`/api/gallery/${asset}`);
  const command = async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'server/chain/cli.ts', 'reindex', '--json'],
      { cwd: ROOT, env: { ...process.env, SYMBIONT_HOME: server.home } },
    );
    return JSON.parse(stdout) as object;
  };
  expect(await command()).toEqual({ collections: 1, assets: 1, versions: 1 });
  expect(await json(`/api/gallery/${asset}`)).toEqual(before);
  await server.stop();
  expect(await command()).toEqual({ collections: 1, assets: 1, versions: 1 });
}, 120_000);
