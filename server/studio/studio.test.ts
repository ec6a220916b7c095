import { Connection, Keypair, PublicKey } from '@solana/web3.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HttpApi, StudioAnswer, StudioApi, StudioDraft } from '#shared/protocol/index.ts';
import { brainAddress, decodeBrainAccount } from '../../programs/client/brains.ts';
import { configAddress, decodeConfig } from '../../programs/client/index.ts';
import { Creator, draftOf, ownModel } from '../testing/creator.ts';
import { preparedHome, removeHomes } from '../testing/homes.ts';
import { until } from '../testing/player.ts';
import { type SpawnedServer, spawnServer } from '../testing/server.ts';
import { okay, refusal, TestWallet } from '../testing/wallet.ts';

let server: SpawnedServer;
let creator: Creator;
let model: string;

const file = ownModel(1, { data: 'ab'.repeat(32), parent: 'cd'.repeat(32) });
const collectionPath = (address: string, verb = '') =>
  `/api/studio/collections/${address}${verb ? `/${verb}` : ''}`;
const asked = (by: Creator, draft: object) => by.as('POST', '/api/studio/collections', draft);
const drafted = async (by: Creator, draft: StudioDraft) => okay<StudioAnswer>(await asked(by, draft));
const one = async (by: Creator, address: string) =>
  okay<StudioAnswer>(await by.as('GET', collectionPath(address)));

beforeAll(async () => {
  server = await spawnServer({ home: await preparedHome() });
  const ready = async () =>
    ((await (await fetch(`${server.url}/api/config`)).json()) as HttpApi['GET /api/config']).collection;
  await until('the world’s collection', async () => (await ready()) !== null, 30_000, 200);
  creator = await Creator.enter(server.url);
  model = await creator.bring(file);
}, 90_000);
afterAll(async () => {
  await server?.kill();
  removeHomes();
});

test('from a model to a collection on chain: each step says what it costs, and costs that', async () => {
  expect(await creator.bring(file)).toBe(model);
  const { models } = await okay<StudioApi['GET /api/studio/models']>(
    await creator.as('GET', '/api/studio/models'),
  );
  expect(models).toMatchObject([
    { id: model, name: 'Model 1', size: 32, parent: 'cd'.repeat(32), trainingRoot: 'ab'.repeat(32) },
  ]);
  const bytes = await fetch(`${server.url}/api/studio/models/${model}`);
  expect(bytes.headers.get('access-control-allow-origin')).toBe('*');
  expect(Buffer.from(await bytes.arrayBuffer()).equals(Buffer.from(file))).toBe(true);

  const friend = Keypair.generate().publicKey.toBase58();
  const royalties = {
    basisPoints: 500,
    shares: [
      { address: creator.address, percentage: 70 },
      { address: friend, percentage: 30 },
    ],
  };
  let { collection, steps } = await drafted(creator, draftOf(model, { royalties }));
  const { address } = collection;
  expect(collection).toMatchObject({ state: 'draft', onChain: null, error: null });
  expect(steps.map(({ kind, done, refusal }) => [kind, done, refusal])).toEqual([
    ['register', false, null],
    ['create', false, null],
  ]);
  const { connection } = creator;
  for (const step of steps) {
    const before = await connection.getBalance(new PublicKey(creator.address), 'confirmed');
    ({ collection, steps } = await creator.confirm(address, await creator.send(step)));
    const after = await connection.getBalance(new PublicKey(creator.address), 'confirmed');
    expect(before - after).toBe(step.cost?.total);
  }
  expect(collection).toMatchObject({
    state: 'registered',
    onChain: {
      authority: creator.address,
      model,
      minted: 0,
      supply: 10,
      price: 5_000_000,
      treasury: creator.address,
      mintsHere: true,
      growsHere: true,
      paused: false,
      royalties,
    },
  });
  expect(steps.map(({ done }) => done)).toEqual([true, true]);
  const card = await connection.getAccountInfo(brainAddress(new PublicKey(creator.address), model));
  expect(decodeBrainAccount(card?.data as Buffer)).toMatchObject({
    id: model,
    licence: 'CC0-1.0',
    parent: 'cd'.repeat(32),
    trainingRoot: 'ab'.repeat(32),
  });
  const config = await connection.getAccountInfo(configAddress(new PublicKey(address)));
  expect(Buffer.from(decodeConfig(config?.data as Buffer).model as Uint8Array).toString('hex')).toBe(model);

  // Its metadata lie under the hash of their bytes and name the model.
  const mine = await okay<StudioApi['GET /api/studio/collections']>(
    await creator.as('GET', '/api/studio/collections'),
  );
  expect(mine.collections.map((row) => [row.address, row.state])).toEqual([[address, 'registered']]);
  expect(mine.testSol).toBe(true);
  // Confirming again, with another's signature or none, changes nothing.
  expect((await creator.confirm(address)).collection.state).toBe('registered');
}, 60_000);

