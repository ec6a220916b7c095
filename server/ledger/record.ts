import bs58 from 'bs58';
import type { TxError } from './txError.ts';
import type { AccountState } from './vm.ts';

/** What finding a transaction needs; read for every record when the ledger opens. */
export interface RecordHead {
  signature: string;
  messageId: string;
  /** Every address the transaction names, tables resolved. */
  keys: string[];
  err: TxError | null;
}

/** What answering getTransaction needs besides; read only then. */
export interface RecordBody {
  fee: number;
  units: number;
  logs: string[];
  inner: { index: number; instructions: InnerInstruction[] }[];
  pre: number[];
  post: number[];
  loaded: { writable: string[]; readonly: string[] };
  returnData: { programId: string; data: [string, 'base64'] } | null;
}

export interface InnerInstruction {
  programIdIndex: number;
  accounts: number[];
  data: string;
  stackHeight: number;
}

/** One applied transaction with all it changed: reading records back needs no virtual machine. */
export interface LedgerRecord {
  seq: number;
  slot: number;
  tx: Uint8Array;
  head: RecordHead;
  body: RecordBody;
  writes: [address: string, state: AccountState][];
}

const FIXED = 30;
const KIND = 1;
const ACCOUNT_FIXED = 77;

export function encodeRecord(record: LedgerRecord): Buffer {
  const head = Buffer.from(JSON.stringify(record.head));
  const body = Buffer.from(JSON.stringify(record.body));
  const fixed = Buffer.alloc(FIXED);
  fixed.writeUInt16LE(KIND, 0);
  fixed.writeUInt16LE(record.tx.length, 2);
  fixed.writeUInt32LE(head.length, 4);
  fixed.writeUInt32LE(body.length, 8);
  fixed.writeBigUInt64LE(BigInt(record.seq), 12);
  fixed.writeBigUInt64LE(BigInt(record.slot), 20);
  fixed.writeUInt16LE(record.writes.length, 28);
  return Buffer.concat([fixed, record.tx, head, body, ...record.writes.map(([a, s]) => encodeAccount(a, s))]);
}

export function decodeRecord(bytes: Buffer): LedgerRecord {
  const { seq, slot, head } = decodeRecordHead(bytes);
  const txEnd = FIXED + bytes.readUInt16LE(2);
  const headEnd = txEnd + bytes.readUInt32LE(4);
  let at = headEnd + bytes.readUInt32LE(8);
  const body = JSON.parse(bytes.toString('utf8', headEnd, at)) as RecordBody;
  const writes: LedgerRecord['writes'] = [];
  for (let i = bytes.readUInt16LE(28); i > 0; i--) {
    const read = decodeAccount(bytes, at);
    writes.push([read.address, read.state]);
    at = read.end;
  }
  return { seq, slot, tx: bytes.subarray(FIXED, txEnd), head, body, writes };
}

/** Reads only what an index needs. */
export function decodeRecordHead(bytes: Buffer): Pick<LedgerRecord, 'seq' | 'slot' | 'head'> {
  if (bytes.length < FIXED || bytes.readUInt16LE(0) !== KIND)
    throw new Error('journal record of an unknown kind');
  const start = FIXED + bytes.readUInt16LE(2);
  return {
    seq: Number(bytes.readBigUInt64LE(12)),
    slot: Number(bytes.readBigUInt64LE(20)),
    head: JSON.parse(bytes.toString('utf8', start, start + bytes.readUInt32LE(4))) as RecordHead,
  };
}

/** address 32, owner 32, lamports u64, executable u8, length u32, data. */
export function encodeAccount(address: string, state: AccountState): Buffer {
  const out = Buffer.alloc(ACCOUNT_FIXED + state.data.length);
  out.set(bs58.decode(address), 0);
  out.set(bs58.decode(state.owner), 32);
  out.writeBigUInt64LE(state.lamports, 64);
  out[72] = state.executable ? 1 : 0;
  out.writeUInt32LE(state.data.length, 73);
  out.set(state.data, ACCOUNT_FIXED);
  return out;
}

export function decodeAccount(
  bytes: Buffer,
  at: number,
): { address: string; state: AccountState; end: number } {
  const end = at + ACCOUNT_FIXED + bytes.readUInt32LE(at + 73);
  if (end > bytes.length) throw new Error('an account runs past the end of its record');
  return {
    address: bs58.encode(bytes.subarray(at, at + 32)),
    state: {
      owner: bs58.encode(bytes.subarray(at + 32, at + 64)),
      lamports: bytes.readBigUInt64LE(at + 64),
      executable: bytes[at + 72] === 1,
      // A copy: a view would keep the whole file's buffer alive.
      data: new Uint8Array(bytes.subarray(at + ACCOUNT_FIXED, end)),
    },
    end,
  };
}
