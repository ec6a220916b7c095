import { bytesToHex } from '@noble/hashes/utils';

/** A key made in this browser, for which a wallet has vouched: it signs what play needs. */
export interface SessionKey {
  /** The public key: 32 bytes as hex. */
  hex: string;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** What is kept of it: a key that never leaves the browser where it can make one, else its secret. */
type Kept = { hex: string; key: CryptoKey } | { hex: string; secret: Uint8Array };

const DATABASE = 'symbiont';
const KEYS = 'keys';
const NAME = 'session';

/** Makes a key. It is gone with the page until `keepKey`. */
export async function makeKey(): Promise<Kept> {
  try {
    const pair = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
    const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
    return { hex: bytesToHex(raw), key: pair.privateKey };
  } catch {
    // Not over https, or a browser without this curve.
    const { ed25519 } = await import('@noble/curves/ed25519');
    const secret = ed25519.utils.randomPrivateKey();
    return { hex: bytesToHex(ed25519.getPublicKey(secret)), secret };
  }
}

async function sign(kept: Kept, bytes: Uint8Array): Promise<Uint8Array> {
  if ('key' in kept)
    return new Uint8Array(await crypto.subtle.sign('Ed25519', kept.key, Uint8Array.from(bytes)));
  const { ed25519 } = await import('@noble/curves/ed25519');
  return ed25519.sign(bytes, kept.secret);
}

let present: Kept | null = null;

export async function keepKey(kept: Kept): Promise<void> {
  present = kept;
  await within('readwrite', (keys) => keys.put(kept, NAME)).catch(() => {});
}

export async function forgetKey(): Promise<void> {
  present = null;
  await within('readwrite', (keys) => keys.delete(NAME)).catch(() => {});
}

/** The key that is kept in this browser now; another tab may have changed it. */
export async function storedKey(): Promise<SessionKey | null> {
  const stored = await within('readonly', (keys) => keys.get(NAME)).catch(() => null);
  const kept = (stored as Kept | null | undefined) ?? present;
  return kept ? { hex: kept.hex, sign: (bytes) => sign(kept, bytes) } : null;
}

/** One request to this browser's database. */
function within(mode: IDBTransactionMode, work: (keys: IDBObjectStore) => IDBRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(KEYS);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction(KEYS, mode);
      const request = work(transaction.objectStore(KEYS));
      transaction.oncomplete = () => {
        database.close();
        resolve(request.result);
      };
      transaction.onabort = () => {
        database.close();
        reject(transaction.error);
      };
    };
  });
}
