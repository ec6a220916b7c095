import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { Connection, PublicKey } from '@solana/web3.js';
import { afterAll, expect, test } from 'vitest';
import { decodeZone } from '../../programs/client/chronicle.ts';
import { decodeAsset, decodeSymbiont, symbiontAddress } from '../../programs/client/index.ts';
import { ROOT } from '../config.ts';
import { openLedger } from '../ledger/ledger.ts';
import { projectPrograms } from '../ledger/programs.ts';
import { serveLedger } from '../ledger/serve.ts';
import { intents, symbionts } from '../store/schema.ts';
import { Store } from '../store/store.ts';
import { FAULTS, FaultyRpc } from '../testing/faultyRpc.ts';
import { preparedHome, removeHomes } from '../testing/homes.ts';
import { TestOperator } from '../testing/operator.ts';

/** Mints, evolutions and epochs together; FAULT_INTENTS=10000 for the long run. */
const INTENTS = Number(process.env.FAULT_INTENTS ?? 250);
const SEED = Number(process.env.FAULT_SEED ?? 7);
/** Each person's symbiont is minted and then grows through every stage of the world's own rule. */
const STAGES = 4;
const PEOPLE = Math.ceil(INTENTS / (1 + STAGES));
/** The first kills come while people are made; the others count their time from when the outbox works. */
const EARLY_KILLS = 2;
/** After so many kills it may go on to the end. */
const MOST_KILLS = 5 + Math.floor(INTENTS / 500);
/** Slots of 25 ms: a transaction expires after four seconds. */
const SLOT_MS = 25;
const LIMIT_MS = Math.max(300_000, INTENTS * 200);

afterAll(removeHomes);

/** Runs the operator and kills it every few seconds, until it is through. @returns how often it was killed */
async function runAndKill(args: string[], chance: () => number): Promise<number> {
  const until = performance.now() + LIMIT_MS;
  let reconsidered = 0;
  for (let kills = 0; performance.now() < until; kills++) {
    const child: ChildProcess = spawn(
      process.execPath,
      ['--import', 'tsx', join('server', 'testing', 'outboxChild.ts'), ...args],
      { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let said = '';
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const ms = 2_500 + chance() * Math.min(20_000, 3_000 + INTENTS * 10);
    let timer = setTimeout(() => child.kill('SIGKILL'), kills < EARLY_KILLS ? ms : until - performance.now());
    child.stdout?.on('data', (part) => {
      const began = said === '';
      said += part;
      if (!began || kills < EARLY_KILLS || kills >= MOST_KILLS) return;
      clearTimeout(timer);
      timer = setTimeout(() => child.kill('SIGKILL'), ms);
    });
    await exited;
    clearTimeout(timer);
    for (const [, n] of said.matchAll(/reconsidered (\d+)/g)) reconsidered += Number(n);
    if (said.includes('all is done')) {
      console.log(`${INTENTS} intents, ${kills} kills, ${reconsidered} evolutions opened late`);
      return kills;
    }
    if (child.signalCode !== 'SIGKILL') throw new Error(`the operator ended with ${child.exitCode}: ${said}`);
  }
  throw new Error(`not done within ${LIMIT_MS} ms`);
}

test(
  `${INTENTS} intents over an RPC that cannot be trusted, the server killed again and again: each done exactly once`,
  async () => {
    const home = await preparedHome();
    const limits = { requestsPerSecond: 1_000_000, requestBurst: 1_000_000, airdropsPerMinute: 1_000_000 };
    const ledger = await openLedger({
      dir: join(home, 'ledger'),
      programs: projectPrograms(),
      slotMs: SLOT_MS,
      limits,
    });
    const served = await serveLedger(ledger, { port: 0, host: '127.0.0.1' });
    const proxy = await FaultyRpc.open({ target: served.url, seed: SEED, rate: 0.12, lateMs: 400 });
    let state = SEED;
    const chance = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    try {
      const kills = await runAndKill([home, proxy.url, String(PEOPLE)], chance);
      expect(kills).toBeGreaterThan(0);
      for (const fault of FAULTS) expect(proxy.counts[fault], fault).toBeGreaterThan(0);

      const store = await Store.open({ dir: join(home, 'db'), url: null });
      const rows = await store.run((db) => db.select().from(intents));
      const people = await store.run((db) => db.select().from(symbionts));
      await store.close();
      const byKind = (kind: string) => rows.filter((row) => row.kind === kind);
      expect(byKind('mint')).toHaveLength(PEOPLE);
      expect(byKind('evolve')).toHaveLength(PEOPLE * STAGES);
      expect(rows.filter((row) => row.kind !== 'epoch' && row.state !== 'done')).toEqual([]);

      // What the chain itself holds, asked without the proxy.
      const connection = new Connection(served.url, 'confirmed');
      const published = byKind('epoch').filter((row) => row.state === 'done');
      const operator = await TestOperator.open(home, served.url);
      const account = await connection.getAccountInfo(operator.chain.zone);
      const zone = decodeZone(account?.data as Buffer);
      await operator.close();
      expect(zone.published).toBe(published.length);
      expect(zone.epochs.map((entry) => entry.epoch)).toEqual(
        published.map((row) => row.version).sort((a, b) => a - b),
      );
      expect(people).toHaveLength(PEOPLE);
      for (const row of people) {
        const asset = new PublicKey(row.asset);
        const history = await connection.getSignaturesForAddress(asset);
        expect(history.filter((one) => one.err === null)).toHaveLength(1 + STAGES);
        const symbiont = await connection.getAccountInfo(symbiontAddress(asset));
        const onChain = decodeSymbiont(symbiont?.data as Buffer);
        expect(onChain).toMatchObject({ version: BigInt(STAGES), stage: row.stage, branch: row.branch });
        expect(Buffer.from(onChain.picture)).toEqual(Buffer.from(row.picture));
        const core = await connection.getAccountInfo(asset);
        expect(decodeAsset(asset, core?.data as Buffer).uri).toBe(row.uri);
      }
    } finally {
      await proxy.close();
      await served.close();
      await ledger.close();
    }
  },
  LIMIT_MS + 60_000,
);
