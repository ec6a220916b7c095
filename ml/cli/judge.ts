import { readFileSync } from 'node:fs';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils';
import {
  Connection,
  Keypair,
  PublicKey,
  SendTransactionError,
  Transaction,
  type TransactionInstruction,
} from '@solana/web3.js';
import { brainId, decide, decodeBrain, forward, networkOutputs } from '#shared/brain/index.ts';
import { type DecisionLeaf, decodeDecision, verifyPath } from '#shared/proof/index.ts';
import type { HttpApi, LeafProof } from '#shared/protocol/index.ts';
import { ACTION_NAMES } from '#shared/world/index.ts';
import {
  BRAINS_ERRORS,
  brainAddress,
  decodeBrainAccount,
  judgeIx,
  readJudgement,
} from '../../programs/client/brains.ts';
import { decodeZone } from '../../programs/client/chronicle.ts';
import { JudgeError, readArguments, UsageError } from './options.ts';

const DEFAULT_URL = 'http://localhost:2567';
/** What a key that nobody gave us is given on the world's own ledger, lamports. */
const AIRDROP = 1_000_000_000;

interface Judgement {
  epoch: number;
  tick: number;
  npc: number;
  brain: string;
  /** The actions: as the zone published it, as it is decided here, and as the program decides it. */
  published: number;
  here: number;
  chain: number;
  /** Compute units of the program's. */
  units: number | null;
  /** The transaction; null: it was simulated only. */
  transaction: string | null;
}

/**
 * Decides one published decision again, here and on chain: fetches leaf, path and brain from the server, believes
 * none of them, and asks the program with them.
 */
export async function run(args: readonly string[]): Promise<void> {
  const given = readArguments(
    args,
    {
      epoch: 'string',
      tick: 'string',
      npc: 'string',
      url: 'string',
      keypair: 'string',
      simulate: 'boolean',
      json: 'boolean',
    },
    0,
  );
  const number = (name: string): number => {
    const value = given.number(name, 0, 0xffffffff);
    if (value === undefined) throw new UsageError(`--${name}: is missing`);
    return value;
  };
  const [epoch, tick, npc] = ['epoch', 'tick', 'npc'].map(number);
  const url = (given.text('url') ?? DEFAULT_URL).replace(/\/+$/, '');
  const judgement = await judge(url, epoch, tick, npc, given.text('keypair'), given.flag('simulate'));
  if (given.flag('json')) console.log(JSON.stringify(judgement));
  else print(judgement);
  if (judgement.here !== judgement.published || judgement.chain !== judgement.published)
    throw new JudgeError('the published action is not what the brain decides');
}

async function judge(
  url: string,
  epoch: number,
  tick: number,
  npc: number,
  keypair: string | undefined,
  simulate: boolean,
): Promise<Judgement> {
  const config = await json<HttpApi['GET /api/config']>(`${url}/api/config`);
  const header = await json<HttpApi['GET /api/epochs/:epoch']>(`${url}/api/epochs/${epoch}`);
  const proof = await json<LeafProof>(`${url}/api/epochs/${epoch}/decisions/${tick}/${npc}`);
  const leafBytes = hexToBytes(proof.leaf);
  const path = proof.path.map(hexToBytes);
  const leaf = decodeDecision(leafBytes);
  if (leaf.epoch !== epoch || leaf.tick !== tick || leaf.npc !== npc)
    throw new JudgeError('leaf: is another decision than the one asked for');
  if (!verifyPath(hexToBytes(header.root), leafBytes, proof.index, proof.count, path))
    throw new JudgeError("path: does not lead from the leaf to the epoch's root");
  const id = bytesToHex(leaf.brain);
  const here = decideHere(await fileOf(url, id), leaf);

  const connection = new Connection(new URL(config.rpc, `${url}/`).href, {
    commitment: 'confirmed',
    wsEndpoint: new URL(config.ws, `${url.replace(/^http/, 'ws')}/`).href,
  });
  const zone = new PublicKey(config.zoneAccount);
  const brain = brainAddress(new PublicKey(config.brainAuthor), id);
  await requireOnChain(connection, zone, brain, header);
  const ix = judgeIx({ zone, brain, index: proof.index, leaf: leafBytes, path });
  const payer = await payerOf(connection, config.embedded && !simulate, keypair);
  const trial = await tryOut(connection, ix, payer?.publicKey ?? new PublicKey(config.brainAuthor));
  const transaction = payer && !simulate ? await send(connection, ix, payer) : null;
  return { epoch, tick, npc, brain: id, published: leaf.action, here, ...trial, transaction };
}

/** The decision by the reference. */
function decideHere(file: Uint8Array, leaf: DecisionLeaf): number {
  const { network } = decodeBrain(file);
  const logits = new Int32Array(networkOutputs(network));
  forward(network, leaf.observations, logits);
  return decide(logits, leaf.mask, leaf.worldSeed, leaf.tick, leaf.npc);
}