test('drops: minted by the creator for rent, drawn by the collection’s model, up to the supply', async () => {
  const { collection } = await creator.make(draftOf(model, { name: 'Drops', supply: 3 }));
  const { address } = collection;
  const other = Keypair.generate().publicKey.toBase58();
  const [mine] = await creator.drop(address);
  const [theirs] = await creator.drop(address, { to: other });
  const over = await creator.as('POST', collectionPath(address, 'mint'), { count: 2 });
  expect(await refusal(over)).toMatchObject({ status: 409, field: 'count' });
  const shown = async (asset: string) => {
    const answer = await fetch(`${server.url}/api/gallery/${asset}`);
    return answer.ok ? ((await answer.json()) as HttpApi['GET /api/gallery/:asset']) : null;
  };
  await until('the gallery', async () => (await shown(theirs)) !== null, 60_000, 500);
  expect(await shown(mine)).toMatchObject({
    symbiont: { owner: creator.address, model, collection: address },
  });
  const { symbiont, versions } = (await shown(theirs)) as HttpApi['GET /api/gallery/:asset'];
  expect(symbiont).toMatchObject({ owner: other, model });
  const metadata = (await (await fetch(versions[0].uri.replace(/^http:\/\/[^/]+/, server.url))).json()) as {
    symbol: string;
    attributes: { trait_type: string; value: string }[];
    properties: { model: string };
  };
  expect(metadata).toMatchObject({ symbol: 'LANT', properties: { model } });
  expect(metadata.attributes).toContainEqual({ trait_type: 'form', value: 'Spark' });
  expect((await fetch(`${server.url}/gallery/${mine}/card.png`)).status).toBe(200);

  // Anyone mints at the price, by the button that others share.
  const buyer = await Creator.enter(server.url);
  const offer = await okay<{ transaction: string }>(
    await buyer.post(`/api/actions/mint?collection=${address}`, { account: buyer.address }),
  );
  const before = await creator.connection.getBalance(new PublicKey(creator.address), 'confirmed');
  const raw = buyer.signTransaction(Buffer.from(offer.transaction, 'base64'));
  await buyer.shown(await buyer.connection.sendRawTransaction(raw));
  const after = await creator.connection.getBalance(new PublicKey(creator.address), 'confirmed');
  expect(after - before).toBe(5_000_000);
  const sold = await buyer.post(`/api/actions/mint?collection=${address}`, { account: buyer.address });
  expect(sold.status).toBe(409);
}, 90_000);

