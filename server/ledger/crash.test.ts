import { type ChildProcess, spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Connection, Keypair, SystemProgram, Transaction } from '@solana/web3.js';
import { afterEach, describe, expect, it } from 'vitest';
import { openLedger } from './ledger.ts';
import { takeLock } from './lock.ts';
import { temporaryDir } from './testLedger.ts';
import type { LedgerStats } from './types.ts';

const CHILD = fileURLToPath(new URL('./crashChild.ts', import.meta.url));
const SOL = 1_000_000_000;
/** Small, so that a short load goes over several files and snapshots. */
const SMALL = { segmentBytes: 64 * 1024, snapshotEvery: 60 };
const children = new Set<ChildProcess>();
const dirs: string[] = [];

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function newDir(): string {
  const dir = temporaryDir();
  dirs.push(dir);
  return dir;
}

interface Running {
  child: ChildProcess;
  connection: Connection;
  stats: LedgerStats;
  kill: () => Promise<void>;
}

/** Starts a ledger process; `shell` may set limits for it first. */
async function start(dir: string, limits: object = SMALL, shell = ''): Promise<Running> {
  const command = `${shell}exec "${process.execPath}" --import tsx "${CHILD}" "${dir}" '${JSON.stringify(limits)}'`;
  const child = spawn('bash', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  let errors = '';
  child.stderr.on('data', (data: Buffer) => {
    errors += data;
  });
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (data: Buffer) => {
      text += data;
      if (text.includes('\n')) resolve(text);
    });
    child.once('exit', () => reject(new Error(`the ledger ended: ${errors}`)));
  });
  const { url, wsUrl, stats } = JSON.parse(line) as { url: string; wsUrl: string; stats: LedgerStats };
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    child,
    stats,
    connection: new Connection(url, { wsEndpoint: wsUrl, commitment: 'processed' }),
    kill: () => {
      child.kill('SIGKILL');
      return exited;
    },
  };
}

async function funded(connection: Connection): Promise<Keypair> {
  const key = Keypair.generate();
  await connection.requestAirdrop(key.publicKey, 900 * SOL);
  return key;
}

function transfer(payer: Keypair, to: Keypair, lamports: number, blockhash: string): Buffer {
  const tx = new Transaction({ feePayer: payer.publicKey, recentBlockhash: blockhash } as never);
  tx.add(SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: to.publicKey, lamports })).sign(
    payer,
  );
  return tx.serialize();
}

