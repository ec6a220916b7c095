import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { Connection, Keypair, type PublicKey } from '@solana/web3.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveGrid } from '#shared/art/grid/file.ts';
import { loadArtModel } from '#shared/art/index.ts';
import { assetAddress, mintIx } from '../../programs/client/index.ts';
import { ROOT } from '../config.ts';
import { type EvolvedWorld, evolvedWorld } from '../testing/evolved.ts';
import { preparedHome, removeHomes } from '../testing/homes.ts';
import { assetsOf, collectionOf, LineageError, readLineage } from './lineage.ts';
import { addressOf, artModels, prove } from './provenance.ts';
import { redraw } from './redraw.ts';

/** Person n grows n % 5 stages. */
const PEOPLE = 10;
const models = artModels();
let world: EvolvedWorld;
let connection: Connection;
let collection: PublicKey;
/** Minted by the collection's own minter with the hash of another picture. */
let forged: PublicKey;

beforeAll(async () => {
  world = await evolvedWorld(await preparedHome(), PEOPLE, (n) => n % 5);
  connection = new Connection(world.rpcUrl, 'confirmed');
  const { chain } = world.operator;
  collection = chain.collection;
  const genome = sha256(Uint8Array.of(1));
  const { keys } = chain.options;
  forged = assetAddress(collection, genome);
  const mint = mintIx({
    payer: keys.payer.publicKey,
    minter: keys.zone.publicKey,
    owner: keys.payer.publicKey,
    collection,
    genome,
    name: 'Forged',
    uri: `http://localhost:2567/metadata/${'a'.repeat(64)}.json`,
    picture: sha256(Uint8Array.of(2)),
    consent: false,
  });
  await chain.complete({ instructions: [mint], signers: [keys.zone] });
  await world.leaveLedgerAlone();
}, 240_000);

afterAll(async () => {
  await world?.close();
  removeHomes();
});

async function verdicts() {
  const found = [];
  for await (const one of prove(connection, models, await assetsOf(connection, collection))) found.push(one);
  return found;
}

test('every version of every honest symbiont is drawn again, its metadata written again to the same hash', async () => {
  const all = await verdicts();
  expect(all).toHaveLength(PEOPLE + 1);
  const honest = all.filter(({ verdict }) => verdict.asset !== forged.toBase58());
  for (const { verdict } of honest) {
    expect(verdict.problems).toEqual([]);
    expect(verdict.notes).toEqual([]);
    verdict.versions.forEach((one, i) => {
      expect(one).toMatchObject({ version: i, stage: i, model: models[0].id, metadata: true });
      // The chain's picture, metadata and history say the same.
      const { history } = JSON.parse(
        Buffer.from(one.documents!.blobs.find(({ kind }) => kind === 'metadata')!.body).toString(),
      ).properties as { history: { picture: string; metadata?: string }[] };
      expect(history.map(({ picture }) => picture)).toEqual(
        verdict.versions.slice(0, i + 1).map(({ picture }) => picture),
      );
      expect(history.slice(0, -1).map(({ metadata }) => metadata)).toEqual(
        verdict.versions.slice(0, i).map(({ uri }) => /([0-9a-f]{64})\.json$/.exec(uri)?.[1]),
      );
    });
  }
  const counts = honest.map(({ verdict }) => verdict.versions.length).sort();
  expect(counts).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
});

test('a picture that its genome does not draw is named, with both hashes', async () => {
  const { verdict } = (await verdicts()).find((one) => one.verdict.asset === forged.toBase58())!;
  expect(verdict.problems).toHaveLength(1);
  expect(verdict.problems[0]).toContain('version 0: picture is recorded as');
  expect(verdict.problems[0]).toContain(bytesToHex(sha256(Uint8Array.of(2))));
  expect(verdict.problems[0]).toContain(verdict.versions[0].drawn);
});

test('another model does not pass for the one that drew them, and beside it it does no harm', async () => {
  const [model] = models;
  if (model.inputs !== 'art-v2') throw new Error('the first model is the world’s own');
  const layers = model.grid.layers.map((layer) => ({
    ...layer,
    bias: layer.bias.map((b, o) => b + 90 * (o % 7)),
  }));
  const other = loadArtModel(saveGrid({ ...model.grid, layers }));
  const grown = (await verdicts()).find(({ verdict }) => verdict.versions.length === 5)!.lineage!;
  expect(redraw([other], grown).problems.length).toBeGreaterThan(0);
  expect(redraw([other, model], grown).problems).toEqual([]);
});

