import { Client, Protocol } from '@colyseus/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import { CLOSE, PROTOCOL } from '#shared/protocol/index.ts';
import { removeHomes } from '../testing/homes.ts';
import { newGuest, TestPlayer, until } from '../testing/player.ts';
import { type SpawnedServer, spawnServer } from '../testing/server.ts';

let server: SpawnedServer;

beforeAll(async () => {
  server = await spawnServer();
}, 90_000);
afterAll(async () => {
  await server?.kill();
  removeHomes();
});

async function status(): Promise<{ tick: number; players: number; saving: boolean }> {
  return (await fetch(`${server.url}/api/status`)).json() as Promise<{
    tick: number;
    players: number;
    saving: boolean;
  }>;
}

test('a guest joins, sees the surroundings, walks, and the walk is acknowledged', async () => {
  const player = await TestPlayer.join(server.url);
  expect(player.welcome).toMatchObject({ map: 'hollow.json', zone: 'The Hollow' });
  await until('people', () =>
    [...player.room.state.people.values()].some((p) => p.slot === player.welcome?.slot),
  );
  const before = player.view?.self;
  if (!before) throw new Error('no view');
  // One of the eight directions is free; try each for a moment.
  let moved = false;
  for (let action = 1; action <= 8 && !moved; action++) {
    const seq = player.act(action);
    await until('the ack', () => (player.view?.ack ?? 0) >= seq);
    await until('a few ticks', () => (player.view?.tick ?? 0) > (player.view?.ackTick ?? 0) + 5);
    moved = player.view?.self.x !== before.x || player.view?.self.y !== before.y;
  }
  expect(moved).toBe(true);
  await player.leave();
  await until('leaving', async () => (await status()).players === 0, 20_000, 200);
});

test('two players see one another, and what one says reaches the other without unwanted words', async () => {
  const [one, two] = await Promise.all([TestPlayer.join(server.url), TestPlayer.join(server.url)]);
  await until('each other', () => one.view?.agents.some((a) => a.slot === two.welcome?.slot) ?? false);
  one.send('chat', { text: '  hello you f0cking and you fuck  ' });
  await until('the chat', () => two.chat.length > 0);
  expect(two.chat[0]).toMatchObject({ slot: one.welcome?.slot, name: one.welcome?.name });
  expect(two.chat[0].text).toBe('hello you f0cking and you ****');
  one.send('rename', { name: 'Ada Lovelace' });
  one.send('look', { look: 3 });
  await until('the new name', () =>
    [...two.room.state.people.values()].some((p) => p.name === 'Ada Lovelace' && p.look === 3),
  );
  one.send('rename', { name: 'F.u.c.k' });
  await until('a refusal', () => one.refused.length > 0);
  expect(one.refused[0]).toMatchObject({ message: 'rename', reason: expect.stringContaining('name') });
  await Promise.all([one.leave(), two.leave()]);
});

test.each([
  ['act', { seq: 1, action: 99 }, 'action'],
  ['act', { seq: 'a', action: 1 }, 'seq'],
  ['act', { seq: 1, action: 1, x: 5 }, 'x'],
  ['chat', { text: '' }, 'text'],
  ['fly', { high: true }, 'unknown'],
  ['chat', { text: 'x'.repeat(3000) }, `at most ${PROTOCOL.messageBytes}`],
])('a bad %s is refused by name and the world goes on', async (type, payload, names) => {
  const player = await TestPlayer.join(server.url);
  player.send(type, payload);
  await until('a refusal', () => player.refused.length > 0);
  expect(player.refused[0].reason).toContain(names);
  const { tick } = await status();
  await until('the world to go on', async () => (await status()).tick > tick + 2, 20_000, 100);
  const seq = player.act(0);
  await until('the ack', () => player.view?.ack === seq);
  await player.leave();
});

test('frames that are no messages are refused, and a flood ends the connection but not the world', async () => {
  const [calm, wild] = await Promise.all([TestPlayer.join(server.url), TestPlayer.join(server.url)]);
  const socket = wild.room.connection as unknown as { send(bytes: Uint8Array): void };
  for (const bytes of [
    [13],
    [13, 0xa3, 97],
    [13, 0xa3, 97, 99, 116, 0xc1],
    [255, 1, 2],
    [21, 0, 1],
    [17, 1],
    [0],
  ])
    socket.send(Uint8Array.from(bytes));
  await until('refusals', () => wild.refused.length >= 5);
  for (let i = 0; i < 2000; i++) wild.act(i % 9);
  await until('the end of the flood', () => wild.closed !== null);
  const seq = calm.act(0);
  await until('the ack', () => calm.view?.ack === seq);
  expect(calm.closed).toBeNull();
  await calm.leave();
});

