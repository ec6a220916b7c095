import { join } from 'node:path';
import { Keypair } from '@solana/web3.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, FORAGER, GUARD, OBSERVATION_SIZE, STRIKE, TILE, WAIT } from '#shared/world/index.ts';
import { loadTerrain } from '../../load.ts';
import { epochOf } from '../../store/brains.ts';
import { sha256 } from '../../store/cipher.ts';
import { createIdentity } from '../../store/identities.ts';
import { countPlays, playRootsOf, playsOfEpoch } from '../../store/plays.ts';
import { Store } from '../../store/store.ts';
import { untrainedBrains } from '../../testing/brains.ts';
import { preparedHome, removeHomes } from '../../testing/homes.ts';
import { Minds } from '../../zone/minds.ts';
import { People } from '../../zone/people.ts';
import { MAX_PLAYERS, type Seat, Zone } from '../../zone/zone.ts';
import { Privacy } from '../privacy.ts';
import { PlayLog } from './log.ts';
import { type Part, PERSON } from './part.ts';
import { epochRoot, LogKey, readPart } from './seal.ts';

const terrain = loadTerrain('hollow.json');
const key = new LogKey(new Uint8Array(32).fill(7));
let store: Store;
let zones = 0;
beforeAll(async () => {
  store = await Store.open({ dir: join(await preparedHome(), 'db'), url: null });
});
afterAll(async () => {
  await store.close();
  removeHomes();
});

interface World {
  id: number;
  zone: Zone;
  people: People;
  playLog: PlayLog;
  privacy: Privacy;
  said: string[];
}

async function world(most: { hours?: number; bytes?: number } = {}): Promise<World> {
  const id = ++zones;
  await epochOf(store, { id, name: 'test', seed: 5 });
  const minds = new Minds(untrainedBrains(), [{ role: FORAGER, count: 8 }]);
  const zone = new Zone(createWorld(terrain, { seed: 5, capacity: 8 + MAX_PLAYERS }), minds);
  const people = new People();
  const said: string[] = [];
  const { hours = 24, bytes = 1 << 26 } = most;
  const playLog = new PlayLog({
    store,
    key,
    zone: id,
    capacity: zone.world.capacity,
    mayLearn: (id) => people.get(id)?.learning === true && privacy.mayLearn(id),
    hours,
    bytes,
    log: (line) => said.push(line),
  });
  const privacy = new Privacy({
    store,
    zone: id,
    key,
    people,
    playLog,
    hours,
    onForgotten: () => said.push('forgotten'),
    forgetWords: async () => 0,
    log: () => {},
  });
  zone.onlooker = playLog;
  return { id, zone, people, playLog, privacy, said };
}

interface Player {
  id: number;
  seat: Seat;
  address: string;
}

let count = 0;
async function enter({ zone, people }: World): Promise<Player> {
  const secret = sha256(`player ${++count}`);
  const row = await createIdentity(store, {
    tokenHash: secret,
    name: `Player ${count}`,
    look: 0,
    address: Keypair.fromSeed(secret).publicKey.toBase58(),
    secret,
  });
  const person = people.know(row, null, false);
  return { id: row.id, seat: zone.join(row.id, person.goods, person.counters), address: row.address };
}

/** Puts a player beside an inhabitant and keeps them there; the world's own rules do the rest. */
function beside({ zone: { world } }: World, { seat }: Player, npc: number): void {
  world.x[seat.slot] = world.x[npc] + TILE;
  world.y[seat.slot] = world.y[npc];
  world.health[seat.slot] = 100;
}

async function live(w: World, ticks: number, each: (tick: number) => void = () => {}): Promise<void> {
  for (let i = 0; i < ticks; i++) {
    each(w.zone.world.tick);
    w.zone.tick();
    if (w.zone.world.tick % 600 === 0) await w.playLog.settled();
  }
  await w.playLog.settled();
}

async function partsOf(w: World, epoch: number): Promise<Part[]> {
  const rows = await playsOfEpoch(store, w.id, epoch);
  return Promise.all(rows.map((row) => readPart(key, w.id, row)));
}

