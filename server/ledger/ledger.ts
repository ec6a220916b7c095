import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AccountStore } from './accounts.ts';
import { type Applied, Chain, executablesLast } from './chain.ts';
import { FAUCET_LAMPORTS } from './faucet.ts';
import { type Genesis, readGenesis } from './genesis.ts';
import { History } from './history.ts';
import { handleHttp } from './http.ts';
import { Journal } from './journal.ts';
import { type LedgerLimits, resolveLimits } from './limits.ts';
import { takeLock } from './lock.ts';
import { RateLimiter } from './rate.ts';
import { decodeRecord, decodeRecordHead } from './record.ts';
import { callMethod } from './rpc.ts';
import { BLOCKHASH_AGE, SlotClock, SteadyTime } from './slots.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';
import { SocketDoor } from './socket.ts';
import { Subscriptions } from './subscriptions.ts';
import type { FurtherMethod, Ledger, LedgerOptions, ProgramSource } from './types.ts';
import { SYSTEM_PROGRAM, VirtualMachine } from './vm.ts';

/** Snapshots also happen this often when anything changed, so that a start reads little. */
const SNAPSHOT_MS = 60_000;

interface Opened {
  chain: Chain;
  time: SteadyTime;
  replayed: number;
  /** Applied in slots that are not final yet; subscribers may still wait for them. */
  recent: Applied[];
  /** The record that the newest snapshot on disk ends with. */
  snapshotSeq: number;
}

