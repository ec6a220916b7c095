import { join } from 'node:path';
import { Keypair } from '@solana/web3.js';
import { secretFile } from '../store/cipher.ts';

/** The server's own keys; each lies in a file that its owner alone can read. */
export interface ServerKeys {
  /** Owns the collection and its rule. */
  authority: Keypair;
  /** Mints, and publishes the zone's epochs; the authority can name another. */
  zone: Keypair;
  /** Pays fees and rent. */
  payer: Keypair;
}

/** Reads the keys, or makes them on the first start. @throws Error naming the file that is no key */
export function serverKeys(home: string): ServerKeys {
  const key = (name: string): Keypair => {
    const path = join(home, 'keys', `${name}.key`);
    const bytes = secretFile(path, () => Keypair.generate().secretKey);
    if (bytes.length !== 64) throw new Error(`keys/${name}.key: ${bytes.length} bytes, must be 64`);
    return Keypair.fromSecretKey(bytes);
  };
  return { authority: key('authority'), zone: key('zone'), payer: key('payer') };
}
