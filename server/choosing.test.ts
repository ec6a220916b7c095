import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Keypair, PublicKey } from '@solana/web3.js';
import { describe, expect, test } from 'vitest';
import { drawSprite, loadArtModel, pictureHash } from '#shared/art/index.ts';
import type { HttpApi, OwnedSymbiont, StudioApi } from '#shared/protocol/index.ts';
import { decodeAsset, decodeSymbiont, symbiontAddress } from '../programs/client/index.ts';
import { ROOT } from './config.ts';
import { loadTerrain } from './load.ts';
import { Creator, draftOf, GATHERS, ownModel } from './testing/creator.ts';
import { TestPlayer, until } from './testing/player.ts';
import type { SpawnedServer } from './testing/server.ts';
import { serversOfCases, sharedServer } from './testing/servers.ts';
import { okay, TestWallet } from './testing/wallet.ts';

const terrain = loadTerrain('hollow.json');
const NONE = [0, 0, 0, 0, 0, 0, 0, 0];
const file = ownModel(3);
const start = serversOfCases();

/** The same server, killed and started again. */
async function restart(server: SpawnedServer): Promise<SpawnedServer> {
  await server.kill();
  return start({ home: server.home, env: { PORT: new URL(server.url).port } });
}

const rule = (...minima: number[]) => ({
  steps: minima.map((minimum) => ({ thresholds: NONE, weights: GATHERS, minimum })),
  branchStage: 1,
  branches: [GATHERS, NONE, NONE, NONE],
});
const owned = async (wallet: TestWallet): Promise<OwnedSymbiont[]> =>
  (await okay<StudioApi['GET /api/me/symbionts']>(await wallet.as('GET', '/api/me/symbionts'))).symbionts;
const meOf = async (wallet: TestWallet) => okay<HttpApi['GET /api/me']>(await wallet.as('GET', '/api/me'));
const gathered = (player: TestPlayer): number => player.deeds?.counters[0] ?? 0;

async function forageUntil(player: TestPlayer, what: string, holds: () => boolean): Promise<void> {
  const going = () => {
    player.forage(terrain);
    return holds();
  };
  await until(what, going, 90_000);
}

/** Stands still until no deed is on its way any more. @returns what it has gathered */
async function rested(player: TestPlayer): Promise<number> {
  player.act(0);
  let since = performance.now();
  let last = gathered(player);
  await until('rest', () => {
    if (gathered(player) !== last || player.view?.self.gathering !== 0) since = performance.now();
    last = gathered(player);
    return performance.now() - since > 2000;
  });
  return last;
}

/** Chooses, and waits until it walks. */
async function choose(player: TestPlayer, asset: string): Promise<void> {
  player.send('companion', { asset });
  await until('the choice', () => player.card?.asset === asset, 20_000);
}

