/** Looks at a cluster from outside: is everything that the world needs there, and whose is it? */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Connection, type Keypair, LAMPORTS_PER_SOL, PublicKey } from '@solana/web3.js';
import hashes from '#assets/programs/hashes.json' with { type: 'json' };
import { BRAINS_ID } from '../../programs/client/brains.ts';
import { CHRONICLE, CHRONICLE_ID, decodeZone } from '../../programs/client/chronicle.ts';
import {
  collectionAddress,
  configAddress,
  decodeConfig,
  EVOLUTION_ID,
  MPL_CORE_ID,
} from '../../programs/client/index.ts';
import { readKeypair } from '../../programs/deploy/keyfile.ts';
import { elfLength } from './cloneCore.ts';
import { recogniseCore } from './knownCores.ts';
import { readStandingProgram, type StandingProgram } from './standing.ts';

/** `wrong` makes the doctor fail; `note` is for people to judge. */
export type State = 'ok' | 'note' | 'wrong';

export interface Finding {
  what: string;
  state: State;
  text: string;
}

export interface DoctorOptions {
  connection: Connection;
  /** SYMBIONT_HOME. */
  home: string;
  /** Index of the world's collection under its authority. */
  collectionIndex: number;
}

/** The payer's balance below which a world stands still. */
const LOW = LAMPORTS_PER_SOL;
/** Offset of the authority in a zone's account, after the discriminator. */
const ZONE_AUTHORITY = 8;

const PROGRAMS: readonly [name: string, id: PublicKey][] = [
  ['brains', BRAINS_ID],
  ['chronicle', CHRONICLE_ID],
  ['evolution', EVOLUTION_ID],
];

const sol = (lamports: number | bigint): string => `${(Number(lamports) / LAMPORTS_PER_SOL).toFixed(6)} SOL`;
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Every check, in order. One that cannot be made is a finding of its own; none of them changes anything. */
export async function examine(options: DoctorOptions): Promise<Finding[]> {
  const findings: Finding[] = [];
  const say = (what: string, state: State, text: string): void => {
    findings.push({ what, state, text });
  };
  const { connection, home } = options;
  try {
    const [version, genesis] = await Promise.all([connection.getVersion(), connection.getGenesisHash()]);
    say('cluster', 'ok', `answers, version ${version['solana-core']}, genesis ${genesis}`);
  } catch (error) {
    say('cluster', 'wrong', `does not answer: ${error instanceof Error ? error.message : error}`);
    return findings;
  }
  const attempt = async (what: string, check: () => Promise<void>): Promise<void> => {
    try {
      await check();
    } catch (error) {
      say(what, 'wrong', error instanceof Error ? error.message : String(error));
    }
  };
  for (const [name, id] of PROGRAMS) {
    await attempt(name, async () => checkProgram(name, await readStandingProgram(connection, id), say));
  }
  await attempt('core', async () => checkCore(await readStandingProgram(connection, MPL_CORE_ID), say));
  const keys = readKeys(home, say);
  for (const [name, key] of keys)
    await attempt(`key ${name}`, () => checkBalance(connection, name, key, say));
  const authority = keys.get('authority');
  if (authority) {
    await attempt('collection', () => checkCollection(options, authority, keys.get('zone') ?? null, say));
    await attempt('bond', () => checkZones(connection, authority.publicKey, say));
  }
  return findings;
}

type Say = (what: string, state: State, text: string) => void;

function checkProgram(name: string, program: StandingProgram, say: Say): void {
  const listed = (hashes as Record<string, string>)[`${name}.so`];
  const so = readFileSync(new URL(`../../assets/programs/${name}.so`, import.meta.url));
  const whole = program.bytes.subarray(0, so.length);
  const same = digest(whole) === listed && program.bytes.subarray(so.length).every((byte) => byte === 0);
  const upgrades = program.authority ? `upgrades by ${program.authority}` : 'final';
  if (same) say(name, 'ok', `${program.address}, the committed bytes, ${upgrades}`);
  else say(name, 'wrong', `${program.address}, other bytes than the committed ones, ${upgrades}`);
}

function checkCore(program: StandingProgram, say: Say): void {
  const so = readFileSync(new URL('../../assets/programs/core_standin.so', import.meta.url));
  const standin = Buffer.compare(program.bytes.subarray(0, so.length), so) === 0;
  if (standin) {
    say('core', 'note', `${program.address}, the stand-in`);
    return;
  }
  const { sha256, known } = recogniseCore(program.bytes.subarray(0, elfLength(program.bytes)));
  const kind = known ?? 'a binary not known here: run the tests with it (npm run chain -- clone-core)';
  say('core', known ? 'ok' : 'note', `${program.address}, ${kind}, sha256 ${sha256}`);
}

