import { join } from 'node:path';
import { Keypair, LAMPORTS_PER_SOL, Transaction } from '@solana/web3.js';
import { asc } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEFAULT_RULE } from '#shared/growth/index.ts';
import { decodeDeed } from '#shared/proof/canonical.ts';
import { decodeEpoch, epochLeaves } from '#shared/proof/epoch.ts';
import { verifyPath } from '#shared/proof/merkle.ts';
import {
  assetAddress,
  collectionAddress,
  configAddress,
  createCollectionIx,
  decodeConfig,
  mintIx,
  setConsentIx,
  setPausedIx,
} from '../../programs/client/index.ts';
import { transferIx } from '../chain/transfer.ts';
import { openLedger } from '../ledger/ledger.ts';
import { projectPrograms } from '../ledger/programs.ts';
import { serveLedger } from '../ledger/serve.ts';
import { loadArt } from '../load.ts';
import { blobsByHash } from '../store/blobs.ts';
import { allCollections, assetsAt, cursorsOf, searchAssets, versionsOf } from '../store/gallery.ts';
import { chainAssets, chainCollections, chainVersions } from '../store/mirror.ts';
import { blobs, mintOffers } from '../store/schema.ts';
import { epochRow } from '../store/worlds.ts';
import { Models } from '../studio/models.ts';
import { preparedHome, removeHomes } from '../testing/homes.ts';
import { TestOperator } from '../testing/operator.ts';
import { until } from '../testing/player.ts';
import { Indexer } from './indexer.ts';
import { OfferRefused, Offers } from './offers.ts';

const DEEDS = [400, 400, 400, 400, 400, 400, 400, 400];
const closing: (() => Promise<unknown>)[] = [];
let operator: TestOperator;
let indexer: Indexer;
let guest: { id: number };
let asset: string;

beforeAll(async () => {
  const home = await preparedHome();
  const ledger = await openLedger({ dir: join(home, 'ledger'), programs: projectPrograms(), slotMs: 20 });
  const served = await serveLedger(ledger, { port: 0 });
  closing.push(
    () => ledger.close(),
    () => served.close(),
  );
  operator = await TestOperator.open(home, served.url);
  closing.push(() => operator.close());
  const { store, chain, settled } = operator;
  await chain.ensure();
  guest = await operator.guest();
  asset = (await operator.assetOf(guest.id)).toBase58();
  const lines: string[] = [];
  indexer = new Indexer({ store, connection: chain.connection, log: (line) => void lines.push(line) });
  operator.outbox().start();
  await until('minting', () => settled.length > 0);
}, 60_000);
afterAll(async () => {
  for (const close of closing.reverse()) await close();
  removeHomes();
});

/** Reads until what is final shows this. */
const shown = (what: string, test: () => Promise<boolean>) =>
  until(
    what,
    async () => {
      await indexer.round();
      return test();
    },
    30_000,
    200,
  );
const one = async () => (await assetsAt(operator.store, [asset]))[0];
const all = () =>
  operator.store.run(async (db) => ({
    collections: await db.select().from(chainCollections).orderBy(asc(chainCollections.address)),
    assets: await db.select().from(chainAssets).orderBy(asc(chainAssets.address)),
    versions: await db
      .select()
      .from(chainVersions)
      .orderBy(asc(chainVersions.asset), asc(chainVersions.version)),
  }));

test('a symbiont is there when its mint is final, with what the chain says of it', async () => {
  const { chain, settled, store } = operator;
  await shown('the symbiont', async () => (await one()) !== undefined);
  const [minted] = settled;
  expect(await one()).toMatchObject({
    collection: chain.collection.toBase58(),
    name: minted.name,
    uri: minted.uri,
    consent: true,
    stage: 0,
    version: 0,
    attributes: { list: expect.arrayContaining([{ key: 'stage', value: '0' }]) },
  });
  const [collection] = await allCollections(store);
  expect(collection).toMatchObject({
    minted: 1,
    paused: false,
    rule: { branchStage: DEFAULT_RULE.branchStage },
  });
  const [version] = (await versionsOf(store, [asset])).get(asset) ?? [];
  expect(version).toMatchObject({ version: 0, signature: minted.signature, uri: minted.uri, epoch: null });
  expect(version.slot).toBeGreaterThan(0);
});

test('an evolution is a version whose leaf and path prove it under its epoch’s root', async () => {
  await operator.epoch(new Map([[guest.id, DEEDS]]));
  await until('the first evolution', () => operator.settled.some((s) => s.version === 1), 30_000);
  await operator.epoch(new Map());
  await shown('two evolutions', async () => (await one()).version === 2);
  const versions = (await versionsOf(operator.store, [asset])).get(asset) ?? [];
  expect(versions.map(({ version, stage, branch }) => [version, stage, branch > 0])).toEqual([
    [0, 0, false],
    [1, 1, false],
    [2, 2, true],
  ]);
  const [, grown] = versions;
  expect(grown).toMatchObject({ deeds: DEEDS, epoch: 0, zone: operator.chain.zone.toBase58() });
  expect(decodeDeed(grown.leaf as Uint8Array)).toMatchObject({ epoch: 0, version: 0n });
  const header = decodeEpoch((await epochRow(operator.store, 1, 0))?.header as Uint8Array);
  const path = Array.from({ length: (grown.path?.length ?? 0) / 32 }, (_, i) =>
    (grown.path as Uint8Array).subarray(i * 32, i * 32 + 32),
  );
  const leaf = grown.leaf as Uint8Array;
  expect(verifyPath(header.root, leaf, grown.leafIndex as number, epochLeaves(header), path)).toBe(true);
}, 60_000);

