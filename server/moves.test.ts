import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection, PublicKey } from '@solana/web3.js';
import { describe, expect, test } from 'vitest';
import { CLOSE, type HttpApi } from '#shared/protocol/index.ts';
import { decodeAsset, decodeSymbiont, symbiontAddress } from '../programs/client/index.ts';
import { loadTerrain } from './load.ts';
import { preparedHome } from './testing/homes.ts';
import { TestPlayer, until } from './testing/player.ts';
import type { SpawnedServer } from './testing/server.ts';
import { serversOfCases, sharedServer } from './testing/servers.ts';
import { okay, refusal, TestWallet } from './testing/wallet.ts';

type Me = HttpApi['GET /api/me'];

const terrain = loadTerrain('hollow.json');
const start = serversOfCases();

/** One good gathered makes a sprout, many more a young one. */
function eagerRule(home: string): Record<string, string> {
  const none = [0, 0, 0, 0, 0, 0, 0, 0];
  const gathers = [1, 0, 0, 0, 0, 0, 0, 0];
  const rule = {
    steps: [1, 12, 1_000_000].map((minimum) => ({ thresholds: none, weights: gathers, minimum })),
    branchStage: 1,
    branches: [gathers, none, none, none],
  };
  writeFileSync(join(home, 'rule.json'), JSON.stringify(rule));
  return { GROWTH_RULE: join(home, 'rule.json') };
}

const meOf = async (wallet: TestWallet): Promise<Me> => okay<Me>(await wallet.as('GET', '/api/me'));

async function ownerOf(server: SpawnedServer, address: string): Promise<string> {
  const asset = new PublicKey(address);
  const account = await new Connection(`${server.url}/rpc`, 'confirmed').getAccountInfo(asset);
  return decodeAsset(asset, account?.data as Buffer).owner.toBase58();
}

async function giveConsent(wallet: TestWallet, consent: boolean): Promise<void> {
  const { transaction } = await okay<{ transaction: string }>(
    await wallet.as('POST', '/api/me/consent/ask', { consent }),
  );
  const signed = wallet.signTransaction(Buffer.from(transaction, 'base64'));
  await okay(
    await wallet.as('POST', '/api/me/consent', { transaction: Buffer.from(signed).toString('base64') }),
  );
  await until(
    `consent ${consent}`,
    async () => (await meOf(wallet)).symbiont?.consent === consent,
    30_000,
    200,
  );
}

test('kill -9 in the middle of a move: everything is in the wallet, moved exactly once, and grows by its consent', async () => {
  const home = await preparedHome();
  const env = eagerRule(home);
  let server = await start({ home, env });
  const { port } = new URL(server.url);
  const again = async () => {
    await server.kill();
    server = await start({ home, env: { ...env, PORT: port } });
  };
  let player = await TestPlayer.join(server.url);
  await until('hatching', () => player.card?.state === 'settled', 30_000);
  await until(
    'the first deed',
    () => {
      player.forage(terrain);
      return player.card?.version === 1;
    },
    // An epoch has to end first, and to be published.
    90_000,
  );
  const { token, welcome } = player;
  const asset = player.card?.asset as string;
  const deeds = player.deeds?.counters as number[];

  const wallet = new TestWallet(server.url);
  const moved = await wallet.signIn(token);
  expect(moved.id).toBe(welcome?.id);
  await until('the guest’s connection ends', () => player.closed === CLOSE.signedOut);
  await again();
  for (const ms of [100, 700]) {
    await new Promise((resolve) => setTimeout(resolve, ms));
    await again();
  }
  await until('the move', async () => (await meOf(wallet)).symbiont?.held === 'wallet', 40_000, 200);
  expect(await ownerOf(server, asset)).toBe(wallet.address);
  const connection = new Connection(`${server.url}/rpc`, 'confirmed');
  const transactions = await connection.getSignaturesForAddress(new PublicKey(asset));
  expect(transactions.filter((t) => t.err === null)).toHaveLength(3); // minted, grown, moved
  expect(transactions.filter((t) => t.err !== null)).toHaveLength(0);

  const me = await meOf(wallet);
  expect(me).toMatchObject({ id: welcome?.id, name: welcome?.name, address: wallet.address, wallet: true });
  expect(me.symbiont).toMatchObject({ asset, version: 1, held: 'wallet', consent: false, state: 'settled' });
  await expect(TestPlayer.join(server.url, token)).rejects.toThrow(/token/);

  // The same place in the world, with the deeds; what it earns now waits for the wallet's word.
  player = await TestPlayer.join(server.url, wallet.join());
  expect(player.welcome).toMatchObject({ id: welcome?.id, name: welcome?.name, address: wallet.address });
  for (let i = 0; i < 8; i++) expect(player.deeds?.counters[i]).toBeGreaterThanOrEqual(deeds[i]);
  await until(
    'more deeds',
    () => {
      player.forage(terrain);
      return (player.deeds?.counters[0] ?? 0) >= 12;
    },
    60_000,
  );
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect((await meOf(wallet)).symbiont).toMatchObject({ version: 1, state: 'settled' });
  await giveConsent(wallet, true);
  await until('it grows', async () => (await meOf(wallet)).symbiont?.version === 2, 90_000, 200);
  const state = await connection.getAccountInfo(symbiontAddress(new PublicKey(asset)));
  const onChain = decodeSymbiont(state?.data as Buffer);
  expect(onChain).toMatchObject({ version: 2n, stage: 2 });
  expect(onChain.consent?.toBase58()).toBe(wallet.address);
  await giveConsent(wallet, false);
  await player.leave();
}, 360_000);

