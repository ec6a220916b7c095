import bs58 from 'bs58';
import type { AccountStore } from './accounts.ts';
import { feeOf } from './fees.ts';
import type { History } from './history.ts';
import type { Journal, Location } from './journal.ts';
import type { LedgerLimits } from './limits.ts';
import { encodeRecord, type LedgerRecord, type RecordBody } from './record.ts';
import { RPC, RpcError } from './rpcError.ts';
import { BLOCKHASH_AGE, SLOTS_PER_EPOCH, type SlotClock } from './slots.ts';
import { isWritableIndex, type ParsedTransaction } from './transaction.ts';
import { isChargedFailure, type TxError, txErrorOf, txErrorText } from './txError.ts';
import {
  type AccountState,
  type Execution,
  SYSTEM_PROGRAM,
  type TransactionMetadata,
  type VirtualMachine,
} from './vm.ts';

/** What subscribers hear of an applied transaction. */
export interface Applied {
  seq: number;
  slot: number;
  signature: string;
  err: TxError | null;
  logs: string[];
  keys: string[];
  writes: [address: string, state: AccountState][];
}

/** The outcome of running a transaction without keeping it. */
export interface Trial {
  err: TxError | null;
  logs: string[];
  units: number;
  meta: TransactionMetadata | null;
  post: Map<string, AccountState>;
}

const GONE: AccountState = { lamports: 0n, owner: SYSTEM_PROGRAM, executable: false, data: new Uint8Array() };
const TABLE_HEADER = 56;

/** Runs transactions, writes them to the journal before anybody hears of them, and moves the slots. */
export class Chain {
  seq = 0;
  /** The longest one send has held the event loop, in milliseconds. */
  longestSendMs = 0;
  onApplied: (event: Applied) => void = () => {};
  onSlot: (slot: number) => void = () => {};

  constructor(
    readonly vm: VirtualMachine,
    readonly accounts: AccountStore,
    readonly clock: SlotClock,
    readonly journal: Journal,
    readonly history: History,
    private readonly limits: LedgerLimits,
  ) {}

  /** An account now, or as of a slot; programs and sysvars come from the virtual machine itself. */
  account(address: string, slot = this.clock.slot): AccountState | null {
    return this.accounts.knows(address) ? this.accounts.at(address, slot) : this.vm.get(address);
  }

  /** Runs a transaction against the newest state. `fresh` checks blockhash and double spend, as a real send does. */
  attempt(tx: ParsedTransaction, options: { verify: boolean; fresh: boolean }): Trial {
    const refused = (err: string): Trial => {
      // Solana looks at the signatures first, so a forged one is told as that.
      const run = options.verify ? this.vm.execute(tx, true) : null;
      const forged = run !== null && !run.ok && txErrorOf(run.failed) === 'SignatureFailure';
      return { err: forged ? 'SignatureFailure' : err, logs: [], units: 0, meta: null, post: new Map() };
    };
    if (options.fresh) {
      if (!this.clock.isValid(tx.blockhash)) return refused('BlockhashNotFound');
      if (this.history.hasMessage(tx.messageId)) return refused('AlreadyProcessed');
    }
    const run: Execution = this.vm.execute(tx, options.verify);
    return {
      err: run.ok ? null : txErrorOf(run.failed),
      logs: run.meta.logs(),
      units: Number(run.meta.computeUnitsConsumed()),
      meta: run.meta,
      post: run.ok ? run.post : new Map(),
    };
  }

  /**
   * Sends a transaction: runs it, journals it, applies it. Returns its signature. With preflight every failure
   * throws and nothing is kept; without, a failure that reached execution is kept and pays its fee, as on Solana.
   */
  send(tx: ParsedTransaction, skipPreflight: boolean): string {
    const began = performance.now();
    try {
      return this.sendNow(tx, skipPreflight);
    } finally {
      this.longestSendMs = Math.max(this.longestSendMs, performance.now() - began);
    }
  }