async function fileOf(url: string, id: string): Promise<Uint8Array> {
  const answer = await ask(`${url}/api/brains/${id}`);
  const file = new Uint8Array(await answer.arrayBuffer());
  if (brainId(file) !== id) throw new JudgeError(`brain ${id}: the server gave another file`);
  return file;
}

/** What the program needs must be there; its own refusals would say less. */
async function requireOnChain(
  connection: Connection,
  zone: PublicKey,
  brain: PublicKey,
  header: HttpApi['GET /api/epochs/:epoch'],
): Promise<void> {
  const [zoneAccount, brainAccount] = await connection.getMultipleAccountsInfo([zone, brain]);
  if (!zoneAccount) throw new JudgeError(`zone ${zone.toBase58()}: is not registered in the chronicle`);
  const entry = decodeZone(zoneAccount.data).epochs.find((one) => one.epoch === header.epoch);
  if (!entry)
    throw new JudgeError(
      header.published === null
        ? `epoch ${header.epoch}: is not published yet`
        : `epoch ${header.epoch}: has left the chronicle's ring; recall it first`,
    );
  if (bytesToHex(entry.hash) !== header.hash)
    throw new JudgeError(`epoch ${header.epoch}: the chronicle holds another header than the server`);
  if (!brainAccount || !decodeBrainAccount(brainAccount.data).sealed)
    throw new JudgeError(`brain ${brain.toBase58()}: is not sealed on chain (yet)`);
}

async function payerOf(
  connection: Connection,
  canAirdrop: boolean,
  keypair: string | undefined,
): Promise<Keypair | null> {
  if (keypair !== undefined) {
    try {
      return Keypair.fromSecretKey(Uint8Array.from(JSON.parse(readFileSync(keypair, 'utf8')) as number[]));
    } catch {
      throw new UsageError('--keypair: must be a file with 64 numbers, as the Solana tools write it');
    }
  }
  if (!canAirdrop) return null;
  const payer = Keypair.generate();
  const latest = await connection.getLatestBlockhash();
  const signature = await connection.requestAirdrop(payer.publicKey, AIRDROP);
  await connection.confirmTransaction({ signature, ...latest });
  return payer;
}

/** What the program returns. */
async function tryOut(
  connection: Connection,
  ix: TransactionInstruction,
  payer: PublicKey,
): Promise<{ chain: number; units: number | null }> {
  const latest = await connection.getLatestBlockhash();
  const { value } = await connection.simulateTransaction(
    new Transaction({ feePayer: payer, ...latest }).add(ix),
  );
  if (value.err || !value.returnData)
    throw new JudgeError(`the program refuses: ${refusal(JSON.stringify(value.err))}`);
  const returned = Uint8Array.from(Buffer.from(value.returnData.data[0], 'base64'));
  return { chain: readJudgement(returned).action, units: value.unitsConsumed ?? null };
}

async function send(connection: Connection, ix: TransactionInstruction, payer: Keypair): Promise<string> {
  const latest = await connection.getLatestBlockhash();
  const transaction = new Transaction({ feePayer: payer.publicKey, ...latest }).add(ix);
  transaction.sign(payer);
  try {
    const signature = await connection.sendRawTransaction(transaction.serialize());
    const { value } = await connection.confirmTransaction({ signature, ...latest });
    if (value.err) throw new JudgeError(`transaction ${signature}: ${refusal(JSON.stringify(value.err))}`);
    return signature;
  } catch (error) {
    if (error instanceof SendTransactionError) throw new JudgeError(refusal(error.message));
    throw error;
  }
}

function refusal(text: string): string {
  const code = /"Custom":(\d+)|custom program error: (0x[0-9a-f]+)/.exec(text);
  return (code && BRAINS_ERRORS.get(Number(code[1] ?? code[2]))?.message) || text;
}

async function ask(url: string): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(url);
  } catch {
    throw new JudgeError(`${url}: nobody answers (is the server running? --url says where)`);
  }
  if (answer.ok) return answer;
  const body = (await answer.json().catch(() => null)) as {
    error?: { field: string; message: string };
  } | null;
  throw new JudgeError(
    body?.error ? `${body.error.field}: ${body.error.message}` : `${url}: ${answer.status}`,
  );
}

async function json<T>(url: string): Promise<T> {
  return (await ask(url)).json() as Promise<T>;
}

function print({ epoch, tick, npc, brain, published, here, chain, units, transaction }: Judgement): void {
  const name = (action: number): string => `${action} (${ACTION_NAMES[action] ?? 'none'})`;
  console.log(`decision     epoch ${epoch}, tick ${tick}, NPC ${npc}`);
  console.log(`brain        ${brain}`);
  console.log(`published    ${name(published)}`);
  console.log(`here         ${name(here)}`);
  console.log(`on chain     ${name(chain)}${units === null ? '' : `, ${units} compute units`}`);
  console.log(`transaction  ${transaction ?? '(simulated)'}`);
}
