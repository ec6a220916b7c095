import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createKernel } from '#shared/brain/kernel.ts';
import { ROOT } from '../../config.ts';
import { type LoadedBrain, loadBrainFiles, loadTerrain } from '../../load.ts';
import { sha256 } from '../../store/cipher.ts';
import { deletePlays, type PlayRow, playRootsOf, playsOfEpoch } from '../../store/plays.ts';
import { Store } from '../../store/store.ts';
import { untrainedBrain } from '../../testing/brains.ts';
import { preparedHome, removeHomes, temporaryHome } from '../../testing/homes.ts';
import { keepLog, livedLog } from '../../testing/log.ts';
import { until } from '../../testing/player.ts';
import { Brains } from '../brains.ts';
import { encodePart } from '../log/part.ts';
import { epochRoot, LogKey, readPart, sealPart } from '../log/seal.ts';
import { lessonBehavior, standardBehavior } from './curriculum.ts';
import { judge } from './gate.ts';
import { profileOf, typesOf } from './profile.ts';
import { readLog } from './read.ts';
import { Teacher, type TeacherOptions } from './teacher.ts';

const KEY = new Uint8Array(32).fill(3);
const key = new LogKey(KEY);
const ZONE = { id: 1, name: 'The Hollow', seed: 5 };
/** Players of three manners, two each, and griefers who stand about and hand out blows and goods without sense. */
const MANNERS = ['courier', 'courier', 'robber', 'robber', 'turtle', 'turtle'];
let given: Map<string, LoadedBrain>;
let rows: PlayRow[];
let store: Store;
let brains: Brains;
const disk = temporaryHome();
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', disk]).status === 0;

beforeAll(async () => {
  given = loadBrainFiles(join(ROOT, 'assets', 'brains'));
  store = await Store.open({ dir: join(await preparedHome(), 'db'), url: null });
  brains = await Brains.open({ store, zone: ZONE, given, log: () => {} });
  rows = await livedLog({
    terrain: loadTerrain('hollow.json'),
    brains: brains.byRole,
    key,
    zone: 1,
    manners: MANNERS,
    epochs: 6,
    seed: 5,
  });
});
beforeEach(async () => {
  await store.run((db) => db.execute('DELETE FROM settings'));
  await keepLog(store, rows);
});
afterAll(async () => {
  await store.close();
  if (mounted) spawnSync('umount', ['-l', disk]);
  removeHomes();
});

function teacher(change: Partial<TeacherOptions> = {}): Teacher {
  return new Teacher({
    store,
    brains,
    zone: 1,
    zoneName: ZONE.name,
    dir: join(temporaryHome(), 'learning'),
    key: KEY,
    every: 0,
    steps: 2000,
    memoryMb: 1024,
    strain: () => 0,
    epoch: () => 6,
    soon: () => 7,
    onAppointed: () => {},
    log: () => {},
    least: 200,
    episodes: 2,
    ...change,
  });
}

const export_ = async () => {
  const epochs = [];
  for (const { epoch, root } of await playRootsOf(store, 1))
    epochs.push({ epoch, root, rows: await playsOfEpoch(store, 1, epoch) });
  return epochs;
};

/** A part as somebody who holds the key could forge it. */
async function forged(row: PlayRow, change: (bytes: Uint8Array) => void): Promise<PlayRow> {
  const bytes = encodePart(await readPart(key, 1, row));
  change(bytes);
  return { ...row, ...(await sealPart(key, { ...row, bytes })) };
}

