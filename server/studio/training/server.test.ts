import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PublicKey } from '@solana/web3.js';
import { afterAll, expect, test } from 'vitest';
import { drawSprite, loadArtModel, pictureHash } from '#shared/art/index.ts';
import type { StudioTraining, TrainingApi } from '#shared/protocol/index.ts';
import { decodeAsset, decodeSymbiont, symbiontAddress } from '../../../programs/client/index.ts';
import { ROOT } from '../../config.ts';
import { loadTerrain } from '../../load.ts';
import { Creator, draftOf } from '../../testing/creator.ts';
import { preparedHome, removeHomes } from '../../testing/homes.ts';
import { TestPlayer, until } from '../../testing/player.ts';
import { type SpawnedServer, spawnServer } from '../../testing/server.ts';
import { orderOf, trainedHere } from '../../testing/training.ts';
import { okay, refusal } from '../../testing/wallet.ts';

const PATH = '/api/studio/trainings';
const NONE = [0, 0, 0, 0, 0, 0, 0, 0];
const terrain = loadTerrain('hollow.json');
let server: SpawnedServer;

afterAll(async () => {
  await server?.kill();
  removeHomes();
});

const jobOf = async (by: Creator, id: string): Promise<StudioTraining> =>
  (await okay<TrainingApi['GET /api/studio/trainings/:id']>(await by.as('GET', `${PATH}/${id}`))).training;
const hand = (by: Creator, order: object) => by.as('POST', PATH, order);
const handed = async (by: Creator, order: object) =>
  (await okay<TrainingApi['POST /api/studio/trainings']>(await hand(by, order))).training;

test('pictures of 64 × 64 are trained by a server that is killed on the way, minted, and grow', async () => {
  const order = orderOf({ size: 64, steps: 24 });
  const undisturbed = await trainedHere(order);
  server = await spawnServer({ home: await preparedHome() });
  const { port } = new URL(server.url);
  const creator = await Creator.enter(server.url);

  // Who may not, and what cannot be, leave nothing behind.
  const other = await Creator.enter(server.url);
  expect((await creator.post(PATH, order)).status).toBe(401);
  for (const [body, status, field] of [
    [{ ...order, steps: 0 }, 400, 'steps'],
    [{ ...order, size: 32 }, 400, 'roles'],
    [{ ...order, base: 'ab'.repeat(32) }, 409, 'base'],
    [{ ...order, roles: 'A'.repeat(1_200_000) }, 413, 'body'],
  ] as const)
    expect(await refusal(await hand(creator, body))).toMatchObject({ status, field });
  const before = await okay<TrainingApi['GET /api/studio/trainings']>(await creator.as('GET', PATH));
  expect(before).toMatchObject({ trainings: [], offered: true, waiting: 0 });

  const { id } = await handed(creator, order);
  expect(await refusal(await hand(creator, order))).toMatchObject({ status: 409, field: 'training' });
  for (const [verb, path] of [
    ['GET', `${PATH}/${id}`],
    ['GET', `${PATH}/${id}/preview`],
    ['POST', `${PATH}/${id}/pause`],
    ['DELETE', `${PATH}/${id}`],
  ] as const)
    expect(await refusal(await other.as(verb, path))).toMatchObject({ status: 404, field: 'id' });
  const reached = (what: string, is: (job: StudioTraining) => boolean) =>
    until(what, async () => is(await jobOf(creator, id)), 240_000, 600);
  await reached('a step', ({ step }) => step > 0);
  await okay(await creator.as('POST', `${PATH}/${id}/pause`, {}));
  await reached('a checkpoint', ({ saved }) => saved > 0);
  await okay(await creator.as('POST', `${PATH}/${id}/resume`, {}));
  await reached('work', ({ state }) => state === 'training');

  // Killed: it goes on with the next one, to the bytes of a training that nobody disturbed.
  await server.kill();
  server = await spawnServer({ home: server.home, env: { PORT: port } });
  const again = await jobOf(creator, id);
  expect(again.saved).toBeGreaterThan(0);
  expect(['queued', 'training']).toContain(again.state);
  await reached('the end', ({ state }) => state === 'done');
  const answer = await creator.as('GET', `${PATH}/${id}/model`);
  const file = new Uint8Array(await answer.arrayBuffer());
  expect(Buffer.from(file).equals(Buffer.from(undisturbed))).toBe(true);
  expect((await jobOf(creator, id)).model).toBe(loadArtModel(file).id);
  expect((await creator.as('DELETE', `${PATH}/${id}`)).status).toBe(200);
  expect((await creator.as('GET', `${PATH}/${id}`)).status).toBe(404);

  // From there on it is a model like any other: brought, registered, minted in.
  const model = await creator.bring(file);
  const step = (minimum: number) => ({
    thresholds: NONE,
    weights: [1, 0, 0, 0, 0, 0, 0, 0],
    minimum,
  });
  const rule = { ...draftOf(null).rule, steps: [step(1), step(1_000_000)] };
  const { collection } = await creator.make(draftOf(model, { name: 'Large ones', rule }));
  const [asset] = await creator.drop(collection.address);
  const player = await TestPlayer.join(server.url, creator.join());
  const chosen = async () => {
    player.send('companion', { asset });
    return player.card?.asset === asset;
  };
  await until('the choice', chosen, 60_000, 1_000);
  const grown = () => {
    player.forage(terrain);
    return player.card?.version === 1;
  };
  await until('its growth', grown, 120_000);
  await player.leave();

  // What it is now is what the model draws, as large as an edition is, and anyone draws it again.
  const { connection } = creator;
  const state = await connection.getAccountInfo(symbiontAddress(new PublicKey(asset)));
  const { genome, picture } = decodeSymbiont(state?.data as Buffer);
  const sprite = drawSprite(loadArtModel(file), { genome, stage: 1, branch: 1 });
  expect(sprite.width).toBe(64);
  expect(Buffer.from(picture).toString('hex')).toBe(pictureHash(sprite));
  const account = await connection.getAccountInfo(new PublicKey(asset));
  const here = (uri: string) => fetch(uri.replace(/^http:\/\/[^/]+/, server.url));
  const { uri } = decodeAsset(new PublicKey(asset), account?.data as Buffer);
  const metadata = (await (await here(uri)).json()) as { image: string; animation_url: string };
  const png = Buffer.from(await (await here(metadata.image)).arrayBuffer());
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([3008, 3008]);
  const gif = Buffer.from(await (await here(metadata.animation_url)).arrayBuffer());
  expect([gif.toString('latin1', 0, 6), gif.readUInt16LE(6)]).toEqual(['GIF89a', 320]);
  const card = async () => (await fetch(`${server.url}/gallery/${asset}/card.png`)).status === 200;
  await until('the gallery', card, 60_000, 500);
  const command = ['--import', 'tsx', join('ml', 'cli.ts'), 'verify', 'art', asset];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...command, '--rpc', `${server.url}/rpc`, '--server', server.url],
    { cwd: ROOT },
  );
  expect(stdout).toContain('1 of 1');
}, 900_000);
