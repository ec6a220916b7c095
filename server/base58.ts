import { PublicKey } from '@solana/web3.js';
import bs58 from 'bs58';
import { Refusal } from './refusal.ts';

/** @throws Refusal 400 naming the field; a text of another length would be another key's */
export function keyOf(field: string, text: unknown): PublicKey {
  try {
    const key = typeof text === 'string' ? new PublicKey(text) : null;
    if (key?.toBase58() === text) return key as PublicKey;
  } catch {}
  throw new Refusal(400, field, 'must be a base58 address of 32 bytes');
}

const SIGNATURE_BYTES = 64;

/** @throws Refusal 400 naming the field */
export function requireSignature(field: string, text: string): void {
  if (bs58.decodeUnsafe(text)?.length !== SIGNATURE_BYTES)
    throw new Refusal(400, field, `must be a transaction’s signature: ${SIGNATURE_BYTES} bytes in base58`);
}