describe('a ledger whose process is killed', () => {
  it('keeps every acknowledged transaction and applies each once, over several kills in the middle of a load', async () => {
    const dir = newDir();
    let running = await start(dir);
    const payer = await funded(running.connection);
    const acknowledged: { signature: string; to: Keypair; lamports: number }[] = [];
    let sent = 0;
    for (let round = 0; round < 3; round++) {
      const { blockhash } = await running.connection.getLatestBlockhash('processed');
      const { connection, kill } = running;
      const unsure: { bytes: Buffer; to: Keypair; lamports: number }[] = [];
      let alive = true;
      const worker = async (): Promise<void> => {
        while (alive) {
          const to = Keypair.generate();
          const lamports = SOL / 100 + sent++;
          const bytes = transfer(payer, to, lamports, blockhash);
          try {
            const signature = await connection.sendRawTransaction(bytes, { skipPreflight: true });
            acknowledged.push({ signature, to, lamports });
          } catch {
            unsure.push({ bytes, to, lamports });
            return;
          }
        }
      };
      const load = [worker(), worker(), worker(), worker()];
      const before = acknowledged.length;
      await expect
        .poll(() => acknowledged.length, { timeout: 20_000, interval: 5 })
        .toBeGreaterThan(before + 100);
      await kill();
      alive = false;
      await Promise.all(load);
      running = await start(dir);
      // What was never acknowledged may be sent again: it counts once, whether it had arrived or not.
      for (const one of unsure) {
        const signature = await running.connection.sendRawTransaction(one.bytes, { skipPreflight: true });
        acknowledged.push({ signature, to: one.to, lamports: one.lamports });
      }
    }
    const { connection } = running;
    for (let i = 0; i < acknowledged.length; i += 100) {
      const part = acknowledged.slice(i, i + 100);
      const accounts = await connection.getMultipleAccountsInfo(part.map((a) => a.to.publicKey));
      expect(accounts.map((a) => a?.lamports)).toEqual(part.map((a) => a.lamports));
      const statuses = await connection.getSignatureStatuses(
        part.map((a) => a.signature),
        { searchTransactionHistory: true },
      );
      expect(statuses.value.every((s) => s !== null && s.err === null)).toBe(true);
    }
    const spent = acknowledged.reduce((sum, a) => sum + a.lamports + 5000, 0);
    expect(await connection.getBalance(payer.publicKey)).toBe(900 * SOL - spent);
    expect(running.stats.transactions).toBeGreaterThan(300);
    expect(readdirSync(dir).filter((n) => n.startsWith('journal-')).length).toBeGreaterThan(2);
    await running.kill();
  });

  it('gives the same account bytes after a kill as after a clean end', async () => {
    const dir = newDir();
    const running = await start(dir, { ...SMALL, snapshotEvery: 1_000_000 });
    const payer = await funded(running.connection);
    const owner = Keypair.generate().publicKey;
    const { blockhash } = await running.connection.getLatestBlockhash();
    for (let i = 0; i < 20; i++) {
      const key = Keypair.generate();
      const tx = new Transaction({ feePayer: payer.publicKey, recentBlockhash: blockhash } as never);
      const space = i * 50;
      const create = {
        fromPubkey: payer.publicKey,
        newAccountPubkey: key.publicKey,
        lamports: SOL,
        space,
        programId: owner,
      };
      tx.add(SystemProgram.createAccount(create)).sign(payer, key);
      await running.connection.sendRawTransaction(tx.serialize());
    }
    const read = async (ask: (method: string, params: unknown[]) => Promise<unknown>): Promise<unknown> => [
      await ask('getProgramAccounts', [owner.toBase58(), { encoding: 'base64', commitment: 'processed' }]),
      await ask('getBalance', [payer.publicKey.toBase58(), { commitment: 'processed' }]),
    ];
    const before = await read(async (method, params) => {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
      const headers = { 'content-type': 'application/json' };
      const res = await fetch(running.connection.rpcEndpoint, { method: 'POST', body, headers });
      return strip(((await res.json()) as { result: unknown }).result);
    });
    await running.kill();
    const replayed = await openLedger({ dir, programs: [], slotMs: 100 });
    expect(replayed.stats().replayed).toBe(21);
    expect(await read(async (m, p) => strip(await replayed.request(m, p)))).toEqual(before);
    await replayed.close();
    const snapshotted = await openLedger({ dir, programs: [], slotMs: 100 });
    expect(snapshotted.stats()).toMatchObject({ replayed: 0, transactions: 21, history: 21 });
    expect(await read(async (m, p) => strip(await snapshotted.request(m, p)))).toEqual(before);
    await snapshotted.close();
  });

  it('cuts a torn end off and goes on after it', async () => {
    const dir = newDir();
    const running = await start(dir, { ...SMALL, snapshotEvery: 1_000_000 });
    const payer = await funded(running.connection);
    await running.kill();
    const [name] = readdirSync(dir).filter((n) => n.startsWith('journal-'));
    const whole = readFileSync(join(dir, name));
    for (const torn of [
      Buffer.from([1]),
      Buffer.from([200, 0, 0, 0, 1, 2, 3, 4, 9, 9]),
      whole.subarray(8, -1),
    ]) {
      appendFileSync(join(dir, name), torn);
      const lines: string[] = [];
      const ledger = await openLedger({ dir, programs: [], log: (line) => lines.push(line) });
      expect(lines.some((l) => l.includes(`${torn.length} torn bytes`))).toBe(true);
      expect(ledger.stats().transactions).toBe(1);
      await ledger.close();
      expect(statSync(join(dir, name)).size).toBe(whole.length);
    }
    const ledger = await openLedger({ dir, programs: [] });
    await ledger.request('requestAirdrop', [payer.publicKey.toBase58(), SOL]);
    await ledger.close();
    const again = await openLedger({ dir, programs: [] });
    expect(again.stats().transactions).toBe(2);
    await again.close();
  });

  it('passes over a damaged snapshot and rebuilds from the journal; without either it says what is missing', async () => {
    const dir = newDir();
    const running = await start(dir, SMALL);
    const payer = await funded(running.connection);
    const { blockhash } = await running.connection.getLatestBlockhash();
    for (let i = 0; i < 200; i++) {
      await running.connection.sendRawTransaction(transfer(payer, Keypair.generate(), SOL / 100, blockhash));
    }
    const balance = await running.connection.getBalance(payer.publicKey);
    await expect.poll(() => newestSnapshot(dir), { timeout: 5000 }).toBeGreaterThan(100);
    await running.kill();
    const snapshot = readdirSync(dir)
      .filter((n) => n.endsWith('.bin'))
      .sort()
      .at(-1) as string;
    const bytes = readFileSync(join(dir, snapshot));
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(join(dir, snapshot), bytes);
    writeFileSync(join(dir, `${snapshot}.tmp`), 'left by a process that died');
    const lines: string[] = [];
    const ledger = await openLedger({ dir, programs: [], log: (line) => lines.push(line) });
    expect(lines.some((l) => l.includes('damaged and passed over'))).toBe(true);
    expect(
      await ledger.request('getBalance', [payer.publicKey.toBase58(), { commitment: 'processed' }]),
    ).toMatchObject({
      value: balance,
    });
    await ledger.close();
    for (const name of readdirSync(dir)) if (name.endsWith('.bin')) rmSync(join(dir, name));
    const [first] = readdirSync(dir)
      .filter((n) => n.startsWith('journal-'))
      .sort();
    truncateSync(join(dir, first), 5000);
    await expect(openLedger({ dir, programs: [] })).rejects.toThrow(/damaged at byte|one is missing/);
    rmSync(join(dir, first));
    await expect(openLedger({ dir, programs: [] })).rejects.toThrow(/one is missing|no whole snapshot/);
  });
});

