import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import bs58 from 'bs58';
import { TONE_NAMES, WANDERER } from '#shared/world/index.ts';
import { ROOT } from '../server/config.ts';
import { Dialogue } from '../server/dialogue/dialogue.ts';
import { Memory } from '../server/dialogue/memory.ts';
import { openUnderstanding } from '../server/dialogue/open.ts';
import type { Understanding } from '../server/dialogue/understanding.ts';
import { loadBrainFiles, loadTerrain } from '../server/load.ts';
import { createIdentity } from '../server/store/identities.ts';
import { Store } from '../server/store/store.ts';
import { preparedHome, removeHomes } from '../server/testing/homes.ts';
import { type Presence, ZONE_ID, ZoneHost } from '../server/zone/host.ts';
import { Minds } from '../server/zone/minds.ts';
import { median, percentile, report } from './report.ts';

/**
 * Dialogue: how long a sentence takes in the encoder's thread, how many held-out sentences it understands beside its
 * teacher, and what 200 conversations do to the world's clock: a whole zone with its database, 200 players who come to an NPC every two
 * seconds, and in every second period also speak to it. `--seconds N` sets the length of a period.
 */
const PLAYERS = 200;
const ROUNDS = 3;
/** A little over the world's own pause between two sentences. */
const SPEAK_EVERY_MS = 2100;
const SENTENCES = 400;

