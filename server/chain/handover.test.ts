import { join } from 'node:path';
import { Transaction } from '@solana/web3.js';
import { notInArray } from 'drizzle-orm';
import { afterAll, afterEach, expect, test } from 'vitest';
import { decodeAsset } from '../../programs/client/index.ts';
import { Wallets } from '../identity/wallets.ts';
import { openLedger } from '../ledger/ledger.ts';
import { projectPrograms } from '../ledger/programs.ts';
import { serveLedger } from '../ledger/serve.ts';
import { type IdentityRow, identitiesById, symbiontOf } from '../store/identities.ts';
import { type IntentRow, rawOf, readyIntents, signedIntents } from '../store/outbox.ts';
import { intents } from '../store/schema.ts';
import { preparedHome, removeHomes } from '../testing/homes.ts';
import { TestOperator } from '../testing/operator.ts';
import { until } from '../testing/player.ts';
import { TestWallet } from '../testing/wallet.ts';
import { Handover } from './handover.ts';

const PUBLIC = 'http://localhost:2567';
/** Slots of 20 ms: a transaction expires after three seconds. */
const SLOT_MS = 20;
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close().catch(() => {});
});
afterAll(removeHomes);

/** A guest whose symbiont is minted, and who has just been moved to a wallet; the outbox rests. */
async function setUp() {
  const home = await preparedHome();
  const ledger = await openLedger({
    dir: join(home, 'ledger'),
    programs: projectPrograms(),
    slotMs: SLOT_MS,
  });
  const served = await serveLedger(ledger, { port: 0, host: '127.0.0.1' });
  const operator = await TestOperator.open(home, served.url);
  closing.push(
    () => ledger.close(),
    () => served.close(),
    () => operator.close(),
  );
  const { store, chain } = operator;
  await chain.ensure();
  const open = async (): Promise<IntentRow[]> => [
    ...(await readyIntents(store, 9)),
    ...(await signedIntents(store, 9)),
  ];
  /** Lets the outbox work until nothing is open and all is final. */
  const finish = async (ms = 30_000) => {
    const box = operator.outbox();
    box.start();
    // In one look: an intent may go back from one state to another.
    const isEmpty = async () =>
      (await store.run((db) => db.$count(intents, notInArray(intents.state, ['waiting', 'done'])))) === 0;
    await until('an empty outbox', isEmpty, ms);
    await box.stop();
  };
  /** Lets it work until an intent is in this state, and stops it there. */
  const workUntil = async (state: string): Promise<IntentRow> => {
    const box = operator.outbox() as unknown as {
      round(): Promise<unknown>;
      sendAll(intents: unknown[], now: number): Promise<void>;
    };
    if (state === 'signed') box.sendAll = async () => {};
    for (let i = 0; i < 50; i++) {
      const [intent] = await open();
      if (intent?.state === state) return intent;
      await box.round();
    }
    throw new Error(`no intent was ${state}`);
  };
  const expired = (height: number) =>
    until(
      'expiry',
      async () => (await chain.connection.getBlockHeight('confirmed')) > height + 1,
      30_000,
      200,
    );
  const identity = await operator.guest();
  await finish();
  const asset = await operator.assetOf(identity.id);

  const wallet = new TestWallet(PUBLIC);
  const chainId = async () => 'localnet';
  const wallets = new Wallets({ store, publicUrl: PUBLIC, hosts: [], chainId, onMoved: () => {} });
  const { address, message, signature } = wallet.signText(
    await wallets.ask(PUBLIC, identity, wallet.sessionKey),
  );
  await wallets.answer(PUBLIC, {
    address,
    message: Buffer.from(message, 'base64'),
    signature: Buffer.from(signature, 'base64'),
  });
  const row = async (): Promise<IdentityRow> => (await identitiesById(store, [identity.id]))[0];
  return {
    operator,
    id: identity.id,
    store,
    chain,
    handover: new Handover({ store, chain }),
    wallet,
    row,
    symbiont: () => symbiontOf(store, identity.id),
    owner: async () => {
      const account = await chain.connection.getAccountInfo(asset, 'confirmed');
      return decodeAsset(asset, account?.data as Buffer).owner.toBase58();
    },
    done: async () => (await chain.connection.getSignaturesForAddress(asset)).filter((t) => !t.err).length,
    open,
    finish,
    workUntil,
    expired,
  };
}

test('a move that stopped at any step is finished, once, and the guest’s key is dropped', async () => {
  for (const state of ['pending', 'signed', 'sent']) {
    const world = await setUp();
    expect((await world.row()).secret).not.toBeNull();
    expect(await world.symbiont()).toMatchObject({ held: 'moving', consent: false });
    await world.workUntil(state);
    await world.finish();
    expect(await world.owner()).toBe(world.wallet.address);
    expect(await world.done()).toBe(2);
    expect(await world.row()).toMatchObject({ secret: null, address: world.wallet.address });
    expect(await world.symbiont()).toMatchObject({ held: 'wallet', consent: false });
  }
}, 120_000);