describe('a ledger whose disk is full', () => {
  it('refuses with a clear error, changes nothing, and goes on once there is room', async () => {
    const dir = newDir();
    // A bound on file size stands for the full disk: the same partial write, the same failing system call.
    const running = await start(dir, { segmentBytes: 1 << 20 }, `trap '' XFSZ; ulimit -f 24; `);
    const payer = await funded(running.connection);
    const { blockhash } = await running.connection.getLatestBlockhash();
    let sent = 0;
    let refused: unknown = null;
    let spent = 0;
    while (!refused && sent < 500) {
      try {
        await running.connection.sendRawTransaction(
          transfer(payer, Keypair.generate(), SOL / 100 + sent, blockhash),
        );
        spent += SOL / 100 + sent++ + 5000;
      } catch (error) {
        refused = error;
      }
    }
    expect(String(refused)).toContain('The transaction was not applied: the ledger cannot write its journal');
    expect(sent).toBeGreaterThan(3);
    expect(await running.connection.getBalance(payer.publicKey)).toBe(900 * SOL - spent);
    expect(await running.connection.getSlot()).toBeGreaterThan(0);
    await running.kill();
    const roomy = await start(dir);
    expect(roomy.stats.transactions).toBe(sent + 1);
    expect(await roomy.connection.getBalance(payer.publicKey)).toBe(900 * SOL - spent);
    const latest = await roomy.connection.getLatestBlockhash();
    await roomy.connection.sendRawTransaction(transfer(payer, Keypair.generate(), SOL, latest.blockhash));
    await roomy.kill();
  });
});

