import { join } from 'node:path';
import { PublicKey } from '@solana/web3.js';
import { afterAll, afterEach, expect, test } from 'vitest';
import { setPausedIx } from '../../programs/client/index.ts';
import { Guests } from '../identity/guests.ts';
import { openLedger } from '../ledger/ledger.ts';
import { projectPrograms } from '../ledger/programs.ts';
import { type ServedLedger, serveLedger } from '../ledger/serve.ts';
import type { Ledger } from '../ledger/types.ts';
import { loadArt } from '../load.ts';
import { Cipher } from '../store/cipher.ts';
import { type SymbiontRow, symbiontOf } from '../store/identities.ts';
import { nextIntents } from '../store/outbox.ts';
import { Store } from '../store/store.ts';
import { preparedHome, removeHomes } from '../testing/homes.ts';
import { until } from '../testing/player.ts';
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

async function setUp() {
  const home = await preparedHome();
  const store = await Store.open({ dir: join(home, 'db'), url: null });
  closing.push(() => store.close());
  const dir = join(home, 'ledger');
  let ledger: Ledger = await openLedger({ dir, programs: projectPrograms(), slotMs: SLOT_MS });
  let served: ServedLedger = await serveLedger(ledger, { port: 0, host: '127.0.0.1' });
  const { port } = new URL(served.url);
  const down = async () => {
    await served.close();
    await ledger.close();
  };
  const up = async () => {
    ledger = await openLedger({ dir, programs: projectPrograms(), slotMs: SLOT_MS });
    served = await serveLedger(ledger, { port: Number(port), host: '127.0.0.1' });
  };
  closing.push(down);
  const keys = serverKeys(home);
  const guests = new Guests(store, new Cipher(new Uint8Array(32)));
  const chain = new Chain({
    rpcUrl: served.url,
    embedded: true,
    keys,
    publicUrl: PUBLIC,
    zoneId: 1,
    log: () => {},
  });
  await chain.ensure();
  const companions = new Companions({ store, chain, model, publicUrl: PUBLIC, wake: () => {} });
  const settled: SymbiontRow[] = [];
  const lines: string[] = [];
  const outbox = (): Outbox => {
    const box = new Outbox({
      store,
      chain,
      guests,
      model,
      publicUrl: PUBLIC,
      onSettled: (_identity, symbiont) => void settled.push(symbiont),
      log: (line) => void lines.push(line),
    });
    closing.push(() => box.stop());
    return box;
  };
  const { identity } = await guests.create({});
  const person = new People().know(identity, null, false);
  await companions.hatch(person);
  const asset = new PublicKey((await symbiontOf(store, identity.id))?.asset ?? '');
  const done = async () =>
    (await chain.connection.getSignaturesForAddress(asset)).filter((t) => !t.err).length;
  return { store, chain, keys, outbox, down, up, settled, lines, asset, done };
}

/** Lets the outbox work until an intent is in this state, and stops it there. */
async function workUntil(world: Awaited<ReturnType<typeof setUp>>, state: string): Promise<void> {
  const box = world.outbox();
  const step = box as unknown as { tryOne(intent: unknown): Promise<void> };
  for (let i = 0; i < 50; i++) {
    const [intent] = await nextIntents(world.store, 1);
    if (intent?.state === state) return;
    await step.tryOne(intent);
  }
  throw new Error(`no intent was ${state}`);
}

test('what was signed but never sent, or sent but not followed, is finished and not done twice', async () => {
  for (const state of ['signed', 'sent']) {
    const world = await setUp();
    await workUntil(world, state);
    const [intent] = await nextIntents(world.store, 1);
    const box = world.outbox();
    box.start();
    await until('minting', () => world.settled.length > 0);
    expect(world.settled[0]).toMatchObject({ minted: true, version: 0, signature: intent.signature });
    expect(await world.done()).toBe(1);
    expect(await nextIntents(world.store, 9)).toEqual([]);
  }
}, 90_000);

test('what expired unsent is signed anew, and done once', async () => {
  const world = await setUp();
  await workUntil(world, 'signed');
  const [intent] = await nextIntents(world.store, 1);
  const height = intent.lastValidHeight ?? 0;
  await until(
    'expiry',
    async () => (await world.chain.connection.getBlockHeight('confirmed')) > height + 1,
    30_000,
    200,
  );
  world.outbox().start();
  await until('minting', () => world.settled.length > 0, 30_000);
  expect(world.settled[0].signature).not.toBe(intent.signature);
  expect(await world.done()).toBe(1);
}, 60_000);

test('a chain out of reach costs no attempt; when it is back, everything is done', async () => {
  const world = await setUp();
  await world.down();
  const box = world.outbox();
  box.start();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const [intent] = await nextIntents(world.store, 1);
  expect(intent).toMatchObject({ state: 'pending', attempts: 0 });
  await world.up();
  await until('minting', () => world.settled.length > 0, 40_000);
  expect(await world.done()).toBe(1);
}, 90_000);

test('a refusal of the program is kept with its reason and tried again later', async () => {
  const world = await setUp();
  const { chain, keys } = world;
  const pause = (paused: boolean) =>
    chain
      .sign(
        [setPausedIx({ authority: keys.authority.publicKey, collection: chain.collection, paused })],
        [keys.payer, keys.authority],
      )
      .then((signed) => chain.send(signed.raw));
  await pause(true);
  world.outbox().start();
  await until('the refusal', async () => ((await nextIntents(world.store, 1))[0]?.attempts ?? 0) > 0);
  const [intent] = await nextIntents(world.store, 1);
  expect(intent.error).toMatch(/custom program error|Custom/);
  expect(await world.done()).toBe(0);
  await pause(false);
  await until('minting', () => world.settled.length > 0, 40_000);
  expect(await world.done()).toBe(1);
}, 90_000);
