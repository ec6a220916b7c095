import { bytesToHex } from '@noble/hashes/utils';
import { type Connection, PublicKey, type VersionedTransactionResponse } from '@solana/web3.js';
import bs58 from 'bs58';
import { type GrowthRule, NO_DEEDS, ruleNext } from '#shared/growth/index.ts';
import { decodeDeed } from '#shared/proof/index.ts';
import { evolutionCoder } from '../../programs/client/idl.ts';
import {
  configAddress,
  decodeAsset,
  decodeConfig,
  decodeSymbiont,
  EVOLUTION_ID,
  EVOLUTION_IDL,
  symbiontAddress,
} from '../../programs/client/index.ts';
import type { Version } from '../chain/documents.ts';
import { collectionRow } from '../gallery/accounts.ts';
import { modelOf } from '../studio/chain.ts';

/** What the chain does not hold, or holds otherwise than it should; the message names it. */
export class LineageError extends Error {
  override name = 'LineageError';
}

/** A version as a transaction wrote it. */
export interface Written extends Version {
  /** Eight counters. */
  deeds: readonly number[];
  /** The transaction that wrote it. */
  signature: string;
}

/** All that the chain says of a symbiont. */
export interface Lineage {
  asset: string;
  collection: string;
  /** Where the collection's own metadata lie. */
  collectionUri: string;
  /** Id of the art model that the collection names; null: the world's own. */
  model: string | null;
  name: string;
  genome: Uint8Array;
  /** The assets that it was bred from; null: it was minted. */
  parents: [string, string] | null;
  /** Oldest first, from the mint on; fewer than there were where `missing` names some. */
  versions: Written[];
  /** Versions whose transactions this RPC does not hold. */
  missing: number[];
  /** What stands there now. */
  now: Version & { deeds: readonly number[] };
}

const PAGE = 1000;
/** Transactions of one symbiont that are looked through: anyone may name its account in theirs. */
const MOST_TRANSACTIONS = 20_000;
interface Mint {
  genome: number[];
  name: string;
  uri: string;
  picture: number[];
}

interface Evolve {
  leaf: Buffer;
  uri: Buffer;
  picture: number[];
}

/** What one instruction of the evolution program wrote of this asset. */
type Step =
  | { is: 'mint'; genome: string; picture: string; uri: string; signature: string }
  | {
      is: 'evolve';
      version: number;
      deeds: readonly number[];
      picture: string;
      uri: string;
      signature: string;
    };

/**
 * Reads a symbiont and everything it has been from the chain: accounts as they are now, and the transactions that
 * made them. Nothing else is asked.
 * @throws LineageError where the asset is no symbiont or its transactions contradict its account
 */
export async function readLineage(connection: Connection, asset: PublicKey): Promise<Lineage> {
  const account = symbiontAddress(asset);
  const [coreInfo, ownInfo] = await connection.getMultipleAccountsInfo([asset, account], 'confirmed');
  if (!coreInfo) throw new LineageError(`asset ${asset.toBase58()}: is not on this chain`);
  if (!ownInfo?.owner.equals(EVOLUTION_ID))
    throw new LineageError(`asset ${asset.toBase58()}: is no symbiont of the evolution program`);
  const core = decodeAsset(asset, coreInfo.data);
  const own = decodeSymbiont(ownInfo.data);
  if (!core.collection) throw new LineageError(`asset ${asset.toBase58()}: is in no collection`);
  const [configInfo, collectionInfo] = await connection.getMultipleAccountsInfo(
    [configAddress(core.collection), core.collection],
    'confirmed',
  );
  if (!configInfo?.owner.equals(EVOLUTION_ID))
    throw new LineageError(`collection ${core.collection.toBase58()}: has no config`);
  const config = decodeConfig(configInfo.data);
  const { rule } = config;

  const steps = await stepsOf(connection, asset, account);
  const now = {
    version: Number(own.version),
    stage: own.stage,
    branch: own.branch,
    picture: bytesToHex(own.picture),
    uri: core.uri,
    deeds: own.deeds,
  };
  const { versions, missing } = replay(rule, bytesToHex(own.genome), steps, now);
  return {
    asset: asset.toBase58(),
    collection: core.collection.toBase58(),
    collectionUri: collectionInfo
      ? collectionRow(configAddress(core.collection).toBase58(), config, collectionInfo.data).uri
      : '',
    model: modelOf(config),
    name: core.name,
    genome: own.genome,
    parents: own.parents && [own.parents[0].toBase58(), own.parents[1].toBase58()],
    versions,
    missing,
    now,
  };
}