/**
 * Opens the ledger of a directory, or begins one. What was acknowledged before, even by a process that was
 * killed, is there again, each transaction exactly once.
 * Throws when another process holds the directory, when a limit or a program is bad, or when what is on disk is
 * damaged beyond a torn end.
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const limits = resolveLimits(options.limits);
  const log = options.log ?? (() => {});
  mkdirSync(options.dir, { recursive: true });
  const unlock = takeLock(join(options.dir, 'lock'));
  try {
    const genesis = readGenesis(options.dir, options.slotMs, Date.now());
    const opened = restore(options.dir, options.programs, genesis, limits, log);
    return new EmbeddedLedger(options, genesis, limits, opened, unlock, log);
  } catch (error) {
    unlock();
    throw error;
  }
}

function restore(
  dir: string,
  programs: ProgramSource[],
  genesis: Genesis,
  limits: LedgerLimits,
  log: (line: string) => void,
): Opened {
  const vm = new VirtualMachine(programs);
  const accounts = new AccountStore();
  const clock = new SlotClock(genesis.seed, genesis.startedAt, genesis.slotMs);
  const journal = new Journal(dir, limits.segmentBytes, log);
  const history = new History();
  const chain = new Chain(vm, accounts, clock, journal, history, limits);
  const snapshot = readSnapshot(dir, log);
  const snapshotSeq = snapshot?.head.seq ?? 0;
  if (snapshot) for (const [address, state] of snapshot.accounts) accounts.set(address, state);
  else {
    const data = new Uint8Array();
    accounts.set(genesis.faucet.address, {
      lamports: FAUCET_LAMPORTS,
      owner: SYSTEM_PROGRAM,
      executable: false,
      data,
    });
  }
  chain.seq = snapshotSeq;
  let replayed = 0;
  let lastSlot = snapshot?.head.slot ?? 0;
  const recent: Applied[] = [];
  clock.advance(Date.now());
  journal.open(snapshotSeq, (payload, location) => {
    const { seq, slot, head } = decodeRecordHead(payload);
    history.add(seq, slot, head, location);
    lastSlot = Math.max(lastSlot, slot);
    const unsettled = slot > clock.at('finalized');
    if (seq > snapshotSeq || unsettled) {
      const record = decodeRecord(payload);
      if (seq > snapshotSeq) {
        if (seq !== chain.seq + 1)
          throw new Error(`journal record ${seq} follows record ${chain.seq}: one is missing`);
        for (const [address, state] of record.writes) accounts.set(address, state, slot);
        chain.seq = seq;
        replayed++;
      }
      const { signature, err, keys } = head;
      if (unsettled)
        recent.push({ seq, slot, signature, err, keys, logs: record.body.logs, writes: record.writes });
    }
    return seq;
  });
  if (!snapshot && (journal.firsts[0] ?? 1) > 1) {
    throw new Error(
      'the ledger has a journal and no whole snapshot before it: restore a copy of its directory',
    );
  }
  for (const [address, state] of executablesLast(accounts.entries())) vm.set(address, state);
  // Slots that were once reached stay reached, even where the wall clock has been set back since.
  const time = new SteadyTime(genesis.startedAt + lastSlot * genesis.slotMs);
  clock.advance(time.now());
  accounts.prune(clock.at('finalized'));
  history.forgetMessages(clock.slot - BLOCKHASH_AGE - 1);
  chain.enterSlot();
  if (snapshot) nameUpgrades(snapshot.head.programs, programs, log);
  return { chain, time, replayed, recent, snapshotSeq };
}

const digest = (so: Uint8Array): string => createHash('sha256').update(so).digest('hex');

function nameUpgrades(
  before: { [address: string]: string },
  now: ProgramSource[],
  log: (line: string) => void,
): void {
  for (const { address, so } of now) {
    const sum = digest(so);
    if (before[address] === undefined)
      log(`ledger: program ${address} is new here (sha256 ${sum.slice(0, 16)})`);
    else if (before[address] !== sum) {
      log(
        `ledger: program ${address} upgraded from sha256 ${before[address].slice(0, 16)} to ${sum.slice(0, 16)}`,
      );
    }
  }
}

class EmbeddedLedger implements Ledger {
  private readonly chain: Chain;
  private readonly subscriptions: Subscriptions;
  private readonly sockets: SocketDoor;
  private readonly requests: RateLimiter;
  private readonly context: Parameters<typeof callMethod>[0];
  private further: ReadonlyMap<string, FurtherMethod> = new Map();
  private readonly timer: NodeJS.Timeout;
  private readonly programs: { [address: string]: string };
  private snapshotSeq: number;
  private snapshotAt = performance.now();
  private snapshotFailed = false;
  private snapshotting: Promise<void> | null = null;
  private longestSnapshotStepMs = 0;
  private closed = false;

  constructor(
    private readonly options: LedgerOptions,
    genesis: Genesis,
    private readonly limits: LedgerLimits,
    private readonly opened: Opened,
    private readonly unlock: () => void,
    private readonly log: (line: string) => void,
  ) {
    this.chain = opened.chain;
    this.snapshotSeq = opened.snapshotSeq;
    this.programs = Object.fromEntries(options.programs.map(({ address, so }) => [address, digest(so)]));
    this.requests = new RateLimiter(limits.requestsPerSecond, limits.requestBurst);
    this.subscriptions = new Subscriptions(this.chain);
    for (const event of opened.recent) this.subscriptions.applied(event);
    this.sockets = new SocketDoor(this.subscriptions, limits, this.requests, log);
    const airdrops = new RateLimiter(limits.airdropsPerMinute / 60, limits.airdropsPerMinute);
    const { hash: genesisHash, faucet } = genesis;
    const identity = faucet.address;
    this.context = { chain: this.chain, faucet, limits, identity, genesisHash, airdrops, client: null };
    this.chain.onApplied = (event) => this.subscriptions.applied(event);
    this.chain.onSlot = (slot) => this.subscriptions.slot(slot);
    // The first snapshot names the programs, so that a later start notices their upgrade.
    void this.snapshot();
    this.timer = setInterval(() => this.tick(), genesis.slotMs);
    this.timer.unref();
  }

  handleHttp(...[req, res]: Parameters<Ledger['handleHttp']>): void {
    const { context, limits, requests, log, further } = this;
    handleHttp({ context, limits, requests, log, further }, req, res).catch((error: unknown) => {
      log(`ledger: a request failed: ${String(error)}`);
      res.destroy();
    });
  }

  handleUpgrade(...[req, socket, head]: Parameters<Ledger['handleUpgrade']>): void {
    this.sockets.handleUpgrade(req, socket, head);
  }

  extend(methods: ReadonlyMap<string, FurtherMethod>): void {
    this.further = methods;
  }

  async request(method: string, params?: unknown): Promise<unknown> {
    return callMethod(this.context, method, params);
  }

  stats(): ReturnType<Ledger['stats']> {
    const { chain, longestSnapshotStepMs } = this;
    return {
      slot: chain.clock.slot,
      accounts: chain.accounts.size,
      accountBytes: chain.accounts.bytes,
      transactions: chain.seq,
      history: chain.history.size,
      journalBytes: chain.journal.bytes,
      sockets: this.sockets.sockets,
      subscriptions: this.sockets.count,
      replayed: this.opened.replayed,
      longestSendMs: chain.longestSendMs,
      longestSnapshotStepMs,
    };
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.timer);
    this.sockets.close();
    await this.snapshotting;
    await this.snapshot();
    this.chain.journal.close();
    this.unlock();
  }

  private tick(): void {
    this.chain.tick(this.opened.time.now());
    const changed = this.chain.seq - this.snapshotSeq;
    const old = performance.now() - this.snapshotAt > SNAPSHOT_MS;
    // After a failed snapshot the next waits its time, however much has changed.
    const due = changed >= this.limits.snapshotEvery && !this.snapshotFailed;
    if (due || (changed > 0 && old)) void this.snapshot();
  }

  /** Writes all accounts beside the running ledger. A full disk is named and tried again later: the journal holds all. */
  private snapshot(): Promise<void> {
    if (this.snapshotting) return this.snapshotting;
    const { seq } = this.chain;
    const began = performance.now();
    const entries = this.chain.accounts.entries();
    this.longestSnapshotStepMs = Math.max(this.longestSnapshotStepMs, performance.now() - began);
    this.snapshotAt = began;
    const head = { seq, slot: this.chain.clock.slot, programs: this.programs };
    this.snapshotting = writeSnapshot(this.options.dir, head, entries, (ms) => {
      this.longestSnapshotStepMs = Math.max(this.longestSnapshotStepMs, ms);
    })
      .then(() => {
        this.snapshotSeq = seq;
        this.snapshotFailed = false;
        this.dropHistory();
      })
      .catch((error: NodeJS.ErrnoException) => {
        this.snapshotFailed = true;
        this.log(
          `ledger: snapshot ${seq} was not written (${error.code ?? error.message}); the journal still holds all`,
        );
      })
      .finally(() => {
        this.snapshotting = null;
      });
    return this.snapshotting;
  }

  /** Deletes journal files that neither the history's bounds nor a restart nor a double-spend check still need. */
  private dropHistory(): void {
    const { chain, limits } = this;
    for (;;) {
      const [, next] = chain.journal.firsts;
      if (next === undefined || next - 1 > this.snapshotSeq) return;
      const lastSlot = chain.history.slotOf(next - 1);
      if (lastSlot !== undefined && lastSlot >= chain.clock.slot - BLOCKHASH_AGE - 1) return;
      if (chain.seq - next + 1 < limits.history && chain.journal.bytes <= limits.historyBytes) return;
      chain.journal.dropOldest();
      chain.history.dropBelow(next);
    }
  }
}
