import { ed25519 } from '@noble/curves/ed25519.js';
import bs58 from 'bs58';
import { invalidParams } from './rpcError.ts';
import { type ParsedTransaction, parseTransaction } from './transaction.ts';
import { SYSTEM_PROGRAM } from './vm.ts';

/** Lamports in existence: below 2^53, so that every balance is exact as a JSON number. */
export const FAUCET_LAMPORTS = 9_000_000_000_000_000n;
const COMPUTE_BUDGET = 'ComputeBudget111111111111111111111111111111';

/** The key that holds what nobody has asked for yet, and sends it. */
export class Faucet {
  readonly address: string;
  private readonly secret: Uint8Array;

  /** `keypair`: 64 bytes, secret then public, as Solana's key files hold them. */
  constructor(keypair: Uint8Array) {
    this.secret = keypair.subarray(0, 32);
    const publicKey = ed25519.getPublicKey(this.secret);
    if (keypair.length !== 64 || Buffer.compare(publicKey, keypair.subarray(32)) !== 0) {
      throw new Error('faucet.json does not hold a key pair (64 bytes, secret then public)');
    }
    this.address = bs58.encode(publicKey);
  }

  static generate(): Uint8Array {
    const secret = ed25519.utils.randomSecretKey();
    return new Uint8Array([...secret, ...ed25519.getPublicKey(secret)]);
  }

  /** A signed transfer. `nonce` goes into its compute limit, so that two equal airdrops in a slot are two. */
  transfer(to: string, lamports: number, blockhash: string, nonce: number): ParsedTransaction {
    if (to === this.address || to === SYSTEM_PROGRAM || to === COMPUTE_BUDGET) {
      throw invalidParams(`Invalid param: an airdrop to ${to} is not possible`);
    }
    const limit = Buffer.from([2, 0, 0, 0, 0]);
    limit.writeUInt32LE(1_000 + (nonce % 1_000_000), 1);
    const transfer = Buffer.alloc(12);
    transfer.writeUInt32LE(2, 0);
    transfer.writeBigUInt64LE(BigInt(lamports), 4);
    const message = Buffer.concat([
      Buffer.from([1, 0, 2, 4]),
      ...[this.address, to, COMPUTE_BUDGET, SYSTEM_PROGRAM].map((key) => bs58.decode(key)),
      bs58.decode(blockhash),
      Buffer.from([2, 2, 0, limit.length]),
      limit,
      Buffer.from([3, 2, 0, 1, transfer.length]),
      transfer,
    ]);
    return parseTransaction(Buffer.concat([Buffer.from([1]), ed25519.sign(message, this.secret), message]));
  }
}