/** The keys that lie under SYMBIONT_HOME; none is made here. */
function readKeys(home: string, say: Say): Map<string, Keypair> {
  const folder = join(home, 'keys');
  const keys = new Map<string, Keypair>();
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.key')) : [];
  for (const file of files.sort()) {
    const name = file.slice(0, -4);
    try {
      keys.set(name, readKeypair(join(folder, file), `keys/${file}`));
    } catch {
      // other secrets than key pairs lie there too: only the three below are asked for
    }
  }
  for (const name of ['authority', 'payer', 'zone'])
    if (!keys.has(name))
      say(`key ${name}`, 'wrong', `${name}.key is missing or no key pair (npm start makes it)`);
  return keys;
}

async function checkBalance(connection: Connection, name: string, key: Keypair, say: Say): Promise<void> {
  const lamports = await connection.getBalance(key.publicKey, 'confirmed');
  const low = name === 'payer' && lamports < LOW;
  const text = `${key.publicKey} has ${sol(lamports)}`;
  say(`key ${name}`, low ? 'wrong' : 'ok', low ? `${text}, needs ${sol(LOW)} at least` : text);
}

async function checkCollection(
  { connection, collectionIndex }: DoctorOptions,
  authority: Keypair,
  zone: Keypair | null,
  say: Say,
): Promise<void> {
  const collection = collectionAddress(authority.publicKey, collectionIndex);
  const [core, account] = await connection.getMultipleAccountsInfo(
    [collection, configAddress(collection)],
    'confirmed',
  );
  if (!core || !account)
    return say('collection', 'wrong', `${collection} does not exist yet (npm start makes it)`);
  if (!core.owner.equals(MPL_CORE_ID))
    return say('collection', 'wrong', `${collection} belongs to ${core.owner}, not to Metaplex Core`);
  if (!account.owner.equals(EVOLUTION_ID))
    return say('collection', 'wrong', `its config belongs to ${account.owner}, not to evolution`);
  const config = decodeConfig(account.data);
  const writer = updateAuthority(core.data);
  if (!writer.equals(configAddress(collection)))
    say('collection', 'wrong', `Core lets ${writer} write what its assets show, not the program alone`);
  const known = `${collection}, ${config.minted} minted, authority ${config.authority}`;
  const ours = config.authority.equals(authority.publicKey);
  say('collection', ours ? 'ok' : 'note', ours ? known : `${known}: handed over by our key`);
  if (config.paused) say('collection', 'note', 'paused: nothing is minted and nothing evolves');
  const minters = config.minter ? `${config.minter} mints too` : 'only the authority mints';
  const other = zone && config.minter && !config.minter.equals(zone.publicKey);
  say('minter', other ? 'wrong' : 'ok', other ? `${minters}, ours is ${zone.publicKey}` : minters);
  const held = config.zone && (await connection.getAccountInfo(config.zone, 'confirmed'));
  if (!config.zone) say('zone', 'wrong', 'the collection believes no zone: nothing evolves');
  else if (!held?.owner.equals(CHRONICLE_ID))
    say(
      'zone',
      'note',
      `the collection believes ${config.zone}, which is not registered in the chronicle yet`,
    );
  else say('zone', 'ok', `the collection believes ${config.zone}`);
}

/** Who may write a Core collection and its assets. */
function updateAuthority(collection: Uint8Array): PublicKey {
  return new PublicKey(collection.subarray(1, 33));
}

async function checkZones(connection: Connection, authority: PublicKey, say: Say): Promise<void> {
  const found = await connection.getProgramAccounts(CHRONICLE_ID, {
    commitment: 'confirmed',
    filters: [{ memcmp: { offset: ZONE_AUTHORITY, bytes: authority.toBase58() } }],
  });
  const zones = found.flatMap(({ pubkey, account }) => {
    try {
      return [
        { pubkey, lamports: account.lamports, size: account.data.length, zone: decodeZone(account.data) },
      ];
    } catch {
      return [];
    }
  });
  if (zones.length === 0)
    return say('bond', 'note', `${authority} has registered no zone in the chronicle: no epoch is published`);
  for (const { pubkey, lamports, size, zone } of zones) {
    const rent = await connection.getMinimumBalanceForRentExemption(size);
    const what = `zone ${zone.zone}`;
    const facts = `${pubkey}, operator ${zone.operator}, bond ${sol(zone.bond)}, ${zone.published} epochs, ${zone.missed} missed, ${zone.late} late, ${zone.marked.length} marked`;
    if (BigInt(lamports) < zone.bond + BigInt(rent))
      say(what, 'wrong', `${facts}: holds ${sol(lamports)}, less than its bond and rent`);
    else if (zone.bond < CHRONICLE.MIN_BOND)
      say(what, 'wrong', `${facts}: the bond is below ${sol(CHRONICLE.MIN_BOND)}`);
    else if (!zone.stands) say(what, 'wrong', `${facts}: is leaving, or was ended by its marks`);
    else say(what, zone.marked.length > 0 ? 'note' : 'ok', facts);
  }
}