test('another’s collection, a transfer and a consent taken back are seen', async () => {
  const { chain, store } = operator;
  const { keys } = chain.options;
  const other = Keypair.generate();
  const collection = collectionAddress(other.publicKey, 3);
  const payer = keys.payer.publicKey;
  const genome = new Uint8Array(32).fill(9);
  await chain.complete({
    instructions: [
      createCollectionIx({
        payer,
        creator: other.publicKey,
        index: 3,
        name: 'Others',
        uri: 'http://localhost/others.json',
        zone: null,
        minter: null,
        dailyCap: 2,
        rule: DEFAULT_RULE,
      }),
      mintIx({
        payer,
        minter: other.publicKey,
        owner: other.publicKey,
        collection,
        genome,
        name: 'Stray',
        uri: 'http://localhost/stray.json',
        picture: new Uint8Array(32).fill(1),
        consent: true,
      }),
    ],
    signers: [other],
  });
  const stray = assetAddress(collection, genome);
  await shown('the stray', async () => (await assetsAt(store, [stray.toBase58()])).length === 1);
  expect((await allCollections(store)).map(({ name, zone }) => [name, zone])).toContainEqual([
    'Others',
    null,
  ]);

  const heir = Keypair.generate().publicKey;
  const owner = other.publicKey;
  const taken = setConsentIx({ owner, collection, asset: stray, consent: false });
  const paused = setPausedIx({ authority: owner, collection, paused: true });
  await chain.complete({ instructions: [taken, paused], signers: [other] });
  const strayed = async () => (await assetsAt(store, [stray.toBase58()]))[0];
  await shown('no consent', async () => !(await strayed()).consent);
  expect((await allCollections(store)).find(({ name }) => name === 'Others')).toMatchObject({ paused: true });

  const given = transferIx({ payer, owner, collection, asset: stray, newOwner: heir });
  await chain.complete({ instructions: [given], signers: [other] });
  await shown('the heir', async () => (await strayed()).owner === heir.toBase58());
  expect(
    await searchAssets(store, { owner: heir.toBase58(), order: 'address', page: 1, limit: 9 }),
  ).toMatchObject({
    total: 1,
    rows: [{ name: 'Stray' }],
  });
}, 60_000);

test('everything forgotten and read from the chain again gives the same rows', async () => {
  await indexer.round();
  const before = await all();
  const cursors = await cursorsOf(operator.store);
  expect(before.versions).toHaveLength(4);
  await operator.store.run(async (db) => {
    await db.delete(chainAssets);
    await db.delete(chainVersions);
    await db.delete(chainCollections);
  });
  expect(await indexer.reindex()).toEqual({ collections: 2, assets: 2, versions: 4 });
  expect(await all()).toEqual(before);
  expect([...(await cursorsOf(operator.store)).keys()].sort()).toEqual([...cursors.keys()].sort());
  await indexer.round();
  expect(await all()).toEqual(before);
}, 60_000);

test('a round that fails has changed nothing, and the next one makes up for it', async () => {
  const before = await all();
  const { store, chain } = operator;
  const broken = new Indexer({
    store,
    connection: Object.assign(Object.create(chain.connection), {
      getMultipleAccountsInfo: () => Promise.reject(new Error('no answer')),
    }),
    log: () => {},
  });
  await expect(broken.reindex()).rejects.toThrow('no answer');
  expect(await all()).toEqual(before);
});

test('an offer that nobody takes is forgotten with its documents; what was minted keeps them', async () => {
  const { store, chain } = operator;
  const publicUrl = 'http://localhost:2567';
  const offers = new Offers({ store, chain, models: new Models(store, loadArt()), publicUrl });
  const wallet = Keypair.generate();
  await chain.connection.requestAirdrop(wallet.publicKey, LAMPORTS_PER_SOL);
  const [taken] = [
    await offers.make(wallet.publicKey, chain.collection),
    await offers.make(wallet.publicKey, chain.collection),
  ];
  const rows = await store.run((db) => db.select().from(mintOffers));
  expect(rows).toHaveLength(2);
  const transaction = Transaction.from(taken.transaction);
  transaction.partialSign(wallet);
  await until('lamports', async () => (await chain.connection.getBalance(wallet.publicKey)) > 0);
  await chain.send(transaction.serialize());
  await until('the mint', async () => (await minted()) === 2);
  await offers.sweep();
  expect(await store.run((db) => db.$count(mintOffers))).toBe(2);
  await offers.sweep(0);
  expect(await store.run((db) => db.$count(mintOffers))).toBe(0);
  for (const row of rows) {
    const kept = await blobsByHash(store, [row.picture, row.metadata]);
    expect(kept).toHaveLength(row.asset === taken.asset ? 2 : 0);
  }
  expect(await store.run((db) => db.$count(blobs))).toBeGreaterThan(2);

  const { keys } = chain.options;
  const authority = keys.authority.publicKey;
  const pause = setPausedIx({ authority, collection: chain.collection, paused: true });
  await chain.complete({ instructions: [pause], signers: [keys.authority] });
  await expect(offers.make(wallet.publicKey, chain.collection)).rejects.toThrow(OfferRefused);

  async function minted(): Promise<number> {
    const config = await chain.connection.getAccountInfo(configAddress(chain.collection), 'confirmed');
    return config ? decodeConfig(config.data).minted : 0;
  }
}, 60_000);