test('a creator’s symbiont walks along, earns for itself alone, and grows by its own rule and model', async () => {
  let server = await start();
  const creator = await Creator.enter(server.url);
  let player = await TestPlayer.join(server.url, creator.join());
  await until('hatching', () => player.card?.state === 'settled', 30_000);
  const first = player.card?.asset as string;
  const model = await creator.bring(file);
  const { collection } = await creator.make(draftOf(model, { rule: rule(2, 1_000_000) }));
  const [asset] = await creator.drop(collection.address);
  await until(
    'the index',
    async () => (await owned(creator)).some((one) => one.asset === asset),
    60_000,
    500,
  );
  expect((await owned(creator)).map((one) => [one.asset, one.companion, one.refusal, one.model])).toEqual([
    [first, true, null, null],
    [asset, false, null, model],
  ]);

  // What cannot walk with them is named, and nothing changes.
  const stranger = await Creator.enter(server.url);
  const refusals = async (wish: unknown): Promise<string> => {
    const before = player.refused.length;
    player.send('companion', wish);
    await until('a refusal', () => player.refused.length > before);
    return player.refused[before].reason;
  };
  const theirs = (await creator.drop(collection.address, { to: stranger.address }))[0];
  expect(await refusals({ asset: theirs })).toBe('asset: belongs to somebody else');
  expect(await refusals({ asset: Keypair.generate().publicKey.toBase58() })).toContain('no symbiont');
  expect(await refusals({ asset: 'x' })).toContain('asset: must be a Solana address');
  expect(await refusals({})).toContain('asset');
  expect(player.card?.asset).toBe(first);

  await forageUntil(player, 'deeds of the first', () => gathered(player) >= 3);
  await rested(player);
  const before = [...(player.deeds?.counters ?? [])];
  await choose(player, asset);
  await until('its own counters', () => gathered(player) < 3);
  // Killed at once: whoever walks goes on from where it was.
  server = await restart(server);
  player = await TestPlayer.join(server.url, creator.join());
  if (player.card?.asset === first) await choose(player, asset);
  expect(player.card).toMatchObject({
    asset,
    model,
    collection: collection.address,
    held: 'wallet',
    consent: true,
  });
  await forageUntil(player, 'its growth', () => player.card?.version === 1);
  const grown = player.card;
  expect(grown).toMatchObject({ stage: 1, branch: 1, collection: collection.address });

  const { connection } = creator;
  const state = await connection.getAccountInfo(symbiontAddress(new PublicKey(asset)));
  const onChain = decodeSymbiont(state?.data as Buffer);
  expect(onChain).toMatchObject({ version: 1n, stage: 1, branch: 1 });
  const picture = pictureHash(
    drawSprite(loadArtModel(file), { genome: onChain.genome, stage: 1, branch: 1 }),
  );
  expect(Buffer.from(onChain.picture).toString('hex')).toBe(picture);
  const account = await connection.getAccountInfo(new PublicKey(asset));
  const { uri } = decodeAsset(new PublicKey(asset), account?.data as Buffer);
  const metadata = (await (await fetch(uri.replace(/^http:\/\/[^/]+/, server.url))).json()) as {
    symbol: string;
    properties: { model: string; history: { version: number; metadata?: string }[] };
  };
  expect(metadata).toMatchObject({ symbol: 'LANT', properties: { model } });
  expect(metadata.properties.history).toMatchObject([{ version: 0 }, { version: 1 }]);
  expect(metadata.properties.history[0].metadata).toMatch(/^[0-9a-f]{64}$/);

  // Back to the first: not a deed was lost, none was counted twice.
  await rested(player);
  await choose(player, first);
  // In between it gathered nothing: what the other has gathered since is the other's. The card comes with the choice, and
  // its counters when they are saved.
  const counters = () => player.deeds?.counters ?? [];
  await until('the first one’s counters', () => counters()[0] === before[0]).catch(() => {});
  expect(counters()[0]).toBe(before[0]);
  before.forEach((n, i) => {
    expect(counters()[i]).toBeGreaterThanOrEqual(n);
  });
  await player.leave();

  // Anyone draws it again: by the file, or by what the server keeps under the model's hash.
  const path = join(server.home, 'model.safetensors');
  writeFileSync(path, file);
  const verify = async (...args: string[]) =>
    promisify(execFile)(
      process.execPath,
      [
        '--import',
        'tsx',
        join('ml', 'cli.ts'),
        'verify',
        'art',
        asset,
        '--rpc',
        `${server.url}/rpc`,
        ...args,
      ],
      { cwd: ROOT },
    ).then(
      ({ stdout }) => ({ code: 0, said: stdout }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        code: error.code,
        said: error.stdout + error.stderr,
      }),
    );
  expect(await verify('--model', path)).toMatchObject({ code: 0, said: expect.stringContaining('1 of 1') });
  expect(await verify('--server', server.url)).toMatchObject({
    code: 0,
    said: expect.stringContaining('1 of 1'),
  });
  const without = await verify();
  expect(without.code).not.toBe(0);
  expect(without.said).toContain(model);
}, 300_000);