test.each([
  ['pings', Protocol.PING, 'messages: at most 40 a second'],
  ['joins', Protocol.JOIN_ROOM, 'message: only named messages are read here'],
])('a flood of %s ends the connection', async (_what, code, why) => {
  const wild = await TestPlayer.join(server.url);
  const socket = wild.room.connection as unknown as { send(bytes: Uint8Array): void };
  for (let i = 0; i < 400; i++) socket.send(Uint8Array.of(code));
  await until('the end of the flood', () => wild.closed !== null);
  expect(wild.closed).toBe(CLOSE.expelled);
  expect(wild.refused[0].reason).toBe(why);
});

test('who changes name or look again and again is refused, and keeps the last that was taken', async () => {
  const player = await TestPlayer.join(server.url);
  const shown = () => [...player.room.state.people.values()].find((one) => one.slot === player.welcome?.slot);
  for (let i = 1; i <= 12; i++) {
    player.send('rename', { name: `Ada ${i}` });
    player.send('look', { look: i % 8 });
  }
  await until('refusals', () => player.refused.length === 4);
  expect(player.refused.map(({ message, reason }) => `${message} ${reason}`)).toEqual([
    'rename rename: at most 20 changes a minute',
    'look look: at most 20 changes a minute',
    'rename rename: at most 20 changes a minute',
    'look look: at most 20 changes a minute',
  ]);
  await until('the last that was taken', () => shown()?.name === 'Ada 10' && shown()?.look === 2);
  await player.leave();
});

test('a frame beyond the limit of the socket ends that connection alone', async () => {
  const [calm, wild] = await Promise.all([TestPlayer.join(server.url), TestPlayer.join(server.url)]);
  (wild.room.connection as unknown as { send(bytes: Uint8Array): void }).send(
    new Uint8Array(100_000).fill(13),
  );
  await until('the end', () => wild.closed !== null);
  const seq = calm.act(0);
  await until('the ack', () => calm.view?.ack === seq);
  await calm.leave();
});

test.each([
  [{ version: PROTOCOL.version }, 'token'],
  [{ token: 'x'.repeat(43), version: PROTOCOL.version }, 'token: opens no identity here'],
  [{ token: 'x'.repeat(43), version: 99 }, 'version'],
  [{ token: 5, version: PROTOCOL.version }, 'token'],
])('joining with %j is refused', async (options, why) => {
  const client = new Client(server.url.replace(/^http/, 'ws'));
  await expect(client.joinOrCreate(PROTOCOL.room, options)).rejects.toThrow(why);
});

test('nobody makes a second room, nor gets in without a seat', async () => {
  const { token } = await newGuest(server.url);
  const client = new Client(server.url.replace(/^http/, 'ws'));
  const options = { token, version: PROTOCOL.version };
  await expect(client.create(PROTOCOL.room, options)).rejects.toThrow(/only/);
  await expect(client.joinOrCreate('other', options)).rejects.toThrow(/only/);
  const socket = new WebSocket(`${server.url.replace(/^http/, 'ws')}/process/room?sessionId=guess`);
  const code = await new Promise((resolve) => socket.once('close', resolve));
  expect(code).toBeGreaterThanOrEqual(1000);
  expect((await status()).players).toBe(0);
});

test('the newer connection of a player takes over', async () => {
  const first = await TestPlayer.join(server.url);
  const second = await TestPlayer.join(server.url, first.token);
  await until('the end of the first', () => first.closed !== null);
  expect(first.closed).toBe(4401);
  expect(second.welcome?.slot).toBe(first.welcome?.slot);
  const seq = second.act(0);
  await until('the ack', () => second.view?.ack === seq);
  expect((await status()).players).toBe(1);
  await second.leave();
});

test('an intent whose number does not rise is refused', async () => {
  const player = await TestPlayer.join(server.url);
  player.send('act', { seq: 7, action: 0 });
  player.send('act', { seq: 7, action: 1 });
  await until('a refusal', () => player.refused.length > 0);
  expect(player.refused[0]).toEqual({ message: 'act', reason: 'seq: 7, must be above 7' });
  await player.leave();
});
