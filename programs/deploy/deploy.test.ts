/** Deployments onto a real ledger over its RPC, in whole, in pieces and by a process that is killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Keypair, LAMPORTS_PER_SOL, PublicKey, Transaction, TransactionInstruction } from '@solana/web3.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import evolution from '#assets/programs/evolution.json' with { type: 'json' };
import { CORE_ADDRESS, readProgram } from '#server/ledger/programs.ts';
import { startLedger, type TestLedger } from '#server/ledger/testLedger.ts';
import { deploy } from './cli.ts';
import { Deployment, type Target } from './deploy.ts';
import { decodeLoaderState, programDataAddress } from './loader.ts';
import { Sender } from './sender.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const built = (name: string): Uint8Array => readFileSync(join(project, 'assets', 'programs', `${name}.so`));

const { discriminator } = evolution.instructions.find(({ name }) => name === 'set_paused')!;
const SET_PAUSED = Buffer.from([...discriminator, 1]);

let place: string;
let ledger: TestLedger;
let reopen: () => Promise<TestLedger>;
let payer: Keypair;
let home: string;
let homes = 0;

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'deploy-'));
  const core = readProgram(CORE_ADDRESS, join(project, 'assets/programs/core_standin.so'));
  reopen = () => startLedger({ programs: [core], dir: join(place, 'ledger') });
  ledger = await reopen();
});
afterAll(async () => {
  await ledger.close();
  rmSync(place, { recursive: true, force: true });
});
beforeEach(async () => {
  home = join(place, `home-${homes++}`);
  payer = await funded(20);
});

async function funded(sol: number): Promise<Keypair> {
  const key = Keypair.generate();
  await ledger.call('requestAirdrop', [key.publicKey.toBase58(), sol * LAMPORTS_PER_SOL]);
  for (;;) {
    if ((await ledger.connection.getBalance(key.publicKey)) > 0) return key;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function deployment(over: Partial<Target> & { so: Uint8Array }, log: string[] = []): Deployment {
  const key = over.key ?? null;
  const target = {
    name: 'test',
    key,
    authority: payer,
    address: key?.publicKey ?? PublicKey.default,
    ...over,
  };
  return new Deployment(new Sender(ledger.connection, payer, 0), target, home, (line) => log.push(line));
}

async function programData(program: PublicKey) {
  const account = await ledger.connection.getAccountInfo(programDataAddress(program));
  const state = account && decodeLoaderState(account.data);
  if (state?.kind !== 'programData') throw new Error('no program data');
  return state;
}

/**
 * What a program answers to `set_paused` without accounts: evolution misses them, and our stand-in does not
 * know it.
 */
async function answer(program: PublicKey): Promise<unknown> {
  const { blockhash } = await ledger.connection.getLatestBlockhash();
  const ix = new TransactionInstruction({ programId: program, keys: [], data: SET_PAUSED });
  const transaction = new Transaction({ feePayer: payer.publicKey, recentBlockhash: blockhash }).add(ix);
  return (await ledger.connection.simulateTransaction(transaction)).value.err;
}

describe('a deployment', () => {
  it('puts a program on the ledger that runs, byte for byte, and does nothing the second time', async () => {
    const [so, key] = [built('core_standin'), Keypair.generate()];
    const one = deployment({ so, key });
    const plan = await one.plan();
    expect(plan.action).toBe('deploy');
    const before = await ledger.connection.getBalance(payer.publicKey);
    await one.run();
    const spent = before - (await ledger.connection.getBalance(payer.publicKey));
    expect(spent).toBeGreaterThan(plan.rent);
    expect(spent).toBeLessThanOrEqual(plan.rent + plan.fees);
    const data = await programData(key.publicKey);
    expect(Buffer.compare(data.bytes, so)).toBe(0);
    expect(data.authority).toEqual(payer.publicKey);
    expect(await answer(key.publicKey)).toEqual(await answer(new PublicKey(CORE_ADDRESS)));
    expect(readdirSync(home)).toEqual([]);
    expect((await one.plan()).action).toBe('none');
    const sent = ledger.ledger.stats().transactions;
    await one.run();
    expect(ledger.ledger.stats().transactions).toBe(sent);
  });

  it('upgrades to a larger and to a smaller build, which then run, also after a restart of the ledger', async () => {
    const key = Keypair.generate();
    const [smaller, larger] = ['core_standin', 'evolution'].map(built);
    expect(larger.length).toBeGreaterThan(smaller.length);
    await deployment({ so: smaller, key }).run();
    const core = await answer(new PublicKey(CORE_ADDRESS));
    expect(await answer(key.publicKey)).toEqual(core);
    await deployment({ so: larger, key }).run();
    const data = await programData(key.publicKey);
    expect(Buffer.compare(data.bytes, larger)).toBe(0);
    const mismatch = { InstructionError: [0, 'NotEnoughAccountKeys'] };
    expect(core).not.toEqual(mismatch);
    expect(await answer(key.publicKey)).toEqual(mismatch);
    await deployment({ so: smaller, key }).run();
    expect((await programData(key.publicKey)).bytes.length).toBe(larger.length);
    expect((await deployment({ so: smaller, key }).plan()).action).toBe('none');
    expect(await answer(key.publicKey)).toEqual(core);
    await ledger.close();
    ledger = await reopen();
    expect(await answer(key.publicKey)).toEqual(core);
  });

  it('leaves a final program alone, and one of another authority', async () => {
    const [so, key] = [built('brains'), Keypair.generate()];
    const one = deployment({ so, key });
    await one.run();
    const other = await funded(5);
    const theirs = deployment({ so: built('chronicle'), key, authority: other });
    await expect(theirs.plan()).rejects.toThrow(`only ${payer.publicKey} can upgrade it`);
    await one.finalise();
    await one.finalise();
    expect((await programData(key.publicKey)).authority).toBeNull();
    await expect(deployment({ so: built('chronicle'), key }).plan()).rejects.toThrow(
      'is final and holds other bytes',
    );
  });

  it('asks for the key where nothing lies, and refuses what is no program', async () => {
    const so = built('brains');
    const address = Keypair.generate().publicKey;
    await expect(deployment({ so, address }).plan()).rejects.toThrow('--program test=FILE');
    await expect(deployment({ so, address: payer.publicKey }).plan()).rejects.toThrow(
      'no upgradeable program',
    );
  });

  it('does not load bytes that are no program, and keeps the key of the buffer to itself', async () => {
    const [key, so] = [Keypair.generate(), new Uint8Array(3_000).fill(7)];
    await expect(deployment({ so, key }).run()).rejects.toThrow(/invalid account data|InvalidAccountData/);
    const [file] = readdirSync(home);
    expect(statSync(join(home, file)).mode & 0o777).toBe(0o600);
    // another build: the lamports in the first one's buffer come back
    const log: string[] = [];
    await deployment({ so: built('brains'), key }, log).run();
    expect(log.join('\n')).toContain('closing the buffer of an earlier build');
    expect(readdirSync(home)).toEqual([]);
  });
});