/** Puts the steps in order and computes stage and branch by the collection's rule, which no minted one can change. */
function replay(
  rule: GrowthRule,
  genome: string,
  steps: readonly Step[],
  now: Lineage['now'],
): { versions: Written[]; missing: number[] } {
  const versions: Written[] = [];
  const missing: number[] = [];
  const mint = steps.find((step) => step.is === 'mint');
  const evolutions = new Map(steps.flatMap((step) => (step.is === 'evolve' ? [[step.version, step]] : [])));
  if (mint) {
    if (mint.genome !== genome)
      throw new LineageError('genome: the mint wrote another than stands there now');
    const { picture, uri, signature } = mint;
    versions.push({ version: 0, stage: 0, branch: 0, deeds: NO_DEEDS, picture, uri, signature });
  } else missing.push(0);
  let grown: { stage: number; branch: number } | null = { stage: 0, branch: 0 };
  for (let version = 1; version <= now.version; version++) {
    const step = evolutions.get(version);
    if (!step) {
      missing.push(version);
      // A stage is one version; the branch, once chosen, stays: what stands there now says what it was.
      grown = {
        stage: version,
        branch: version >= rule.branchStage && rule.branchStage > 0 ? now.branch : 0,
      };
      continue;
    }
    grown = ruleNext(rule, grown.stage, grown.branch, step.deeds);
    if (!grown) throw new LineageError(`version ${version}: its deeds do not reach a stage by the rule`);
    const { deeds, picture, uri, signature } = step;
    versions.push({ version, ...grown, deeds, picture, uri, signature });
  }
  const last = versions.at(-1);
  if (last?.version === now.version)
    for (const field of ['stage', 'branch', 'picture', 'uri'] as const)
      if (last[field] !== now[field])
        throw new LineageError(
          `version ${last.version}: its transaction wrote ${field} ${last[field]}, the account holds ${now[field]}`,
        );
  return { versions, missing };
}

async function stepsOf(connection: Connection, asset: PublicKey, account: PublicKey): Promise<Step[]> {
  const steps: Step[] = [];
  let before: string | undefined;
  for (let seen = 0; ; ) {
    const page = await connection.getSignaturesForAddress(account, { before, limit: PAGE }, 'confirmed');
    for (const { signature, err } of page) {
      if (err !== null) continue;
      const transaction = await connection.getTransaction(signature, {
        commitment: 'confirmed',
        maxSupportedTransactionVersion: 0,
      });
      if (transaction) steps.push(...stepsIn(transaction, signature, asset));
    }
    seen += page.length;
    if (page.length < PAGE) return steps;
    if (seen >= MOST_TRANSACTIONS)
      throw new LineageError(`${account.toBase58()}: more than ${MOST_TRANSACTIONS} transactions name it`);
    before = page[page.length - 1].signature;
  }
}

