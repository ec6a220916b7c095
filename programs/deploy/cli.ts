/** `npm run programs -- deploy` and `-- addresses`: see programs/README.md. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Connection, type Keypair, PublicKey } from '@solana/web3.js';
import hashes from '#assets/programs/hashes.json' with { type: 'json' };
import { isName, NAMES, type Name, rewriteAddresses } from './addresses.ts';
import { Deployment, type Plan, sol, type Target } from './deploy.ts';
import { readKeypair } from './keyfile.ts';
import { Sender } from './sender.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const STANDIN = 'core_standin';
/** Lamports that a program's own small account needs while the buffer is still paid for, and a little more. */
const PROGRAM_ACCOUNT = 2_000_000;

const USAGE = `usage:
  npm run programs -- deploy [NAME…] [--cluster URL] [--keypair FILE] [--authority FILE]
      [--program NAME=FILE]… [--priority MICROLAMPORTS] [--final] [--yes]
  npm run programs -- addresses --program NAME=FILE…
NAME: ${NAMES.join(', ')}`;

interface Job {
  deployment: Deployment;
  target: Target;
  plan: Plan;
}

/** `NAME=FILE` given by --program: the programs' own keys. */
function programKeys(given: string[]): Map<string, Keypair> {
  return new Map(
    given.map((text) => {
      const at = text.indexOf('=');
      const name = text.slice(0, at).replace('-', '_');
      if (at < 1 || !(isName(name) || name === STANDIN))
        throw new Error(`--program ${text}: must be NAME=FILE with NAME one of ${NAMES.join(', ')}`);
      return [name, readKeypair(text.slice(at + 1), `--program ${name}`)];
    }),
  );
}

/** Writes the addresses of these keys into the sources. Returns the files that changed. */
export function addresses(args: string[]): string[] {
  const { values } = parseArgs({ args, options: { program: { type: 'string', multiple: true } } });
  if (!values.program) throw new Error(`addresses: --program NAME=FILE is missing\n${USAGE}`);
  const wanted = new Map<Name, PublicKey>();
  for (const [name, key] of programKeys(values.program)) {
    if (!isName(name)) throw new Error(`--program ${name}: it stands at Metaplex Core's address`);
    wanted.set(name, key.publicKey);
  }
  return rewriteAddresses(root, wanted);
}

/** Deploys, and returns the process's exit status. @throws Error with what stands in the way */
export async function deploy(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      cluster: { type: 'string' },
      keypair: { type: 'string' },
      authority: { type: 'string' },
      program: { type: 'string', multiple: true, default: [] },
      priority: { type: 'string', default: '0' },
      final: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
    },
  });
  const home = resolve(process.env.SYMBIONT_HOME ?? '.symbiont');
  const url = values.cluster ?? process.env.SOLANA_RPC_URL;
  if (!url) throw new Error('--cluster: missing; or set SOLANA_RPC_URL');
  if (!/^https?:\/\//.test(url))
    throw new Error('--cluster: must be a URL starting with http:// or https://');
  if (!/^\d{1,7}$/.test(values.priority))
    throw new Error('--priority: must be whole micro-lamports from 0 to 9999999');
  const keys = programKeys(values.program);
  const names = [
    ...new Set(positionals.length > 0 ? positionals.map((one) => one.replace('-', '_')) : NAMES),
  ];
  for (const name of names)
    if (!isName(name) && name !== STANDIN) throw new Error(`deploy: ${name} is no program\n${USAGE}`);
  const payer = readKeypair(values.keypair ?? join(home, 'keys', 'payer.key'), '--keypair');
  const authority = values.authority ? readKeypair(values.authority, '--authority') : payer;

  const connection = new Connection(url, 'confirmed');
  const [version, genesis] = await Promise.all([connection.getVersion(), connection.getGenesisHash()]);
  if (names.includes(STANDIN) && version['feature-set'] !== 0)
    throw new Error(`${STANDIN}: belongs on an embedded ledger only; a cluster has Metaplex Core itself`);
  const sender = new Sender(connection, payer, Number(values.priority));
  const jobs: Job[] = [];
  for (const name of names) {
    const target = { name, so: program(name), authority, ...addressed(name, keys.get(name) ?? null) };
    const state = join(home, 'deploy', genesis.slice(0, 16));
    const deployment = new Deployment(sender, target, state, (line) => console.log(line));
    jobs.push({ deployment, target, plan: await deployment.plan() });
  }
  await show(jobs, sender, values.final);
  const idle = jobs.every(({ plan }) => plan.action === 'none');
  if (!(idle && !values.final) && !values.yes && !(await agreed())) return 1;
  for (const { deployment, target } of jobs) {
    await deployment.run();
    if (values.final) await deployment.finalise();
    await verify(deployment, target, values.final);
  }
  return 0;
}

