import bs58 from 'bs58';
import { type Config, config, integer } from './params.ts';
import { invalidParams, RPC, RpcError } from './rpcError.ts';
import type { AccountState } from './vm.ts';

const ENCODINGS = ['binary', 'base58', 'base64', 'jsonParsed'] as const;
export type AccountEncoding = (typeof ENCODINGS)[number];

/** How a client wants accounts written. */
export interface AccountView {
  encoding: AccountEncoding;
  slice: { offset: number; length: number } | null;
}

/** Base58 takes quadratic time, hence Solana's own bound. */
const MAX_BASE58 = 128;

export function accountView(given: Config, fallback: AccountEncoding = 'binary'): AccountView {
  const encoding = given.encoding ?? fallback;
  if (encoding === 'base64+zstd') {
    throw invalidParams(
      'Invalid params: encoding base64+zstd is not offered by the embedded ledger; use base64.',
    );
  }
  const found = ENCODINGS.find((e) => e === encoding);
  if (!found) {
    throw invalidParams(
      `Invalid params: unknown variant \`${String(encoding).slice(0, 32)}\`, expected one of \`base58\`, \`base64\`, \`jsonParsed\` (field encoding).`,
    );
  }
  if (given.dataSlice === undefined || given.dataSlice === null) return { encoding: found, slice: null };
  const slice = config(given.dataSlice, 'dataSlice');
  return {
    encoding: found,
    slice: {
      offset: integer(slice.offset, 'dataSlice.offset', 0xffffffff),
      length: integer(slice.length, 'dataSlice.length', 0xffffffff),
    },
  };
}

/** An account as Solana's RPC writes it. jsonParsed gives base64, as Solana does for programs it cannot parse. */
export function accountJson(state: AccountState, view: AccountView): object {
  const { slice, encoding } = view;
  const data = slice ? state.data.subarray(slice.offset, slice.offset + slice.length) : state.data;
  return {
    data: encodeData(data, encoding),
    executable: state.executable,
    lamports: Number(state.lamports),
    owner: state.owner,
    rentEpoch: 2 ** 64,
    space: state.data.length,
  };
}

function encodeData(data: Uint8Array, encoding: AccountEncoding): string | [string, string] {
  if (encoding === 'base64' || encoding === 'jsonParsed') {
    return [Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'), 'base64'];
  }
  if (data.length > MAX_BASE58) {
    throw new RpcError(
      RPC.invalidRequest,
      'Encoded binary (base 58) data should be less than 128 bytes, please use Base64 encoding.',
    );
  }
  return encoding === 'base58' ? [bs58.encode(data), 'base58'] : bs58.encode(data);
}

/**
 * JSON of an answer. The greatest rent epoch, 2^64 - 1, is no double; it is put in as text, since 64-bit readers
 * refuse its rounding. Inside a JSON string the quotes are escaped, so the pattern meets only real fields.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    '"rentEpoch":18446744073709552000',
    '"rentEpoch":18446744073709551615',
  );
}

/** Bytes of a transaction or message given as base58 or base64 text. */
export function decodeWire(
  text: string,
  encoding: unknown,
  fallback: 'base58' | 'base64',
  max: number,
): Uint8Array {
  const form = encoding ?? fallback;
  if (form !== 'base58' && form !== 'base64') {
    throw invalidParams(
      `unsupported encoding: ${String(form).slice(0, 32)}. Supported encodings: base58, base64`,
    );
  }
  const most = form === 'base64' ? Math.ceil(max / 3) * 4 : Math.ceil((max * 138) / 100) + 1;
  if (text.length > most) {
    throw invalidParams(
      `${form} encoded transaction too large: ${text.length} bytes (max: encoded/raw ${most}/${max})`,
    );
  }
  if (form === 'base64') {
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) {
      throw invalidParams('invalid base64 encoding: InvalidByte or InvalidPadding');
    }
    return new Uint8Array(Buffer.from(text, 'base64'));
  }
  const bytes = bs58.decodeUnsafe(text);
  if (!bytes) throw invalidParams('invalid base58 encoding: InvalidChar');
  return bytes;
}