  private sendNow(tx: ParsedTransaction, skipPreflight: boolean): string {
    const trial = this.attempt(tx, { verify: true, fresh: true });
    const signature = tx.signatures[0];
    if (trial.err !== null) {
      if (!skipPreflight) throw preflightError(trial);
      if (!isChargedFailure(trial.err)) return signature;
    }
    this.apply(tx, trial);
    return signature;
  }

  /** Moves to the slot of `now` (ms since 1970). */
  tick(now: number): void {
    if (!this.clock.advance(now)) return;
    this.enterSlot();
    this.accounts.prune(this.clock.at('finalized'));
    this.history.forgetMessages(this.clock.slot - BLOCKHASH_AGE - 1);
    this.journal.sync();
    this.onSlot(this.clock.slot);
  }

  /** Tells the virtual machine which slot it is. */
  enterSlot(): void {
    const { clock } = this;
    const { epoch, slot } = clock;
    this.vm.setSlot(
      slot,
      epoch,
      clock.time(epoch * SLOTS_PER_EPOCH),
      clock.time(slot),
      clock.recent.slice(1),
    );
  }

  private apply(tx: ParsedTransaction, trial: Trial): void {
    const { slot } = this.clock;
    const fee = feeOf(tx);
    const loaded = this.resolveTables(tx);
    const keys = [...tx.keys, ...loaded.writable, ...loaded.readonly];
    const writes = trial.err === null ? this.changes(tx, trial.post) : this.feeOnly(tx, fee);
    this.checkRoom(writes);
    const written = new Map(writes);
    const before = keys.map((key) => Number(this.account(key)?.lamports ?? 0n));
    const body: RecordBody = {
      fee,
      units: trial.units,
      logs: trial.logs,
      inner: trial.meta ? innerOf(trial.meta) : [],
      pre: before,
      post: keys.map((key, i) => (written.has(key) ? Number(written.get(key)!.lamports) : before[i])),
      loaded,
      returnData: trial.meta ? returnDataOf(trial.meta) : null,
    };
    const head = { signature: tx.signatures[0], messageId: tx.messageId, keys, err: trial.err };
    const record: LedgerRecord = { seq: this.seq + 1, slot, tx: tx.bytes, head, body, writes };
    const location = this.keep(record);
    this.seq = record.seq;
    for (const [address, state] of writes) this.accounts.set(address, state, slot);
    this.history.add(record.seq, slot, head, location);
    this.onApplied({
      seq: record.seq,
      slot,
      signature: head.signature,
      err: head.err,
      logs: body.logs,
      keys,
      writes,
    });
  }

  /** Gives the virtual machine what a record writes, then the journal the record: both, or neither. */
  private keep(record: LedgerRecord): Location {
    const before: [string, AccountState][] = [];
    try {
      for (const [address, state] of executablesLast(record.writes)) {
        before.push([address, this.account(address) ?? GONE]);
        this.vm.set(address, state);
      }
      return this.journal.append(record.seq, encodeRecord(record));
    } catch (error) {
      for (const [address, state] of before.reverse()) this.vm.set(address, state);
      const { code, message, syscall } = error as NodeJS.ErrnoException;
      const why = code === 'ENOSPC' ? 'the disk is full' : message;
      const what = syscall ? `the ledger cannot write its journal (${why})` : why;
      throw new RpcError(RPC.storage, `The transaction was not applied: ${what}`, { code: code ?? 'EIO' });
    }
  }

  /** The accounts a successful run has changed. */
  private changes(tx: ParsedTransaction, post: Map<string, AccountState>): [string, AccountState][] {
    const readonly = new Set(tx.keys.filter((_, i) => !isWritableIndex(tx, i)));
    const out: [string, AccountState][] = [];
    for (const [address, state] of post) {
      if (readonly.has(address)) continue;
      const next = state.lamports === 0n ? GONE : state;
      if (!same(this.account(address), next)) out.push([address, next]);
    }
    return out;
  }

