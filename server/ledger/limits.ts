/** Every bound of the ledger in one table. All are finite, so that no client can fill memory or disk. */
export interface LedgerLimits {
  /** Bytes of one HTTP body or WebSocket message. */
  bodyBytes: number;
  /** Requests in one JSON-RPC batch. */
  batch: number;
  /** Addresses in one getMultipleAccounts, Solana's own limit. */
  accountsPerCall: number;
  /** Accounts in one getProgramAccounts answer. */
  programAccounts: number;
  /** Signatures in one getSignatureStatuses, Solana's own limit. */
  statusesPerCall: number;
  /** WebSockets open at once, over all clients. */
  sockets: number;
  /** WebSockets open at once from one address. */
  socketsPerClient: number;
  subscriptionsPerSocket: number;
  /** Bytes waiting to be sent on one WebSocket; a slower reader is cut off. */
  socketBacklogBytes: number;
  /** Requests a client (an IP address) may make a second, each item of a batch counted. */
  requestsPerSecond: number;
  /** Requests a client may make at once before the rate holds it. */
  requestBurst: number;
  /** Lamports of one airdrop. */
  airdropLamports: number;
  /** Airdrops one client may ask for in a minute. */
  airdropsPerMinute: number;
  /** Accounts kept. */
  accounts: number;
  /** Data bytes of all accounts together. */
  accountBytes: number;
  /** Transactions kept for getTransaction and getSignaturesForAddress. */
  history: number;
  /** Journal bytes kept for that history. */
  historyBytes: number;
  /** Transactions between two snapshots. */
  snapshotEvery: number;
  /** Bytes after which the journal goes on in a new file. */
  segmentBytes: number;
}

export const DEFAULT_LIMITS: Readonly<LedgerLimits> = {
  bodyBytes: 256 * 1024,
  batch: 100,
  accountsPerCall: 100,
  programAccounts: 20_000,
  statusesPerCall: 256,
  sockets: 512,
  socketsPerClient: 128,
  subscriptionsPerSocket: 256,
  socketBacklogBytes: 4 * 1024 * 1024,
  requestsPerSecond: 1_000,
  requestBurst: 2_000,
  airdropLamports: 1_000_000_000_000,
  airdropsPerMinute: 300,
  accounts: 500_000,
  accountBytes: 256 * 1024 * 1024,
  history: 100_000,
  historyBytes: 256 * 1024 * 1024,
  snapshotEvery: 5_000,
  segmentBytes: 8 * 1024 * 1024,
};

/** Joins what the caller gave with the defaults; throws RangeError naming the first limit that is not a positive integer. */
export function resolveLimits(given: Partial<LedgerLimits> = {}): LedgerLimits {
  const limits = { ...DEFAULT_LIMITS, ...given };
  for (const [name, value] of Object.entries(limits)) {
    if (!(name in DEFAULT_LIMITS)) throw new RangeError(`ledger limit ${name} is unknown`);
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`ledger limit ${name} must be a positive integer, not ${value}`);
    }
  }
  return limits;
}