describe('the command', () => {
  let keys: string;
  beforeEach(() => {
    keys = join(home, 'keys');
    mkdirSync(keys, { recursive: true });
    writeFileSync(join(keys, 'payer.key'), payer.secretKey);
  });

  function start(args: string[]): ChildProcess & { output: string } {
    const argv = [
      '--import',
      'tsx',
      join(project, 'programs/cli.ts'),
      'deploy',
      '--cluster',
      ledger.url,
      ...args,
    ];
    const child = spawn(process.execPath, argv, {
      cwd: project,
      env: { ...process.env, SYMBIONT_HOME: home },
      stdio: ['ignore', 'pipe', 'pipe'],
    }) as unknown as ChildProcess & { output: string };
    child.output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (bytes: Buffer) => {
        child.output += bytes.toString();
      });
    return child;
  }

  const ended = (child: ChildProcess): Promise<number | null> =>
    new Promise((resolve) => child.on('close', (code) => resolve(code)));

  async function runs(args: string[]): Promise<{ code: number | null; output: string }> {
    const child = start(args);
    return { code: await ended(child), output: child.output };
  }

  it('killed in the middle goes on where it was, with what was already written and paid', async () => {
    // enough for one buffer, not for two
    payer = await funded(1.1);
    writeFileSync(join(keys, 'payer.key'), payer.secretKey);
    const key = Keypair.generate();
    const file = join(keys, 'core.json');
    writeFileSync(file, JSON.stringify([...key.secretKey]));
    const args = ['core_standin', '--program', `core_standin=${file}`, '--yes'];
    const begun = ledger.ledger.stats().transactions;
    const written = () => ledger.ledger.stats().transactions - begun;
    const child = start(args);
    const end = ended(child);
    while (written() < 20) await new Promise((resolve) => setTimeout(resolve, 2));
    child.kill('SIGKILL');
    await end;
    const before = written();
    const spare = await ledger.connection.getBalance(payer.publicKey);
    // what the second run needs beside what lies in the buffer: less than the first one did
    const rent = await ledger.connection.getMinimumBalanceForRentExemption(built('core_standin').length + 45);
    expect(spare).toBeLessThan(1.3 * rent);
    expect(await ledger.connection.getAccountInfo(key.publicKey)).toBeNull();
    const { code, output } = await runs(args);
    expect(output).toContain('core_standin: verified');
    expect(code).toBe(0);
    // the buffer, its pieces, the deployment: each once, but for a few that were on their way at the kill
    const pieces = Math.ceil(built('core_standin').length / 1000);
    expect(before).toBeLessThan(pieces);
    expect(written()).toBeLessThanOrEqual(pieces + 2 + 16);
    expect(Buffer.compare((await programData(key.publicKey)).bytes, built('core_standin'))).toBe(0);
    expect(
      readdirSync(join(home, 'deploy'), { recursive: true }).filter((name) => /buffer/.test(String(name))),
    ).toEqual([]);
  });

  it('names what is missing or wrong, and then has sent nothing', async () => {
    const file = join(keys, 'other.json');
    writeFileSync(file, JSON.stringify([...Keypair.generate().secretKey]));
    const sent = ledger.ledger.stats().transactions;
    const cases: [string[], string][] = [
      [['brains', '--yes'], 'its key is needed to put it there: --program brains=FILE'],
      [
        ['brains', '--yes', '--program', `brains=${file}`],
        'npm run programs -- addresses --program brains=FILE',
      ],
      [['core_standin', '--program', `core_standin=${file}`], 'nobody to ask here; give --yes'],
      [['core_standin', '--program', `core_standin=${file}`, '--yes', '--keypair', file], 'SOL are missing'],
      [['nonsense', '--yes'], 'nonsense is no program'],
      [['--program', 'brains'], '--program brains: must be NAME=FILE'],
      [['--keypair', join(keys, 'none.json')], '--keypair: '],
      [['--priority', '-1'], '--priority'],
    ];
    vi.stubEnv('SYMBIONT_HOME', home);
    for (const [args, message] of cases)
      await expect(deploy(['--cluster', ledger.url, ...args])).rejects.toThrow(message);
    vi.unstubAllEnvs();
    expect(ledger.ledger.stats().transactions).toBe(sent);
  });
});