describe('on one server', () => {
  const shared = sharedServer();

  test('stolen tokens and keys, sign-out everywhere, two tabs, and a wallet that begins here', async () => {
    const server = shared();
    const wallet = new TestWallet(server.url);
    const { id } = await wallet.signIn();
    const player = await TestPlayer.join(server.url, wallet.join());
    expect(player.welcome).toMatchObject({ id, address: wallet.address });

    // What hatches belongs to the wallet from the first, without a consent that nobody gave.
    await until('hatching', () => player.card?.state === 'settled', 30_000);
    expect(player.card).toMatchObject({ held: 'wallet', consent: false });
    expect(await ownerOf(server, player.card?.asset as string)).toBe(wallet.address);

    // A token without its key, with another's, or with a proof for something else opens nothing.
    const thief = new TestWallet(server.url);
    thief.token = wallet.token;
    expect(await refusal(await thief.as('GET', '/api/me'))).toMatchObject({ status: 401, field: 'proof' });
    expect(await refusal(await wallet.as('GET', '/api/me', undefined, ''))).toMatchObject({
      status: 401,
      field: 'proof',
    });
    const proof = wallet.proof('GET /api/me');
    expect((await wallet.as('GET', '/api/me', undefined, proof)).status).toBe(200);
    expect(await refusal(await wallet.as('GET', '/api/me', undefined, proof))).toMatchObject({
      field: 'proof',
    });
    await expect(TestPlayer.join(server.url, thief.join())).rejects.toThrow(/proof/);
    await expect(TestPlayer.join(server.url, wallet.token)).rejects.toThrow(/proof/);
    await expect(TestPlayer.join(server.url, wallet.join(wallet.proof('GET /api/me')))).rejects.toThrow(
      /proof/,
    );
    expect(await refusal(await wallet.as('POST', '/api/me/export'))).toMatchObject({
      status: 403,
      field: 'session',
    });

    // A consent that is not the one given out, or not signed by the wallet, is not sent.
    const { transaction } = await okay<{ transaction: string }>(
      await wallet.as('POST', '/api/me/consent/ask', { consent: true }),
    );
    const consent = async (bytes: string) =>
      refusal(await wallet.as('POST', '/api/me/consent', { transaction: bytes }));
    expect(await consent(transaction)).toMatchObject({ status: 409, field: 'transaction' });
    const other = new TestWallet(server.url);
    await other.signIn();
    const foreign = await other.as('POST', '/api/me/consent', { transaction });
    expect(await refusal(foreign)).toMatchObject({ status: 409, field: 'symbiont' });
    const bytes = Buffer.from(transaction, 'base64');
    bytes[bytes.length - 1] ^= 1; // consent withheld where it was given
    const signed = Buffer.from(wallet.signTransaction(bytes)).toString('base64');
    expect(await consent(signed)).toMatchObject({ status: 409, field: 'transaction' });

    // A second tab takes the place over; signing out everywhere ends both ways in, here and on the next join.
    const tab = new TestWallet(server.url);
    Object.defineProperty(tab, 'keypair', { value: wallet.keypair });
    expect((await tab.signIn()).id).toBe(id);
    const second = await TestPlayer.join(server.url, tab.join());
    await until('the first tab is replaced', () => player.closed === CLOSE.replaced);
    const out = await okay<{ ended: number }>(await wallet.as('POST', '/api/me/sign-out-everywhere'));
    expect(out.ended).toBe(2);
    await until('the second tab goes', () => second.closed === CLOSE.signedOut);
    for (const one of [wallet, tab]) {
      expect(await refusal(await one.as('GET', '/api/me'))).toMatchObject({
        status: 401,
        field: 'authorization',
      });
      await expect(TestPlayer.join(server.url, one.join())).rejects.toThrow(/token/);
    }
    await tab.signIn();
    expect(await okay(await tab.as('POST', '/api/me/sign-out'))).toEqual({ ended: 1 });
    expect((await tab.as('GET', '/api/me')).status).toBe(401);

    // A guest that moves before its symbiont is minted: the asset follows as soon as it is there.
    const hasty = await TestPlayer.join(server.url);
    await until('an egg', () => hasty.card !== null);
    const nest = new TestWallet(server.url);
    await nest.signIn(hasty.token);
    await until('the move', async () => (await meOf(nest)).symbiont?.held === 'wallet', 30_000, 200);
    expect(await ownerOf(server, (await meOf(nest)).symbiont?.asset as string)).toBe(nest.address);
  }, 120_000);

  // The last one: it spends all the sign-ins that an address has.
  test('malformed and foreign requests are named and change nothing', async () => {
    const server = shared();
    const wallet = new TestWallet(server.url);
    const cases: [string, object, Record<string, string>, number, string][] = [
      ['/api/siws/nonce', {}, {}, 400, 'purpose'],
      ['/api/siws/nonce', { purpose: 'enter', key: 'xyz' }, {}, 400, 'key'],
      ['/api/siws/nonce', { purpose: 'move', key: wallet.sessionKey }, {}, 401, 'authorization'],
      [
        '/api/siws/nonce',
        { purpose: 'enter', key: wallet.sessionKey },
        { origin: 'http://evil.example' },
        403,
        'domain',
      ],
      ['/api/siws/memo', { nonce: '0'.repeat(32), address: wallet.address }, {}, 400, 'nonce'],
      ['/api/siws/memo', { nonce: '0', address: wallet.address }, {}, 400, 'nonce'],
      ['/api/siws/verify', { address: wallet.address }, {}, 400, 'body'],
      ['/api/siws/verify', { address: wallet.address, message: '***', signature: '' }, {}, 400, 'message'],
      [
        '/api/siws/verify',
        { address: wallet.address, transaction: 'A'.repeat(2404) },
        {},
        400,
        'transaction',
      ],
      ['/api/siws/verify', { address: wallet.address, transaction: 'A'.repeat(5000) }, {}, 413, 'body'],
      ['/api/siws/verify', { address: wallet.address, transaction: 'AAAA' }, {}, 400, 'transaction'],
      ['/api/me/sign-out-everywhere', {}, {}, 401, 'authorization'],
      ['/api/me/consent/ask', { consent: true }, {}, 401, 'authorization'],
    ];
    for (const [path, body, headers, status, field] of cases)
      expect(await refusal(await wallet.post(path, body, headers)), path).toMatchObject({ status, field });
    const guest = await okay<{ token: string }>(await wallet.post('/api/guest', {}));
    const bearer = { authorization: `Bearer ${guest.token}` };
    for (const path of ['/api/me/sign-out', '/api/me/sign-out-everywhere', '/api/me/consent/ask'])
      expect(await refusal(await wallet.post(path, { consent: true }, bearer))).toMatchObject({
        status: 403,
        field: 'session',
      });
    // Too many sign-ins from one address are put off.
    let status = 200;
    for (let i = 0; i < 40 && status !== 429; i++)
      status = (await wallet.post('/api/siws/nonce', { purpose: 'enter', key: wallet.sessionKey })).status;
    expect(status).toBe(429);
  }, 60_000);
});
