import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { Keypair } from '@solana/web3.js';
import bs58 from 'bs58';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { brainId } from '#shared/brain/file.ts';
import { decodeDecision } from '#shared/proof/canonical.ts';
import { verifyPath } from '#shared/proof/merkle.ts';
import type { HttpApi } from '#shared/protocol/index.ts';
import { ROOT } from '../config.ts';
import { removeHomes } from '../testing/homes.ts';
import { newGuest, until } from '../testing/player.ts';
import { type SpawnedServer, spawnServer } from '../testing/server.ts';

let server: SpawnedServer;

beforeAll(async () => {
  server = await spawnServer();
}, 120_000);
afterAll(async () => {
  await server?.kill();
  removeHomes();
});

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}${path}`, { headers });
const post = (path: string, body: BodyInit, headers: Record<string, string> = {}) =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });

test('a guest gets a key at once and can take it along', async () => {
  const guest = await newGuest(server.url, { name: '  Ada  Lovelace ', look: 2 });
  expect(guest).toMatchObject({ name: 'Ada Lovelace', look: 2 });
  expect(guest.token).toMatch(/^[\w-]{43}$/);
  const bearer = { authorization: `Bearer ${guest.token}` };
  expect(await (await get('/api/me', bearer)).json()).toEqual({
    id: guest.id,
    name: 'Ada Lovelace',
    look: 2,
    address: guest.address,
    wallet: false,
    symbiont: null,
  });
  const exported = (await (
    await post('/api/me/export', '', bearer)
  ).json()) as HttpApi['POST /api/me/export'];
  expect(Keypair.fromSecretKey(bs58.decode(exported.secretKey)).publicKey.toBase58()).toBe(guest.address);
  const other = await newGuest(server.url);
  expect(other.address).not.toBe(guest.address);
  expect(other.name).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
});

test.each([
  [400, 'name', '{"name":"x"}'],
  [400, 'name', '{"name":"fu-ck"}'],
  [400, 'look', '{"look":8}'],
  [400, 'admin', '{"admin":true}'],
  [400, 'body', '{"name":'],
  [400, 'must be a JSON object', 'null'],
  [413, 'body 5011 bytes, at most 4096 bytes', `{"name":"${'x'.repeat(5000)}"}`],
  [
    413,
    'body too long, at most 4096 bytes',
    gzipSync(Buffer.alloc(1_000_000, 32)),
    { 'content-encoding': 'gzip' },
  ],
  [415, 'content-type must be application/json', '{"look":1}', { 'content-type': 'text/plain' }],
  [415, 'content-type', 'look=1', { 'content-type': 'application/x-www-form-urlencoded' }],
])('a wrong wish is answered with %i and names %s', async (status, field, body, headers?: object) => {
  const answer = await post('/api/guest', body, { ...headers });
  expect(answer.status).toBe(status);
  const { error } = (await answer.json()) as { error: { field: string; message: string } };
  expect(`${error.field} ${error.message}`).toContain(field);
});

test.each([
  ['GET', '/api/me', {}],
  ['GET', '/api/me', { authorization: 'Bearer x' }],
  ['GET', '/api/me', { authorization: `Bearer ${'a'.repeat(43)}` }],
  ['POST', '/api/me/export', { authorization: 'Basic abc' }],
])('%s %s with %j is not answered', async (method, path, headers) => {
  const answer = await fetch(`${server.url}${path}`, { method, headers: headers as Record<string, string> });
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({ error: { field: 'authorization' } });
});

test.each([
  ['/api/nothing', 404],
  ['/nothing', 404],
  ['/../../etc/passwd', 404],
  ['/maps/%2e%2e/%2e%2e/package.json', 404],
  ['/metadata/abc.json', 400],
  [`/metadata/${'0'.repeat(64)}.json`, 404],
  [`/art/${'0'.repeat(64)}.bmp`, 400],
  [`/art/${'0'.repeat(64)}.gif`, 404],
  [`/art/${'0'.repeat(64)}.png`, 404],
  ['/api/epochs/x', 400],
  ['/api/epochs/4000000', 404],
  ['/api/epochs/-1', 400],
])('%s is answered with %i and a reason', async (path, status) => {
  const answer = await get(path);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ error: { message: expect.any(String) } });
});

test('one port serves the map, the settings and the ledger', async () => {
  const map = await get('/maps/hollow.json', { 'accept-encoding': 'gzip' });
  expect(map.headers.get('content-encoding')).toBe('gzip');
  expect(await map.json()).toMatchObject({ type: 'map', width: 96 });
  const etag = map.headers.get('etag') ?? '';
  expect((await get('/maps/hollow.json', { 'if-none-match': etag })).status).toBe(304);
  expect(map.headers.get('access-control-allow-origin')).toBeNull();
  const config = (await (await get('/api/config')).json()) as HttpApi['GET /api/config'];
  expect(config).toMatchObject({ embedded: true, rpc: '/rpc', ws: '/rpc', map: 'hollow.json' });
  const rpc = await post('/rpc', '{"jsonrpc":"2.0","id":1,"method":"getHealth"}');
  expect(await rpc.json()).toMatchObject({ result: 'ok' });
});

test('an epoch closes, and one decision of it is proved by its path', async () => {
  await until('the first epoch', async () => (await get('/api/epochs/latest')).status === 200, 60_000, 500);
  const header = (await (await get('/api/epochs/0')).json()) as HttpApi['GET /api/epochs/:epoch'];
  expect(header).toMatchObject({ epoch: 0, firstTick: 0, lastTick: 599, inputs: 600 });
  expect(header.decisions).toBeGreaterThan(1000);
  const answer = await get('/api/epochs/0/leaves/77');
  const proof = (await answer.json()) as HttpApi['GET /api/epochs/:epoch/leaves/:index'];
  const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
  const path = proof.path.map(bytes);
  const leaf = bytes(proof.leaf);
  expect(verifyPath(bytes(header.root), leaf, 77, proof.count, path)).toBe(true);
  expect(verifyPath(bytes(header.root), leaf, 78, proof.count, path)).toBe(false);
  expect(decodeDecision(leaf)).toMatchObject({ epoch: 0 });
  expect((await get(`/api/epochs/0/leaves/${proof.count}`)).status).toBe(400);

  const { tick, npc, brain } = decodeDecision(leaf);
  const found = await (await get(`/api/epochs/0/decisions/${tick}/${npc}`)).json();
  expect(found).toEqual(proof);
  expect((await get(`/api/epochs/0/decisions/${tick + 1}/${npc}`)).status).toBe(404);
  expect((await get(`/api/epochs/0/decisions/600/${npc}`)).status).toBe(400);
  expect((await get(`/api/epochs/0/decisions/${tick}/60`)).status).toBe(400);
  const id = Buffer.from(brain).toString('hex');
  const file = new Uint8Array(await (await get(`/api/brains/${id}`)).arrayBuffer());
  expect(brainId(file)).toBe(id);
  expect((await get(`/api/brains/${'0'.repeat(64)}`)).status).toBe(404);

  await until(
    'publishing',
    async () => ((await (await get('/api/epochs/0')).json()) as typeof header).published !== null,
  );
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'ml/cli.ts', 'judge', '--epoch', '0', '--tick', `${tick}`, '--npc', `${npc}`].concat([
      '--url',
      server.url,
      '--json',
    ]),
    { cwd: ROOT },
  );
  const judgement = JSON.parse(stdout) as Record<string, unknown>;
  const { action } = decodeDecision(leaf);
  expect(judgement).toMatchObject({ brain: id, published: action, here: action, chain: action });
  expect(judgement.transaction).toMatch(/^[1-9A-HJ-NP-Za-km-z]{80,90}$/);
}, 120_000);
