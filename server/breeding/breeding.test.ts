import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { Keypair, PublicKey, Transaction } from '@solana/web3.js';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  breedingAddress,
  decodeAsset,
  decodeSymbiont,
  setPausedIx,
  symbiontAddress,
} from '../../programs/client/index.ts';
import type { Outbox } from '../chain/outbox.ts';
import { transferIx } from '../chain/transfer.ts';
import { ROOT } from '../config.ts';
import { artModels, prove } from '../editions/provenance.ts';
import { Indexer } from '../gallery/indexer.ts';
import { openLedger } from '../ledger/ledger.ts';
import { projectPrograms } from '../ledger/programs.ts';
import { serveLedger } from '../ledger/serve.ts';
import { blobByHash } from '../store/blobs.ts';
import { type BroodRow, broodAt, isBrooding, parentsOf, RANK } from '../store/broods.ts';
import { ancestorsOf, assetsAt, childrenOf } from '../store/gallery.ts';
import { identitiesById, symbiontsOf } from '../store/identities.ts';
import { identities, intents, symbionts } from '../store/schema.ts';
import { preparedHome, removeHomes } from '../testing/homes.ts';
import { TestOperator } from '../testing/operator.ts';
import { until } from '../testing/player.ts';
import { BroodSigning } from './signing.ts';

const SLOT_MS = 20;
const DEEDS = [40, 40, 40, 40, 40, 40, 40, 40];
const closing: (() => Promise<unknown>)[] = [];
let operator: TestOperator;
let outbox: Outbox;

/** A ledger that is closed when all is over. */
async function ledgerAt() {
  const home = await preparedHome();
  const limits = { requestsPerSecond: 1_000_000, requestBurst: 1_000_000, airdropsPerMinute: 1_000_000 };
  const dir = join(home, 'ledger');
  const ledger = await openLedger({ dir, programs: projectPrograms(), slotMs: SLOT_MS, limits });
  const served = await serveLedger(ledger, { port: 0, host: '127.0.0.1' });
  closing.push(async () => {
    await served.close();
    await ledger.close();
  });
  return { home, url: served.url };
}

/** A chain and a running outbox, for all cases but that of the kills. */
beforeAll(async () => {
  const { home, url } = await ledgerAt();
  operator = await TestOperator.open(home, url);
  closing.push(() => operator.close());
  await operator.chain.ensure();
  outbox = operator.outbox();
  outbox.start();
});
afterAll(async () => {
  for (const close of closing.reverse()) await close().catch(() => {});
  removeHomes();
});

/** Two new guests whose symbionts are sprouts. */
async function sprouts() {
  const { chain, store } = operator;
  const [a, b] = [await operator.guest(), await operator.guest()];
  outbox.wake();
  const states = async () => {
    const assets = await Promise.all([a, b].map(({ id }) => operator.assetOf(id)));
    return (await chain.accounts(assets.map(symbiontAddress))).map((data) => data && decodeSymbiont(data));
  };
  const minted = (id: number) => operator.settled.some(({ identity }) => identity === id);
  await until('the mints', () => [a, b].every(({ id }) => minted(id)), 40_000, 50);
  await operator.epoch(new Map([a, b].map(({ id }) => [id, DEEDS])));
  outbox.wake();
  await until('the sprouts', async () => (await states()).every((one) => one?.stage === 1), 60_000, 50);
  const over = (row: BroodRow) =>
    until('the brood’s end', async () => (await broodAt(store, row.id)).over, 60_000, 50);
  return { chain, store, a, b, states, over };
}

const lamports = (): Promise<number> =>
  operator.chain.connection.getBalance(operator.chain.options.keys.payer.publicKey);

