import { type ConfirmedSignatureInfo, type Connection, PublicKey } from '@solana/web3.js';
import { evolutionCoder } from '../../programs/client/idl.ts';
import {
  decodeConfig,
  decodeSymbiont,
  EVOLUTION_ID,
  type SymbiontState,
  symbiontAddress,
} from '../../programs/client/index.ts';
import { eachOf, inParts } from '../chain/many.ts';
import { type Log, reason } from '../log.ts';
import {
  type AssetRow,
  allCollections,
  assetsAt,
  type CollectionRow,
  cursorsOf,
  keepReading,
  type Reading,
  type VersionRow,
} from '../store/gallery.ts';
import type { Store } from '../store/store.ts';
import { attributesOf, collectionRow, readAsset } from './accounts.ts';
import { type Birth, readTransaction } from './transactions.ts';

const EVERY_MS = 3000;
/** Signatures in one answer, Solana's own limit. */
const PAGE = 1000;
/** Transactions asked for at once: the embedded ledger answers on the world's own thread. */
const AT_ONCE = 4;
/** Accounts in one question, Solana's own limit. */
const MOST_ACCOUNTS = 100;
/** Collections whose transfers are looked for in one round; the others come in the next. */
const COLLECTIONS_A_ROUND = 16;

export interface IndexerOptions {
  store: Store;
  connection: Connection;
  log: Log;
  everyMs?: number;
}

export interface Indexed {
  collections: number;
  assets: number;
  versions: number;
}

/** What a round has to read anew, and what its transactions tell. */
interface Found {
  configs: Set<string>;
  assets: Set<string>;
  births: Birth[];
  /** The newest slot that was seen: accounts are not read from before it. */
  slot: number;
}

/**
 * The game's own index of every collection and symbiont of the evolution program: accounts say what they are,
 * transactions how they became it. It knows the chain by its RPC only and takes what is final. A round goes on from
 * where the last one ended; `reindex` forgets all and begins at the beginning, to the same rows.
 */
export class Indexer {
  private readonly options: IndexerOptions;
  private turns: Promise<unknown> = Promise.resolve();
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;
  private turn = 0;
  private said = '';

  constructor(options: IndexerOptions) {
    this.options = options;
  }

  start(): void {
    const again = (): void => {
      if (this.stopped) return;
      this.timer = setTimeout(() => void run(), this.options.everyMs ?? EVERY_MS);
      this.timer.unref();
    };
    const run = async (): Promise<void> => {
      await this.round().then(
        () => this.say(''),
        (error) => this.say(`not read: ${reason(error)}`),
      );
      again();
    };
    again();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.turns.catch(() => {});
  }

  /** Reads what has become final since the last round. @throws Error when the chain or the database does not answer */
  round(): Promise<Indexed> {
    return this.inTurn(async () => this.read(await cursorsOf(this.options.store), false));
  }

  /** Reads everything from the chain and puts it in the place of all that was kept. */
  reindex(): Promise<Indexed> {
    return this.inTurn(() => this.read(new Map(), true));
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.turns.catch(() => {}).then(work);
    this.turns = turn;
    return turn;
  }

  /** The same trouble is told once. */
  private say(line: string): void {
    if (line && line !== this.said) this.options.log(`index: ${line}`);
    this.said = line;
  }

  private async read(before: ReadonlyMap<string, string>, instead: boolean): Promise<Indexed> {
    const { store } = this.options;
    const program = EVOLUTION_ID.toBase58();
    const known = instead ? [] : await allCollections(store);
    const cursors = new Map<string, string>();
    const found: Found = { configs: new Set(), assets: new Set(), births: [], slot: 0 };
    const read = new Set<string>();
    await this.follow(program, before.get(program), cursors, found, read);
    if (!before.has(program)) await this.listAll(found, cursors);
    // A transfer names the collection, but not the program.
    for (const { address, config } of this.some(known)) {
      const keys = await this.follow(address, before.get(address), cursors, found, read);
      if (keys.size > 0) found.configs.add(config);
      for (const row of await assetsAt(store, [...keys])) found.assets.add(row.address);
    }
    const reading = await this.accounts(found, known, cursors);
    const { collections, assets, versions } = reading;
    if (instead || cursors.size > 0 || collections.length + assets.length > 0)
      await keepReading(store, reading, instead);
    return { collections: collections.length, assets: assets.length, versions: versions.length };
  }

