import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { LedgerLimits } from './limits.ts';

/** A program that stands in the ledger from its first slot on. */
export interface ProgramSource {
  /** Base58 address it runs at. */
  address: string;
  /** The compiled SBF shared object. */
  so: Uint8Array;
}

export interface LedgerOptions {
  /** Directory of the ledger's files; made when missing. One process at a time may hold it. */
  dir: string;
  programs: ProgramSource[];
  /** Milliseconds a slot lasts; fixed when the directory is made. Default 400, Solana's own. */
  slotMs?: number;
  limits?: Partial<LedgerLimits>;
  log?: (line: string) => void;
}

export interface LedgerStats {
  slot: number;
  accounts: number;
  accountBytes: number;
  /** Transactions ever applied, counted from the first slot of this directory. */
  transactions: number;
  /** Transactions still found by signature. */
  history: number;
  journalBytes: number;
  sockets: number;
  subscriptions: number;
  /** Records read back from the journal when the ledger was opened. */
  replayed: number;
  /** The longest one send has held the event loop, in milliseconds. */
  longestSendMs: number;
  /** The longest one step of a snapshot has held the event loop, in milliseconds. */
  longestSnapshotStepMs: number;
}

/** A method that is not the ledger's own: its params as they were sent. Throws RpcError. */
export type FurtherMethod = (params: unknown) => Promise<unknown>;

/** The embedded chain: a Solana virtual machine behind Solana's own JSON-RPC and WebSocket methods. */
export interface Ledger {
  /** Answers POST (JSON-RPC 2.0, single or batch), OPTIONS (CORS) and GET (health). The host chooses the path. */
  handleHttp(req: IncomingMessage, res: ServerResponse): void;
  /** Takes over an HTTP upgrade and serves JSON-RPC subscriptions on it. */
  handleUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Answers further methods over HTTP, which are not the ledger's own and may take their time. */
  extend(methods: ReadonlyMap<string, FurtherMethod>): void;
  /** Calls a method in process. Throws RpcError with Solana's code, message and data. */
  request(method: string, params?: unknown): Promise<unknown>;
  stats(): LedgerStats;
  /** Writes a last snapshot, closes every socket and gives the directory free. */
  close(): Promise<void>;
}
