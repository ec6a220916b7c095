/** Codes of JSON-RPC 2.0 and of Solana's RPC (agave `rpc-client-api/src/custom_error.rs`). */
export const RPC = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  preflight: -32002,
  signature: -32003,
  unsupportedVersion: -32015,
  minContextSlot: -32016,
  /** Ours: the client asks too often. */
  rate: -32029,
  /** Ours: the ledger's own limit (accounts, bytes) is reached. */
  full: -32030,
  /** Ours: the journal could not be written; nothing was changed. */
  storage: -32031,
} as const;

/** An error that is the answer to a request: code, message and data as the client sees them. */
export class RpcError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly data?: unknown,
  ) {
    super(message);
    this.name = 'RpcError';
  }

  toJSON(): { code: number; message: string; data?: unknown } {
    return this.data === undefined
      ? { code: this.code, message: this.message }
      : { code: this.code, message: this.message, data: this.data };
  }
}

export const invalidParams = (message: string): RpcError => new RpcError(RPC.invalidParams, message);
