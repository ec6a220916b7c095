import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { and, inArray } from 'drizzle-orm';
import { openLedger } from '../ledger/ledger.ts';
import { projectPrograms } from '../ledger/programs.ts';
import { serveLedger } from '../ledger/serve.ts';
import { identities, intents } from '../store/schema.ts';
import { TestOperator } from './operator.ts';

export interface EvolvedWorld {
  rpcUrl: string;
  operator: TestOperator;
  /** Ends the game's server and removes its database: nothing is left but the ledger. */
  leaveLedgerAlone(): Promise<void>;
  close(): Promise<void>;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const WAIT_MS = 240_000;

/**
 * A ledger on which so many symbionts were minted and grew, by a game's server as it runs: person n, from 0 on, by
 * `stagesOf(n)` stages at most, each of them doing other things.
 */
export async function evolvedWorld(
  home: string,
  count: number,
  stagesOf: (n: number) => number,
  slotMs = 50,
): Promise<EvolvedWorld> {
  const limits = { requestsPerSecond: 1_000_000, requestBurst: 1_000_000 };
  const ledger = await openLedger({
    dir: join(home, 'ledger'),
    programs: projectPrograms(),
    slotMs,
    limits,
  });
  const served = await serveLedger(ledger, { port: 0, host: '127.0.0.1' });
  const operator = await TestOperator.open(home, served.url);
  let open = true;
  const leaveLedgerAlone = async () => {
    if (open) await operator.close();
    open = false;
    rmSync(join(home, 'db'), { recursive: true, force: true });
  };
  const close = async () => {
    await leaveLedgerAlone();
    await served.close();
    await ledger.close();
  };
  try {
    await grow(operator, count, stagesOf);
  } catch (error) {
    await close();
    throw error;
  }
  return { rpcUrl: served.url, operator, leaveLedgerAlone, close };
}

async function grow(operator: TestOperator, count: number, stagesOf: (n: number) => number): Promise<void> {
  const { store } = operator;
  const outbox = operator.outbox();
  for (let i = 0; i < count; i++) await operator.guest();
  outbox.start();
  await outbox.ready;
  const until = async (kind: 'mint' | 'evolve', wanted: number) => {
    const began = performance.now();
    const shown = and(inArray(intents.kind, [kind]), inArray(intents.state, ['confirmed', 'done']));
    while ((await store.run((db) => db.$count(intents, shown))) < wanted) {
      if (performance.now() - began > WAIT_MS)
        throw new Error(`${kind}: not all shown: ${operator.lines.slice(-5).join('; ')}`);
      await pause(50);
    }
  };
  await until('mint', count);
  let evolved = 0;
  for (let stage = 1; stage <= 4; stage++) {
    const doers = new Map(
      operator.people.flatMap(({ id }, n) =>
        stagesOf(n) >= stage ? [[id, deedsOf(n, stage)] as const] : [],
      ),
    );
    if (doers.size === 0) break;
    await operator.epoch(doers);
    outbox.wake();
    evolved += doers.size;
    await until('evolve', evolved);
  }
  if ((await store.run((db) => db.$count(identities))) !== count) throw new Error('people are missing');
}

/** Counters that earn the next stage and no more, of whichever kind this person likes. */
function deedsOf(n: number, stage: number): number[] {
  const sum = [0, 36, 150, 480, 1400][stage];
  const deeds = [stage, stage, stage, 0, 0, 0, stage, stage];
  const [favourite, weight] = [
    [0, 2],
    [3, 6],
    [4, 3],
    [5, 3],
  ][n % 4];
  deeds[favourite] += Math.ceil(sum / weight) + (n % 7 && stage === 1 ? 1 : 0);
  return deeds;
}