  /** Collections in turn, so that many of them cost a round no more than some. */
  private some(known: readonly CollectionRow[]): CollectionRow[] {
    const most = Math.min(COLLECTIONS_A_ROUND, known.length);
    const some = Array.from({ length: most }, (_, i) => known[(this.turn + i) % known.length]);
    this.turn += most;
    return some;
  }

  /**
   * Reads an address's transactions since the cursor, and notes in `found` what they did.
   * @returns every account that they name
   */
  private async follow(
    address: string,
    since: string | undefined,
    cursors: Map<string, string>,
    found: Found,
    read: Set<string>,
  ): Promise<Set<string>> {
    const fresh = await this.signatures(new PublicKey(address), since);
    const keys = new Set<string>();
    if (fresh.length === 0) return keys;
    cursors.set(address, fresh[0].signature);
    found.slot = Math.max(found.slot, fresh[0].slot);
    const wanted = fresh.filter((one) => one.err === null && !read.has(one.signature));
    await eachOf(wanted, AT_ONCE, async ({ signature }) => {
      const tx = await this.options.connection.getTransaction(signature, {
        commitment: 'finalized',
        maxSupportedTransactionVersion: 0,
      });
      // A cluster may keep signatures for longer than transactions; what has just become final it must hold.
      if (!tx && since !== undefined) throw new Error(`transaction ${signature}: is final, but not there`);
      if (!tx) return;
      read.add(signature);
      const deeds = readTransaction(tx, signature);
      for (const birth of deeds.births) found.births.push(birth);
      for (const asset of deeds.assets) found.assets.add(asset);
      for (const config of deeds.configs) found.configs.add(config);
      for (const key of deeds.keys) keys.add(key);
    });
    return keys;
  }

  /** Newest first. */
  private async signatures(address: PublicKey, until?: string): Promise<ConfirmedSignatureInfo[]> {
    const all: ConfirmedSignatureInfo[] = [];
    for (;;) {
      const before = all[all.length - 1]?.signature;
      const part = await this.options.connection.getSignaturesForAddress(
        address,
        { limit: PAGE, until, before },
        'finalized',
      );
      all.push(...part);
      if (part.length < PAGE) return all;
    }
  }

  /** Every config and symbiont that there is, also those whose transactions the cluster has forgotten. */
  private async listAll(found: Found, cursors: Map<string, string>): Promise<void> {
    const { connection } = this.options;
    const list = (name: string) =>
      connection.getProgramAccounts(EVOLUTION_ID, {
        commitment: 'finalized',
        filters: [{ memcmp: evolutionCoder.accounts.memcmp(name) as { offset: number; bytes: string } }],
      });
    for (const { pubkey, account } of await list('Config')) {
      found.configs.add(pubkey.toBase58());
      // Transfers up to here show in the accounts, which are read after this.
      const { collection } = decodeConfig(account.data);
      const [last] = await connection.getSignaturesForAddress(collection, { limit: 1 }, 'finalized');
      if (!last) continue;
      cursors.set(collection.toBase58(), last.signature);
      found.slot = Math.max(found.slot, last.slot);
    }
    for (const { account } of await list('Symbiont'))
      found.assets.add(decodeSymbiont(account.data).asset.toBase58());
  }