test('two guests have a child: on chain with its parents, drawn, named, and provable from the chain alone', async () => {
  const { chain, store, a, b, states, over } = await sprouts();
  const row = await operator.brood(a, b);
  expect(await isBrooding(store, [row.assetB])).toBe(true);
  outbox.wake();
  await over(row);
  const brood = await broodAt(store, row.id);
  const changed = operator.changed.filter(({ id }) => id === row.id);
  expect(changed.map(({ state }) => state)).toEqual(['offered', 'accepted', 'drawn', 'hatched']);
  expect(brood).toMatchObject({ state: 'hatched', secretA: null, secretB: null, error: null });
  const child = new PublicKey(brood.child ?? '');
  const [core, own, place] = await chain.accounts([
    child,
    symbiontAddress(child),
    breedingAddress(new PublicKey(row.assetA), new PublicKey(row.assetB)),
  ]);
  expect(place).toBeNull();
  expect(decodeSymbiont(own as Buffer)).toMatchObject({
    parents: [new PublicKey(row.assetA), new PublicKey(row.assetB)],
    generation: 1,
    consent: new PublicKey(b.address),
    genome: brood.genome,
    picture: brood.picture,
  });
  expect(decodeAsset(child, core as Buffer)).toMatchObject({ name: brood.name, uri: brood.uri });
  expect((await states()).map((one) => one?.bred)).toEqual([1, 1]);
  const hash = /([0-9a-f]{64})\.json$/.exec(brood.uri ?? '')?.[1] ?? '';
  const metadata = await blobByHash(store, Buffer.from(hash, 'hex'));
  expect(JSON.parse(Buffer.from(metadata?.body ?? []).toString()).properties.parents).toEqual([
    row.assetA,
    row.assetB,
  ]);
  for await (const { verdict } of prove(chain.connection, artModels(), [child]))
    expect(verdict).toMatchObject({ problems: [], notes: [], versions: [{ metadata: true }] });
  expect(await isBrooding(store, [row.assetA, row.assetB])).toBe(false);
  // the game's index knows the family, and reads the same from the beginning
  const indexer = new Indexer({ store, connection: chain.connection, log: () => {} });
  const family = async () => {
    const [kin] = await assetsAt(store, [child.toBase58()]);
    const [parents, children] = await Promise.all([
      ancestorsOf(store, kin, 3),
      Promise.all([row.assetA, row.assetB].map((asset) => childrenOf(store, asset, 5))),
    ]);
    return { kin, parents: parents.map(({ address }) => address), children };
  };
  await indexer.round();
  const read = await family();
  expect(read.kin).toMatchObject({ parents: [row.assetA, row.assetB], generation: 1, name: brood.name });
  expect(read.parents).toEqual([row.assetA, row.assetB]);
  for (const { total, rows } of read.children)
    expect([total, rows[0].address]).toEqual([1, child.toBase58()]);
  expect(await parentsOf(store, child.toBase58())).toEqual([row.assetA, row.assetB]);
  await indexer.reindex();
  expect(await family()).toEqual(read);
  // what the chain refuses from the start is over at once, with its reason
  const again = await operator.brood(a, b);
  outbox.wake();
  await over(again);
  expect(await broodAt(store, again.id)).toMatchObject({ state: 'failed', error: 'Resting', child: null });
  // no secret is told to anyone who reads the log
  expect(operator.lines.join('\n')).not.toMatch(/[0-9a-f]{64}/);
});

test('a parent that changes hands on the way ends it, and both deposits come back', async () => {
  const { chain, store, a, b, over } = await sprouts();
  const { authority, payer } = chain.options.keys;
  const pause = (paused: boolean) =>
    chain.complete({
      instructions: [setPausedIx({ authority: authority.publicKey, collection: chain.collection, paused })],
      signers: [authority],
    });
  const before = await lamports();
  const row = await operator.brood(a, b);
  outbox.wake();
  await until('the acceptance', async () => (await broodAt(store, row.id)).state === 'accepted', 20_000, 5);
  await pause(true);
  const key = operator.guests.keypair(a);
  const move = transferIx({
    payer: payer.publicKey,
    owner: new PublicKey(a.address),
    collection: chain.collection,
    asset: new PublicKey(row.assetA),
    newOwner: authority.publicKey,
  });
  if (!key) throw new Error('a guest without a key');
  await chain.complete({ instructions: [move], signers: [key] });
  await pause(false);
  await over(row);
  expect(await broodAt(store, row.id)).toMatchObject({ state: 'failed', error: 'ParentMoved' });
  const place = breedingAddress(new PublicKey(row.assetA), new PublicKey(row.assetB));
  expect((await chain.accounts([place]))[0]).toBeNull();
  // fees alone are gone
  expect(before - (await lamports())).toBeLessThan(1_000_000);
});

