import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { appearance, encodeDeed } from '#shared/proof/canonical.ts';
import { decodeEpoch, encodeEpoch, epochHash } from '#shared/proof/epoch.ts';
import { publishIx } from '../../programs/client/chronicle.ts';
import { decodeAsset, evolveIx, setPausedIx } from '../../programs/client/index.ts';
import { openLedger } from '../ledger/ledger.ts';
import { projectPrograms } from '../ledger/programs.ts';
import { type ServedLedger, serveLedger } from '../ledger/serve.ts';
import type { Ledger } from '../ledger/types.ts';
import { type IntentRow, readyIntents, shownIntents, signedIntents } from '../store/outbox.ts';
import { epochRow } from '../store/worlds.ts';
import { preparedHome, removeHomes } from '../testing/homes.ts';
import { TestOperator } from '../testing/operator.ts';
import { until } from '../testing/player.ts';
import { readZone } from './register.ts';

/** Slots of 20 ms: a transaction expires after three seconds. */
const SLOT_MS = 20;
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close().catch(() => {});
});
afterAll(removeHomes);

async function setUp() {
  const home = await preparedHome();
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
  closing.push(() => down());
  const operator = await TestOperator.open(home, served.url);
  closing.push(() => operator.close());
  const { store, chain, settled, lines } = operator;
  await chain.ensure();
  const { id } = await operator.guest();
  const asset = await operator.assetOf(id);
  const done = async () =>
    (await chain.connection.getSignaturesForAddress(asset)).filter((t) => !t.err).length;
  const open = async (): Promise<IntentRow[]> => [
    ...(await readyIntents(store, 9)),
    ...(await signedIntents(store, 9)),
  ];
  const { keys } = chain.options;
  return {
    operator,
    id,
    store,
    chain,
    keys,
    outbox: () => operator.outbox(),
    down,
    up,
    settled,
    lines,
    asset,
    done,
    open,
  };
}

/** Lets the outbox work until an intent is in this state, and stops it there. */
async function workUntil(world: Awaited<ReturnType<typeof setUp>>, state: string): Promise<void> {
  const box = world.outbox() as unknown as {
    round(): Promise<unknown>;
    sendAll(intents: unknown[], now: number): Promise<void>;
  };
  // Killed before the sending, or right after it.
  if (state === 'signed') box.sendAll = async () => {};
  for (let i = 0; i < 50; i++) {
    const [intent] = await world.open();
    if (intent?.state === state) return;
    await box.round();
  }
  throw new Error(`no intent was ${state}`);
}

test('what was signed but never sent, or sent but not followed, is finished and not done twice', async () => {
  for (const state of ['signed', 'sent']) {
    const world = await setUp();
    await workUntil(world, state);
    const [intent] = await world.open();
    const box = world.outbox();
    box.start();
    await until('minting', () => world.settled.length > 0);
    expect(world.settled[0]).toMatchObject({ minted: true, version: 0, signature: intent.signature });
    expect(await world.done()).toBe(1);
    expect(await world.open()).toEqual([]);
    await until('finality', async () => (await shownIntents(world.store, 9)).length === 0);
  }
}, 90_000);

test('what expired unsent is signed anew, and done once', async () => {
  const world = await setUp();
  await workUntil(world, 'signed');
  const [intent] = await world.open();
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
  const [intent] = await world.open();
  expect(intent).toMatchObject({ state: 'pending', attempts: 0 });
  await world.up();
  await until('minting', () => world.settled.length > 0, 40_000);
  expect(await world.done()).toBe(1);
}, 90_000);

test('a refusal of the program is kept with its reason and tried again later', async () => {
  const world = await setUp();
  const { chain, keys } = world;
  const pause = (paused: boolean) =>
    chain.complete({
      instructions: [
        setPausedIx({ authority: keys.authority.publicKey, collection: chain.collection, paused }),
      ],
      signers: [keys.authority],
    });
  await pause(true);
  world.outbox().start();
  await until('the refusal', async () => (await world.open())[0]?.error === 'Paused');
  expect(await world.done()).toBe(0);
  await pause(false);
  await until('minting', () => world.settled.length > 0, 40_000);
  expect(await world.done()).toBe(1);
}, 90_000);

/** Enough of everything for one stage after the other. */
const DEEDS = [400, 400, 400, 400, 400, 400, 400, 400];

