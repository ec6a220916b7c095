import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGenericFile } from '@metaplex-foundation/umi';
import { hexToBytes } from '@noble/hashes/utils';
import { Connection, Keypair, type PublicKey } from '@solana/web3.js';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readUri } from '#server/chain/documents.ts';
import { assetsOf, readLineage } from '#server/editions/lineage.ts';
import { loadArt } from '#server/load.ts';
import { checkCar } from '#server/storage/car.ts';
import { cidFrom, RAW } from '#server/storage/ipfs.ts';
import { embeddedUploader, PICTURE_TYPE } from '#server/storage/uploaders.ts';
import { blobByHash } from '#server/store/blobs.ts';
import { blobs } from '#server/store/schema.ts';
import { Store } from '#server/store/store.ts';
import { type EvolvedWorld, evolvedWorld } from '#server/testing/evolved.ts';
import { preparedHome, removeHomes } from '#server/testing/homes.ts';
import { until } from '#server/testing/player.ts';
import { drawStrip, pictureBytes } from '#shared/art/index.ts';
import { decodeAsset, setPausedIx } from '../../programs/client/index.ts';
import { run } from './export.ts';

/** Person n grows n stages: ten versions in all. */
const PEOPLE = 4;
let home: string;
let world: EvolvedWorld;
let connection: Connection;
let assets: PublicKey[];
let late: PublicKey;

beforeAll(async () => {
  home = await preparedHome();
  vi.stubEnv('SYMBIONT_HOME', home);
  vi.stubEnv('DATABASE_URL', '');
  world = await evolvedWorld(home, PEOPLE, (n) => n);
  vi.stubEnv('SOLANA_RPC_URL', world.rpcUrl);
  connection = new Connection(world.rpcUrl, 'confirmed');
  late = await refusedAndContinued();
  await world.leaveLedgerAlone();
  assets = await assetsOf(connection, world.operator.chain.collection);
}, 240_000);

afterAll(async () => {
  vi.unstubAllEnvs();
  await world?.close();
  removeHomes();
});

/** Storage has the documents and the chain refuses: nothing is half made, and it goes on where it was. */
async function refusedAndContinued(): Promise<PublicKey> {
  const { operator } = world;
  const { chain, store } = operator;
  const { keys } = chain.options;
  const paused = (value: boolean) =>
    chain.complete({
      instructions: [
        setPausedIx({ authority: keys.authority.publicKey, collection: chain.collection, paused: value }),
      ],
      signers: [keys.authority],
    });
  await paused(true);
  const { id } = await operator.guest();
  const asset = await operator.assetOf(id);
  const before = operator.lines.length;
  await until(
    'a refusal',
    () => operator.lines.slice(before).some((line) => line.includes('Paused')),
    30_000,
  );
  expect(await connection.getAccountInfo(asset)).toBeNull();
  await paused(false);
  await until('the mint', async () => (await connection.getAccountInfo(asset)) !== null, 60_000, 100);
  const { uri } = decodeAsset(asset, (await connection.getAccountInfo(asset))!.data);
  // What is on chain now is what was stored before it was refused.
  expect(await blobByHash(store, hexToBytes(readUri(uri)!.metadata))).toMatchObject({ kind: 'metadata' });
  return asset;
}

/** What the verb prints, or what it is refused with. */
async function symbiont(...args: string[]): Promise<{ stdout: string; refused: string }> {
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    await run(args);
    return { stdout: printed.mock.calls.join('\n'), refused: '' };
  } catch (error) {
    if (!['UsageError', 'StorageError', 'LineageError'].includes((error as Error).name)) throw error;
    return { stdout: '', refused: (error as Error).message };
  } finally {
    printed.mockRestore();
  }
}

test('the whole collection goes into a CAR from the RPC alone, under the CIDs that the chain’s hashes lead to', async () => {
  const out = join(home, 'editions.car');
  const { stdout, refused } = await symbiont('car', '--out', out, '--json');
  expect(refused).toBe('');
  const summary = JSON.parse(stdout);
  const bytes = new Uint8Array(readFileSync(out));
  expect(checkCar(bytes)).toEqual(summary);
  // 11 versions: metadata, two canonical pictures, PNG, GIF and SVG of each.
  expect(summary.files).toBe(66);
  const whole = Buffer.from(bytes);
  for (const asset of assets)
    for (const { uri, picture } of (await readLineage(connection, asset)).versions)
      for (const hash of [readUri(uri)!.metadata, picture])
        expect(whole.includes(Buffer.from(cidFrom(RAW, hexToBytes(hash))))).toBe(true);
  expect((await symbiont('car', '--out', out)).refused).toContain('exists already');
}, 120_000);

test('documents that the server has lost come back from the chain', async () => {
  expect(existsSync(join(home, 'db'))).toBe(false);
  const { stdout, refused } = await symbiont('home', '--json');
  expect({ refused, ...JSON.parse(stdout || '{}') }).toEqual({ refused: '', documents: 33 });
  const store = await Store.open({ dir: join(home, 'db'), url: null });
  try {
    expect(assets).toContainEqual(late);
    for (const asset of assets)
      for (const { uri, picture } of (await readLineage(connection, asset)).versions) {
        const metadata = await blobByHash(store, hexToBytes(readUri(uri)!.metadata));
        expect(metadata?.kind).toBe('metadata');
        const { animation_url } = JSON.parse(Buffer.from(metadata!.body).toString()) as {
          animation_url: string;
        };
        const strip = /([0-9a-f]{64})\.gif$/.exec(animation_url)![1];
        for (const hash of [picture, strip])
          expect(await blobByHash(store, hexToBytes(hash))).toMatchObject({ kind: 'picture' });
      }
    await refusals(store);
  } finally {
    await store.close();
  }
}, 120_000);

