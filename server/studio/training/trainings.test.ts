import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { type StudioTraining, TRAINING, TrainingOrder } from '#shared/protocol/training.ts';
import { loadArtFile } from '../../load.ts';
import { removeHomes, temporaryHome } from '../../testing/homes.ts';
import { until } from '../../testing/player.ts';
import { orderOf, roundOnes, trainedHere } from '../../testing/training.ts';
import { checkpointBytes, checkpointOf, FILES, readJob, writeJob } from './job.ts';
import { Trainings, type TrainingsOptions } from './trainings.ts';

const LONG = { steps: 4_000 };
let opened: Trainings[] = [];

afterEach(async () => {
  await Promise.all(opened.map((one) => one.stop()));
  opened = [];
  removeHomes();
});

function trainings(dir: string, change: Partial<TrainingsOptions> = {}): Trainings {
  const one = new Trainings({
    dir,
    ...{ base: loadArtFile(), queue: 2, minutes: 5, days: 7, memoryMb: 1024 },
    strain: () => 0,
    log: () => {},
    ...change,
  });
  one.start();
  opened.push(one);
  return one;
}

const place = () => join(temporaryHome(), 'trainings');
const reached = (one: Trainings, owner: string, id: string, is: (job: StudioTraining) => boolean) =>
  until(`training ${id}`, async () => is(one.one(owner, id)), 150_000, 50);

describe('an order', () => {
  const good = orderOf();
  const cases: [string, object, RegExp][] = [
    ['a size of 48', { size: 48 }, /size: must be 32 or 64/],
    ['no steps', { steps: 0 }, /steps: must be a whole number from 1 to 4000/],
    ['too many steps', { steps: 4_001 }, /steps: must be/],
    ['a negative seed', { seed: -1 }, /seed: must be/],
    ['no name', { name: '' }, /name: must be 1 to 64/],
    ['a name of two lines', { name: 'a\nb' }, /name: must be/],
    ['a licence of two words', { licence: 'two words' }, /licence: must be an SPDX/],
    ['a base that is no hash', { base: 'FF' }, /base: must be 64 lowercase/],
    ['too few pictures', { pictures: 19 }, /pictures: must be a whole number from 20 to 400/],
    ['too many pictures', { pictures: 401 }, /pictures: must be/],
    ['roles that are no base64', { roles: 'ü' }, /roles: must be base64/],
    ['roles cut off', { roles: good.roles.slice(4) }, /roles: must be 10240 bytes .* are 10237/],
    ['fewer roles than pictures', { pictures: 21 }, /roles: must be 10752 bytes/],
    ['roles of another size', { size: 64 }, /roles: must be 40960 bytes/],
    ['what is not known', { more: 1 }, /more/],
  ];
  test.each(cases)('with %s is refused by name', (_, change, message) => {
    const result = TrainingOrder.safeParse({ ...good, ...change });
    const { path, message: said } = result.error!.issues[0];
    expect(`${path.join('.')}: ${said}`).toMatch(message);
  });

  test('of the most pictures there may be fits into a body', () => {
    const largest = { ...orderOf({ size: 64, pictures: TRAINING.most }), name: 'x'.repeat(64) };
    expect(JSON.stringify(largest).length).toBeLessThan(TRAINING.bodyBytes);
    expect(TrainingOrder.safeParse(largest).success).toBe(true);
  });

  test('that cannot be learnt from, or by another base, is refused and leaves nothing', () => {
    const dir = place();
    const one = trainings(dir);
    const pictures = roundOnes(32);
    const packed = (roles: Uint8Array) => {
      const all = Buffer.from(good.roles, 'base64');
      for (let p = 0; p < 1024; p += 2) all[3 * 512 + p / 2] = roles[p] | (roles[p + 1] << 4);
      return { ...good, roles: all.toString('base64') };
    };
    expect(() => one.order('a', packed(new Uint8Array(1024)))).toThrow('at least 16 filled pixels, has 0');
    expect(() => one.order('a', packed(pictures[3].map((role) => role && 3)))).toThrow('at least 2 roles');
    expect(() => one.order('a', { ...good, base: '0'.repeat(64) })).toThrow('must be the world’s own model');
    expect(() => trainings(place(), { queue: 0 }).order('a', good)).toThrow('trains nothing');
    expect(readdirSync(dir)).toEqual([]);
    expect(one.list('a').trainings).toEqual([]);
  });
});

test('comes to the bytes that the same trainer comes to elsewhere, and keeps no pictures then', async () => {
  const dir = place();
  const one = trainings(dir);
  const order = orderOf();
  const { id, state } = one.order('a', order);
  expect(state).toBe('training');
  expect(existsSync(join(dir, id, FILES.roles))).toBe(true);
  expect(() => one.model('a', id)).toThrow('is not done yet');
  expect(() => one.one('b', id)).toThrow('no such training');
  expect(() => one.drop('b', id)).toThrow('no such training');
  await reached(one, 'a', id, (job) => job.state === 'done');
  const file = new Uint8Array(one.model('a', id));
  expect(Buffer.from(file).equals(Buffer.from(await trainedHere(order)))).toBe(true);
  expect(readdirSync(join(dir, id)).sort()).toEqual([FILES.job, FILES.model].sort());
  expect(one.one('a', id)).toMatchObject({ step: 60, saved: 60, problem: null, held: false, ahead: 0 });
  expect(one.list('b').stepMs[32]).toBeGreaterThan(0);
  // A server that starts anew has it still; a new order takes its place.
  await one.stop();
  const next = trainings(dir);
  expect(next.one('a', id)).toMatchObject({ state: 'done', step: 60 });
  const other = next.order('a', orderOf(LONG));
  expect(next.list('a').trainings.map((job) => job.id)).toEqual([other.id]);
  expect(existsSync(join(dir, id))).toBe(false);
}, 300_000);