  private async accounts(
    found: Found,
    known: readonly CollectionRow[],
    cursors: Map<string, string>,
  ): Promise<Reading> {
    const assets = [...found.assets].map((address) => new PublicKey(address));
    const symbionts = await this.fetch(assets.map(symbiontAddress), found.slot);
    const cores = await this.fetch(assets, found.slot);
    const states = assets.flatMap((address, i) => {
      const data = symbionts[i];
      return data ? [{ address, state: decodeSymbiont(data), core: cores[i] }] : [];
    });
    for (const { state } of states) {
      const config = state.config.toBase58();
      if (!known.some((one) => one.config === config)) found.configs.add(config);
    }
    const collections = await this.collections([...found.configs], found.slot);
    const byConfig = new Map([...known, ...collections].map((row) => [row.config, row]));
    const reading: Reading = { collections, assets: [], versions: [], cursors };
    const kept = new Map((await assetsAt(this.options.store, [...found.assets])).map((r) => [r.address, r]));
    for (const { address, state, core } of states) {
      const collection = byConfig.get(state.config.toBase58());
      if (!collection) continue;
      const births = found.births.filter((one) => one.asset === address.toBase58());
      const row = assetRow(address, state, core, collection, births, kept.get(address.toBase58()));
      reading.assets.push(row);
      reading.versions.push(...versionRows(row, births, collection.rule.branchStage));
    }
    return reading;
  }

  private async collections(configs: string[], slot: number): Promise<CollectionRow[]> {
    const bytes = await this.fetch(
      configs.map((one) => new PublicKey(one)),
      slot,
    );
    const states = configs.flatMap((config, i) => {
      const data = bytes[i];
      return data ? [{ config, state: decodeConfig(data) }] : [];
    });
    const cores = await this.fetch(
      states.map(({ state }) => state.collection),
      slot,
    );
    return states.flatMap(({ config, state }, i) => {
      const data = cores[i];
      return data ? [collectionRow(config, state, data)] : [];
    });
  }

  private fetch(addresses: readonly PublicKey[], minContextSlot: number): Promise<(Buffer | null)[]> {
    return inParts(addresses, MOST_ACCOUNTS, async (some) => {
      const infos = await this.options.connection.getMultipleAccountsInfo([...some], {
        commitment: 'finalized',
        minContextSlot,
      });
      return infos.map((info) => info?.data ?? null);
    });
  }
}

function assetRow(
  address: PublicKey,
  state: SymbiontState,
  data: Buffer | null,
  collection: CollectionRow,
  births: readonly Birth[],
  kept: AssetRow | undefined,
): AssetRow {
  const core = readAsset(address, data);
  // What is burnt keeps the name that it was minted with and the document of its last version.
  const last = births.reduce<Birth | null>((a, b) => (a && a.version > b.version ? a : b), null);
  const name = births.find((one) => one.name !== null)?.name ?? kept?.name ?? '';
  return {
    address: address.toBase58(),
    collection: collection.address,
    owner: core ? String(core.owner) : null,
    name: core?.name ?? name,
    uri: core?.uri ?? last?.uri ?? kept?.uri ?? '',
    consent: core !== null && state.consent?.toBase58() === String(core.owner),
    genome: state.genome,
    stage: state.stage,
    branch: state.branch,
    version: Number(state.version),
    deeds: state.deeds,
    picture: state.picture,
    attributes: core && attributesOf(core),
    parents: state.parents?.map((parent) => parent.toBase58()) ?? null,
    generation: state.generation,
  };
}

/**
 * The versions that these transactions made, and the present one where none of them did. A symbiont grows by one stage
 * at a time and its branch never changes once it has one, so that the present state tells both of every version.
 */
function versionRows(row: AssetRow, births: readonly Birth[], branchStage: number): VersionRow[] {
  const base = (version: number) => ({
    asset: row.address,
    version,
    stage: version,
    branch: branchStage > 0 && version >= branchStage ? row.branch : 0,
  });
  const rows: VersionRow[] = births
    .filter(({ version }) => version <= row.version)
    .map(({ version, deeds, picture, uri, signature, slot, time, proof }) => ({
      ...base(version),
      deeds,
      picture,
      uri,
      signature,
      slot,
      time,
      zone: proof?.zone ?? null,
      epoch: proof?.epoch ?? null,
      leafIndex: proof?.index ?? null,
      leaf: proof?.leaf ?? null,
      path: proof?.path ?? null,
    }));
  if (rows.some(({ version }) => version === row.version)) return rows;
  const none = { signature: null, slot: null, time: null, zone: null };
  const unproved = { epoch: null, leafIndex: null, leaf: null, path: null };
  const { deeds, picture, uri, version } = row;
  rows.push({ ...base(version), deeds, picture, uri, ...none, ...unproved });
  return rows;
}
