import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Keypair, SystemProgram, Transaction } from '@solana/web3.js';
import { openLedger } from '#server/ledger/ledger.ts';
import { projectPrograms } from '#server/ledger/programs.ts';
import { serveLedger } from '#server/ledger/serve.ts';
import { parseTransaction } from '#server/ledger/transaction.ts';
import type { Ledger } from '#server/ledger/types.ts';
import { type AccountState, VirtualMachine } from '#server/ledger/vm.ts';
import { measureInstructionCu } from './chain-cu.ts';
import { measureLamports } from './chain-judge.ts';
import { measureOutbox } from './chain-outbox.ts';
import { median, percentile, report } from './report.ts';

/**
 * The chain: signed transfers a second through the embedded ledger's JSON-RPC over HTTP (journal included) and
 * through the virtual machine alone, how long the ledger holds the event loop, and the compute units of every
 * instruction of our programs. `npm run bench -- chain --json`
 */
const RUNS = 5;
const TRANSFERS = 1_000;
const CONNECTIONS = 8;
const WARM_UP = 200;

const json = process.argv.includes('--json');
const out = report('chain', json);

const payer = Keypair.generate();
let lamports = 1_000_000;

function transfers(count: number, recentBlockhash: string): Buffer[] {
  const to = Keypair.generate().publicKey;
  return Array.from({ length: count }, () => {
    const tx = new Transaction({ feePayer: payer.publicKey, recentBlockhash } as never);
    tx.add(SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: to, lamports: lamports++ }));
    tx.sign(payer);
    return tx.serialize();
  });
}

function directRun(): number {
  const vm = new VirtualMachine([]);
  const state: AccountState = {
    owner: SystemProgram.programId.toBase58(),
    lamports: 10n ** 15n,
    executable: false,
    data: new Uint8Array(),
  };
  vm.set(payer.publicKey.toBase58(), state);
  const list = transfers(TRANSFERS, Keypair.generate().publicKey.toBase58());
  const began = performance.now();
  for (const bytes of list) {
    const run = vm.execute(parseTransaction(bytes), true);
    if (!run.ok) throw new Error(`a transfer failed: ${run.failed.toString()}`);
    for (const [address, next] of run.post) vm.set(address, next);
  }
  return (TRANSFERS * 1000) / (performance.now() - began);
}

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

function post(url: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const req = request(url, { method: 'POST', agent, headers }, (res) => {
      let text = '';
      res.setEncoding('utf8');
      res.on('data', (part: string) => {
        text += part;
      });
      res.on('end', () => resolve(text));
    });
    req.on('error', reject);
    req.end(body);
  });
}

async function httpRun(ledger: Ledger, url: string, count: number): Promise<number> {
  const latest = (await ledger.request('getLatestBlockhash', [{ commitment: 'processed' }])) as {
    value: { blockhash: string };
  };
  const bodies = transfers(count, latest.value.blockhash).map((bytes, id) =>
    JSON.stringify({
      jsonrpc: '2.0',
      id,
      method: 'sendTransaction',
      params: [bytes.toString('base64'), { encoding: 'base64' }],
    }),
  );
  const began = performance.now();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < bodies.length) {
      const answer = await post(url, bodies[next++]);
      if (!answer.includes('"result"')) throw new Error(`a transfer failed: ${answer}`);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return (count * 1000) / (performance.now() - began);
}

/** How long each send holds the event loop (ms): parsing, running, journal and answer, without the network. */
async function holdTimes(ledger: Ledger): Promise<number[]> {
  const latest = (await ledger.request('getLatestBlockhash', [{ commitment: 'processed' }])) as {
    value: { blockhash: string };
  };
  const times: number[] = [];
  for (const bytes of transfers(TRANSFERS, latest.value.blockhash)) {
    const text = bytes.toString('base64');
    const began = performance.now();
    await ledger.request('sendTransaction', [text, { encoding: 'base64' }]);
    times.push(performance.now() - began);
  }
  return times;
}

const dir = await mkdtemp(join(tmpdir(), 'bench-chain-'));
const limits = { requestsPerSecond: 1_000_000, requestBurst: 1_000_000 };
const ledger = await openLedger({ dir, programs: projectPrograms(), limits });
const served = await serveLedger(ledger, { port: 0 });
try {
  for (let i = 0; i < 9; i++) await ledger.request('requestAirdrop', [payer.publicKey.toBase58(), 10 ** 12]);
  await httpRun(ledger, served.url, WARM_UP);
  const http: number[] = [];
  for (let i = 0; i < RUNS; i++) http.push(await httpRun(ledger, served.url, TRANSFERS));
  const direct = Array.from({ length: RUNS }, directRun);
  out('ledger_transfers_per_s', median(http), '1/s');
  out('svm_transfers_per_s', median(direct), '1/s');
  const held = await holdTimes(ledger);
  out('ledger_send_p50_ms', percentile(held, 50), 'ms');
  out('ledger_send_p99_ms', percentile(held, 99), 'ms');
} finally {
  agent.destroy();
  await served.close();
  await ledger.close();
  rmSync(dir, { recursive: true, force: true });
}

for (const { figure, value } of await measureInstructionCu()) out(figure, value, 'CU');
for (const { figure, value } of measureLamports()) out(figure, value, 'lamports');
for (const { figure, value, unit } of await measureOutbox()) out(figure, value, unit);
