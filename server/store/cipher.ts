import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeAtomically } from '#ml/files.ts';

const NONCE = 12;
const TAG = 16;

/** AES-256-GCM under the master key. `what` names the purpose and is authenticated with the text. */
export class Cipher {
  private readonly key: Uint8Array;

  constructor(key: Uint8Array) {
    if (key.length !== 32) throw new RangeError(`master key: ${key.length} bytes, must be 32`);
    this.key = key;
  }

  seal(plain: Uint8Array, what: string): Uint8Array {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce).setAAD(Buffer.from(what));
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Uint8Array.from(Buffer.concat([nonce, cipher.getAuthTag(), body]));
  }

  /** @throws Error when the bytes were sealed under another key or for another purpose */
  open(sealed: Uint8Array, what: string): Uint8Array {
    const bytes = Buffer.from(sealed);
    const cipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, NONCE), {
      authTagLength: TAG,
    })
      .setAAD(Buffer.from(what))
      .setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
    return Uint8Array.from(Buffer.concat([cipher.update(bytes.subarray(NONCE + TAG)), cipher.final()]));
  }
}

/** Reads a secret file, or writes `make()` to it first: readable by its owner alone, whole or not at all. */
export function secretFile(path: string, make: () => Uint8Array): Uint8Array {
  try {
    const bytes = readFileSync(path);
    chmodSync(path, 0o600);
    return Uint8Array.from(bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const bytes = make();
  writeAtomically(path, bytes, 0o600);
  return bytes;
}

export function sha256(bytes: Uint8Array | string): Uint8Array {
  return Uint8Array.from(createHash('sha256').update(bytes).digest());
}
