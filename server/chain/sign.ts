import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { type Keypair, PACKET_DATA_SIZE, PublicKey, type TransactionInstruction } from '@solana/web3.js';

const keys = new WeakMap<Keypair, KeyObject>();

/** As a JWK (RFC 8037), which is read ten times as fast as PKCS #8. */
function keyOf(pair: Keypair): KeyObject {
  let key = keys.get(pair);
  if (!key) {
    const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
    const [d, x] = [text(pair.secretKey.subarray(0, 32)), text(pair.publicKey.toBytes())];
    key = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d, x }, format: 'jwk' });
    keys.set(pair, key);
  }
  return key;
}

export interface Unsigned {
  payer: PublicKey;
  blockhash: string;
  instructions: readonly TransactionInstruction[];
}

/**
 * A transaction's bytes as they are sent. Put together here and signed by the system's own ed25519, which takes a
 * twentieth of the time that web3.js does, on the thread that the world's clock runs on.
 * @throws Error when a signer is missing or not wanted, or the bytes do not fit into a packet
 */
export function signWire(unsigned: Unsigned, signers: readonly Keypair[]): Buffer {
  const { bytes, wanted } = compile(unsigned);
  const size = 1 + 64 * wanted.length + bytes.length;
  if (size > PACKET_DATA_SIZE)
    throw new RangeError(
      `transaction: takes ${size} bytes, at most ${PACKET_DATA_SIZE} (is PUBLIC_URL too long?)`,
    );
  const unknown = signers.find(({ publicKey }) => !wanted.some((key) => key.equals(publicKey)));
  if (unknown) throw new Error(`transaction: unknown signer ${unknown.publicKey.toBase58()}`);
  const signatures = wanted.map((key) => {
    const signer = signers.find(({ publicKey }) => publicKey.equals(key));
    if (!signer) throw new Error(`transaction: signer ${key.toBase58()} is missing`);
    return sign(null, bytes, keyOf(signer));
  });
  return Buffer.concat([Uint8Array.of(wanted.length), ...signatures, bytes]);
}

interface Member {
  key: PublicKey;
  isSigner: boolean;
  isWritable: boolean;
}

/** A legacy message: who signs and is written first, then who signs, then who is written, then the rest. */
function compile({ payer, blockhash, instructions }: Unsigned): { bytes: Buffer; wanted: PublicKey[] } {
  const members = new Map<string, Member>();
  const nameOf = (key: PublicKey): string => key.toBuffer().toString('latin1');
  const meet = (key: PublicKey, isSigner: boolean, isWritable: boolean): void => {
    const known = members.get(nameOf(key));
    if (!known) members.set(nameOf(key), { key, isSigner, isWritable });
    else {
      known.isSigner ||= isSigner;
      known.isWritable ||= isWritable;
    }
  };
  meet(payer, true, true);
  for (const { keys } of instructions) for (const k of keys) meet(k.pubkey, k.isSigner, k.isWritable);
  for (const { programId } of instructions) meet(programId, false, false);
  const rank = ({ isSigner, isWritable }: Member): number => (isSigner ? 0 : 2) + (isWritable ? 0 : 1);
  // The sort is stable, so that the payer stays the first.
  const order = [...members.values()].sort((a, b) => rank(a) - rank(b));
  const index = new Map(order.map(({ key }, i) => [nameOf(key), i]));
  const at = (key: PublicKey): number => index.get(nameOf(key)) as number;
  const count = (of: number): number => order.filter((member) => rank(member) === of).length;
  const header = [count(0) + count(1), count(1), count(3)];
  const bytes = Buffer.concat([
    Uint8Array.from([...header, ...compact(order.length)]),
    ...order.map(({ key }) => key.toBuffer()),
    new PublicKey(blockhash).toBuffer(),
    Uint8Array.from(compact(instructions.length)),
    ...instructions.flatMap(({ programId, keys, data }) => [
      Uint8Array.from([at(programId), ...compact(keys.length), ...keys.map(({ pubkey }) => at(pubkey))]),
      Uint8Array.from(compact(data.length)),
      data,
    ]),
  ]);
  return { bytes, wanted: order.slice(0, header[0]).map(({ key }) => key) };
}

/** Solana's compact-u16. */
function compact(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...compact(value >> 7)];
}