test('a move that expired unsent is signed anew; one that happened unseen is not', async () => {
  const late = await setUp();
  const intent = await late.workUntil('signed');
  await late.expired(intent.lastValidHeight ?? 0);
  await late.finish();
  expect(await late.owner()).toBe(late.wallet.address);
  expect(await late.done()).toBe(2);

  const unseen = await setUp();
  const { id } = await unseen.workUntil('signed');
  await unseen.chain.send((await rawOf(unseen.store, [id])).get(id) as Uint8Array);
  await until('the transfer', async () => (await unseen.owner()) === unseen.wallet.address);
  await unseen.store.run((db) =>
    db.execute("UPDATE intents SET state = 'pending', raw = NULL WHERE kind = 'transfer'"),
  );
  await unseen.finish();
  expect(await unseen.done()).toBe(2);
  expect((await unseen.symbiont())?.held).toBe('wallet');
}, 120_000);

test('consent: taken as signed, or as the chain shows it; what expired changes nothing', async () => {
  const world = await setUp();
  const { handover, wallet } = world;
  await expect(handover.consentFor(await world.row(), true)).rejects.toThrow('not in the wallet yet');
  await world.finish();
  const signed = async (consent: boolean) =>
    wallet.signTransaction(await handover.consentFor(await world.row(), consent));

  await handover.consented(await world.row(), await signed(true));
  await expect(handover.consented(await world.row(), await signed(false))).rejects.toThrow('on its way');
  await world.finish();
  expect((await world.symbiont())?.consent).toBe(true);

  // The wallet sends it itself.
  await handover.sent(await world.row(), false);
  await world.chain.send(await signed(false));
  await world.finish();
  expect((await world.symbiont())?.consent).toBe(false);

  // Signed, but of a block too long ago when it was sent.
  const old = await signed(true);
  await handover.consented(await world.row(), old);
  const [intent] = await world.open();
  await world.expired(intent.lastValidHeight ?? 0);
  await world.store.run((db) => db.execute("UPDATE intents SET created = now() - interval '2 minutes'"));
  await world.finish(40_000);
  expect((await world.symbiont())?.consent).toBe(false);

  // A fee, a transfer or anything else in its place is not signed by us and not sent by us.
  const other = Transaction.from(await handover.consentFor(await world.row(), true));
  other.instructions[0].data = Buffer.from([1, 2, 3]);
  const bytes = other.serialize({ requireAllSignatures: false, verifySignatures: false });
  await expect(handover.consented(await world.row(), bytes)).rejects.toThrow('not the one');
}, 120_000);

test('deeds of a life that moved wait for the wallet’s word, and grow by an epoch closed after it', async () => {
  const world = await setUp();
  const { operator, wallet, id } = world;
  await world.finish();
  const sprouted = [40, 40, 10, 10, 10, 10, 10, 10];
  await operator.epoch(new Map([[id, sprouted]]));
  await world.finish();
  expect(await world.symbiont()).toMatchObject({ version: 0, held: 'wallet', consent: false });

  const bytes = await world.handover.consentFor(await world.row(), true);
  await world.handover.consented(await world.row(), wallet.signTransaction(bytes));
  await world.finish();
  expect(await world.symbiont()).toMatchObject({ version: 0, consent: true });
  await operator.epoch(new Map());
  await world.finish(60_000);
  expect(await world.symbiont()).toMatchObject({ version: 1, stage: 1, deeds: sprouted, consent: true });
}, 120_000);

test('an evolution with a leaf goes before the move; one whose consent lapsed waits for the wallet', async () => {
  const world = await setUp();
  const { operator, store, id } = world;
  // As though the guest had earned it just before.
  await store.run((db) => db.execute('UPDATE symbionts SET consent = true'));
  await operator.epoch(new Map([[id, [40, 40, 10, 10, 10, 10, 10, 10]]]));
  await store.run((db) => db.execute('UPDATE symbionts SET consent = false'));
  expect((await world.open()).map((one) => one.kind)).toEqual(['epoch']);
  await world.finish(60_000);
  expect(await world.symbiont()).toMatchObject({ version: 1, held: 'wallet', consent: false });
  expect(await world.done()).toBe(3);

  await store.run((db) => db.execute('UPDATE symbionts SET consent = true'));
  await operator.epoch(new Map([[id, [4000, 4000, 1000, 1000, 1000, 1000, 1000, 1000]]]));
  await store.run((db) => db.execute('UPDATE symbionts SET consent = false'));
  await world.finish(60_000);
  expect(await world.symbiont()).toMatchObject({ version: 1 });
  const waiting = await store.run((db) =>
    db.execute("SELECT state FROM intents WHERE kind = 'evolve' AND version = 2"),
  );
  expect([...waiting]).toEqual([{ state: 'waiting' }]);
}, 120_000);
