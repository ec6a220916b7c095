/** As much of Solana's wire format as a wallet needs to sign: signatures, then the message they are under. */

export interface Wire {
  /** Where the signatures begin, how many there are, and where the message begins. */
  at: number;
  signatures: number;
  message: Uint8Array;
  /** The accounts that sign, then all others, 32 bytes each. */
  accounts: Uint8Array[];
  /** Indices into `accounts` of the programs called. */
  programs: number[];
}

/** @throws RangeError on bytes that end too early */
export function readTransaction(bytes: Uint8Array): Wire {
  let at = 0;
  const byte = (): number => {
    if (at >= bytes.length) throw new RangeError('transaction: ends too early');
    return bytes[at++];
  };
  const length = (): number => {
    let value = 0;
    for (let shift = 0; shift < 21; shift += 7) {
      const part = byte();
      value |= (part & 127) << shift;
      if (part < 128) return value;
    }
    throw new RangeError('transaction: a length of more than three bytes');
  };
  const take = (n: number): Uint8Array => {
    if (at + n > bytes.length) throw new RangeError('transaction: ends too early');
    at += n;
    return bytes.subarray(at - n, at);
  };
  const signatures = length();
  const start = at;
  take(64 * signatures);
  const message = bytes.subarray(at);
  if (message[0] >= 128) byte(); // version 0
  take(3);
  const accounts = Array.from({ length: length() }, () => take(32));
  take(32);
  const programs = Array.from({ length: length() }, () => {
    const program = byte();
    take(length());
    take(length());
    return program;
  });
  return { at: start, signatures, message, accounts, programs };
}

/** Puts a signature where this account's belongs. @throws Error when it is not among those that sign */
export function signTransaction(
  bytes: Uint8Array,
  publicKey: Uint8Array,
  sign: (message: Uint8Array) => Uint8Array,
): Uint8Array {
  const { at, signatures, message, accounts } = readTransaction(bytes);
  const index = accounts
    .slice(0, signatures)
    .findIndex((account) => account.every((b, i) => b === publicKey[i]));
  if (index < 0) throw new Error('transaction: does not ask for this account’s signature');
  const signed = Uint8Array.from(bytes);
  signed.set(sign(message), at + 64 * index);
  return signed;
}
