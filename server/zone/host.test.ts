import { join } from 'node:path';
import { PublicKey } from '@solana/web3.js';
import { afterAll, afterEach, expect, test } from 'vitest';
import { createKernelSync } from '#shared/brain/kernel.ts';
import { decodeDecision, decodeDeed, decodeInput } from '#shared/proof/canonical.ts';
import { decodeEpoch, epochHash, NO_PREVIOUS } from '#shared/proof/epoch.ts';
import { merkleRoot } from '#shared/proof/merkle.ts';
import { type DeedsMessage, decodeView } from '#shared/protocol/index.ts';
import { createWorld, decodeInputs, Inputs, step, worldHash } from '#shared/world/index.ts';
import { loadTerrain } from '../load.ts';
import { sha256 } from '../store/cipher.ts';
import { createIdentity, identitiesById, type SymbiontRow } from '../store/identities.ts';
import { openIntents } from '../store/outbox.ts';
import { symbionts } from '../store/schema.ts';
import { Store } from '../store/store.ts';
import { epochRow, leavesOf, loadZone } from '../store/worlds.ts';
import { untrainedBrains } from '../testing/brains.ts';
import { preparedHome, removeHomes } from '../testing/homes.ts';
import { type Connection, type HostOptions, ZONE_ID, ZoneHost } from './host.ts';
import { unpackEpoch } from './leaves.ts';
import { Minds } from './minds.ts';

const terrain = loadTerrain('hollow.json');
const SEED = 5;
const open: Store[] = [];

afterEach(async () => {
  for (const store of open.splice(0)) await store.close().catch(() => {});
});
afterAll(removeHomes);

async function openStore(home: string): Promise<Store> {
  const store = await Store.open({ dir: join(home, 'db'), url: null });
  open.push(store);
  return store;
}

function openHost(
  store: Store,
  brains = untrainedBrains(),
  grows: HostOptions['grows'] = () => false,
): Promise<ZoneHost> {
  return ZoneHost.open({
    store,
    terrain,
    minds: new Minds(brains),
    zoneName: 'test',
    map: 'hollow.json',
    seed: SEED,
    tickMs: 50,
    epochsKept: 10,
    log: () => {},
    grows,
    grow: async () => null,
  });
}

/** Ends a host as a killed process does: what is not written is gone. */
async function crash(host: ZoneHost, store: Store): Promise<void> {
  host.recorder.close();
  await store.close();
  open.splice(open.indexOf(store), 1);
}

class Watcher implements Connection {
  views: Uint8Array[] = [];
  told: DeedsMessage[] = [];
  replacements = 0;
  view(bytes: Uint8Array): void {
    this.views.push(bytes);
  }
  deeds(message: DeedsMessage): void {
    this.told.push(message);
  }
  replaced(): void {
    this.replacements++;
  }
}

let people = 0;
async function guest(store: Store) {
  people++;
  const key = sha256(`person ${people}`);
  const { Keypair } = await import('@solana/web3.js');
  return createIdentity(store, {
    tokenHash: key,
    name: `Person ${people}`,
    look: 0,
    address: Keypair.fromSeed(key).publicKey.toBase58(),
    secret: key,
  });
}

async function play(host: ZoneHost, ticks: number, each: (tick: number) => void = () => {}): Promise<void> {
  for (let i = 0; i < ticks; i++) {
    each(host.zone.world.tick);
    host.beat();
    if (i % 50 === 49) expect(await host.recorder.drain(10_000)).toBe(true);
  }
  expect(await host.recorder.drain(10_000)).toBe(true);
}