test('managing: by the authority alone, each change a transaction with its cost', async () => {
  const { collection } = await creator.make(draftOf(null, { name: 'Managed', supply: 0 }));
  const { address } = collection;
  const heir = await Creator.enter(server.url);
  const ask = (by: Creator, wish: object) => by.as('POST', collectionPath(address, 'manage'), wish);
  const done = async (by: Creator, wish: object) => {
    const { step } = await okay<StudioApi['POST /api/studio/collections/:address/manage']>(
      await ask(by, wish),
    );
    expect(step.cost?.fee).toBe(5000);
    await by.complete(step);
    return (await one(by, address)).collection.onChain;
  };
  expect(await done(creator, { do: 'pause' })).toMatchObject({ paused: true });
  const paused = await creator.as('POST', collectionPath(address, 'mint'), {});
  expect(await refusal(paused)).toMatchObject({ status: 409, field: 'collection' });
  expect(await done(creator, { do: 'resume' })).toMatchObject({ paused: false });
  expect(await done(creator, { do: 'dailyCap', dailyCap: 3 })).toMatchObject({ dailyCap: 3 });
  expect(await done(creator, { do: 'supply', supply: 7 })).toMatchObject({ supply: 7 });
  expect(await refusal(await ask(creator, { do: 'supply', supply: 8 }))).toMatchObject({
    status: 409,
    field: 'supply',
  });
  expect(await done(creator, { do: 'price', price: 10 })).toMatchObject({ price: 10 });
  const royalties = { basisPoints: 250, shares: [{ address: creator.address, percentage: 100 }] };
  expect(await done(creator, { do: 'royalties', royalties })).toMatchObject({ royalties });
  expect(await done(creator, { do: 'minter', minter: null })).toMatchObject({
    minter: null,
    mintsHere: false,
  });
  expect(await done(creator, { do: 'minter', minter: 'world' })).toMatchObject({ mintsHere: true });
  expect(await done(creator, { do: 'model', model })).toMatchObject({ model });
  // Another model than the draft's is on chain now: it is to be registered too.
  const art = await one(creator, address);
  expect([art.collection.state, art.collection.draft.model]).toEqual(['registered', model]);

  expect(await refusal(await ask(heir, { do: 'pause' }))).toMatchObject({ status: 404, field: 'address' });
  expect(await refusal(await ask(creator, { do: 'accept' }))).toMatchObject({ status: 403, field: 'do' });
  await done(creator, { do: 'propose', to: heir.address });
  expect(await done(heir, { do: 'accept' })).toMatchObject({ authority: heir.address });
  expect(await refusal(await ask(creator, { do: 'pause' }))).toMatchObject({
    status: 403,
    field: 'collection',
  });
  await until(
    'the heir’s list',
    async () =>
      (
        await okay<StudioApi['GET /api/studio/collections']>(await heir.as('GET', '/api/studio/collections'))
      ).collections.some((row) => row.address === address),
    60_000,
    500,
  );
}, 120_000);

test('a rejected signature, a killed server and a lost answer leave everything to be gone on with', async () => {
  const home = await preparedHome();
  let own = await spawnServer({ home });
  const { port } = new URL(own.url);
  try {
    const by = await Creator.enter(own.url);
    const id = await by.bring(file);
    const { collection, steps } = await drafted(by, draftOf(id, { name: 'Killed' }));
    const { address } = collection;
    const again = async () => {
      await own.kill();
      own = await spawnServer({ home, env: { PORT: port } });
      return (await one(by, address)).collection;
    };
    // The wallet refused: all is as it was, with transactions that count. Then a step happened and nobody was told.
    await by.complete((await one(by, address)).steps[0]);
    expect(await again()).toMatchObject({ state: 'draft', onChain: null });
    const fresh = (await one(by, address)).steps;
    expect(fresh.map(({ done }) => done)).toEqual([true, false]);
    await by.complete(fresh[1]);
    // Killed before it was confirmed here: the chain tells.
    expect(await again()).toMatchObject({ state: 'registered', onChain: { minted: 0 } });
    // The first transactions, sent late, are refused by the chain and change nothing.
    await expect(by.send(steps[1])).rejects.toThrow();
    await by.drop(address);
    expect((await one(by, address)).collection).toMatchObject({ onChain: { minted: 1 } });
  } finally {
    await own.kill();
  }
}, 180_000);