test('an evolution waits for its epoch to be published, and is brought with the leaf of it', async () => {
  const world = await setUp();
  const { operator, chain, settled, id, asset } = world;
  world.outbox().start();
  await until('minting', () => settled.length > 0);
  await operator.epoch(new Map([[id, [0, 0, 0, 0, 0, 0, 1, 0]]]));
  await operator.epoch(new Map([[id, DEEDS]]));
  await until('the evolution', () => settled.some((s) => s.version === 1), 30_000);
  const state = await chain.symbiont(asset);
  expect(state).toMatchObject({ version: 1n, stage: 1, deeds: DEEDS });
  const shown = settled[settled.length - 1];
  const account = await chain.connection.getAccountInfo(asset);
  expect(decodeAsset(asset, account?.data as Buffer).uri).toBe(shown.uri);
  expect(Buffer.from(shown.picture)).toEqual(Buffer.from(state?.picture ?? []));
  // What was done was enough for the next stage as well: it comes with the next epoch, though nobody did anything.
  await operator.epoch(new Map());
  await until('the next evolution', () => settled.some((s) => s.version === 2), 30_000);
  const zone = await readZone(chain);
  expect(zone).toMatchObject({ published: 3, missed: 0, stands: true });
  await until('finality', async () => (await shownIntents(world.store, 9)).length === 0);
  expect(await world.open()).toEqual([]);
}, 120_000);

test('the zone key alone evolves nothing: a leaf that was not published, or was changed, is refused', async () => {
  const world = await setUp();
  const { operator, chain, keys, settled, id, asset } = world;
  world.outbox().start();
  await until('minting', () => settled.length > 0);
  await operator.epoch(new Map([[id, [0, 0, 0, 0, 0, 0, 1, 0]]]));
  await until('publishing', async () => ((await readZone(chain))?.published ?? 0) === 1);
  const picture = new Uint8Array(32).fill(7);
  const uri = `${'http://localhost:2567'}/metadata/${'a'.repeat(64)}.json`;
  const leaf = encodeDeed({
    zone: 1,
    epoch: 0,
    asset: asset.toBytes(),
    version: 0n,
    counters: DEEDS,
    appearance: appearance(picture, uri),
  });
  const forged = evolveIx({
    payer: keys.payer.publicKey,
    owner: null,
    collection: chain.collection,
    asset,
    zone: chain.zone,
    uri,
    picture,
    index: 0,
    leaf,
    path: [],
  });
  await expect(chain.complete({ instructions: [forged], signers: [] })).rejects.toThrow(/0x1784|Path/);
  expect((await chain.symbiont(asset))?.version).toBe(0n);
}, 90_000);

test('an epoch that the chronicle cannot take is left out; its evolutions come with a later one', async () => {
  const world = await setUp();
  const { operator, chain, keys, settled, id } = world;
  const box = world.outbox();
  box.start();
  await until('minting', () => settled.length > 0);
  await operator.epoch(new Map([[id, [0, 0, 0, 0, 0, 0, 1, 0]]]));
  await until('publishing', async () => ((await readZone(chain))?.published ?? 0) === 1);
  // Somebody with the operator's key publishes another epoch 1, as a server restored from a backup would.
  const row = await epochRow(world.store, 1, 0);
  const first = decodeEpoch(row?.header as Uint8Array);
  const other = encodeEpoch({
    ...first,
    epoch: 1,
    firstTick: first.firstTick + 600,
    lastTick: first.lastTick + 600,
    worldHashBefore: first.worldHashAfter,
    previous: epochHash(first),
  });
  const publish = publishIx({ operator: keys.zone.publicKey, zone: chain.zone, header: other });
  await chain.complete({ instructions: [publish], signers: [keys.zone] });
  await operator.epoch(new Map([[id, DEEDS]]));
  await until('the refusal', () => world.lines.some((line) => /epoch 1: is left out/.test(line)), 30_000);
  // The next one links to what the chronicle holds but its world does not follow: a number has to be left out.
  for (let i = 0; i < 5 && !settled.some((s) => s.version === 1); i++) {
    await operator.epoch(new Map());
    await new Promise((resolve) => setTimeout(resolve, 2500));
  }
  await until('the evolution', () => settled.some((s) => s.version === 1), 30_000);
  expect(await readZone(chain)).toMatchObject({ stands: true, marked: [] });
}, 180_000);
