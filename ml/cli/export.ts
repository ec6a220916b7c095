import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { displayAmount, type GenericFile, keypairIdentity, type Umi } from '@metaplex-foundation/umi';
import { createUmi } from '@metaplex-foundation/umi-bundle-defaults';
import type { Connection, PublicKey } from '@solana/web3.js';
import { readConfig } from '#server/config.ts';
import { editionFiles, type FilesWanted } from '#server/editions/files.ts';
import { assetsOf, collectionsOf } from '#server/editions/lineage.ts';
import { addressOf, artModels, prove } from '#server/editions/provenance.ts';
import { takeLock } from '#server/ledger/lock.ts';
import { reason } from '#server/log.ts';
import { CarWriter } from '#server/storage/car.ts';
import { Copies, copyFiles } from '#server/storage/copies.ts';
import { StorageError } from '#server/storage/error.ts';
import { carUploader, embeddedUploader, pluginUploader } from '#server/storage/uploaders.ts';
import { Store } from '#server/store/store.ts';
import { connectionOf, requireAnswer } from './chainArguments.ts';
import { type Arguments, readArguments, UsageError } from './options.ts';

const PLACES = ['car', 'home', 'upload'] as const;
/** Bytes of files that are uploaded in one run; they are held in memory for the storage's price. */
const MOST_UPLOADED = 512 * 1024 * 1024;

/**
 * `export car`: every edition of a collection, drawn and written again from the chain, as a CAR with IPFS CIDs;
 * `export home`: back into this server's own database; `export upload`: to a storage that umi has a plugin for.
 */
export async function run(args: readonly string[]): Promise<void> {
  const given = readArguments(
    args,
    {
      rpc: 'string',
      collection: 'string',
      model: 'string',
      skip: 'boolean',
      out: 'string',
      to: 'string',
      address: 'string',
      keypair: 'string',
      'at-most': 'string',
      journal: 'string',
      json: 'boolean',
    },
    1,
  );
  const [place] = given.positionals;
  if (!PLACES.some((one) => one === place))
    throw new UsageError(`can export ${PLACES.join(', ')}, not "${place}"`);
  const say = (text: string, value: object) => console.log(given.flag('json') ? JSON.stringify(value) : text);
  if (place === 'car') await toCar(given, say);
  else if (place === 'home') await toHome(given, say);
  else await toStorage(given, say);
}

type Say = (text: string, value: object) => void;

async function toCar(given: Arguments, say: Say): Promise<void> {
  const path = required(given, 'out');
  const out = resolve(path);
  if (existsSync(out)) throw new UsageError(`--out: ${path} exists already`);
  mkdirSync(dirname(out), { recursive: true });
  const { connection, collection } = await source(given);
  const car = new CarWriter(out);
  try {
    const uploader = carUploader(car);
    for await (const files of editions(connection, collection, given, 'all')) await uploader.upload(files);
  } catch (error) {
    car.abandon();
    throw error;
  }
  const summary = car.finish();
  const { root, files, blocks, bytes } = summary;
  say(
    `${path}: ${files} files in ${blocks} blocks, ${bytes} bytes, every CID checked\nroot ${root}`,
    summary,
  );
}

async function toHome(given: Arguments, say: Say): Promise<void> {
  const { home, databaseUrl, publicUrl, port } = readConfig(process.env);
  if (!existsSync(home)) throw new UsageError(`SYMBIONT_HOME: ${home} does not exist`);
  const { connection, collection } = await source(given);
  let unlock: () => void;
  try {
    unlock = takeLock(join(home, 'server.lock'));
  } catch {
    throw new StorageError('SYMBIONT_HOME: a server runs on it; stop it first');
  }
  let documents = 0;
  try {
    const store = await Store.open({ dir: join(home, 'db'), url: databaseUrl });
    try {
      const uploader = embeddedUploader(store, publicUrl ?? `http://localhost:${port}`);
      for await (const files of editions(connection, collection, given, 'sources'))
        documents += (await uploader.upload(files)).length;
    } finally {
      await store.close();
    }
  } finally {
    unlock();
  }
  say(`${documents} documents are in the database`, { documents });
}