test('half-made: without its art registered nobody else sees it or mints in it, and it can be finished', async () => {
  const other = ownModel(2);
  const drawn = await creator.bring(other);
  const { collection, steps } = await drafted(creator, draftOf(drawn, { name: 'Half' }));
  const { address } = collection;
  for (const wrong of ['1'.repeat(88), 'z'.repeat(88), '2'.repeat(64)])
    expect(
      await refusal(await creator.as('POST', collectionPath(address, 'confirm'), { signature: wrong })),
    ).toMatchObject({ status: 400, field: 'signature', message: expect.stringContaining('64 bytes') });
  expect((await one(creator, address)).collection.state).toBe('draft');
  // Out of order; and the same signature confirmed twice.
  const signature = await creator.send(steps[1]);
  const half = await creator.confirm(address, signature);
  expect([half.collection.state, half.steps.map(({ done }) => done)]).toEqual(['made', [false, true]]);
  expect((await creator.confirm(address, signature)).collection.state).toBe('made');
  expect(await refusal(await creator.as('POST', collectionPath(address, 'mint'), {}))).toMatchObject({
    status: 409,
    field: 'collection',
  });
  const action = await creator.post(`/api/actions/mint?collection=${address}`, { account: creator.address });
  expect(((await action.json()) as { message: string }).message).toContain('not finished');
  expect(await refusal(await creator.as('DELETE', collectionPath(address)))).toMatchObject({ status: 409 });
  const shown = async () => {
    const { collections } = (await (
      await fetch(`${server.url}/api/gallery`)
    ).json()) as HttpApi['GET /api/gallery'];
    return collections.some((row) => row.address === address);
  };
  expect(await shown()).toBe(false);
  // A transaction that the chain refuses is told with its reason, and nothing is lost.
  const failed = await creator.confirm(address, await creator.sendAnyway(steps[1]));
  expect(failed.collection).toMatchObject({ state: 'made', error: expect.stringContaining('refused') });
  const done = await creator.confirm(address, await creator.send(half.steps[0]));
  expect(done.collection).toMatchObject({ state: 'registered', error: null });
  await until('the gallery', shown, 60_000, 500);
}, 120_000);

