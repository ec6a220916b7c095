import { join } from 'node:path';
import { Keypair } from '@solana/web3.js';
import { afterAll, afterEach, expect, test } from 'vitest';
import { GUARD, OBSERVATION_SIZE, STRIKE, TILE, WAIT } from '#shared/world/index.ts';
import { loadTerrain } from '../../load.ts';
import { sha256 } from '../../store/cipher.ts';
import { createIdentity } from '../../store/identities.ts';
import { countPlays, playRootsOf, playsOfEpoch } from '../../store/plays.ts';
import { Store } from '../../store/store.ts';
import { untrainedBrains } from '../../testing/brains.ts';
import { preparedHome, removeHomes } from '../../testing/homes.ts';
import { type Presence, ZoneHost } from '../../zone/host.ts';
import { Minds } from '../../zone/minds.ts';
import { Privacy } from '../privacy.ts';
import { PlayLog } from './log.ts';
import { type Part, PERSON } from './part.ts';
import { epochRoot, LogKey, readPart } from './seal.ts';

const terrain = loadTerrain('hollow.json');
const key = new LogKey(new Uint8Array(32).fill(7));
const open: Store[] = [];
afterEach(async () => {
  for (const store of open.splice(0)) await store.close().catch(() => {});
});
afterAll(removeHomes);

interface World {
  store: Store;
  host: ZoneHost;
  playLog: PlayLog;
  privacy: Privacy;
  said: string[];
}

async function world(most: { hours?: number; bytes?: number } = {}): Promise<World> {
  const home = await preparedHome();
  const store = await Store.open({ dir: join(home, 'db'), url: null });
  open.push(store);
  const host = await ZoneHost.open({
    store,
    terrain,
    minds: new Minds(untrainedBrains()),
    zoneName: 'test',
    map: 'hollow.json',
    seed: 5,
    epochsKept: 10,
    log: () => {},
    grows: () => false,
    grow: async () => null,
  });
  const said: string[] = [];
  const { hours = 24, bytes = 1 << 26 } = most;
  const playLog = new PlayLog({
    store,
    key,
    zone: 1,
    capacity: host.zone.world.capacity,
    mayLearn: (id) => host.people.get(id)?.learning === true && privacy.mayLearn(id),
    hours,
    bytes,
    log: (line) => said.push(line),
  });
  const { people } = host;
  const privacy = new Privacy({
    store,
    zone: 1,
    key,
    people,
    playLog,
    hours,
    onForgotten: () => said.push('forgotten'),
    log: () => {},
  });
  host.zone.onlooker = playLog;
  return { store, host, playLog, privacy, said };
}

let count = 0;
async function join_({ store, host }: World): Promise<Presence> {
  const secret = sha256(`player ${++count}`);
  const row = await createIdentity(store, {
    tokenHash: secret,
    name: `Player ${count}`,
    look: 0,
    address: Keypair.fromSeed(secret).publicKey.toBase58(),
    secret,
  });
  return host.enter(row, { view: () => {}, deeds: () => {}, replaced: () => {} });
}

/** Puts a player beside an inhabitant and keeps them there; the world's own rules do the rest. */
function beside({ host }: World, { seat }: Presence, npc: number): void {
  const { world } = host.zone;
  world.x[seat.slot] = world.x[npc] + TILE;
  world.y[seat.slot] = world.y[npc];
  world.health[seat.slot] = 100;
}

async function live(w: World, ticks: number, each: (tick: number) => void = () => {}): Promise<void> {
  for (let i = 0; i < ticks; i++) {
    each(w.host.zone.world.tick);
    w.host.beat();
    if (i % 100 === 99) await w.host.recorder.drain(10_000);
  }
  await w.playLog.settled();
}

async function partsOf(w: World, epoch: number): Promise<Part[]> {
  const rows = await playsOfEpoch(w.store, 1, epoch);
  return Promise.all(rows.map((row) => readPart(key, 1, row)));
}