  /** What a failed transaction leaves behind: its payer is poorer by the fee. */
  private feeOnly(tx: ParsedTransaction, fee: number): [string, AccountState][] {
    const payer = this.account(tx.keys[0]);
    if (!payer) return [];
    const lamports = payer.lamports > BigInt(fee) ? payer.lamports - BigInt(fee) : 0n;
    return [[tx.keys[0], lamports === 0n ? GONE : { ...payer, lamports }]];
  }

  private checkRoom(writes: [string, AccountState][]): void {
    let count = this.accounts.size;
    let bytes = this.accounts.bytes;
    for (const [address, state] of writes) {
      const before = this.accounts.get(address);
      bytes += state.data.length - (before?.data.length ?? 0);
      count += (state.lamports > 0n ? 1 : 0) - (before ? 1 : 0);
    }
    const { limits } = this;
    if (count > limits.accounts && count > this.accounts.size) {
      throw new RpcError(RPC.full, `The ledger is full: it keeps at most ${limits.accounts} accounts`);
    }
    if (bytes > limits.accountBytes && bytes > this.accounts.bytes) {
      throw new RpcError(
        RPC.full,
        `The ledger is full: it keeps at most ${limits.accountBytes} bytes of account data`,
      );
    }
  }

  /** The addresses that a version 0 message takes from tables. A table that does not resolve has failed before. */
  private resolveTables(tx: ParsedTransaction): { writable: string[]; readonly: string[] } {
    const pick = (table: string, indexes: number[]): string[] => {
      const data = this.account(table)?.data ?? new Uint8Array();
      return indexes.map((i) =>
        bs58.encode(data.subarray(TABLE_HEADER + i * 32, TABLE_HEADER + i * 32 + 32)),
      );
    };
    return {
      writable: tx.lookups.flatMap((l) => pick(l.table, l.writable)),
      readonly: tx.lookups.flatMap((l) => pick(l.table, l.readonly)),
    };
  }
}

/** The virtual machine loads a program as soon as its account is set, so what it is made of comes first. */
export function executablesLast(accounts: [string, AccountState][]): [string, AccountState][] {
  return [...accounts].sort(([, a], [, b]) => Number(a.executable) - Number(b.executable));
}

function same(a: AccountState | null, b: AccountState): boolean {
  if (a === null) return b.lamports === 0n;
  return (
    a.lamports === b.lamports &&
    a.owner === b.owner &&
    a.executable === b.executable &&
    Buffer.compare(a.data, b.data) === 0
  );
}

export function innerOf(meta: TransactionMetadata): RecordBody['inner'] {
  return meta.innerInstructions().flatMap((list, index) =>
    list.length === 0
      ? []
      : [
          {
            index,
            instructions: list.map((inner) => {
              const ix = inner.instruction();
              return {
                programIdIndex: ix.programIdIndex(),
                accounts: [...ix.accounts()],
                data: bs58.encode(ix.data()),
                stackHeight: inner.stackHeight(),
              };
            }),
          },
        ],
  );
}

export function returnDataOf(meta: TransactionMetadata): RecordBody['returnData'] {
  const data = meta.returnData().data();
  if (data.length === 0) return null;
  return {
    programId: bs58.encode(meta.returnData().programId()),
    data: [Buffer.from(data).toString('base64'), 'base64'],
  };
}

function preflightError(trial: Trial): RpcError {
  const err = trial.err as TxError;
  if (err === 'SignatureFailure') {
    return new RpcError(RPC.signature, 'Transaction signature verification failure');
  }
  return new RpcError(RPC.preflight, `Transaction simulation failed: ${txErrorText(err)}`, {
    accounts: null,
    err,
    innerInstructions: null,
    logs: trial.logs,
    replacementBlockhash: null,
    returnData: null,
    unitsConsumed: trial.units,
  });
}