test('what a draft cannot be is named, and nothing is kept', async () => {
  const good = draftOf(model, { name: 'Refused' });
  const steps = good.rule.steps;
  const cases: [object, number, string][] = [
    [{ name: '' }, 400, 'name'],
    [{ name: 'ü'.repeat(17) }, 400, 'name'],
    [{ name: 'a\u202eb' }, 400, 'name'],
    [{ name: 'LANTERNS' }, 409, 'name'],
    [{ name: ' ｌａｎｔｅｒｎｓ ' }, 409, 'name'],
    [{ name: 'Symbiont' }, 409, 'name'],
    [{ symbol: 'lower' }, 400, 'symbol'],
    [{ description: 'x'.repeat(1001) }, 400, 'description'],
    [{ model: 'ff'.repeat(32) }, 409, 'model'],
    [{ model: 'FF' }, 400, 'model'],
    [{ licence: 'two words' }, 400, 'licence'],
    [{ supply: -1 }, 400, 'supply'],
    [{ supply: 2 ** 32 }, 400, 'supply'],
    [{ price: 1_000_000_000_001 }, 400, 'price'],
    [{ treasury: '1'.repeat(44) }, 400, 'treasury'],
    [{ dailyCap: 65_536 }, 400, 'dailyCap'],
    [{ traits: { stages: ['a'], branches: ['b', 'c', 'd', 'e'] } }, 400, 'traits.stages'],
    [{ royalties: { basisPoints: 10_001, shares: [] } }, 400, 'royalties.basisPoints'],
    [
      { royalties: { basisPoints: 1, shares: [{ address: creator.address, percentage: 99 }] } },
      400,
      'royalties.shares',
    ],
    [{ rule: { ...good.rule, steps: [] } }, 400, 'rule.steps'],
    [{ rule: { ...good.rule, steps: [steps[1], steps[0]] } }, 400, 'rule'],
    [{ rule: { ...good.rule, steps: [{ ...steps[0], weights: [0, 0, 0, 0, 0, 0, 0, 0] }] } }, 400, 'rule'],
    [{ rule: { ...good.rule, steps: [{ ...steps[0], minimum: 1_000_000_001 }] } }, 400, 'rule'],
    [{ rule: { ...good.rule, branchStage: 4 } }, 400, 'rule'],
    [{ more: 1 }, 400, 'body'],
  ];
  const by = await Creator.enter(server.url);
  // Names on chain count once they are final.
  const listed = async () =>
    ((await (await fetch(`${server.url}/api/gallery`)).json()) as HttpApi['GET /api/gallery']).collections;
  await until('the world’s own in the index', async () => (await listed()).length > 0, 60_000, 500);
  for (const [change, status, field] of cases)
    expect(await refusal(await asked(by, { ...good, ...change })), JSON.stringify(change)).toMatchObject({
      status,
      field,
    });
  const mine = await okay<StudioApi['GET /api/studio/collections']>(
    await by.as('GET', '/api/studio/collections'),
  );
  expect(mine.collections).toEqual([]);

  // A model that is none; one that a collection is drawn by; another's draft.
  const bad = Uint8Array.from(file);
  bad[bad.length - 1] ^= 1;
  for (const [bytes, status, field] of [
    [bad, 400, 'model'],
    [Buffer.from('{}'), 400, 'model'],
    [new Uint8Array(4 * 1024 * 1024 + 1), 413, 'body'],
  ] as const)
    expect(await refusal(await by.as('POST', '/api/studio/models', bytes))).toMatchObject({ status, field });
  const kept = await drafted(creator, good);
  const { address } = kept.collection;
  const drop = await creator.as('DELETE', `/api/studio/models/${model}`);
  expect(await refusal(drop)).toMatchObject({ status: 409, field: 'id' });
  expect(await refusal(await by.as('GET', collectionPath(address)))).toMatchObject({ status: 404 });
  expect(await refusal(await by.as('PUT', collectionPath(address), good))).toMatchObject({ status: 404 });
  expect(await refusal(await by.as('DELETE', collectionPath(address)))).toMatchObject({ status: 404 });
  expect(await refusal(await creator.as('POST', collectionPath(address, 'mint'), {}))).toMatchObject({
    status: 409,
    field: 'collection',
  });
  const forged = await creator.as('POST', collectionPath(address, 'confirm'), { signature: 'x' });
  expect(await refusal(forged)).toMatchObject({ status: 400, field: 'signature' });
  const renamed = await okay<StudioAnswer>(
    await creator.as('PUT', collectionPath(address), { ...good, name: 'Renamed' }),
  );
  expect(renamed.collection).toMatchObject({ address, draft: { name: 'Renamed' } });
  expect((await creator.as('DELETE', collectionPath(address))).status).toBe(200);
  expect((await creator.as('GET', collectionPath(address))).status).toBe(404);
  expect((await fetch(`${server.url}/api/studio/models/${'0'.repeat(64)}`)).status).toBe(404);
}, 60_000);

test('guests and strangers make nothing, and a body has a limit', async () => {
  const guest = await okay<{ token: string }>(await creator.post('/api/guest', {}));
  const headers = { authorization: `Bearer ${guest.token}` };
  expect(await refusal(await creator.post('/api/studio/collections', {}, headers))).toMatchObject({
    status: 403,
    field: 'session',
  });
  expect(await refusal(await creator.post('/api/studio/models', {}))).toMatchObject({
    status: 401,
    field: 'authorization',
  });
  const thief = new TestWallet(server.url);
  thief.token = creator.token;
  expect((await thief.as('GET', '/api/studio/collections')).status).toBe(401);
  const large = await asked(creator, { name: 'x'.repeat(20_000) });
  expect(await refusal(large)).toMatchObject({ status: 413, field: 'body' });
  const connection = new Connection(`${server.url}/rpc`, 'confirmed');
  expect(await connection.getBalance(new PublicKey(thief.address))).toBe(0);
}, 30_000);
