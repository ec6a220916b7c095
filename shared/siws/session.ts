import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';

/** How long a wallet's word for a session key may hold, and how far clocks may be apart. */
export const SESSION_MS = 7 * 24 * 3600 * 1000;
export const PROOF_MS = 120_000;

/** The resource of a sign-in that lets a session key (32 bytes as hex) play for the wallet. */
export const delegation = (sessionKey: string): string => `urn:symbiont:session:${sessionKey}:play`;

/** The resource of a sign-in that takes a guest's life over. */
export const guestResource = (address: string): string => `urn:symbiont:guest:${address}`;

/** What a session key signs to use its token once. */
export interface ProofOf {
  domain: string;
  token: string;
  /** `METHOD /path` of a request, or `JOIN zone`. */
  action: string;
  /** Milliseconds since 1970. */
  at: number;
  /** Not used before; 16 to 64 characters of base64url. */
  nonce: string;
}

/** The bytes under a proof's signature; the token itself is not in them. */
export function proofBytes({ domain, token, action, at, nonce }: ProofOf): Uint8Array {
  const hash = bytesToHex(sha256(utf8ToBytes(token)));
  return utf8ToBytes(['symbiont session', domain, action, hash, String(at), nonce].join('\n'));
}
