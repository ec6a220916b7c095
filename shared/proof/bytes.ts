/** Fixed-width little-endian writing and reading, with every value checked. */

/** A value or bytes that cannot be encoded, or bytes that are no encoding; `field` names what is wrong. */
export class ProofError extends RangeError {
  override readonly name = 'ProofError';
  readonly field: string;
  constructor(field: string, problem: string) {
    super(`${field}: ${problem}`);
    this.field = field;
  }
}

/** Bytes of a SHA-256 or of an address. */
export const HASH_BYTES = 32;

const U64_MAX = 2n ** 64n - 1n;

export class Writer {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  /** @param length of the whole encoding, bytes */
  constructor(length: number) {
    this.#bytes = new Uint8Array(length);
    this.#view = new DataView(this.#bytes.buffer);
  }

  u8(field: string, value: number): this {
    requireBelow(field, value, 0x100);
    this.#view.setUint8(this.#at, value);
    this.#at += 1;
    return this;
  }

  u32(field: string, value: number): this {
    requireBelow(field, value, 0x1_0000_0000);
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
    return this;
  }

  u64(field: string, value: bigint): this {
    if (typeof value !== 'bigint' || value < 0n || value > U64_MAX) {
      throw new ProofError(field, `must be a bigint from 0 to ${U64_MAX}, is ${value}`);
    }
    this.#view.setBigUint64(this.#at, value, true);
    this.#at += 8;
    return this;
  }

  bytes(field: string, value: Uint8Array, length: number): this {
    if (!(value instanceof Uint8Array) || value.length !== length) {
      throw new ProofError(field, `must be ${length} bytes, is ${value?.length}`);
    }
    this.#bytes.set(value, this.#at);
    this.#at += length;
    return this;
  }

  /** The encoding. Throws when it is not exactly as long as was said. */
  done(): Uint8Array {
    if (this.#at !== this.#bytes.length) {
      throw new ProofError('encoding', `must be ${this.#bytes.length} bytes, is ${this.#at}`);
    }
    return this.#bytes;
  }
}

function requireBelow(field: string, value: number, limit: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= limit) {
    throw new ProofError(field, `must be an integer from 0 to ${limit - 1}, is ${value}`);
  }
}

/** Reads what a Writer wrote; the length is checked at the start. */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(field: string, bytes: Uint8Array, length: number) {
    if (!(bytes instanceof Uint8Array) || bytes.length !== length) {
      throw new ProofError(field, `must be ${length} bytes, is ${bytes?.length}`);
    }
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, length);
  }

  u8(): number {
    this.#at += 1;
    return this.#view.getUint8(this.#at - 1);
  }

  u32(): number {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
  }

  u64(): bigint {
    this.#at += 8;
    return this.#view.getBigUint64(this.#at - 8, true);
  }

  bytes(length: number): Uint8Array {
    this.#at += length;
    return this.#bytes.slice(this.#at - length, this.#at);
  }
}
