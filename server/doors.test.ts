import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Connection, LAMPORTS_PER_SOL, PublicKey } from '@solana/web3.js';
import { afterEach, expect, test } from 'vitest';
import type { HttpApi } from '#shared/protocol/index.ts';
import { openLedger } from './ledger/ledger.ts';
import { projectPrograms } from './ledger/programs.ts';
import { serveLedger } from './ledger/serve.ts';
import { loadTerrain } from './load.ts';
import { temporaryHome } from './testing/homes.ts';
import { TestPlayer, until } from './testing/player.ts';
import { serversOfCases } from './testing/servers.ts';

const closing: (() => Promise<unknown> | unknown)[] = [];

// What was hooked first comes last: servers are killed before what they live on is closed.
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
const start = serversOfCases();

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Where Debian and others put a real Postgres, and a user other than root to run it as. */
const BIN = ['/usr/lib/postgresql', '/usr/local/pgsql']
  .flatMap((dir) => (existsSync(dir) ? readdirSync(dir).map((v) => join(dir, v, 'bin')) : []))
  .find((dir) => existsSync(join(dir, 'initdb')));
const isRoot = process.getuid?.() === 0;
const user = spawnSync('id', ['-u', 'postgres'], { encoding: 'utf8' });
const canRun = BIN !== undefined && (!isRoot || user.status === 0);

test.skipIf(!canRun)(
  'DATABASE_URL: the same server lives on a real Postgres',
  async () => {
    const dir = temporaryHome();
    const data = join(dir, 'data');
    const uid = Number(user.stdout);
    mkdirSync(data);
    if (isRoot) for (const path of [dir, data]) chownSync(path, uid, uid);
    const as = isRoot ? { uid } : {};
    const pg = (name: string, args: string[]) =>
      execFileSync(join(BIN as string, name), args, { ...as, cwd: dir, stdio: 'ignore', timeout: 60_000 });
    const port = await freePort();
    pg('initdb', ['-D', data, '-U', 'symbiont', '-A', 'trust', '-N']);
    const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off`;
    pg('pg_ctl', ['-D', data, '-w', '-o', options, '-l', join(dir, 'log'), 'start']);
    closing.push(() => pg('pg_ctl', ['-D', data, '-m', 'immediate', 'stop']));

    const env = { DATABASE_URL: `postgres://symbiont@127.0.0.1:${port}/postgres` };
    const home = temporaryHome();
    let server = await start({ home, env });
    let player = await TestPlayer.join(server.url);
    const terrain = loadTerrain('hollow.json');
    const forage = (what: string, holds: () => boolean) =>
      until(
        what,
        () => {
          player.forage(terrain);
          return holds();
        },
        90_000,
      );
    await until('hatching', () => player.card?.state === 'settled', 40_000);
    await forage('deeds', () => (player.deeds?.counters[0] ?? 0) >= 2);
    const { deeds, card, token } = player;
    await server.kill();
    expect(existsSync(join(home, 'db'))).toBe(false);

    server = await start({ home, env });
    player = await TestPlayer.join(server.url, token);
    expect(player.deeds?.counters[0]).toBeGreaterThanOrEqual(deeds?.counters[0] ?? 0);
    await until('the card', () => player.card !== null);
    expect(player.card).toMatchObject({ asset: card?.asset, genome: card?.genome, state: 'settled' });
  },
  240_000,
);

test('SOLANA_RPC_URL: the chain is another process; the game waits neither for it nor for its payer', async () => {
  const ledger = await openLedger({ dir: join(temporaryHome(), 'ledger'), programs: projectPrograms() });
  const served = await serveLedger(ledger, { port: 0, host: '127.0.0.1' });
  closing.push(
    () => served.close(),
    () => ledger.close(),
  );
  const server = await start({ env: { SOLANA_RPC_URL: served.url, SOLANA_WS_URL: served.wsUrl } });
  const config = (await (await fetch(`${server.url}/api/config`)).json()) as HttpApi['GET /api/config'];
  expect(config).toMatchObject({ embedded: false, rpc: served.url, ws: served.wsUrl, collection: null });
  expect((await fetch(`${server.url}/rpc`, { method: 'POST', body: '{}' })).status).toBe(404);

  // The payer has nothing: play goes on, the symbiont is hatching, and the log says who is to be given what.
  const player = await TestPlayer.join(server.url);
  const seq = player.act(0);
  await until('the ack', () => player.view?.ack === seq);
  await until('the card', () => player.card?.state === 'hatching');
  const asks = /payer (\w+): has less than 1 SOL/;
  await until('the log', () => asks.test(server.output()), 30_000);
  const payer = new PublicKey(asks.exec(server.output())?.[1] ?? '');
  await new Connection(served.url, 'confirmed').requestAirdrop(payer, 5 * LAMPORTS_PER_SOL);
  await until('hatching', () => player.card?.state === 'settled', 60_000);
  expect(player.card?.asset).not.toBeNull();
}, 180_000);