async function toStorage(given: Arguments, say: Say): Promise<void> {
  const to = required(given, 'to');
  const most = given.number('at-most', 0, 1_000_000, false);
  if (most === undefined)
    throw new UsageError('--at-most: is missing; it says what the storage may cost, in its own coin (SOL)');
  const address = given.text('address');
  if (address !== undefined && !URL.canParse(address))
    throw new UsageError(`--address: must be a URL, is "${address}"`);
  const { connection, collection } = await source(given);
  const umi = withKeypair(createUmi(connection.rpcEndpoint), required(given, 'keypair'));
  const uploader = await pluginUploader(umi, to, address);
  const files: GenericFile[] = [];
  let bytes = 0;
  for await (const some of editions(connection, collection, given, 'all')) {
    files.push(...some);
    bytes += some.reduce((sum, { buffer }) => sum + buffer.length, 0);
    if (bytes > MOST_UPLOADED) throw new StorageError(`upload: more than ${MOST_UPLOADED} bytes in one run`);
  }
  const journal = given.text('journal') ?? join(readConfig(process.env).home, 'copies.jsonl');
  mkdirSync(dirname(resolve(journal)), { recursive: true });
  const copies = new Copies(resolve(journal), to);
  try {
    const missing = files.filter((file) => copies.uriOf(file) === undefined);
    const price = await uploader.getUploadPrice(missing).catch((error: unknown) => {
      throw new StorageError(`storage: tells no price: ${reason(error)}`);
    });
    if (Number(price.basisPoints) > most * 10 ** price.decimals)
      throw new StorageError(
        `--at-most: storing ${missing.length} files costs ${displayAmount(price)}, more than ${most}`,
      );
    const copied = await copyFiles(uploader, files, copies);
    say(`${copied.stored} files stored, ${copied.kept} were there already; ${journal} says where`, {
      ...copied,
      price: displayAmount(price),
      journal,
    });
  } finally {
    copies.close();
  }
}

/** Files of every version, a version at a time; what cannot be written again ends it, or is left out with --skip. */
async function* editions(
  connection: Connection,
  collection: PublicKey,
  given: Arguments,
  wanted: FilesWanted,
): AsyncGenerator<GenericFile[]> {
  const assets = await assetsOf(connection, collection);
  if (assets.length === 0)
    throw new StorageError(`collection ${collection.toBase58()}: has no symbionts yet`);
  for await (const { verdict } of prove(connection, artModels(given.text('model')), assets)) {
    const wrong = [...verdict.problems, ...verdict.notes];
    if (wrong.length > 0) {
      const line = `${verdict.asset}: ${wrong.join('; ')}`;
      if (!given.flag('skip')) throw new StorageError(`${line} (--skip leaves such versions out)`);
      console.error(`left out: ${line}`);
    }
    for (const { documents, metadata } of verdict.versions)
      if (documents && metadata) yield editionFiles(documents, wanted);
  }
}

async function source(given: Arguments): Promise<{ connection: Connection; collection: PublicKey }> {
  const named = given.text('collection');
  const wanted = named === undefined ? null : addressOf('--collection', named);
  const connection = connectionOf(given);
  await requireAnswer(connection);
  if (wanted) return { connection, collection: wanted };
  const found = await collectionsOf(connection);
  if (found.length !== 1)
    throw new UsageError(
      `--collection: is missing; ${found.length === 0 ? 'there is none here' : `there are ${found.length}: ${found.map((key) => key.toBase58()).join(', ')}`}`,
    );
  return { connection, collection: found[0] };
}

function required(given: Arguments, name: string): string {
  const value = given.text(name);
  if (!value) throw new UsageError(`--${name}: is missing`);
  return value;
}

function withKeypair(umi: Umi, path: string): Umi {
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.from(JSON.parse(readFileSync(path, 'utf8')) as number[]);
  } catch {
    bytes = new Uint8Array(0);
  }
  try {
    if (bytes.length !== 64) throw new RangeError();
    return umi.use(keypairIdentity(umi.eddsa.createKeypairFromSecretKey(bytes)));
  } catch {
    throw new UsageError('--keypair: must be a file with 64 numbers, as the Solana tools write it');
  }
}
