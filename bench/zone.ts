import { fork } from 'node:child_process';
import { join } from 'node:path';
import { PROTOCOL } from '#shared/protocol/index.ts';
import { TICKS_PER_SECOND } from '#shared/world/balance.ts';
import { ROOT } from '../server/config.ts';
import { removeHomes } from '../server/testing/homes.ts';
import { TestPlayer } from '../server/testing/player.ts';
import { spawnServer } from '../server/testing/server.ts';
import { Loop } from '../server/zone/loop.ts';
import { median, report } from './report.ts';

/**
 * A zone of 60 NPCs and 50 players at 20 Hz: the server in a process of its own, as `npm start` runs it, and the
 * players over real sockets in another one. `--seconds N` sets how long one of the six runs lasts,
 * of which every other is without the log of play.
 */
const PLAYERS = 50;
const INTENTS_PER_SECOND = 10;
const RUNS = 3;
const WARM_UP_MS = 5000;

interface Measured {
  bytesPerSecond: number;
  viewsPerSecond: number;
}

const args = process.argv.slice(2);
if (args[0] === '--load') await load(args[1], Number(args[2]));
else await measure();

/** The players: each changes its mind ten times a second. */
async function load(url: string, seconds: number): Promise<void> {
  const players: TestPlayer[] = [];
  for (let i = 0; i < PLAYERS; i++) players.push(await TestPlayer.join(url));
  let turn = 0;
  const timer = setInterval(() => {
    turn++;
    players.forEach((player, i) => {
      player.act((turn * 7 + i * 3) % 13);
    });
  }, 1000 / INTENTS_PER_SECOND);
  await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS));
  const count = (of: (p: TestPlayer) => number) => players.reduce((sum, p) => sum + of(p), 0);
  const [bytes, views, from] = [count((p) => p.bytes), count((p) => p.views), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const took = (performance.now() - from) / 1000;
  clearInterval(timer);
  if (players.some((p) => p.closed !== null || p.refused.length > 0))
    throw new Error('a player was refused or cut off');
  process.send?.({
    bytesPerSecond: (count((p) => p.bytes) - bytes) / took / PLAYERS,
    viewsPerSecond: (count((p) => p.views) - views) / took / PLAYERS,
  } satisfies Measured);
  process.exit(0);
}

async function measure(): Promise<void> {
  const at = args.indexOf('--seconds');
  const seconds = at >= 0 ? Number(args[at + 1]) : 20;
  const print = report('zone', args.includes('--json'));
  const figures: Record<string, number[]> = {};
  const note = (name: string, value: number) => {
    figures[name] ??= [];
    figures[name].push(value);
  };
  const idle: number[] = [];
  // The same zone with the log of play and without, in turns, so that what else the machine does falls on both.
  const unlogged: number[] = [];
  for (let run = 0; run < RUNS * 2; run++) {
    const logs = run % 2 === 0;
    const server = await spawnServer({
      env: {
        SYMBIONT_BRAINS: process.env.SYMBIONT_BRAINS ?? join(ROOT, 'assets', 'brains'),
        ...(logs ? {} : { LEARN_EVERY: '0' }),
      },
    });
    try {
      // What the machine itself does to a clock at this moment: a loop that does nothing, in this process.
      const empty = new Loop(1000 / TICKS_PER_SECOND, () => {});
      empty.start();
      const measured = await loadFrom(server.url, seconds);
      empty.stop();
      const answer = await fetch(`${server.url}/api/status`);
      const status = (await answer.json()) as Record<string, number>;
      if (!logs) {
        unlogged.push(status.tickMsP99);
        continue;
      }
      idle.push(empty.missed.percentile(99));
      note('tick_p99_ms', status.tickMsP99);
      note('interval_error_p99_ms', status.intervalErrorMsP99);
      note('bytes_per_s_per_client', measured.bytesPerSecond);
      note('views_per_s_per_client', measured.viewsPerSecond);
      note('memory_mb', status.memoryMb);
    } finally {
      await server.stop();
      removeHomes();
    }
  }
  const units: Record<string, string> = {
    tick_p99_ms: 'ms',
    interval_error_p99_ms: 'ms',
    bytes_per_s_per_client: 'B/s',
    views_per_s_per_client: '1/s',
    memory_mb: 'MB',
  };
  const beside: Record<string, { peer: string; peerValue: number }> = {
    tick_p99_ms: { peer: 'without the log of play', peerValue: median(unlogged) },
    interval_error_p99_ms: { peer: 'an empty loop beside it', peerValue: median(idle) },
  };
  for (const [name, values] of Object.entries(figures))
    print(name, median(values), units[name], beside[name]);
  const wanted = 20 / PROTOCOL.viewTicks;
  if (median(figures.views_per_s_per_client) < wanted * 0.9)
    console.error(`views: fewer than ${wanted} a second arrive; this machine is too busy to measure`);
}

function loadFrom(url: string, seconds: number): Promise<Measured> {
  const child = fork(import.meta.filename, ['--load', url, String(seconds)], {
    execArgv: ['--import', 'tsx'],
    cwd: ROOT,
  });
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as Measured));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the players ended with ${code}`)));
  });
}
