import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection, PublicKey } from '@solana/web3.js';
import { expect, test } from 'vitest';
import { drawSprite, drawStrip, pictureHash, toGif, toPng } from '#shared/art/index.ts';
import type { HttpApi } from '#shared/protocol/index.ts';
import { decodeAsset, decodeSymbiont, symbiontAddress } from '../programs/client/index.ts';
import { loadArt, loadTerrain } from './load.ts';
import { preparedHome } from './testing/homes.ts';
import { TestPlayer, until } from './testing/player.ts';
import type { SpawnedServer } from './testing/server.ts';
import { serversOfCases } from './testing/servers.ts';

const terrain = loadTerrain('hollow.json');
const start = serversOfCases();

/** Forages until it holds. */
async function forageUntil(player: TestPlayer, what: string, holds: () => boolean, ms = 60_000) {
  await until(
    what,
    () => {
      player.forage(terrain);
      return holds();
    },
    ms,
  );
}

async function me(server: SpawnedServer, token: string): Promise<HttpApi['GET /api/me']> {
  const answer = await fetch(`${server.url}/api/me`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  return (await answer.json()) as HttpApi['GET /api/me'];
}

function held(player: TestPlayer): number {
  const self = player.view?.self;
  if (!self) throw new Error('no view');
  return self.fruit + self.crystal + self.bankedFruit + self.bankedCrystal;
}

test('kill -9 in play loses nothing that was acknowledged and counts nothing twice', async () => {
  const home = await preparedHome();
  let server = await start({ home });
  let player = await TestPlayer.join(server.url);
  const { token, welcome } = player;
  let gathered = 0;
  for (let round = 1; round <= 2; round++) {
    await forageUntil(player, 'a deed', () => (player.deeds?.counters[0] ?? 0) >= gathered + 3);
    await forageUntil(player, 'acks', () => (player.view?.ack ?? 0) > 0);
    const { deeds, view } = player;
    if (!deeds || !view) throw new Error('nothing was told');
    await server.kill();

    server = await start({ home });
    player = await TestPlayer.join(server.url, token);
    // What the acknowledged intents did is in the world: it goes on at the saved tick or after it.
    expect(player.welcome?.slot).toBe(welcome?.slot);
    expect(player.welcome?.tick).toBeGreaterThan(Math.max(deeds.savedTick, view.ackTick));
    player.welcome?.nodes.forEach((amount) => {
      expect(amount).toBeGreaterThanOrEqual(0);
    });
    for (let i = 0; i < 8; i++) expect(player.deeds?.counters[i]).toBeGreaterThanOrEqual(deeds.counters[i]);
    // Nothing was eaten or lost yet, so that every piece gathered is still held: no deed without its good.
    await until('a calm view', () => player.view?.self.gathering === 0);
    expect(held(player)).toBe(player.deeds?.counters[0]);
    const self = player.view?.self;
    const ticks = (player.view?.tick ?? 0) - view.tick + 40;
    expect(Math.abs((self?.x ?? 0) - view.self.x)).toBeLessThanOrEqual(46 * ticks);
    expect(Math.abs((self?.y ?? 0) - view.self.y)).toBeLessThanOrEqual(46 * ticks);
    gathered = player.deeds?.counters[0] ?? 0;
  }
  await server.stop();
  expect(server.output()).not.toMatch(/not everything could be saved/);

  // An orderly stop keeps it too.
  server = await start({ home });
  player = await TestPlayer.join(server.url, token);
  expect(player.deeds?.counters[0]).toBeGreaterThanOrEqual(gathered);
  expect(held(player)).toBe(player.deeds?.counters[0]);
}, 180_000);

test('kill -9 between deed and evolution: it evolves exactly once, and everything about it agrees', async () => {
  const home = await preparedHome();
  const rule = join(home, 'rule.json');
  const none = [0, 0, 0, 0, 0, 0, 0, 0];
  const gathers = [1, 0, 0, 0, 0, 0, 0, 0];
  writeFileSync(
    rule,
    JSON.stringify({
      steps: [
        { thresholds: none, weights: gathers, minimum: 2 },
        { thresholds: none, weights: gathers, minimum: 1_000_000 },
      ],
      branchStage: 1,
      branches: [gathers, none, none, none],
    }),
  );
  const env = { GROWTH_RULE: rule };
  let server = await start({ home, env });
  const player = await TestPlayer.join(server.url);
  await until('hatching', () => player.card?.state === 'settled', 30_000);
  await forageUntil(player, 'the deed', () => (player.deeds?.counters[0] ?? 0) >= 2);
  await server.kill();
  // Again and again in the middle of the outbox's work: before the epoch's end, and around it while the epoch is
  // published and the evolution signed and sent.
  server = await start({ home, env });
  await new Promise((resolve) => setTimeout(resolve, 150));
  await server.kill();
  server = await start({ home, env });
  const epoch = async () => {
    const answer = await fetch(`${server.url}/api/epochs/latest`);
    return answer.ok ? ((await answer.json()) as { epoch: number }).epoch : -1;
  };
  const before = await epoch();
  await until('an epoch', async () => (await epoch()) > before, 60_000, 5);
  await server.kill();
  for (const ms of [400, 900, 1500]) {
    server = await start({ home, env });
    await new Promise((resolve) => setTimeout(resolve, ms));
    await server.kill();
  }
  server = await start({ home, env });
  await until(
    'the evolution',
    async () => (await me(server, player.token)).symbiont?.version === 1,
    // An epoch has to end first, and to be published.
    90_000,
    200,
  );
  const { symbiont: card } = await me(server, player.token);
  if (!card?.asset || !card.metadataUri || !card.signature) throw new Error('the card is not complete');
  expect(card).toMatchObject({ state: 'settled', stage: 1, branch: 1, version: 1 });

  const connection = new Connection(`${server.url}/rpc`, 'confirmed');
  const asset = new PublicKey(card.asset);
  const transactions = await connection.getSignaturesForAddress(asset);
  expect(transactions.filter((t) => t.err === null)).toHaveLength(2);
  expect(transactions[0].signature).toBe(card.signature);
  const state = await connection.getAccountInfo(symbiontAddress(asset));
  expect(decodeSymbiont(state?.data as Buffer)).toMatchObject({ version: 1n, stage: 1, branch: 1 });

  const account = await connection.getAccountInfo(asset);
  const onChain = decodeAsset(asset, account?.data as Buffer);
  const attributes = Object.fromEntries(onChain.attributes);
  expect(onChain.uri).toBe(card.metadataUri);
  expect(attributes).toMatchObject({ stage: '1', branch: '1', genome: card.genome });
  expect(attributes.picture).toBe(card.picture);
  const genome = Uint8Array.from(Buffer.from(card.genome, 'hex'));
  const sprite = drawSprite(loadArt(), { genome, stage: 1, branch: 1 });
  expect(pictureHash(sprite)).toBe(card.picture);

  const path = new URL(card.metadataUri).pathname;
  const answer = await fetch(`${server.url}${path}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(path).toBe(`/metadata/${createHash('sha256').update(bytes).digest('hex')}.json`);
  expect(answer.headers.get('cache-control')).toContain('immutable');
  const metadata = JSON.parse(bytes.toString()) as {
    image: string;
    animation_url: string;
    name: string;
    properties: { history: { version: number; metadata?: string }[] };
  };
  expect(metadata.name).toBe(onChain.name);
  const image = await fetch(`${server.url}${new URL(metadata.image).pathname}`);
  expect(image.headers.get('content-type')).toBe('image/png');
  expect(Buffer.from(await image.arrayBuffer()).equals(Buffer.from(toPng(sprite, 94)))).toBe(true);
  const moving = await fetch(`${server.url}${new URL(metadata.animation_url).pathname}`);
  expect(moving.headers.get('content-type')).toBe('image/gif');
  const strip = drawStrip(loadArt(), { genome, stage: 1, branch: 1 });
  expect(Buffer.from(await moving.arrayBuffer()).equals(Buffer.from(toGif(strip)))).toBe(true);
  // The history leads to the document before it, which is still there.
  const [before0] = metadata.properties.history;
  const older = await fetch(`${server.url}/metadata/${before0.metadata}.json`);
  expect(await older.json()).toMatchObject({ name: onChain.name, properties: { history: [{ version: 0 }] } });
}, 240_000);