test('killed again and again on the way: one child, one deposit each, nothing doubled and nothing lost', async () => {
  const { home, url } = await ledgerAt();
  /** How far each one comes before it is killed; the last one lives. */
  const lives = ['agreed', 'offered', 'accepted', 'drawn', null] as const;
  let kills = 0;
  for (const last of lives) {
    const args = ['--import', 'tsx', join('server', 'testing', 'broodChild.ts'), home, url];
    const child: ChildProcess = spawn(process.execPath, args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout?.on('data', (part) => {
      said += part;
      const states = [...said.matchAll(/is (\w+)/g)].map(([, state]) => RANK[state as keyof typeof RANK]);
      if (last !== null && states.some((rank) => rank >= RANK[last])) child.kill('SIGKILL');
    });
    await new Promise<void>((resolve) => child.once('exit', () => resolve()));
    if (child.signalCode === 'SIGKILL') kills++;
    else expect(said).toContain('all is done');
    if (said.includes('all is done')) break;
  }
  expect(kills).toBeGreaterThan(0);
  const last = await TestOperator.open(home, url);
  closing.push(() => last.close());
  const { chain, store } = last;
  const row = await broodAt(store, 1);
  expect(row).toMatchObject({ state: 'hatched', over: true });
  const parents = [row.assetA, row.assetB].map((asset) => new PublicKey(asset));
  const data = await chain.accounts([
    ...parents.map(symbiontAddress),
    breedingAddress(parents[0], parents[1]),
  ]);
  expect(data.slice(0, 2).map((one) => decodeSymbiont(one as Buffer).bred)).toEqual([1, 1]);
  expect(data[2]).toBeNull();
  const steps = (await store.run((db) => db.select().from(intents))).filter(({ kind }) =>
    /^brood/.test(kind),
  );
  // The database names no order; each step is there once.
  expect(steps.map(({ kind, state }) => `${kind} ${state}`).sort()).toEqual([
    'brood_accept done',
    'brood_draw done',
    'brood_hatch done',
    'brood_offer done',
  ]);
}, 480_000);

test('a wallet signs its own step: nobody else’s, nothing else, and once', async () => {
  const { chain, store, a, b, over } = await sprouts();
  const wallet = Keypair.generate();
  const asset = (await operator.assetOf(b.id)).toBase58();
  // as a move to a wallet leaves it
  await store.run((db) =>
    db.transaction(async (tx) => {
      const address = wallet.publicKey.toBase58();
      await tx.update(identities).set({ address, linked: new Date() }).where(eq(identities.id, b.id));
      await tx.update(symbionts).set({ held: 'moving', consent: false }).where(eq(symbionts.identity, b.id));
      await tx.insert(intents).values({ identity: b.id, asset, kind: 'transfer', version: 0 });
    }),
  );
  outbox.wake();
  const held = async () => (await symbiontsOf(store, [b.id])).get(b.id)?.held;
  await until('the move', async () => (await held()) === 'wallet', 60_000, 50);
  const [guest, owner] = await Promise.all(
    [a.id, b.id].map(async (id) => (await identitiesById(store, [id]))[0]),
  );
  const { payer } = chain.options.keys;
  const before = await lamports();
  const signing = new BroodSigning({ store, chain, cipher: operator.cipher });
  const row = await operator.brood(guest, owner);
  await expect(signing.transactionFor(owner, row.id)).rejects.toThrow('nothing for you to sign');
  outbox.wake();
  await until('the offer', async () => (await broodAt(store, row.id)).state === 'offered', 30_000, 20);
  await expect(signing.transactionFor(guest, row.id)).rejects.toThrow('nothing for you to sign');
  await expect(signing.transactionFor(owner, row.id + 1)).rejects.toThrow('none of yours');

  const bytes = await signing.transactionFor(owner, row.id);
  const transaction = Transaction.from(bytes);
  expect(transaction.feePayer).toEqual(payer.publicKey);
  await expect(signing.signed(owner, row.id, bytes)).rejects.toThrow('not signed by the wallet');
  await expect(signing.signed(owner, row.id, bytes.subarray(1))).rejects.toThrow('cannot be read');
  const other = Transaction.from(bytes);
  other.instructions[0].data[8] ^= 1;
  other.partialSign(payer, wallet);
  await expect(signing.signed(owner, row.id, other.serialize())).rejects.toThrow('not the one');
  transaction.partialSign(wallet);
  await signing.signed(owner, row.id, transaction.serialize());
  await expect(signing.signed(owner, row.id, transaction.serialize())).rejects.toThrow();
  outbox.wake();
  await over(row);
  const { state, child } = await broodAt(store, row.id);
  expect(state).toBe('hatched');
  const [core] = await chain.accounts([new PublicKey(child ?? '')]);
  expect(decodeAsset(new PublicKey(child ?? ''), core as Buffer).owner).toEqual(wallet.publicKey);
  // the wallet paid nothing: deposits are back, fees and the child's rent were the server's
  expect(await chain.connection.getBalance(wallet.publicKey)).toBe(0);
  expect(before - (await lamports())).toBeLessThan(10_000_000);
});