test('what the chain does not hold, or tells otherwise, is named', async () => {
  const grown = (await verdicts()).find(({ verdict }) => verdict.versions.length === 4)!.lineage!;
  // An RPC that has forgotten the older transactions.
  const young = { ...grown, versions: grown.versions.slice(2), missing: [0, 1] };
  expect(redraw(models, young).problems).toEqual([
    'version 0: this RPC does not hold its transaction',
    'version 1: this RPC does not hold its transaction',
  ]);
  const empty = { ...grown, versions: [], missing: [0, 1, 2, 3] };
  expect(redraw(models, empty).problems).toHaveLength(4);
  const wrong = { ...empty, now: { ...grown.now, stage: 2 } };
  expect(redraw(models, wrong).problems[4]).toContain('version 3: picture is recorded as');
  // Names and URIs of others' making are told, and stand in nobody's way.
  for (const strange of [
    { name: 'x'.repeat(40) },
    { versions: [{ ...grown.versions[0], uri: 'ipfs://x' }] },
  ]) {
    const { problems, notes } = redraw(models, { ...grown, missing: [], ...strange });
    expect(problems).toEqual([]);
    expect(notes[0]).toContain('version 0: its metadata cannot be written again for the URI');
  }
  // Deeds are in the metadata: others give other bytes, which the URI's hash tells.
  const [first, ...rest] = grown.versions;
  const lied = { ...grown, versions: [{ ...first, deeds: [1, 0, 0, 0, 0, 0, 0, 0] }, ...rest] };
  const { problems, notes } = redraw(models, lied);
  expect(problems).toEqual([]);
  expect(notes).toHaveLength(1);
});

test('the command proves a whole collection from the RPC alone and fails where one differs', async () => {
  const verify = async (...args: string[]) => {
    const env = { ...process.env, SYMBIONT_HOME: '/nonexistent', SOLANA_RPC_URL: world.rpcUrl };
    const command = ['--import', 'tsx', join('ml', 'cli.ts'), 'verify', 'art', ...args];
    return promisify(execFile)(process.execPath, command, { cwd: ROOT, env }).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
  };
  const whole = await verify('--collection', collection.toBase58(), '--json');
  expect(whole.code).toBe(1);
  const lines = whole.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { asset: string; sound: boolean });
  expect(lines).toHaveLength(PEOPLE + 1);
  expect(lines.filter(({ sound }) => !sound).map(({ asset }) => asset)).toEqual([forged.toBase58()]);
  const one = lines.find(({ sound }) => sound)!.asset;
  expect(await verify(one)).toMatchObject({ code: 0, stdout: expect.stringContaining('1 of 1 symbionts') });
  expect((await verify('nonsense')).stderr).toContain('ASSET: must be an address in base58, is "nonsense"');
  expect((await verify(one, '--rpc', 'http://127.0.0.1:9')).stderr).toContain('does not answer');
  expect((await verify(one, '--rpc', 'ftp://x')).stderr).toContain('--rpc: must be a URL');
  expect((await verify()).stderr).toContain('needs an ASSET or --collection');
}, 120_000);

test('what is no symbiont is refused by name', async () => {
  const stranger = Keypair.generate().publicKey;
  await expect(readLineage(connection, stranger)).rejects.toThrow(
    `asset ${stranger.toBase58()}: is not on this chain`,
  );
  await expect(readLineage(connection, collection)).rejects.toThrow('is no symbiont');
  await expect(assetsOf(connection, stranger)).rejects.toThrow('is not on this chain');
  await expect(collectionOf(connection, stranger)).rejects.toThrow(LineageError);
  expect(await collectionOf(connection, forged)).toEqual(collection);
  expect(() => addressOf('--collection', '0OIl')).toThrow('--collection: must be an address in base58');
  expect(() => artModels('/nonexistent.safetensors')).toThrow('--model');
});
