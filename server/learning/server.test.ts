import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { brainId, decodeBrain } from '#shared/brain/file.ts';
import type { HttpApi } from '#shared/protocol/index.ts';
import { ROOT } from '../config.ts';
import { readDoor } from '../http/door.ts';
import { addTerm } from '../store/brains.ts';
import { Store } from '../store/store.ts';
import { untrainedBrain } from '../testing/brains.ts';
import { preparedHome } from '../testing/homes.ts';
import { newGuest, TestPlayer, until } from '../testing/player.ts';
import { serversOfCases } from '../testing/servers.ts';

const start = serversOfCases();

/** `npm run symbiont -- brains …` on a home. */
async function cli(home: string, ...args: string[]): Promise<{ code: number; out: string }> {
  const command = ['--import', 'tsx', 'ml/cli.ts', 'brains', ...args];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, command, {
      cwd: ROOT,
      env: { ...process.env, SYMBIONT_HOME: home },
    });
    return { code: 0, out: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout + stderr };
  }
}

test('players see, take along, delete and stop what is learnt from them', async () => {
  const home = await preparedHome();
  const server = await start({ home });
  const { token } = await newGuest(server.url);
  const ask = async <T>(method: string, path = '', body?: object, headers = {}) => {
    const answer = await fetch(`${server.url}/api/me/learning${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: body && JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as T };
  };
  const card = await ask<HttpApi['GET /api/me/learning']>('GET');
  expect(card.status).toBe(200);
  expect(card.body).toMatchObject({ allowed: true, epochs: 0, decisions: 0, keptHours: 24 });
  expect(card.body.pseudonym).toMatch(/^[0-9a-f]{32}$/);
  expect((await ask('GET', '', undefined, { authorization: 'Bearer x' })).status).toBe(401);
  for (const [body, field] of [
    [{ allowed: 'no' }, 'allowed'],
    [{}, 'allowed'],
    [{ allowed: true, more: 1 }, 'body'],
  ] as const)
    expect(await ask('PUT', '', body)).toMatchObject({ status: 400, body: { error: { field } } });

  // They are told on joining, in one sentence; who has said no is not asked again.
  let player = await TestPlayer.join(server.url, token);
  await until('the sentence', () => player.notices.some(({ text }) => /learn from how you play/.test(text)));
  await player.leave();
  expect((await ask('PUT', '', { allowed: false })).body).toMatchObject({ allowed: false });
  player = await TestPlayer.join(server.url, token);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(player.notices).toEqual([]);
  await server.kill();
  const again = await start({ home });
  const kept = await fetch(`${again.url}/api/me/learning`, { headers: { authorization: `Bearer ${token}` } });
  expect(await kept.json()).toMatchObject({ allowed: false, pseudonym: card.body.pseudonym });
  expect((await fetch(`${again.url}/api/chronicle`).then((r) => r.json())) as object).toEqual({ tales: [] });
  const headers = { authorization: `Bearer ${token}` };
  const exported = await fetch(`${again.url}/api/me/learning/export`, { headers });
  expect(exported.headers.get('content-disposition')).toContain('learning.json');
  expect(await exported.json()).toEqual({ pseudonym: card.body.pseudonym, epochs: [] });
  const deleted = await fetch(`${again.url}/api/me/learning`, { method: 'DELETE', headers });
  expect(await deleted.json()).toEqual({ deleted: 0, words: 0 });
  // A key, not a number: exports cost the server work.
  const many = await Promise.all(
    Array.from({ length: 5 }, () => fetch(`${again.url}/api/me/learning/export`, { headers })),
  );
  expect(many.map(({ status }) => status)).toContain(429);
}, 120_000);

test('brains are listed and put back by one command: on a running server, on a stopped one, and across kill -9', async () => {
  const home = await preparedHome();
  let server = await start({ home });
  const door = readDoor(home);
  if (!door) throw new Error('there is no door');
  expect(statSync(join(home, 'door')).mode & 0o777).toBe(0o600);
  const knock = (headers: Record<string, string>) => fetch(`${server.url}/api/door/brains`, { headers });
  expect((await knock({})).status).toBe(401);
  expect((await knock({ authorization: `Bearer ${'x'.repeat(43)}` })).status).toBe(401);
  const right = { authorization: `Bearer ${door.token}` };
  expect((await knock({ ...right, 'x-forwarded-for': '8.8.8.8' })).status).toBe(403);
  expect(await (await knock(right)).json()).toMatchObject({ learning: { running: false, last: 'none yet' } });
  expect(await cli(home)).toMatchObject({ code: 0, out: expect.stringMatching(/active {2}raider .* given/) });
  expect(await cli(home, 'rollback', 'raider')).toMatchObject({
    code: 1,
    out: expect.stringContaining('raider: its brain was given; there is no earlier one'),
  });
  expect(await cli(home, 'rollback', 'dragon')).toMatchObject({
    code: 1,
    out: expect.stringContaining('role: must be one of forager, raider, guard, trader'),
  });
  expect((await cli(home, 'rollback')).code).toBe(2);
  await server.kill();

  // What a lesson writes, on the stopped world.
  const file = untrainedBrain('raider', 41);
  const given = brainId(untrainedBrain('raider'));
  const learned = decodeBrain(file).id;
  const store = await Store.open({ dir: join(home, 'db'), url: null });
  const brain = { id: learned, file, parent: given, scores: null };
  await addTerm(
    store,
    {
      zone: 1,
      role: 'raider',
      since: 0,
      why: 'learned',
      tale: 'The raiders of the Hollow have learned.',
      brain,
    },
    true,
  );
  // It took the place of the given brain's term in the same epoch, which must not be taken for a change of files.
  await addTerm(
    store,
    {
      zone: 1,
      role: 'raider',
      since: -1,
      why: 'given',
      tale: null,
      brain: { ...brain, id: given, parent: null },
    },
    false,
  );
  await store.close();

  server = await start({ home });
  const listed = async () =>
    JSON.parse((await cli(home, '--json')).out) as {
      brains: { id: string; state: string; role: string; why: string }[];
    };
  const raiders = async () => (await listed()).brains.filter((one) => one.role === 'raider');
  expect(await raiders()).toMatchObject([
    { id: given, state: 'past' },
    { id: learned, state: 'active' },
  ]);
  const chronicle = (await (
    await fetch(`${server.url}/api/chronicle`)
  ).json()) as HttpApi['GET /api/chronicle'];
  expect(chronicle.tales).toMatchObject([{ role: 'raider', brain: learned }]);
  expect((await fetch(`${server.url}/api/brains/${learned}`)).status).toBe(200);
  expect(await cli(home, 'rollback', 'raider')).toMatchObject({
    code: 0,
    out: expect.stringContaining('raider: brain'),
  });
  await server.kill();

  // Written before it happened: whatever was cut off, there is exactly one brain now and one to come.
  expect(existsSync(join(home, 'door'))).toBe(true);
  expect((await raiders()).map(({ id, state, why }) => [id, state, why])).toEqual([
    [given, 'past', 'given'],
    [learned, 'active', 'learned'],
    [given, 'next', 'rollback'],
  ]);
  // No server runs: the database itself is changed, from the next tick on.
  expect(await cli(home, 'rollback', 'raider')).toMatchObject({
    code: 0,
    out: expect.stringContaining('(the server is stopped)'),
  });
  server = await start({ home });
  expect((await raiders()).find((one) => one.state === 'active')).toMatchObject({
    id: given,
    why: 'rollback',
  });
  // The brain that decided before is still there for whoever judges it.
  expect((await fetch(`${server.url}/api/brains/${learned}`)).status).toBe(200);
}, 180_000);