test('what is done near inhabitants is logged, whole and under a pseudonym; what is done alone is not', async () => {
  const w = await world();
  const [near, far] = [await enter(w), await enter(w)];
  let seq = 0;
  await live(w, 600, (tick) => {
    if (tick === 0) return;
    beside(w, near, 3);
    const { world } = w.zone;
    [world.x[far.seat.slot], world.y[far.seat.slot]] = [TILE, TILE];
    // A guard that is raised between two decisions and lowered before the second is what was done in the first.
    if (tick % 8 === 1) w.zone.intend(near.seat, { seq: ++seq, action: GUARD, arg: 0 });
    if (tick % 8 === 3) w.zone.intend(near.seat, { seq: ++seq, action: WAIT, arg: 0 });
    if (tick % 200 === 5) w.zone.intend(near.seat, { seq: ++seq, action: STRIKE, arg: 0 });
  });
  const parts = await partsOf(w, 0);
  expect(parts).toHaveLength(1);
  const [{ who, plays }] = parts;
  expect(who).toEqual(key.pseudonym(near.id));
  const own = plays.filter((play) => play.npc === PERSON);
  expect(own.length).toBeGreaterThan(100);
  expect(new Set(own.map((play) => play.action))).toContain(GUARD);
  expect(own.some((play) => play.action === WAIT)).toBe(true);
  const others = plays.filter((play) => play.npc === 3);
  expect(others.length).toBeGreaterThan(50);
  // What an inhabitant perceived is what its decision leaf says, and somebody is near it.
  for (const play of others) expect(play.observation).toHaveLength(OBSERVATION_SIZE);
  const [root] = await playRootsOf(store, w.id);
  const rows = await playsOfEpoch(store, w.id, 0);
  expect(root).toMatchObject({ epoch: 0, parts: 1 });
  expect(root.root).toEqual(epochRoot(rows.map((row) => row.hash)));
  // No row holds the identity's number or address.
  for (const row of rows) expect(Buffer.from(row.bytes).includes(near.address)).toBe(false);
});

test('who opts out is not logged from then on, and what runs is not kept', async () => {
  const w = await world();
  const player = await enter(w);
  const { id } = player;
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
  const [gone, stays] = [await enter(w), await enter(w)];
  const keepBoth = () => {
    beside(w, gone, 3);
    beside(w, stays, 7);
  };
  await live(w, 1250, keepBoth);
  const before = await playRootsOf(store, w.id);
  expect(before.map((root) => root.parts)).toEqual([2, 2]);
  const kept = (await partsOf(w, 0)).find((part) => Buffer.from(part.who).equals(key.pseudonym(stays.id)));
  // While an epoch is being written.
  for (let i = 0; i < 550; i++) {
    keepBoth();
    w.zone.tick();
  }
  expect(await w.privacy.delete(gone.id)).toEqual({ deleted: 2, words: 0 });
  await w.playLog.settled();
  expect(await countPlays(store, key.pseudonym(gone.id))).toMatchObject({ epochs: 0, own: 0 });
  expect(await partsOf(w, 0)).toEqual([kept]);
  const after = await playRootsOf(store, w.id);
  expect(after.map((root) => root.parts)).toEqual([1, 1, 1]);
  for (const { epoch, root } of after)
    expect(root).toEqual(epochRoot((await playsOfEpoch(store, w.id, epoch)).map((row) => row.hash)));
  expect(w.said).toContain('forgotten');
  const parts: Part[] = [];
  for await (const part of w.privacy.parts(stays.id)) parts.push(part);
  expect(parts.map((part) => part.epoch)).toEqual([0, 1, 2]);
});

test('the log is finite: the oldest epochs go', async () => {
  const w = await world({ bytes: 6000 });
  const player = await enter(w);
  await live(w, 3000, () => beside(w, player, 3));
  const { bytes, epochs, first, last } = await countPlays(store, key.pseudonym(player.id));
  expect(bytes).toBeLessThanOrEqual(6000);
  expect(epochs).toBeGreaterThan(0);
  expect(first).toBeGreaterThan(0);
  expect(last).toBe(4);
});

test('a store that fails loses the epoch’s log, says so, and the world goes on', async () => {
  const w = await world();
  const player = await enter(w);
  await live(w, 300, () => beside(w, player, 3));
  await store.run((db) => db.execute('ALTER TABLE plays RENAME TO hidden'));
  await live(w, 600, () => beside(w, player, 3));
  expect(w.playLog.lost).toBe(1);
  expect(w.said.join()).toMatch(/epoch 0: its play is not kept/);
  await store.run((db) => db.execute('ALTER TABLE hidden RENAME TO plays'));
  await live(w, 600, () => beside(w, player, 3));
  expect((await playRootsOf(store, w.id)).map((root) => root.epoch)).toEqual([1]);
});
