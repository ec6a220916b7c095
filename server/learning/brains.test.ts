import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { type Brain, decodeBrain } from '#shared/brain/file.ts';
import { decide, forward, networkOutputs } from '#shared/brain/index.ts';
import { decodeDecision } from '#shared/proof/canonical.ts';
import { decodeEpoch } from '#shared/proof/epoch.ts';
import { ROLE_NAMES } from '#shared/world/index.ts';
import { type LoadedBrain, loadTerrain } from '../load.ts';
import { Store } from '../store/store.ts';
import { epochRow, leavesOf } from '../store/worlds.ts';
import { untrainedBrain } from '../testing/brains.ts';
import { preparedHome, removeHomes } from '../testing/homes.ts';
import { ZONE_ID, ZoneHost } from '../zone/host.ts';
import { unpackEpoch } from '../zone/leaves.ts';
import { Minds, POPULATION } from '../zone/minds.ts';
import { Brains, rollbackStored } from './brains.ts';

const terrain = loadTerrain('hollow.json');
const ZONE = { id: ZONE_ID, name: 'The Hollow', seed: 5 };
let store: Store | null = null;
afterEach(async () => {
  await store?.close().catch(() => {});
  store = null;
});
afterAll(removeHomes);

const load = (role: string, seed: number): LoadedBrain => {
  const file = untrainedBrain(role, seed);
  return { brain: decodeBrain(file), file };
};
const roles = POPULATION.map(({ role }) => ROLE_NAMES[role] as string);
const given = (seed = 1) => new Map(roles.map((role) => [role, load(role, seed)]));
const LEARNED = {
  why: 'learned' as const,
  tale: 'The raiders of the Hollow have learned to wait.',
  scores: { better: true },
};

async function openStore(home: string): Promise<Store> {
  store = await Store.open({ dir: join(home, 'db'), url: null });
  return store;
}

async function openWorld(store: Store, seed = 1): Promise<{ brains: Brains; host: ZoneHost }> {
  const brains = await Brains.open({ store, zone: ZONE, given: given(seed), log: () => {} });
  const host = await ZoneHost.open({
    store,
    terrain,
    minds: new Minds(brains.byRole),
    brains,
    zoneName: ZONE.name,
    map: 'hollow.json',
    seed: ZONE.seed,
    tickMs: 50,
    epochsKept: 10,
    log: () => {},
    grows: () => false,
    grow: async () => null,
  });
  return { brains, host };
}

async function live(host: ZoneHost, ticks: number): Promise<void> {
  for (let i = 0; i < ticks; i++) {
    host.beat();
    if (i % 100 === 99) await host.recorder.drain(10_000);
  }
  expect(await host.recorder.drain(10_000)).toBe(true);
}

/** As `kill -9`: what is not written is gone. */
async function kill(host: ZoneHost, store: Store): Promise<void> {
  host.recorder.close();
  await store.close();
}

/** Decides every decision of an epoch again by the brain it names. @returns how many each brain made */
async function judgeEpoch(store: Store, epoch: number, brains: Brain[]): Promise<Map<string, number>> {
  const row = await epochRow(store, ZONE_ID, epoch);
  const packed = await leavesOf(store, ZONE_ID, epoch);
  if (!row || !packed) throw new Error(`epoch ${epoch} is missing`);
  const { decisions } = decodeEpoch(row.header);
  const made = new Map<string, number>();
  for (const bytes of (await unpackEpoch(packed)).slice(0, decisions)) {
    const leaf = decodeDecision(bytes);
    const id = Buffer.from(leaf.brain).toString('hex');
    const brain = brains.find((one) => one.id === id);
    if (!brain) throw new Error(`brain ${id} is unknown`);
    const logits = new Int32Array(networkOutputs(brain.network));
    forward(brain.network, leaf.observations, logits);
    expect(decide(logits, leaf.mask, leaf.worldSeed, leaf.tick, leaf.npc)).toBe(leaf.action);
    made.set(id, (made.get(id) ?? 0) + 1);
  }
  return made;
}

test('a swap happens between two epochs, survives being killed on either side, and every decision stays provable', async () => {
  const home = await preparedHome();
  let open = await openStore(home);
  let { brains, host } = await openWorld(open);
  const before = brains.active('raider').brain;
  const next = load('raider', 77);
  const swapped: string[] = [];
  const watch = () => {
    host.events = {
      saving: () => {},
      epoch: () => {},
      epochSaved: () => {},
      evolving: () => {},
      chosen: () => {},
      swapped: ({ loaded }) => swapped.push(loaded.brain.id),
    };
  };
  watch();
  await live(host, 250);
  await brains.appoint('raider', 2, next.file, LEARNED);
  // It is written; nobody decides by it yet.
  expect(brains.active('raider').brain.id).toBe(before.id);
  await live(host, 200);
  await kill(host, open);

  open = await openStore(home);
  ({ brains, host } = await openWorld(open));
  watch();
  expect(brains.active('raider').brain.id).toBe(before.id);
  expect((await brains.list(0)).filter((one) => one.role === 'raider')).toMatchObject([
    { id: before.id, state: 'active', why: 'given' },
    { id: next.brain.id, state: 'next', why: 'learned', parent: before.id, since: 2 },
  ]);
  await live(host, 750);
  expect(swapped).toEqual([]);
  await live(host, 100);
  expect(swapped).toEqual([next.brain.id]);
  expect(host.zone.minds.ids).toContain(next.brain.id);
  await kill(host, open);

  open = await openStore(home);
  ({ brains, host } = await openWorld(open));
  watch();
  expect(brains.active('raider').brain.id).toBe(next.brain.id);
  expect(host.zone.minds.ids).toContain(next.brain.id);
  await live(host, 600);
  const all = [...given().values()].map(({ brain }) => brain).concat(next.brain);
  const [first, second] = [await judgeEpoch(open, 1, all), await judgeEpoch(open, 2, all)];
  expect(first.get(before.id)).toBeGreaterThan(100);
  expect(first.has(next.brain.id)).toBe(false);
  expect(second.get(next.brain.id)).toBeGreaterThan(100);
  expect(second.has(before.id)).toBe(false);
  expect(swapped).toEqual([next.brain.id]);
  // Whoever judges an old decision still finds the old brain.
  expect(await brains.fileOf(before.id)).toEqual(given().get('raider')?.file);
  expect(await brains.fileOf('0'.repeat(64))).toBeNull();
  await host.close(5000);
}, 120_000);