test('forged, cut and adversarial entries are refused by name, and the rest is read', async () => {
  const [a, b, c, d] = rows.filter((row) => row.epoch === 1);
  const first = 43;
  const bad: [PlayRow, string][] = [
    // A feature beyond its scale, an action outside the mask, a part cut off, and one that another server sealed.
    [await forged(a, (bytes) => bytes.fill(255, first, first + 1)), 'play 0'],
    [await forged(b, (bytes) => bytes.fill(0, bytes.length - 30)), ''],
    [{ ...c, bytes: c.bytes.subarray(0, 40) }, 'part: cannot be unpacked'],
    [{ ...d, seal: new Uint8Array(32) }, 'seal: is not by this server'],
  ];
  await keepLog(
    store,
    bad.map(([row]) => row),
  );
  const log = await readLog(key, 1, await export_());
  for (const [row, problem] of bad) {
    const who = Buffer.from(row.who).toString('hex');
    const refusal = log.refused.find((one) => one.epoch === 1 && one.who === who);
    expect(refusal?.problem).toContain(problem);
  }
  expect(log.refused).toHaveLength(4);
  expect(log.people).toHaveLength(MANNERS.length);
  // A part that was put beside the others without the root: none of the epoch is believed.
  const epochs = await export_();
  const other = { ...epochs[0], rows: epochs[0].rows.slice(1) };
  const without = await readLog(key, 1, [other, ...epochs.slice(2)]);
  expect(new Set(without.refused.map(({ problem }) => problem))).toEqual(
    new Set(['root: is not that of the epoch’s parts']),
  );
  expect(without.root).not.toEqual(log.root);
});

test('people are told apart by their manner, the same way each time, and nobody speaks for all', async () => {
  const log = await readLog(key, 1, await export_());
  const types = typesOf(log.people, 1);
  expect(typesOf(log.people, 1)).toEqual(types);
  const names = new Map(
    MANNERS.map((manner, k) => [Buffer.from(key.pseudonym(1000 + k)).toString('hex'), manner]),
  );
  for (const type of types) {
    const turtles = type.people.filter((one) => names.get(one.who) === 'turtle').length;
    expect([0, type.people.length]).toContain(turtles);
  }
  expect(types.length).toBeGreaterThan(1);
  for (const value of log.people.flatMap(({ plays }) => profileOf(plays))) {
    expect(value).toBeGreaterThanOrEqual(0);
    expect(value).toBeLessThanOrEqual(1);
  }
  // However many griefers flood the log: half of the players of a lesson stay scripted.
  const base = standardBehavior('raider');
  const raider = given.get('raider');
  if (!base || !raider) throw new Error('no raider');
  const text = lessonBehavior(base, {
    role: 'raider',
    parent: raider.brain,
    league: new Map([['forager', ['/brains/forager.safetensors']]]),
    clones: [
      { file: '/griefers.safetensors', people: 10_000 },
      { file: '/others.safetensors', people: 1 },
    ],
    seed: 1,
    steps: 1000,
  });
  const { opponents } = JSON.parse(text) as {
    opponents: { role: string; mix: { policy: string; weight: number }[] }[];
  };
  const mix = opponents.find((one) => one.role === 'wanderer')?.mix ?? [];
  const share = (of: (policy: string) => boolean) =>
    mix.filter(({ policy }) => of(policy)).reduce((sum, { weight }) => sum + weight, 0);
  expect(share((policy) => policy.includes('.safetensors'))).toBeCloseTo(1);
  expect(share((policy) => !policy.includes('.safetensors'))).toBeCloseTo(1);
});

test('a bad candidate does not pass: an untrained one is worse on the suite', async () => {
  const active = given.get('guard')?.file as Uint8Array;
  const candidate = untrainedBrain('guard', 9);
  const verdict = await judge({
    role: 'guard',
    active,
    candidate,
    clones: null,
    kernel: await createKernel(),
    episodes: 2,
    onDone: () => {},
  });
  expect(verdict.passed).toBe(false);
  const failed = verdict.comparisons.filter((one) => !one.passed).map((one) => one.what);
  expect(failed.join()).toContain('held-out suite');
});