test('what is done near inhabitants is logged, whole and under a pseudonym; what is done alone is not', async () => {
  const w = await world();
  const [near, far] = [await join_(w), await join_(w)];
  let seq = 0;
  await live(w, 600, (tick) => {
    if (tick === 0) return;
    beside(w, near, 3);
    const { world } = w.host.zone;
    [world.x[far.seat.slot], world.y[far.seat.slot]] = [TILE, TILE];
    // A guard that is raised between two decisions and lowered before the second is what was done in the first.
    if (tick % 8 === 1) w.host.zone.intend(near.seat, { seq: ++seq, action: GUARD, arg: 0 });
    if (tick % 8 === 3) w.host.zone.intend(near.seat, { seq: ++seq, action: WAIT, arg: 0 });
    if (tick % 200 === 5) w.host.zone.intend(near.seat, { seq: ++seq, action: STRIKE, arg: 0 });
  });
  const parts = await partsOf(w, 0);
  expect(parts).toHaveLength(1);
  const [{ who, plays }] = parts;
  expect(who).toEqual(key.pseudonym(near.person.id));
  const own = plays.filter((play) => play.npc === PERSON);
  expect(own.length).toBeGreaterThan(100);
  expect(new Set(own.map((play) => play.action))).toContain(GUARD);
  expect(own.some((play) => play.action === WAIT)).toBe(true);
  const others = plays.filter((play) => play.npc === 3);
  expect(others.length).toBeGreaterThan(50);
  // What an inhabitant perceived is what its decision leaf says, and somebody is near it.
  for (const play of others) expect(play.observation).toHaveLength(OBSERVATION_SIZE);
  const [root] = await playRootsOf(w.store, 1);
  const rows = await playsOfEpoch(w.store, 1, 0);
  expect(root).toMatchObject({ epoch: 0, parts: 1 });
  expect(root.root).toEqual(epochRoot(rows.map((row) => row.hash)));
  // No row holds the identity's number or address.
  for (const row of rows) expect(Buffer.from(row.bytes).includes(near.person.address)).toBe(false);
});

test('who opts out is not logged from then on, and what runs is not kept', async () => {
  const w = await world();
  const player = await join_(w);
  const { id } = player.person;
  await live(w, 300, () => beside(w, player, 3));
  await w.privacy.allow(id, false);
  await live(w, 900, () => beside(w, player, 3));
  expect(await w.privacy.see(id)).toMatchObject({ allowed: false, epochs: 0, decisions: 0, beside: 0 });
  await w.privacy.allow(id, true);
  await live(w, 600, () => beside(w, player, 3));
  const seen = await w.privacy.see(id);
  expect(seen).toMatchObject({ allowed: true, epochs: 1 });
  expect(seen.decisions).toBeGreaterThan(100);
  expect(seen.beside).toBeGreaterThan(50);
});

test('a deletion takes all of one person, nothing of another, and the roots follow', async () => {
  const w = await world();
  const [gone, stays] = [await join_(w), await join_(w)];
  const keepBoth = () => {
    beside(w, gone, 3);
    beside(w, stays, 7);
  };
  await live(w, 1250, keepBoth);
  const before = await playRootsOf(w.store, 1);
  expect(before.map((root) => root.parts)).toEqual([2, 2]);
  const kept = (await partsOf(w, 0)).find((part) =>
    Buffer.from(part.who).equals(key.pseudonym(stays.person.id)),
  );
  // In the middle of an epoch, and of its being written.
  await live(w, 549, keepBoth);
  w.host.beat();
  expect(await w.privacy.delete(gone.person.id)).toBe(3);
  await w.playLog.settled();
  expect(await countPlays(w.store, key.pseudonym(gone.person.id))).toMatchObject({ epochs: 0, own: 0 });
  expect(await partsOf(w, 0)).toEqual([kept]);
  const after = await playRootsOf(w.store, 1);
  expect(after.map((root) => root.parts)).toEqual([1, 1, 1]);
  for (const { epoch, root } of after)
    expect(root).toEqual(epochRoot((await playsOfEpoch(w.store, 1, epoch)).map((row) => row.hash)));
  expect(w.said).toContain('forgotten');
  const parts: Part[] = [];
  for await (const part of w.privacy.parts(stays.person.id)) parts.push(part);
  expect(parts.map((part) => part.epoch)).toEqual([0, 1, 2]);
});

test('the log is finite: the oldest epochs go', async () => {
  const w = await world({ bytes: 6000 });
  const player = await join_(w);
  await live(w, 3000, () => beside(w, player, 3));
  const { bytes, epochs, first, last } = await countPlays(w.store);
  expect(bytes).toBeLessThanOrEqual(6000);
  expect(epochs).toBeGreaterThan(0);
  expect(first).toBeGreaterThan(0);
  expect(last).toBe(4);
});

test('a store that fails loses the epoch’s log, says so, and the world goes on', async () => {
  const w = await world();
  const player = await join_(w);
  await live(w, 300, () => beside(w, player, 3));
  await w.store.run((db) => db.execute('ALTER TABLE plays RENAME TO hidden'));
  await live(w, 600, () => beside(w, player, 3));
  expect(w.playLog.lost).toBe(1);
  expect(w.said.join()).toMatch(/epoch 0: its play is not kept/);
  await w.store.run((db) => db.execute('ALTER TABLE hidden RENAME TO plays'));
  await live(w, 600, () => beside(w, player, 3));
  expect((await playRootsOf(w.store, 1)).map((root) => root.epoch)).toEqual([1]);
});
