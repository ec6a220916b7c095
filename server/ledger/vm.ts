import { createRequire } from 'node:module';
import bs58 from 'bs58';
import type * as Native from 'litesvm/dist/internal.js';
import type { ParsedTransaction } from './transaction.ts';
import type { ProgramSource } from './types.ts';

// The binding below litesvm's own wrapper takes wire bytes and signatures that may be missing, as an RPC must.
const native = createRequire(import.meta.url)('litesvm/dist/internal.js') as typeof Native;

export type FailedTransactionMetadata = Native.FailedTransactionMetadata;
export type TransactionMetadata = Native.TransactionMetadata;

/** An account's state. Never changed in place: a change is a new object, so that older readers keep theirs. */
export interface AccountState {
  lamports: bigint;
  /** Base58 address of the owning program. */
  owner: string;
  executable: boolean;
  data: Uint8Array;
}

export type Execution =
  | { ok: true; meta: TransactionMetadata; post: Map<string, AccountState> }
  | { ok: false; failed: FailedTransactionMetadata; meta: TransactionMetadata };

const UPGRADEABLE_LOADER = 'BPFLoaderUpgradeab1e11111111111111111111111';
const CLOCK_BYTES = 40;
const SLOT_HASHES = 'SysvarS1otHashes111111111111111111111111111';
const CLOCK = 'SysvarC1ock11111111111111111111111111111111';
const SYSVAR_OWNER = 'Sysvar1111111111111111111111111111111111111';
export const SYSTEM_PROGRAM = '11111111111111111111111111111111';
/** New accounts are rent exempt, marked so by the greatest epoch. */
const RENT_EXEMPT_EPOCH = 0xffffffffffffffffn;

/**
 * LiteSVM as a pure executor: it runs a transaction against the accounts it was given and changes nothing.
 * Blockhashes, double spends and storage are the ledger's own work.
 */
export class VirtualMachine {
  private readonly svm = new native.LiteSvm();
  private readonly codes = new Map<string, Uint8Array>();
  /** Programs by the account that holds their bytes. */
  private readonly programs = new Map<string, string>();

  constructor(programs: ProgramSource[]) {
    this.svm.setBlockhashCheck(false);
    this.svm.setTransactionHistory(0n);
    this.svm.setLogBytesLimit(10_000n);
    for (const { address, so } of programs) {
      // LiteSVM unwraps a loader's refusal, so what is plainly no program is refused here with its name.
      if (so.length < 64 || so[0] !== 0x7f || so[1] !== 0x45 || so[2] !== 0x4c || so[3] !== 0x46) {
        throw new Error(`program ${address}: ${so.length} bytes that are not an ELF file`);
      }
      this.svm.addProgram(this.key(address), so);
      const state = this.get(address);
      if (state) this.note(address, state);
    }
  }

  /** Runs a transaction without keeping its effects. `post` holds every account it names, as it would be after. */
  execute(tx: ParsedTransaction, verifySignatures: boolean): Execution {
    this.svm.setSigverify(verifySignatures);
    const result = this.svm.simulateVersionedTransaction(tx.bytes);
    if ('err' in result) return { ok: false, failed: result, meta: result.meta() };
    const post = new Map<string, AccountState>();
    for (const entry of result.postAccounts()) post.set(bs58.encode(entry.address), stateOf(entry.account()));
    return { ok: true, meta: result.meta(), post };
  }

  get(address: string): AccountState | null {
    const account = this.svm.getAccount(this.key(address));
    return account === null ? null : stateOf(account);
  }

  set(address: string, state: AccountState): void {
    const { lamports, data, owner, executable } = state;
    this.svm.setAccount(
      this.key(address),
      new native.Account(lamports, data, this.key(owner), executable, RENT_EXEMPT_EPOCH),
    );
    this.note(address, state);
    // an upgrade changes only the bytes' account, and the virtual machine loads a program with its own
    const program = this.programs.get(address);
    const account = program !== undefined && isProgramData(state) && this.svm.getAccount(this.key(program));
    if (program !== undefined && account) this.svm.setAccount(this.key(program), account);
  }

  private note(address: string, { owner, executable, data }: AccountState): void {
    if (executable && owner === UPGRADEABLE_LOADER && data.length >= 36)
      this.programs.set(bs58.encode(data.subarray(4, 36)), address);
  }

  /** Sets the Clock and SlotHashes sysvars. `hashes` are the latest slots first, at most 512. */
  setSlot(
    slot: number,
    epoch: number,
    epochStart: number,
    now: number,
    hashes: [slot: number, hash: Uint8Array][],
  ): void {
    const clock = new DataView(new ArrayBuffer(CLOCK_BYTES));
    clock.setBigUint64(0, BigInt(slot), true);
    clock.setBigInt64(8, BigInt(epochStart), true);
    clock.setBigUint64(16, BigInt(epoch), true);
    clock.setBigUint64(24, BigInt(epoch + 1), true);
    clock.setBigInt64(32, BigInt(now), true);
    const sysvar = { lamports: 1n, owner: SYSVAR_OWNER, executable: false };
    this.set(CLOCK, { ...sysvar, data: new Uint8Array(clock.buffer) });
    const list = new Uint8Array(8 + 512 * 40);
    const view = new DataView(list.buffer);
    view.setBigUint64(0, BigInt(hashes.length), true);
    hashes.forEach(([at, hash], i) => {
      view.setBigUint64(8 + i * 40, BigInt(at), true);
      list.set(hash, 16 + i * 40);
    });
    this.set(SLOT_HASHES, { ...sysvar, data: list });
  }

  minimumBalance(bytes: number): number {
    return Number(this.svm.minimumBalanceForRentExemption(BigInt(bytes)));
  }

  /** Decoding base58 is the dearest part of a write, and the same few owners return all the time. */
  private key(address: string): Uint8Array {
    let key = this.codes.get(address);
    if (!key) {
      key = bs58.decode(address);
      if (this.codes.size >= 4096) this.codes.clear();
      this.codes.set(address, key);
    }
    return key;
  }
}

function isProgramData({ owner, data }: AccountState): boolean {
  return owner === UPGRADEABLE_LOADER && data[0] === 3;
}

function stateOf(account: Native.Account): AccountState {
  return {
    lamports: account.lamports(),
    owner: bs58.encode(account.owner()),
    executable: account.executable(),
    data: account.data(),
  };
}