test('a world that was cut off goes on where it was saved, with the same leaves', async () => {
  const home = await preparedHome();
  let store = await openStore(home);
  const host = await openHost(store);
  const presence = await host.enter(await guest(store), new Watcher());
  let seq = 0;
  const wander = (tick: number) => {
    if (tick % 7 === 0)
      host.zone.intend(presence.seat, { seq: ++seq, action: 1 + ((tick / 7) % 12), arg: 0 });
  };
  await play(host, 730, wander);
  const hash = worldHash(host.zone.world);
  const { soFar } = host.chronicle;
  const counters = [...presence.person.counters];
  await crash(host, store);

  store = await openStore(home);
  const saved = await loadZone(store, { id: ZONE_ID, name: 'test', seed: SEED });
  expect(saved.committedTick).toBe(729);
  // Less than an epoch of inputs and a snapshot at least every 200 ticks are kept.
  expect(saved.journal[0].tick).toBe(600);
  expect(saved.snapshots.map((s) => s.tick)).toEqual([600]);
  const again = await openHost(store);
  expect(again.zone.world.tick).toBe(730);
  expect(worldHash(again.zone.world)).toEqual(hash);
  expect(again.chronicle.soFar).toEqual(soFar);
  const back = await again.enter((await identitiesById(store, [presence.person.id]))[0], new Watcher());
  expect(back.seat.slot).toBe(presence.seat.slot);
  expect(back.person.counters).toEqual(counters);
  await play(again, 500);

  // The second epoch was lived through in two halves; anyone can check it from the first world on.
  const row = await epochRow(store, ZONE_ID, 1);
  const packed = await leavesOf(store, ZONE_ID, 1);
  if (!row || !packed) throw new Error('epoch 1 is missing');
  const header = decodeEpoch(row.header);
  const first = decodeEpoch((await epochRow(store, ZONE_ID, 0))?.header as Uint8Array);
  expect(first.previous).toEqual(NO_PREVIOUS);
  expect(header.previous).toEqual(epochHash(first));
  expect(header.worldHashBefore).toEqual(first.worldHashAfter);
  expect(header.worldHashBefore).toEqual(sha256(saved.snapshots[0].bytes));
  const leaves = await unpackEpoch(packed);
  expect(leaves).toHaveLength(header.decisions + header.deeds + header.inputs);
  expect(merkleRoot(leaves)).toEqual(header.root);
  const kernel = createKernelSync();
  const brains = [...untrainedBrains().values()];
  const handles = brains.map((brain) => kernel.load(brain.network));
  const out = new Uint8Array(1);
  let wrong = 0;
  for (const leaf of leaves.slice(0, header.decisions)) {
    const d = decodeDecision(leaf);
    const which = brains.findIndex((brain) => brain.id === Buffer.from(d.brain).toString('hex'));
    kernel.decideBatch(
      handles[which],
      {
        observations: d.observations,
        masks: Uint32Array.of(d.mask),
        worldSeed: d.worldSeed,
        tick: d.tick,
        npcs: Uint32Array.of(d.npc),
        count: 1,
      },
      out,
    );
    if (out[0] !== d.action) wrong++;
  }
  expect(wrong).toBe(0);
  for (const leaf of leaves.slice(header.decisions, header.decisions + header.deeds))
    expect(decodeDeed(leaf)).toMatchObject({ zone: ZONE_ID, epoch: 1, version: 0n });
  const inputs = leaves.slice(header.decisions + header.deeds).map(decodeInput);
  expect(inputs.map((leaf) => leaf.tick)).toEqual(Array.from({ length: 600 }, (_, i) => 600 + i));
  await crash(again, store);
});

test('the journal alone leads from the seed to the same world', async () => {
  const store = await openStore(await preparedHome());
  const host = await openHost(store);
  const presence = await host.enter(await guest(store), new Watcher());
  await play(host, 150, (tick) => {
    if (tick % 9 === 5) host.zone.intend(presence.seat, { seq: tick, action: tick % 13, arg: 0 });
  });
  const saved = await loadZone(store, { id: ZONE_ID, name: 'test', seed: SEED });
  const world = createWorld(terrain, { seed: saved.seed, capacity: host.zone.world.capacity });
  const inputs = new Inputs(world.capacity * 3);
  const rows = new Map(saved.journal.map((row) => [row.tick, row.inputs]));
  while (world.tick <= saved.committedTick) {
    inputs.clear();
    decodeInputs(rows.get(world.tick) ?? new Uint8Array(0), inputs);
    step(world, inputs);
  }
  expect(worldHash(world)).toEqual(worldHash(host.zone.world));
  await crash(host, store);
});

test('brains that were exchanged between two starts stand in the leaves of their own time', async () => {
  const home = await preparedHome();
  let store = await openStore(home);
  const host = await openHost(store);
  await play(host, 100);
  await crash(host, store);
  store = await openStore(home);
  const between = await openHost(store, untrainedBrains(2));
  await play(between, 100);
  const { soFar } = between.chronicle;
  await crash(between, store);
  store = await openStore(home);
  const last = await openHost(store, untrainedBrains(3));
  expect(last.chronicle.soFar).toEqual(soFar);
  await crash(last, store);
});