test('what cannot be written does not happen; what does not fit is refused by name', async () => {
  const open = await openStore(await preparedHome());
  const brains = await Brains.open({ store: open, zone: ZONE, given: given(), log: () => {} });
  const next = load('raider', 77);
  await open.run((db) => db.execute('ALTER TABLE brain_terms RENAME TO hidden'));
  await expect(brains.appoint('raider', 1, next.file, LEARNED)).rejects.toThrow();
  await open.run((db) => db.execute('ALTER TABLE hidden RENAME TO brain_terms'));
  expect(brains.begin(5)).toEqual([]);
  expect(await brains.fileOf(next.brain.id)).toBeNull();

  const appoint = (role: string, file: Uint8Array) => brains.appoint(role, 1, file, LEARNED);
  await expect(appoint('raider', untrainedBrain('forager'))).rejects.toThrow('manifest.role is forager');
  await expect(appoint('raider', next.file.subarray(0, 900))).rejects.toThrow(
    'raider: the brain cannot live here',
  );
  await expect(appoint('raider', untrainedBrain('raider'))).rejects.toThrow('this brain decides already');
  await expect(appoint('dragon', next.file)).rejects.toThrow('"dragon" has no brain here');
  // Two that want to at once: one does.
  const both = await Promise.allSettled([
    appoint('raider', next.file),
    appoint('raider', load('raider', 78).file),
  ]);
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  await expect(appoint('raider', load('raider', 79).file)).rejects.toThrow('about to take over already');
  expect(brains.begin(1).map((one) => one.loaded.brain.id)).toEqual([next.brain.id]);
  expect(brains.active('raider').brain.id).toBe(next.brain.id);
});

test('a rollback puts the parent back, on a running world and on a stopped one', async () => {
  const home = await preparedHome();
  let open = await openStore(home);
  const openBrains = (seed = 1) =>
    Brains.open({ store: open, zone: ZONE, given: given(seed), log: () => {} });
  let brains = await openBrains();
  const [first, second, third] = [load('guard', 1), load('guard', 20), load('guard', 30)];
  await expect(brains.rollback('guard', 1)).rejects.toThrow(
    'guard: its brain was given; there is no earlier one',
  );
  await expect(brains.rollback('dragon', 1)).rejects.toThrow('role: must be one of');
  await brains.appoint('guard', 1, second.file, LEARNED);
  brains.begin(1);
  await brains.appoint('guard', 2, third.file, LEARNED);
  brains.begin(2);
  await brains.rollback('guard', 3);
  brains.begin(3);
  expect(brains.active('guard').brain.id).toBe(second.brain.id);
  await brains.rollback('guard', 4);
  brains.begin(4);
  expect(brains.active('guard').brain.id).toBe(first.brain.id);
  await expect(brains.rollback('guard', 5)).rejects.toThrow('there is no earlier one');
  expect(
    (await brains.list(4)).filter((one) => one.role === 'guard').map(({ why, state }) => `${why} ${state}`),
  ).toEqual(['given past', 'learned past', 'learned past', 'rollback past', 'rollback active']);

  // The world stands at epoch 0 as far as the database knows: what begins later is called off.
  expect(
    await rollbackStored(open, ZONE_ID, 'guard', ZONE.name).catch((error: Error) => error.message),
  ).toMatch('there is no earlier one');
  await brains.appoint('raider', 0, load('raider', 50).file, LEARNED);
  brains.begin(0);
  await brains.appoint('raider', 7, load('raider', 51).file, LEARNED);
  const back = await rollbackStored(open, ZONE_ID, 'raider', ZONE.name);
  expect(back).toEqual({ since: 0, brain: load('raider', 1).brain.id });
  await open.close();
  open = await openStore(home);
  brains = await openBrains();
  expect(brains.active('raider').brain.id).toBe(load('raider', 1).brain.id);
  expect(brains.begin(10)).toHaveLength(4);
  // Another file given by hand takes over from what was learnt.
  brains = await openBrains(9);
  expect(brains.active('guard').brain.id).toBe(load('guard', 9).brain.id);
  await expect(brains.rollback('guard', 5)).rejects.toThrow('there is no earlier one');
  await expect(rollbackStored(open, 9, 'guard', 'x')).rejects.toThrow(
    'role: "guard" has no brain in this world',
  );
});
