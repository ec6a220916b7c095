import { createHash } from 'node:crypto';
import bs58 from 'bs58';

/** Bytes of the largest transaction that Solana carries in a packet. */
export const MAX_TRANSACTION_BYTES = 1232;

export interface CompiledInstruction {
  programIdIndex: number;
  accounts: number[];
  data: Uint8Array;
}

export interface TableLookup {
  table: string;
  writable: number[];
  readonly: number[];
}

/** A transaction read from Solana's wire format. Addresses are base58. */
export interface ParsedTransaction {
  bytes: Uint8Array;
  version: 'legacy' | 0;
  /** Base58 signatures; the first one names the transaction. */
  signatures: string[];
  header: { signatures: number; readonlySigned: number; readonlyUnsigned: number };
  keys: string[];
  blockhash: string;
  instructions: CompiledInstruction[];
  lookups: TableLookup[];
  /** SHA-256 of the message in base64: the same message twice is the same transaction, whoever signed it how. */
  messageId: string;
}

/** The bytes are not a transaction; the message says where they stop being one. */
export class TransactionFormatError extends Error {}

/**
 * Reads a legacy or version 0 transaction. Stricter than need be on purpose: what is refused here never reaches
 * the virtual machine, whose own decoder ends the process on malformed bytes.
 * Throws TransactionFormatError naming the field.
 */
export function parseTransaction(bytes: Uint8Array): ParsedTransaction {
  if (bytes.length > MAX_TRANSACTION_BYTES) {
    throw new TransactionFormatError(`${bytes.length} bytes (max: ${MAX_TRANSACTION_BYTES})`);
  }
  const reader = new Reader(bytes);
  const signatures = reader.list('signatures', () => bs58.encode(reader.take(64, 'signature')));
  const message = reader.at;
  let version: 'legacy' | 0 = 'legacy';
  if (reader.peek() >= 0x80) {
    const read = reader.byte('version') & 0x7f;
    if (read !== 0) throw new TransactionFormatError(`version: ${read} is not supported`);
    version = 0;
  }
  const header = {
    signatures: reader.byte('header'),
    readonlySigned: reader.byte('header'),
    readonlyUnsigned: reader.byte('header'),
  };
  const keys = reader.list('account keys', () => bs58.encode(reader.take(32, 'account key')));
  const blockhash = bs58.encode(reader.take(32, 'blockhash'));
  const instructions = reader.list('instructions', () => ({
    programIdIndex: reader.byte('program index'),
    accounts: reader.list('instruction accounts', () => reader.byte('account index')),
    data: reader.take(reader.length('instruction data'), 'instruction data'),
  }));
  const lookups =
    version === 0
      ? reader.list('address table lookups', () => ({
          table: bs58.encode(reader.take(32, 'table address')),
          writable: reader.list('writable indexes', () => reader.byte('index')),
          readonly: reader.list('readonly indexes', () => reader.byte('index')),
        }))
      : [];
  if (reader.at !== bytes.length) {
    throw new TransactionFormatError(`${bytes.length - reader.at} bytes left after the message`);
  }
  const parsed: ParsedTransaction = {
    bytes,
    version,
    signatures,
    header,
    keys,
    blockhash,
    instructions,
    lookups,
    messageId: createHash('sha256').update(bytes.subarray(message)).digest('base64'),
  };
  sanitize(parsed);
  return parsed;
}

/** Solana's own `sanitize` of a message: counts and indexes that contradict each other. */
function sanitize(tx: ParsedTransaction): void {
  const { header, keys } = tx;
  const fail = (what: string): never => {
    throw new TransactionFormatError(`sanitize: ${what}`);
  };
  if (header.signatures === 0 || header.readonlySigned >= header.signatures) {
    fail('the fee payer must be a writable signer');
  }
  if (tx.signatures.length !== header.signatures) {
    fail(`${tx.signatures.length} signatures where the header says ${header.signatures}`);
  }
  if (header.signatures + header.readonlyUnsigned > keys.length)
    fail('the header counts more keys than there are');
  const loaded = tx.lookups.reduce((sum, l) => sum + l.writable.length + l.readonly.length, 0);
  if (tx.lookups.some((l) => l.writable.length + l.readonly.length === 0))
    fail('an empty address table lookup');
  const total = keys.length + loaded;
  if (total > 256) fail(`${total} accounts (max: 256)`);
  if (new Set(keys).size !== keys.length) fail('an account key is named twice');
  for (const ix of tx.instructions) {
    if (ix.programIdIndex >= keys.length || ix.programIdIndex === 0)
      fail(`program index ${ix.programIdIndex}`);
    for (const index of ix.accounts) if (index >= total) fail(`account index ${index} of ${total}`);
  }
}

/** Whether the static key at `index` may be written, by the header's counts. */
export function isWritableIndex(tx: ParsedTransaction, index: number): boolean {
  const { signatures, readonlySigned, readonlyUnsigned } = tx.header;
  return index < signatures ? index < signatures - readonlySigned : index < tx.keys.length - readonlyUnsigned;
}

class Reader {
  at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  peek(): number {
    return this.at < this.bytes.length ? this.bytes[this.at] : 0;
  }

  byte(field: string): number {
    if (this.at >= this.bytes.length) throw new TransactionFormatError(`${field}: the bytes end too early`);
    return this.bytes[this.at++];
  }

  take(length: number, field: string): Uint8Array {
    if (this.at + length > this.bytes.length)
      throw new TransactionFormatError(`${field}: the bytes end too early`);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** Solana's compact-u16: seven bits a byte, shortest form only. */
  length(field: string): number {
    let value = 0;
    for (let i = 0; i < 3; i++) {
      const byte = this.byte(`${field} length`);
      value |= (byte & 0x7f) << (7 * i);
      if (byte < 0x80) {
        if (byte === 0 && i > 0) throw new TransactionFormatError(`${field} length: not the shortest form`);
        if (value > 0xffff) throw new TransactionFormatError(`${field} length: over 65535`);
        return value;
      }
    }
    throw new TransactionFormatError(`${field} length: over three bytes`);
  }

  list<T>(field: string, item: () => T): T[] {
    const out = new Array<T>(this.length(field));
    for (let i = 0; i < out.length; i++) out[i] = item();
    return out;
  }
}