test('kill -9 around choices, again and again: each symbiont keeps what was earned for it', async () => {
  let server = await start();
  const creator = await Creator.enter(server.url);
  let player = await TestPlayer.join(server.url, creator.join());
  await until('hatching', () => player.card?.state === 'settled', 30_000);
  const first = player.card?.asset as string;
  const { collection } = await creator.make(draftOf(null, { rule: rule(1_000_000) }));
  const [second] = await creator.drop(collection.address);
  await forageUntil(player, 'deeds', () => gathered(player) >= 2);
  await rested(player);
  /** What each was told to have, for ever. */
  const told = new Map([
    [first, gathered(player)],
    [second, 0],
  ]);
  let active = first;
  for (const ms of [0, 60, 400]) {
    const next = active === first ? second : first;
    player.send('companion', { asset: next });
    await new Promise((resolve) => setTimeout(resolve, ms));
    server = await restart(server);
    player = await TestPlayer.join(server.url, creator.join());
    await until('a card', () => player.card !== null && player.deeds !== null);
    active = player.card?.asset as string;
    expect([first, second]).toContain(active);
    expect(gathered(player)).toBe(told.get(active));
    await forageUntil(player, 'another deed', () => gathered(player) > (told.get(active) ?? 0));
    told.set(active, await rested(player));
  }
  // Both still have all of it.
  for (const asset of [first, second]) {
    if (player.card?.asset !== asset) await choose(player, asset);
    // The card comes with the choice, and its counters when they are saved.
    await until('its counters', () => gathered(player) === told.get(asset)).catch(() => {});
    expect([asset, gathered(player)]).toEqual([asset, told.get(asset)]);
  }
}, 300_000);

// Both wait for the most part, and do so together.
describe('on one server', () => {
  const shared = sharedServer();

  test.concurrent('what was passed on walks with its new owner alone; its old one has another', async () => {
    const server = shared();
    const [seller, buyer] = [await Creator.enter(server.url), await Creator.enter(server.url)];
    const one = await TestPlayer.join(server.url, seller.join());
    const two = await TestPlayer.join(server.url, buyer.join());
    await until('hatching', () => one.card?.state === 'settled' && two.card?.state === 'settled', 40_000);
    const [own, hatched] = [one.card?.asset as string, two.card?.asset as string];
    const { collection } = await seller.make(draftOf(null, { name: 'Passed on' }));
    const [asset] = await seller.drop(collection.address);
    await choose(one, asset);
    await seller.passOn(asset, collection.address, buyer.address);
    await choose(two, asset);
    await until('the seller’s other one', () => one.card?.asset === own);
    expect((await meOf(seller)).symbiont?.asset).toBe(own);
    expect((await meOf(buyer)).symbiont).toMatchObject({ asset, consent: false });
    const before = one.refused.length;
    one.send('companion', { asset });
    await until('a refusal', () => one.refused.length > before);
    expect(one.refused[before].reason).toBe('asset: belongs to somebody else');
    await choose(two, hatched);
  }, 120_000);

  test.concurrent('a guest’s several grow by the guest’s key, and all of them move to the wallet', async () => {
    const server = shared();
    const creator = await Creator.enter(server.url);
    const player = await TestPlayer.join(server.url);
    await until('hatching', () => player.card?.state === 'settled', 40_000);
    const address = player.welcome?.address as string;
    const first = player.card?.asset as string;
    const { collection } = await creator.make(draftOf(null, { rule: rule(1, 1_000_000) }));
    const [asset, idle] = await creator.drop(collection.address, { count: 2, to: address });
    await choose(player, asset);
    expect(player.card).toMatchObject({ held: 'guest', consent: true });
    await forageUntil(player, 'its growth', () => player.card?.version === 1);
    const ownerOf = async (one: string) => {
      const key = new PublicKey(one);
      const account = await creator.connection.getAccountInfo(key);
      return decodeAsset(key, account?.data as Buffer).owner.toBase58();
    };
    const indexed = async () => (await fetch(`${server.url}/api/gallery/${idle}`)).ok;
    await until('the index', indexed, 60_000, 500);
    const wallet = new TestWallet(server.url);
    await wallet.signIn(player.token);
    for (const one of [first, asset, idle])
      await until('the move', async () => (await ownerOf(one)) === wallet.address, 60_000, 300);
    await until('the card', async () => (await meOf(wallet)).symbiont?.held === 'wallet', 30_000, 300);
    expect((await meOf(wallet)).symbiont).toMatchObject({ asset, version: 1, consent: false });
    await until('the index', async () => (await owned(wallet)).length === 3, 60_000, 500);
  }, 240_000);
});