test('an ack is told only after its tick is saved', async () => {
  const store = await openStore(await preparedHome());
  const host = await openHost(store);
  const watcher = new Watcher();
  const presence = await host.enter(await guest(store), watcher);
  await play(host, 4);
  host.zone.intend(presence.seat, { seq: 1, action: 3, arg: 0 });
  const { tick } = host.zone.world;
  watcher.views = [];
  // Without giving the store a turn, views go out and tell nothing that is not saved.
  for (let i = 0; i < 6; i++) host.beat();
  expect(watcher.views.length).toBeGreaterThan(1);
  for (const view of watcher.views) expect(decodeView(view).ack).toBe(0);
  expect(await host.recorder.drain(10_000)).toBe(true);
  await play(host, 4);
  expect(decodeView(watcher.views[watcher.views.length - 1])).toMatchObject({ ack: 1, ackTick: tick });
  await crash(host, store);
});

test('the goods of whoever leaves are brought back, once', async () => {
  const store = await openStore(await preparedHome());
  const host = await openHost(store);
  const row = await guest(store);
  const presence = await host.enter(row, new Watcher());
  await play(host, 2);
  // Goods come from the land alone; put some where gathering would have put them.
  host.zone.world.crystal[presence.seat.slot] = 3;
  host.zone.world.header[11] += 3;
  host.leave(presence);
  await play(host, 405);
  // At home they were put in the store while their owner stood there.
  expect((await identitiesById(store, [row.id]))[0]).toMatchObject({ crystal: 0, bankedCrystal: 3 });
  expect(host.zone.seats.size).toBe(0);
  const again = await host.enter(row, new Watcher());
  await play(host, 2);
  expect(host.zone.world.bankedCrystal[again.seat.slot]).toBe(3);
  expect((await identitiesById(store, [row.id]))[0]).toMatchObject({ crystal: 0, bankedCrystal: 0 });
  await crash(host, store);
});

test('the newer connection of an identity takes over the place', async () => {
  const store = await openStore(await preparedHome());
  const host = await openHost(store);
  const row = await guest(store);
  const before = new Watcher();
  const first = await host.enter(row, before);
  await play(host, 4);
  const after = new Watcher();
  const second = await host.enter(row, after);
  expect(second.seat).toBe(first.seat);
  expect([before.replacements, after.replacements]).toEqual([1, 0]);
  host.leave(first);
  expect(second.seat.connected).toBe(true);
  before.views = [];
  await play(host, 4);
  expect(before.views).toHaveLength(0);
  expect(after.views.length).toBeGreaterThan(0);
  expect(host.players).toBe(1);
  await crash(host, store);
});

/** A minted symbiont that walks with somebody. */
async function symbiontFor(store: Store, identity: number): Promise<SymbiontRow> {
  const asset = new PublicKey(sha256(`asset of ${identity}`)).toBase58();
  const row = {
    identity,
    asset,
    genome: sha256(asset),
    name: 'Moss',
    minted: true,
    picture: sha256('0'),
    uri: 'x',
  };
  return store.run(async (db) => (await db.insert(symbionts).values(row).returning())[0]);
}

test('deeds on their way to the store when the chain answered still bring their evolution', async () => {
  const store = await openStore(await preparedHome());
  const WALKED = 6;
  // Another version for each sixteen tiles on foot.
  const host = await openHost(
    store,
    untrainedBrains(),
    ({ symbiont }, counters) => counters[WALKED] >= (symbiont?.version ?? 0),
  );
  const { id } = await guest(store);
  const symbiont = await symbiontFor(store, id);
  const { seat, person } = await host.enter({ id }, new Watcher());
  // The evolution to version 1 is in the outbox.
  await host.await([symbiont]);
  let seq = 0;
  let saved = 0;
  while (person.counters[WALKED] === 0) {
    const { tick } = host.zone.world;
    host.zone.intend(seat, { seq: ++seq, action: Math.floor(tick / 40) % 2 === 0 ? 1 : 5, arg: 0 });
    // All but the deed's own tick is saved before it.
    expect(await host.recorder.drain(10_000)).toBe(true);
    saved = host.recorder.savedTick;
    host.beat();
  }
  await null;
  await null;
  expect(host.recorder.savedTick).toBe(saved);
  await host.grown(id, { ...symbiont, stage: 1, version: 1 }, false);
  expect(await host.recorder.drain(10_000)).toBe(true);
  expect(await openIntents(store, id)).toEqual([]);
  expect(person.evolving).toBe(false);
  await play(host, 1);
  expect(await openIntents(store, id)).toMatchObject([
    { kind: 'evolve', state: 'waiting', asset: symbiont.asset, version: 2, counters: person.counters },
  ]);
  expect(person.evolving).toBe(true);
  await crash(host, store);
});
