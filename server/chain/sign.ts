import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { type Keypair, PACKET_DATA_SIZE, type Transaction } from '@solana/web3.js';

/** What stands before the 32 bytes of an ed25519 seed in PKCS #8 (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const keys = new WeakMap<Keypair, KeyObject>();

function keyOf(pair: Keypair): KeyObject {
  let key = keys.get(pair);
  if (!key) {
    const der = Buffer.concat([PKCS8, pair.secretKey.subarray(0, 32)]);
    key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    keys.set(pair, key);
  }
  return key;
}

/**
 * A transaction's bytes as they are sent: signed by the system's own ed25519, which takes a twentieth of the time that
 * web3.js does, on the thread that the world's clock runs on.
 * @throws Error when a signer is missing or not wanted, or the bytes do not fit into a packet
 */
export function signWire(transaction: Transaction, signers: readonly Keypair[]): Buffer {
  const message = transaction.compileMessage();
  const count = message.header.numRequiredSignatures;
  const bytes = message.serialize();
  const size = 1 + 64 * count + bytes.length;
  if (size > PACKET_DATA_SIZE)
    throw new RangeError(
      `transaction: takes ${size} bytes, at most ${PACKET_DATA_SIZE} (is PUBLIC_URL too long?)`,
    );
  const wanted = message.accountKeys.slice(0, count);
  const unknown = signers.find(({ publicKey }) => !wanted.some((key) => key.equals(publicKey)));
  if (unknown) throw new Error(`transaction: unknown signer ${unknown.publicKey.toBase58()}`);
  const signatures = wanted.map((key) => {
    const signer = signers.find(({ publicKey }) => publicKey.equals(key));
    if (!signer) throw new Error(`transaction: signer ${key.toBase58()} is missing`);
    return sign(null, bytes, keyOf(signer));
  });
  return Buffer.concat([Uint8Array.of(count), ...signatures, bytes]);
}
