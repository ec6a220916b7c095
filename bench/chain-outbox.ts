/**
 * The outbox: intents written to the database in the transactions of their cause, and intents settled on the embedded
 * ledger, which runs on the same thread as it does in the game.
 */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { and, eq } from 'drizzle-orm';
import { openLedger } from '#server/ledger/ledger.ts';
import { projectPrograms } from '#server/ledger/programs.ts';
import { serveLedger } from '#server/ledger/serve.ts';
import { identities, intents } from '#server/store/schema.ts';
import { commitZone } from '#server/store/worlds.ts';
import { TestOperator } from '#server/testing/operator.ts';

/** People whose symbionts are minted and then evolve. */
const PEOPLE = 400;
/** Evolutions that one commit earns: a busy second of a full zone. */
const PER_COMMIT = 50;
const WRITTEN = 3_000;
const DEEDS = [4000, 4000, 4000, 4000, 4000, 4000, 4000, 4000];

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Intents a second: deeds and what they earn, committed together. */
async function writeIntents(operator: TestOperator): Promise<number> {
  const { store } = operator;
  const rows = Array.from({ length: WRITTEN }, (_, i) => ({
    tokenHash: new Uint8Array(32).fill(1).map((_, j) => (i >> (8 * (j & 3))) & 255),
    name: 'Bench',
    look: 0,
    address: `bench ${i}`,
    secret: new Uint8Array(92),
  }));
  const people: number[] = [];
  for (let at = 0; at < rows.length; at += 500) {
    const some = rows.slice(at, at + 500);
    const made = await store.run((db) => db.insert(identities).values(some).returning({ id: identities.id }));
    people.push(...made.map(({ id }) => id));
  }
  const began = performance.now();
  for (let at = 0; at < people.length; at += PER_COMMIT) {
    const some = people.slice(at, at + PER_COMMIT);
    await commitZone(store, {
      zone: 1,
      throughTick: at,
      journal: [],
      deeds: new Map(some.map((id) => [id, DEEDS])),
      goods: new Map(),
      evolutions: some.map((identity) => ({ identity, asset: '', version: 1, counters: DEEDS })),
      choices: [],
      snapshots: [],
      epochs: [],
      pruneBefore: null,
      leavesFrom: 0,
    });
  }
  const perSecond = (people.length * 1000) / (performance.now() - began);
  await store.run((db) => db.delete(intents));
  return perSecond;
}

/**
 * From now until so many intents of a kind are shown, and final: intents a second. The first to be final are only where the clock
 * of the second figure starts, for finality itself takes 32 slots however many there are.
 */
async function settle(
  operator: TestOperator,
  kind: 'mint' | 'evolve',
  wanted: number,
): Promise<{ shown: number; settled: number }> {
  const { store } = operator;
  const count = (state: 'confirmed' | 'done') =>
    store.run((db) => db.$count(intents, and(eq(intents.kind, kind), eq(intents.state, state))));
  const began = performance.now();
  const before = await count('done');
  let shownMs = 0;
  let [firstAt, first] = [0, 0];
  for (;;) {
    await pause(100);
    const now = performance.now();
    const finished = (await count('done')) - before;
    if (shownMs === 0 && finished + (await count('confirmed')) >= wanted) shownMs = now - began;
    if (finished > 0 && firstAt === 0) [firstAt, first] = [now, finished];
    if (finished < wanted) continue;
    const rest = wanted - first;
    const shown = (wanted * 1000) / shownMs;
    return { shown, settled: rest > 0 ? (rest * 1000) / (now - firstAt) : shown };
  }
}

/** Figures of the outbox. */
export async function measureOutbox(): Promise<{ figure: string; value: number; unit: string }[]> {
  const dir = await mkdtemp(join(tmpdir(), 'bench-outbox-'));
  const limits = { requestsPerSecond: 1_000_000, requestBurst: 1_000_000 };
  const ledger = await openLedger({ dir: join(dir, 'ledger'), programs: projectPrograms(), limits });
  const served = await serveLedger(ledger, { port: 0 });
  const operator = await TestOperator.open(dir, served.url);
  try {
    const written = await writeIntents(operator);
    for (let i = 0; i < PEOPLE; i++) await operator.guest();
    const outbox = operator.outbox();
    outbox.start();
    await outbox.ready;
    const mints = await settle(operator, 'mint', PEOPLE);
    await operator.epoch(new Map([...operator.people.slice(-PEOPLE)].map(({ id }) => [id, DEEDS])));
    outbox.wake();
    // They begin when the epoch is published; those after these wait for another epoch, which does not come.
    const evolutions = await settle(operator, 'evolve', PEOPLE);
    return [
      { figure: 'intents_per_s', value: written, unit: '1/s' },
      { figure: 'mints_shown_per_s', value: mints.shown, unit: '1/s' },
      { figure: 'evolutions_shown_per_s', value: evolutions.shown, unit: '1/s' },
      { figure: 'settled_per_s', value: evolutions.settled, unit: '1/s' },
    ];
  } finally {
    await operator.close();
    await served.close();
    await ledger.close();
    rmSync(dir, { recursive: true, force: true });
  }
}
