import { join } from 'node:path';
import { PublicKey, Transaction } from '@solana/web3.js';
import { afterAll, afterEach, expect, test } from 'vitest';
import { decodeAsset } from '../../programs/client/index.ts';
import { Guests } from '../identity/guests.ts';
import { Wallets } from '../identity/wallets.ts';
import { openLedger } from '../ledger/ledger.ts';
import { projectPrograms } from '../ledger/programs.ts';
import { serveLedger } from '../ledger/serve.ts';
import { loadArt } from '../load.ts';
import { Cipher } from '../store/cipher.ts';
import { type IdentityRow, identitiesById, symbiontOf } from '../store/identities.ts';
import { nextIntents } from '../store/outbox.ts';
import { Store } from '../store/store.ts';
import { preparedHome, removeHomes } from '../testing/homes.ts';
import { until } from '../testing/player.ts';
import { TestWallet } from '../testing/wallet.ts';
import { People } from '../zone/people.ts';
import { Chain } from './chain.ts';
import { Companions } from './companions.ts';
import { serverKeys } from './keys.ts';
import { Outbox } from './outbox.ts';

const model = loadArt();
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
  const store = await Store.open({ dir: join(home, 'db'), url: null });
  const ledger = await openLedger({
    dir: join(home, 'ledger'),
    programs: projectPrograms(),
    slotMs: SLOT_MS,
  });
  const served = await serveLedger(ledger, { port: 0, host: '127.0.0.1' });
  closing.push(
    () => store.close(),
    () => ledger.close(),
    () => served.close(),
  );
  const guests = new Guests(store, new Cipher(new Uint8Array(32)));
  const chain = new Chain({
    rpcUrl: served.url,
    embedded: true,
    keys: serverKeys(home),
    publicUrl: PUBLIC,
    log: () => {},
  });
  await chain.ensure();
  const companions = new Companions({ store, chain, model, publicUrl: PUBLIC, wake: () => {} });
  const outbox = (): Outbox => {
    const log = () => {};
    const box = new Outbox({ store, chain, guests, model, publicUrl: PUBLIC, onSettled: log, log });
    closing.push(() => box.stop());
    return box;
  };
  /** Lets the outbox work until nothing is open. */
  const finish = async (ms = 30_000) => {
    const box = outbox();
    box.start();
    await until('an empty outbox', async () => (await nextIntents(store, 1)).length === 0, ms);
    await box.stop();
  };
  /** Lets it work until an intent is in this state, and stops it there. */
  const workUntil = async (state: string) => {
    const step = outbox() as unknown as { tryOne(intent: unknown): Promise<void> };
    for (let i = 0; i < 50; i++) {
      const [intent] = await nextIntents(store, 1);
      if (intent?.state === state) return intent;
      await step.tryOne(intent);
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
  const { identity } = await guests.create({});
  await companions.hatch(new People().know(identity, null, false));
  await finish();
  const asset = new PublicKey((await symbiontOf(store, identity.id))?.asset ?? '');

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
    store,
    chain,
    handover: outbox().handover,
    wallet,
    row,
    symbiont: () => symbiontOf(store, identity.id),
    owner: async () => {
      const account = await chain.connection.getAccountInfo(asset, 'confirmed');
      return decodeAsset(asset, account?.data as Buffer).owner.toBase58();
    },
    done: async () => (await chain.connection.getSignaturesForAddress(asset)).filter((t) => !t.err).length,
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
  const { raw } = await unseen.workUntil('signed');
  await unseen.chain.send(raw as Uint8Array);
  await until('the transfer', async () => (await unseen.owner()) === unseen.wallet.address);
  await unseen.store.run((db) => db.execute("UPDATE intents SET state = 'pending' WHERE kind = 'transfer'"));
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
  const [intent] = await nextIntents(world.store, 1);
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
