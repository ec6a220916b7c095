/** The safetensors header of a brain file: written as the library writes it, read with every check. */
import { bytesToUtf8, utf8ToBytes } from '@noble/hashes/utils';
import { z } from 'zod';
import { BrainFileError, type LayerShape } from './manifest.ts';

/** Longest JSON header, bytes. */
export const MAX_HEADER_BYTES = 64 * 1024;
const LENGTH_BYTES = 8;
const ALIGNMENT = 8;

export interface TensorPlace {
  readonly name: string;
  readonly dtype: 'I32' | 'I8';
  readonly shape: readonly number[];
  /** Offsets into the data section, bytes. */
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  /** Parsed JSON of `__metadata__.manifest`, not checked yet. */
  readonly manifest: unknown;
  readonly tensors: ReadonlyMap<string, TensorPlace>;
}

/** Where the encoder puts each tensor: every layer's bias, then every layer's weights. */
export function layoutOf(layers: readonly LayerShape[]): { tensors: TensorPlace[]; size: number } {
  let size = 0;
  const place = (name: string, dtype: 'I32' | 'I8', shape: number[], bytes: number): TensorPlace => {
    const begin = size;
    size += bytes;
    return { name, dtype, shape, begin, end: size };
  };
  const biases = layers.map(({ outputs }, l) => place(`layer${l}.bias`, 'I32', [outputs], 4 * outputs));
  const weights = layers.map(({ inputs, outputs }, l) =>
    place(`layer${l}.weight`, 'I8', [outputs, inputs], inputs * outputs),
  );
  return { tensors: [...biases, ...weights], size };
}

export function writeHeader(manifest: string, tensors: readonly TensorPlace[]): Uint8Array {
  const entries = tensors.map(({ name, dtype, shape, begin, end }): [string, unknown] => [
    name,
    { dtype, shape, data_offsets: [begin, end] },
  ]);
  const text = JSON.stringify({ __metadata__: { manifest }, ...Object.fromEntries(entries) });
  const json = utf8ToBytes(text);
  const padded = Math.ceil(json.length / ALIGNMENT) * ALIGNMENT;
  if (padded > MAX_HEADER_BYTES) {
    throw new BrainFileError('header', `must be at most ${MAX_HEADER_BYTES} bytes, would be ${padded}`);
  }
  const bytes = new Uint8Array(LENGTH_BYTES + padded).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(json, LENGTH_BYTES);
  return bytes;
}

const offset = z.int().min(0);
const schema = z.object({ __metadata__: z.strictObject({ manifest: z.string() }) }).catchall(
  z.strictObject({
    dtype: z.enum(['I32', 'I8']),
    shape: z.array(z.int().min(1)).min(1).max(2),
    data_offsets: z.tuple([offset, offset]),
  }),
);

function parseJson(field: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BrainFileError(field, 'is not JSON');
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** @throws BrainFileError when the length, the text or an entry of the header is wrong. */
export function readHeader(file: Uint8Array): { header: Header; dataStart: number } {
  if (file.length < LENGTH_BYTES) {
    throw new BrainFileError('file', `must be longer than ${LENGTH_BYTES} bytes, is ${file.length}`);
  }
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const limit = Math.min(MAX_HEADER_BYTES, file.length - LENGTH_BYTES);
  const declared = view.getBigUint64(0, true);
  if (declared < 2n || declared > BigInt(limit)) {
    throw new BrainFileError('header length', `must be from 2 to ${limit}, is ${declared}`);
  }
  const dataStart = LENGTH_BYTES + Number(declared);
  const raw = file.subarray(LENGTH_BYTES, dataStart);
  const text = bytesToUtf8(raw);
  if (!sameBytes(utf8ToBytes(text), raw)) throw new BrainFileError('header', 'is not UTF-8');
  const value = parseJson('header', text);
  // Compact and without repeated keys, as every safetensors writer makes it: two readers see the same.
  if (JSON.stringify(value) !== text.replace(/ +$/, '')) {
    throw new BrainFileError('header', 'must be compact JSON without repeated keys');
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new BrainFileError(['header', ...issue.path].join('.'), issue.message);
  }
  const { __metadata__: metadata, ...entries } = result.data;
  const tensors = new Map(
    Object.entries(entries).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [begin, end],
        },
      ]) => [name, { name, dtype, shape, begin, end }],
    ),
  );
  // `__proto__` is the one key that can vanish on the way.
  if (tensors.size + 1 !== Object.keys(value as object).length) {
    throw new BrainFileError('header', 'must not hold the key __proto__');
  }
  return { header: { manifest: parseJson('manifest', metadata.manifest), tensors }, dataStart };
}

/**
 * The place of every tensor the manifest calls for, in the order of `layoutOf`.
 * @throws BrainFileError when one is missing, unknown, of another type or shape, or when they do not
 * fill the data section exactly, without gap or overlap.
 */
export function requireTensors(
  tensors: ReadonlyMap<string, TensorPlace>,
  layers: readonly LayerShape[],
  dataBytes: number,
): TensorPlace[] {
  const wanted = layoutOf(layers).tensors;
  const names = new Set(wanted.map((tensor) => tensor.name));
  for (const name of tensors.keys()) {
    if (!names.has(name)) throw new BrainFileError(name, 'is a tensor the manifest does not call for');
  }
  const places = wanted.map((want) => {
    const tensor = tensors.get(want.name);
    if (!tensor) throw new BrainFileError(want.name, 'is missing');
    if (tensor.dtype !== want.dtype) {
      throw new BrainFileError(`${want.name}.dtype`, `must be ${want.dtype}, is ${tensor.dtype}`);
    }
    if (tensor.shape.join() !== want.shape.join()) {
      throw new BrainFileError(`${want.name}.shape`, `must be [${want.shape}], is [${tensor.shape}]`);
    }
    const bytes = want.end - want.begin;
    if (tensor.end - tensor.begin !== bytes) {
      throw new BrainFileError(
        `${want.name}.data_offsets`,
        `must span ${bytes} bytes, span ${tensor.end - tensor.begin}`,
      );
    }
    return tensor;
  });
  let next = 0;
  for (const { name, begin, end } of [...places].sort((a, b) => a.begin - b.begin)) {
    if (begin !== next) {
      throw new BrainFileError(`${name}.data_offsets`, `must begin at ${next}, begin at ${begin}`);
    }
    next = end;
  }
  if (next !== dataBytes) {
    throw new BrainFileError('data', `must be ${next} bytes, is ${dataBytes}`);
  }
  return places;
}