describe('a ledger that cannot write its snapshot', () => {
  it('says so, runs on, and finds all in the journal after a kill', async () => {
    const dir = newDir();
    // Each journal file stays below the bound, a snapshot of 300 accounts does not.
    const limits = { segmentBytes: 8 * 1024, snapshotEvery: 320 };
    const running = await start(dir, limits, `trap '' XFSZ; ulimit -f 20; `);
    let errors = '';
    running.child.stderr?.on('data', (data: Buffer) => {
      errors += data;
    });
    const payer = await funded(running.connection);
    let spent = 0;
    for (let i = 0; i < 350; i++) {
      const { blockhash } = await running.connection.getLatestBlockhash();
      await running.connection.sendRawTransaction(
        transfer(payer, Keypair.generate(), SOL / 100 + i, blockhash),
      );
      spent += SOL / 100 + i + 5000;
    }
    await expect.poll(() => errors, { timeout: 5000 }).toMatch(/snapshot \d+ was not written \(EFBIG\)/);
    expect(await running.connection.getBalance(payer.publicKey)).toBe(900 * SOL - spent);
    expect(readdirSync(dir).filter((n) => n.endsWith('.tmp'))).toEqual([]);
    expect(newestSnapshot(dir)).toBe(0);
    await running.kill();
    const roomy = await start(dir);
    expect(roomy.stats).toMatchObject({ transactions: 351, replayed: 351 });
    expect(await roomy.connection.getBalance(payer.publicKey)).toBe(900 * SOL - spent);
    await roomy.kill();
  });
});

describe('the lock of a directory', () => {
  it('keeps a second ledger out, here or in another process, and is taken over from a dead one', async () => {
    const dir = newDir();
    const running = await start(dir);
    await expect(openLedger({ dir, programs: [] })).rejects.toThrow(
      'another process holds the ledger directory',
    );
    await running.kill();
    const first = await openLedger({ dir, programs: [] });
    await expect(openLedger({ dir, programs: [] })).rejects.toThrow(
      'another process holds the ledger directory',
    );
    await first.close();
    const path = join(dir, 'lock');
    for (const left of ['', 'no JSON', JSON.stringify({ pid: 1, began: 'some other time' })]) {
      writeFileSync(path, left);
      takeLock(path)();
    }
  });

  it('makes key files that only their owner can read', async () => {
    const dir = join(newDir(), 'deep', 'ledger');
    mkdirSync(join(dir, '..'), { recursive: true });
    const ledger = await openLedger({ dir, programs: [] });
    expect(statSync(join(dir, 'faucet.json')).mode & 0o777).toBe(0o600);
    await ledger.close();
    writeFileSync(join(dir, 'faucet.json'), '[1,2,3]');
    await expect(openLedger({ dir, programs: [] })).rejects.toThrow(
      'faucet.json of the ledger must hold an array of 64 bytes',
    );
    writeFileSync(join(dir, 'genesis.json'), '{"format":1,"seed":"xx"}');
    await expect(openLedger({ dir, programs: [] })).rejects.toThrow(
      'genesis.json of the ledger cannot be read',
    );
  });
});

function newestSnapshot(dir: string): number {
  const names = readdirSync(dir).filter((n) => n.endsWith('.bin'));
  return Math.max(-1, ...names.map((n) => Number(n.slice(9, 21))));
}

/** Contexts differ in their slot; accounts and their order of reading do not matter here. */
function strip(result: unknown): unknown {
  if (Array.isArray(result)) {
    return result.map((r) => JSON.stringify(r).replaceAll(/"rentEpoch":\d+,?/g, '')).sort();
  }
  return (result as { value: unknown }).value;
}