/** The embedded storage takes all of a call or nothing, and only what it can serve. */
async function refusals(store: Store): Promise<void> {
  const uploader = embeddedUploader(store, 'http://localhost:2567');
  const strip = drawStrip(loadArt(), { genome: new Uint8Array(32), stage: 1, branch: 1 });
  const good = createGenericFile(pictureBytes(strip), 'good', { contentType: PICTURE_TYPE });
  const file = (content: string | Uint8Array, contentType: string) =>
    createGenericFile(content, 'bad', { contentType });
  const bad = [
    [file('x', 'image/png'), 'bad: the game keeps application/json'],
    [file('x', PICTURE_TYPE), "bad: are no picture's bytes"],
    [file('{', 'application/json'), 'bad: is no JSON'],
    [file(Uint8Array.of(0x22, 0xff, 0x22), 'application/json'), 'bad: is no JSON'],
    [file(`"${'x'.repeat(40_000)}"`, 'application/json'), 'bad: must be at most 32768 bytes, is 40002'],
  ] as const;
  const count = async () => Number(await store.run((db) => db.$count(blobs)));
  const before = await count();
  for (const [one, message] of bad) await expect(uploader.upload([good, one])).rejects.toThrow(message);
  expect(await count()).toBe(before);
  const [uri] = await uploader.upload([good]);
  expect(uri).toMatch(/^http:\/\/localhost:2567\/art\/[0-9a-f]{64}\.gif$/);
  expect(await uploader.uploadJson({ a: 1 })).toMatch(/\/metadata\/[0-9a-f]{64}\.json$/);
  expect(await count()).toBe(before + 2);
}

test('an uploader of umi’s kind stores everything, stops at its price, and goes on after it broke off', async () => {
  const store = join(home, 'elsewhere');
  mkdirSync(store);
  const plugin = join(home, 'plugin.mjs');
  writeFileSync(
    plugin,
    `import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
const store = ${JSON.stringify(store)};
export const folder = () => ({ install(umi) { umi.uploader = {
  upload: async (files) => files.map((file) => {
    if (readdirSync(store).length === 20 && existsSync(store + '.broken')) throw new Error('disk full');
    const name = file.fileName.replaceAll('/', '-');
    if (existsSync(store + '/' + name)) throw new Error('stored twice: ' + name);
    writeFileSync(store + '/' + name, file.buffer);
    return 'https://elsewhere.example/' + umi.identity.publicKey + '/' + name;
  }),
  uploadJson: async () => { throw new Error('not asked'); },
  getUploadPrice: async (files) => {
    if (existsSync(store + '.closed')) throw new Error('nobody answers');
    return { basisPoints: BigInt(files.length) * 1000000n, identifier: 'SOL', decimals: 9 };
  },
}; } });
`,
  );
  const key = join(home, 'key.json');
  writeFileSync(key, JSON.stringify([...Keypair.generate().secretKey]));
  const upload = (...args: string[]) =>
    symbiont('upload', '--to', `${plugin}:folder`, '--keypair', key, '--json', ...args);
  expect((await upload('--at-most', '0.01')).refused).toContain('storing 66 files costs SOL 0.066');
  writeFileSync(`${store}.closed`, '');
  expect((await upload('--at-most', '1')).refused).toContain('storage: tells no price: nobody answers');
  rmSync(`${store}.closed`);
  expect(readdirSync(store)).toEqual([]);
  writeFileSync(`${store}.broken`, '');
  const broken = await upload('--at-most', '0.066');
  expect(broken.refused).toContain('disk full; 20 of 66 files are stored, the same command continues');
  rmSync(`${store}.broken`);
  const { stdout } = await upload('--at-most', '0.05');
  expect(JSON.parse(stdout)).toMatchObject({ stored: 46, kept: 20 });
  expect(readdirSync(store)).toHaveLength(66);
}, 120_000);

test('arguments that cannot be are refused by name, and nothing is left', async () => {
  const key = join(home, 'no-key.json');
  writeFileSync(key, '[1,2,3]');
  const upload = ['upload', '--to', 'irys', '--keypair', key];
  const cases: [string[], string][] = [
    [['tape'], 'can export car, home, upload, not "tape"'],
    [['car'], '--out: is missing'],
    [['car', '--out', join(home, 'x.car'), '--collection', 'x'], '--collection: must be an address'],
    [['car', '--out', join(home, 'x.car'), '--collection', assets[0].toBase58()], 'is not on this chain'],
    [upload, '--at-most: is missing'],
    [[...upload, '--at-most', '1', '--address', 'here'], '--address: must be a URL'],
    [[...upload, '--at-most', 'much'], '--at-most: must be a number'],
    [[...upload, '--at-most', '1'], '--keypair: must be a file with 64 numbers'],
  ];
  for (const [args, message] of cases) expect((await symbiont(...args)).refused).toContain(message);
  expect(readdirSync(home).filter((name) => name.startsWith('x.car'))).toEqual([]);
}, 120_000);