const args = process.argv.slice(2);
const at = args.indexOf('--seconds');
const seconds = at >= 0 ? Number(args[at + 1]) : 20;
const print = report('dialogue', args.includes('--json'));
const log = (line: string) => console.error(line);
const assets = join(ROOT, 'assets', 'dialogue');
const heldout = readFileSync(join(ROOT, 'ml', 'dialogue', 'heldout.tsv'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split('\t'));
const published = JSON.parse(readFileSync(join(assets, 'encoder', 'evaluation.json'), 'utf8')) as {
  teacher: { linear: { accuracy: number } };
};

const understanding = await openUnderstanding({ model: null, assets, log });
if (understanding.name !== 'encoder') throw new Error('the embedded encoder could not be loaded');
print('sentence_ms_p95', await sentenceMs(understanding), 'ms');
print('intent_accuracy', await accuracy(understanding), 'share', {
  peer: 'all-MiniLM-L6-v2, the same head',
  peerValue: published.teacher.linear.accuracy,
});
print('teacher_accuracy', published.teacher.linear.accuracy, 'share');
await conversations(understanding);
removeHomes();
process.exit(0);

/** Held-out sentences understood as the server understands them: what it hardly understands is no tone. */
async function accuracy(by: Understanding): Promise<number> {
  let right = 0;
  for (const [tone, , , text] of heldout) {
    const name = TONE_NAMES[(await by.understand(text)).tone];
    if (tone === (name === 'none' ? 'other' : name)) right++;
  }
  return right / heldout.length;
}

async function sentenceMs(by: Understanding): Promise<number> {
  for (let i = 0; i < 30; i++) await by.understand(heldout[i][3]);
  const runs: number[] = [];
  for (let run = 0; run < ROUNDS; run++) {
    const took: number[] = [];
    for (let i = 0; i < SENTENCES; i++) {
      const from = performance.now();
      await by.understand(heldout[i % heldout.length][3]);
      took.push(performance.now() - from);
    }
    runs.push(percentile(took, 95));
  }
  return median(runs);
}

async function conversations(by: Understanding): Promise<void> {
  const store = await Store.open({ dir: join(await preparedHome(), 'db'), url: null });
  const brains = loadBrainFiles(join(ROOT, 'assets', 'brains'));
  const host = await ZoneHost.open({
    store,
    terrain: loadTerrain('hollow.json'),
    minds: new Minds(new Map([...brains].map(([role, { brain }]) => [role, brain]))),
    zoneName: 'bench',
    map: 'hollow.json',
    seed: 1,
    tickMs: 50,
    epochsKept: 2,
    log,
    grows: () => false,
    grow: async () => null,
  });
  const dialogue = new Dialogue({ zone: host.zone, memory: new Memory(store, ZONE_ID, log), log });
  dialogue.use(by);
  const players = await enter(host, store);
  host.start();
  let heard = 0;
  const refused = new Map<string, number>();
  let seq = 0;
  const walking = setInterval(() => {
    seq++;
    players.forEach(({ seat }, p) => {
      host.zone.intend(seat, { seq, action: (seq * 7 + p * 3) % 9, arg: 0 });
    });
  }, 200);
  let silent = true;
  const speak = (p: number, n: number) => {
    const { seat } = players[p];
    const npc = p % host.zone.minds.count;
    // They come to their NPC in both periods, so that the world is as lively; in one of them they say nothing.
    beside(host, seat.slot, npc);
    if (silent) return;
    void dialogue.hear(seat, npc, heldout[(p * 7 + n) % heldout.length][3]).then((answer) => {
      if (answer.ok) heard++;
      else refused.set(answer.reason, (refused.get(answer.reason) ?? 0) + 1);
    });
  };
  const figures: Record<'without' | 'with', number[]> = { without: [], with: [] };
  const late: Record<'without' | 'with', number[]> = { without: [], with: [] };
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const spoken = performance.now();
  for (let round = 0; round < ROUNDS * 2; round++) {
    const kind = round % 2 ? 'with' : 'without';
    silent = kind === 'without';
    const timers = players.map((_, p) => talk(p, speak, (p / PLAYERS) * SPEAK_EVERY_MS));
    const ticks: number[] = [];
    const misses: number[] = [];
    const { took, missed } = host.loop;
    [took.add, missed.add] = [record(took.add, ticks), record(missed.add, misses)];
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    for (const stop of timers) stop();
    figures[kind].push(percentile(ticks, 99));
    late[kind].push(percentile(misses, 99));
  }
  clearInterval(walking);
  const rate = heard / (((performance.now() - spoken) / 1000) * 0.5);
  print('conversations', PLAYERS, 'players');
  print('sentences_per_s', rate, '1/s');
  const without = { peer: 'without conversations', peerValue: median(figures.without) };
  print('tick_p99_ms', median(figures.with), 'ms', without);
  print('tick_p99_ms_without', median(figures.without), 'ms');
  print('interval_error_p99_ms', median(late.with), 'ms', {
    peer: 'without conversations',
    peerValue: median(late.without),
  });
  for (const [why, count] of refused) log(`refused ${count}: ${why}`);
  await host.close(5000);
  await dialogue.close();
  await store.close();
}

/** Calls `speak` for one player again and again. @returns what ends it */
function talk(p: number, speak: (p: number, n: number) => void, delayMs: number): () => void {
  let timer: NodeJS.Timeout;
  let n = 0;
  const next = () => {
    speak(p, n++);
    timer = setTimeout(next, SPEAK_EVERY_MS);
  };
  timer = setTimeout(next, delayMs);
  return () => clearTimeout(timer);
}

/** The window's own measuring, with every value kept besides. */
function record(add: (value: number) => void, values: number[]) {
  return function (this: ZoneHost['loop']['took'], value: number): void {
    values.push(value);
    add.call(this, value);
  };
}

async function enter(host: ZoneHost, store: Store): Promise<Presence[]> {
  const players: Presence[] = [];
  for (let p = 0; p < PLAYERS; p++) {
    const tokenHash = Uint8Array.from({ length: 32 }, (_, i) => (i < 2 ? p >> (8 * i) : 7));
    const row = await createIdentity(store, {
      tokenHash,
      name: `Player ${p}`,
      look: 0,
      // Any 32 bytes will do: nothing here reaches a chain.
      address: bs58.encode(tokenHash),
      secret: new Uint8Array(64),
    });
    players.push(await host.enter(row, { view: () => {}, deeds: () => {}, replaced: () => {} }));
  }
  return players;
}

function beside(host: ZoneHost, slot: number, npc: number): void {
  const { world } = host.zone;
  if (world.role[slot] !== WANDERER || world.status[slot] !== 1 || world.status[npc] !== 1) return;
  world.x[slot] = world.x[npc];
  world.y[slot] = world.y[npc];
}