/** The built program, if it is the one that `hashes.json` names. */
function program(name: string): Uint8Array {
  const so = readFileSync(join(root, 'assets', 'programs', `${name}.so`));
  const listed = (hashes as Record<string, string>)[`${name}.so`];
  if (createHash('sha256').update(so).digest('hex') !== listed)
    throw new Error(
      `${name}: assets/programs/${name}.so is not the one in hashes.json; run npm run programs`,
    );
  return so;
}

/** Where a program belongs. Elsewhere it would not know its own accounts, nor the other programs its. */
function addressed(name: string, key: Keypair | null): { address: PublicKey; key: Keypair | null } {
  if (!isName(name)) {
    if (!key) throw new Error(`${name}: its key is needed: --program ${name}=FILE`);
    return { address: key.publicKey, key };
  }
  const idl = JSON.parse(readFileSync(join(root, 'assets', 'programs', `${name}.json`), 'utf8')) as {
    address: string;
  };
  const address = new PublicKey(idl.address);
  if (key && !key.publicKey.equals(address))
    throw new Error(
      `--program ${name}: is the key of ${key.publicKey}, but the program is built for ${address} and would not know its own accounts elsewhere. First: npm run programs -- addresses --program ${name}=FILE, then npm run programs`,
    );
  return { address, key };
}

async function show(jobs: Job[], sender: Sender, final: boolean): Promise<void> {
  for (const { target, plan } of jobs) {
    const costs = `rent ${sol(plan.rent)}, fees up to ${sol(plan.fees)}, for the time of writing ${sol(plan.held)}`;
    const what = plan.action === 'none' ? 'is there already, the same bytes' : `${plan.action}: ${costs}`;
    console.log(`${target.name.padEnd(12)} ${target.address}  ${what}`);
  }
  if (final) console.log('--final: nobody will ever be able to upgrade them');
  // one after the other: what an earlier one keeps is gone, what it only held has come back
  let [spent, most] = [0, 0];
  for (const { plan } of jobs) {
    const own = plan.action === 'none' ? 0 : Math.max(plan.rent, plan.held + PROGRAM_ACCOUNT) - plan.paid;
    most = Math.max(most, spent + plan.fees + own);
    spent += plan.fees + plan.rent - plan.paid;
  }
  const balance = await sender.connection.getBalance(sender.payer.publicKey, 'confirmed');
  console.log(
    `In all ${sol(spent)}, at most ${sol(most)} on the way; ${sender.payer.publicKey} has ${sol(balance)}`,
  );
  if (balance < most) throw new Error(`--keypair: ${sol(most - balance)} are missing`);
}

async function agreed(): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Error('deploy: nobody to ask here; give --yes');
  const ask = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await ask.question('Go on? (yes/no) ');
  ask.close();
  return answer.trim().toLowerCase() === 'yes';
}

/** The cluster's bytes are the committed ones, and the authority is who it should be. */
async function verify(deployment: Deployment, target: Target, final: boolean): Promise<void> {
  const plan = await deployment.plan();
  if (plan.action !== 'none' || plan.standing.at !== 'program')
    throw new Error(`${target.name}: the cluster does not hold what was deployed`);
  const { authority } = plan.standing.data;
  if (final && authority) throw new Error(`${target.name}: is not final`);
  const hash = createHash('sha256').update(target.so).digest('hex');
  console.log(
    `${target.name}: verified, sha256 ${hash}, ${authority ? `upgrades by ${authority}` : 'final'}`,
  );
}
