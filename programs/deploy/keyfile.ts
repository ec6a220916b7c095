import { readFileSync } from 'node:fs';
import { Keypair } from '@solana/web3.js';

/**
 * Reads a key pair: Solana's own JSON array of 64 numbers, or 64 bytes as the server keeps its keys.
 * @throws Error naming the file, never its content
 */
export function readKeypair(path: string, what: string): Keypair {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new Error(`${what}: ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    const json =
      bytes.length === 64 ? bytes : Uint8Array.from(numbers(JSON.parse(Buffer.from(bytes).toString())));
    return Keypair.fromSecretKey(json);
  } catch {
    throw new Error(`${what}: ${path} holds no key pair (64 bytes, or a JSON array of 64 numbers)`);
  }
}

function numbers(value: unknown): number[] {
  const sound =
    Array.isArray(value) &&
    value.length === 64 &&
    value.every((one) => Number.isInteger(one) && one >= 0 && one <= 255);
  if (!sound) throw new RangeError('not 64 bytes');
  return value as number[];
}