test('waits for its turn, one a creator; is paused, gone on with and deleted', async () => {
  const dir = place();
  const one = trainings(dir);
  const first = one.order('a', orderOf(LONG));
  const second = one.order('b', orderOf(LONG));
  expect([first.state, second.state, second.ahead]).toEqual(['training', 'queued', 1]);
  expect(() => one.order('b', orderOf())).toThrow('one of yours is queued here');
  expect(() => one.order('c', orderOf())).toThrow('2 wait here, which is the limit');
  expect(one.list('c')).toMatchObject({ waiting: 2, trainings: [] });
  await reached(one, 'a', first.id, (job) => job.step > 3 && job.perSecond !== null);
  expect(one.pause('a', first.id).state).toBe('paused');
  expect(() => one.pause('a', first.id)).toThrow('is paused');
  // What it learnt is kept, and the other's turn has come.
  await reached(one, 'b', second.id, (job) => job.state === 'training');
  const { saved } = one.one('a', first.id);
  expect(saved).toBeGreaterThan(3);
  expect(one.resume('a', first.id)).toMatchObject({ state: 'queued', ahead: 1 });
  expect(() => one.resume('a', first.id)).toThrow('is queued');
  one.drop('b', second.id);
  await until('its directory', async () => !existsSync(join(dir, second.id)), 60_000, 20);
  await reached(one, 'a', first.id, (job) => job.state === 'training' && job.step > saved);
  one.drop('a', first.id);
  await until('nothing', async () => readdirSync(dir).every((name) => name === 'speeds.json'), 60_000, 20);
  expect(one.list('a').trainings).toEqual([]);
}, 300_000);

test('shows what it draws, and stands still while the world needs the processor', async () => {
  let strain = 0;
  const dir = place();
  const one = trainings(dir, { strain: () => strain });
  const { id } = one.order('a', orderOf(LONG));
  await reached(one, 'a', id, (job) => job.step > 2);
  await until('a preview', async () => existsSync(join(dir, id, FILES.preview)), 120_000, 50);
  expect(gunzipSync(one.preview('a', id)).length).toBe(20 * 32 * 32 * 4);
  strain = 0.6;
  await reached(one, 'a', id, (job) => job.held);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const { step } = one.one('a', id);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(one.one('a', id).step).toBe(step);
  // Not for ever, though the world stays slow.
  await reached(one, 'a', id, (job) => job.step > step);
  strain = 0.1;
  const { step: later } = one.one('a', id);
  await reached(one, 'a', id, (job) => !job.held && job.step > later);
}, 300_000);

test('one that takes too long, or too much, fails with the reason, and the next begins', async () => {
  const one = trainings(place(), { minutes: 0.05 });
  const { id } = one.order('a', orderOf(LONG));
  const next = one.order('b', orderOf({ steps: 1 }));
  await reached(one, 'a', id, (job) => job.state === 'failed');
  expect(one.one('a', id).problem).toBe('took longer than 0.05 minutes');
  await reached(one, 'b', next.id, (job) => job.state !== 'queued');
  const small = trainings(place(), { memoryMb: 64 });
  const much = small.order('a', orderOf(LONG));
  await reached(small, 'a', much.id, (job) => job.state === 'failed');
  expect(small.one('a', much.id).problem).toMatch(/memory|the trainer ended/);
}, 300_000);

test('what is broken on the disk is told or forgotten, and what is old is dropped', async () => {
  const dir = place();
  const one = trainings(dir, { queue: 4 });
  const kept = ['a', 'b', 'c'].map((owner) => one.order(owner, orderOf(LONG)).id);
  for (const [i, owner] of ['a', 'b', 'c'].entries()) one.pause(owner, kept[i]);
  await until(
    'the trainer has ended',
    async () => existsSync(join(dir, kept[0], FILES.checkpoint)),
    120_000,
    50,
  );
  await one.stop();
  // A job handed in by half; a broken checkpoint; one that nobody touched for a week.
  mkdirSync(join(dir, 'd'.repeat(32)));
  writeFileSync(join(dir, kept[0], FILES.checkpoint), 'broken');
  const old = readJob(join(dir, kept[1]))!;
  writeJob(join(dir, kept[1]), { ...old, updated: Date.now() - 8 * 86_400_000 });
  const next = trainings(dir);
  expect(existsSync(join(dir, 'd'.repeat(32)))).toBe(false);
  expect(() => next.one('b', kept[1])).toThrow('no such training');
  expect(existsSync(join(dir, kept[1]))).toBe(false);
  expect(next.one('c', kept[2]).state).toBe('paused');
  next.resume('a', kept[0]);
  await reached(next, 'a', kept[0], (job) => job.state === 'failed');
  expect(next.one('a', kept[0]).problem).toMatch(/checkpoint|JSON/);
}, 300_000);

test('a checkpoint is read back as it was, and not when it is cut off', () => {
  const saved = { step: 3, seconds: 1.5, losses: [2, 1.25], bytes: Uint8Array.of(1, 2, 3) };
  const file = checkpointBytes(saved);
  expect(checkpointOf(file)).toEqual(saved);
  for (const length of [0, 3, 20]) expect(() => checkpointOf(file.subarray(0, length))).toThrow();
});