/** Instructions of the evolution program for this asset, those called by other programs too. */
function stepsIn(
  { transaction: { message }, meta }: VersionedTransactionResponse,
  signature: string,
  asset: PublicKey,
): Step[] {
  const keys = message.getAccountKeys({ accountKeysFromLookups: meta?.loadedAddresses });
  const outer = message.compiledInstructions.map(({ programIdIndex, accountKeyIndexes, data }) => ({
    programIdIndex,
    accounts: accountKeyIndexes,
    data: Buffer.from(data),
  }));
  const inner = (meta?.innerInstructions ?? []).flatMap(({ instructions }) =>
    instructions.map(({ programIdIndex, accounts, data }) => ({
      programIdIndex,
      accounts,
      data: Buffer.from(bs58.decode(data)),
    })),
  );
  const steps: Step[] = [];
  for (const { programIdIndex, accounts, data } of [...outer, ...inner]) {
    if (!keys.get(programIdIndex)?.equals(EVOLUTION_ID)) continue;
    const decoded = evolutionCoder.instruction.decode(data);
    if (!decoded || !['mint', 'hatch', 'evolve'].includes(decoded.name)) continue;
    const place = ASSET_PLACE[decoded.name];
    if (!keys.get(accounts[place])?.equals(asset)) continue;
    steps.push(
      decoded.name === 'evolve' ? evolved(decoded.data, signature) : minted(decoded.data, signature),
    );
  }
  return steps;
}

/** Which of an instruction's accounts the asset is. */
const ASSET_PLACE = Object.fromEntries(
  EVOLUTION_IDL.instructions.map(({ name, accounts }) => [
    name,
    accounts.findIndex((account) => account.name === 'asset'),
  ]),
);

function minted(data: object, signature: string): Step {
  const { genome, picture, uri } = data as Mint;
  return {
    is: 'mint',
    genome: bytesToHex(Uint8Array.from(genome)),
    picture: bytesToHex(Uint8Array.from(picture)),
    uri,
    signature,
  };
}

function evolved(data: object, signature: string): Step {
  const { leaf, picture, uri } = data as Evolve;
  const { version, counters } = decodeDeed(leaf);
  return {
    is: 'evolve',
    version: Number(version) + 1,
    deeds: [...counters],
    picture: bytesToHex(Uint8Array.from(picture)),
    uri: Buffer.from(uri).toString('utf8'),
    signature,
  };
}

/**
 * The assets of all symbionts of a collection, in the order of their addresses.
 * @throws LineageError where there is no such collection
 */
export async function assetsOf(connection: Connection, collection: PublicKey): Promise<PublicKey[]> {
  const config = configAddress(collection);
  const info = await connection.getAccountInfo(config, 'confirmed');
  if (!info?.owner.equals(EVOLUTION_ID))
    throw new LineageError(`collection ${collection.toBase58()}: is not on this chain`);
  const { bytes } = evolutionCoder.accounts.memcmp('Symbiont') as { bytes: string };
  const found = await connection.getProgramAccounts(EVOLUTION_ID, {
    commitment: 'confirmed',
    dataSlice: { offset: 8, length: 32 },
    filters: [
      { memcmp: { offset: 0, bytes } },
      // After the discriminator and the asset's address.
      { memcmp: { offset: 8 + 32, bytes: config.toBase58() } },
    ],
  });
  const assets = found.map(({ account }) => new PublicKey(account.data));
  return assets.sort((a, b) => a.toBuffer().compare(b.toBuffer()));
}

/** The collection of an asset, read from the chain. @throws LineageError */
export async function collectionOf(connection: Connection, asset: PublicKey): Promise<PublicKey> {
  const info = await connection.getAccountInfo(asset, 'confirmed');
  if (!info) throw new LineageError(`asset ${asset.toBase58()}: is not on this chain`);
  const { collection } = decodeAsset(asset, info.data);
  if (!collection) throw new LineageError(`asset ${asset.toBase58()}: is in no collection`);
  return collection;
}

/** All collections of the evolution program on this chain, in the order of their addresses. */
export async function collectionsOf(connection: Connection): Promise<PublicKey[]> {
  const { bytes } = evolutionCoder.accounts.memcmp('Config') as { bytes: string };
  const found = await connection.getProgramAccounts(EVOLUTION_ID, {
    commitment: 'confirmed',
    filters: [{ memcmp: { offset: 0, bytes } }],
  });
  const all = found.map(({ account }) => decodeConfig(account.data).collection);
  return all.sort((a, b) => a.toBuffer().compare(b.toBuffer()));
}