test('a lesson in its own process: a poisoned log changes nothing that does not pass; two at once are refused', async () => {
  // Twenty times the same griefer, who guards and waits, in the place of everybody else's play.
  const poison = await livedLog({
    terrain: loadTerrain('hollow.json'),
    brains: brains.byRole,
    key,
    zone: 1,
    manners: [...new Array<string>(8).fill('turtle'), ...new Array<string>(4).fill('griefer')],
    epochs: 4,
    seed: 11,
  });
  await keepLog(store, poison);
  const dir = join(temporaryHome(), 'learning');
  const before = new Map(brains.roles.map((role) => [role, brains.active(role).brain.id]));
  const one = teacher({ dir });
  const lesson = one.teach();
  await until('the lesson', () => existsSync(join(dir, 'lock')), 10_000);
  await expect(teacher({ dir }).teach()).rejects.toThrow(/process \d+ is training here/);
  expect(one.status).toMatchObject({ running: true });
  const result = await lesson;
  expect(result?.role).toBeTruthy();
  expect(result?.types.length).toBeGreaterThan(0);
  expect(result?.verdict?.comparisons.length).toBeGreaterThanOrEqual(4);
  // Two thousand decisions teach nothing that lasts; were it otherwise, it would have had to pass every comparison.
  const appointed = brains.begin(7);
  expect(appointed.length).toBe(result?.verdict?.passed ? 1 : 0);
  for (const role of brains.roles)
    if (!appointed.some((s) => s.role === role)) expect(brains.active(role).brain.id).toBe(before.get(role));
  expect(readdirSync(dir)).toEqual(appointed.length > 0 ? ['lesson-6'] : []);
  expect(existsSync(join(dir, 'lesson-6', 'plays.bin'))).toBe(false);
  expect(existsSync(join(dir, 'lock'))).toBe(false);
  // The same play is not learnt from twice.
  expect(await teacher({ dir }).teach()).toBeNull();
}, 180_000);

test('a deletion, a death or a full disk in the middle of a lesson leave the brains as they are', async () => {
  const ids = () => brains.roles.map((role) => brains.active(role).brain.id);
  const before = ids();
  const one = teacher({ steps: 5_000_000 });
  const lesson = one.teach();
  lesson.catch(() => {});
  await until('the learning', () => /imitating|learning/.test(one.status.stage), 60_000);
  await deletePlays(store, key.pseudonym(1000), epochRoot);
  one.cancel('somebody deleted what it reads');
  await expect(lesson).rejects.toThrow('given up: somebody deleted what it reads');
  expect(one.status.running).toBe(false);

  const tight = teacher({ memoryMb: 60 });
  await expect(tight.teach()).rejects.toThrow(/memory: \d+ MB, at most 60/);
  if (mounted) {
    mkdirSync(join(disk, 'home'));
    await expect(teacher({ dir: join(disk, 'home', 'learning') }).teach()).rejects.toThrow(
      /disk: \d+ MB free, \d+ MB are needed/,
    );
  }
  expect(ids()).toEqual(before);
  expect(brains.begin(9)).toEqual([]);
  expect(sha256(readFileSync(join(ROOT, 'assets', 'brains', 'guard.safetensors')))).toEqual(
    sha256(brains.active('guard').file),
  );
}, 120_000);

test('a brain that was put back by hand stays for a day, and too little play teaches nothing', async () => {
  await brains.appoint('guard', 8, untrainedBrain('guard', 5), { why: 'learned', tale: null, scores: null });
  brains.begin(8);
  await brains.rollback('guard', 9);
  brains.begin(9);
  const one = teacher({ least: 1_000_000 });
  expect(await one.teach()).toBeNull();
  expect(one.status.last).toMatch(/too little was played: \d+ decisions, 1000000 are enough/);
  const roles = (await (
    one as unknown as { rolesAfter(last: string, epoch: number): Promise<string[]> }
  ).rolesAfter('raider', 3)) as string[];
  expect(roles).toEqual(['trader', 'forager', 'raider']);
});
