/**
 * The brain file: safetensors bytes (https://github.com/huggingface/safetensors, "Format") that hold
 * integer weights and, in `__metadata__.manifest`, a JSON manifest. Nothing in it is executed.
 *
 *   u64 LE header length | JSON header, padded with spaces to 8 bytes | tensor data
 *
 * Tensors: `layerN.bias` I32 [outputs] and `layerN.weight` I8 [outputs, inputs] for N = 0..layers-1.
 * The encoder writes what the safetensors library itself would: all biases first, then all weights.
 */
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { layoutOf, readHeader, requireTensors, writeHeader } from './file-header.ts';
import { BrainFileError, type BrainManifest, type Json, parseManifest } from './manifest.ts';
import { checkNetwork, type Layer, type Network, NetworkError, networkOutputs } from './network.ts';

export { BrainFileError, type BrainManifest, type Json } from './manifest.ts';

/** Greatest size of a brain file, bytes. The largest network takes 4 · (128 · 128 + 4 · 128) = 67,584. */
export const MAX_BRAIN_BYTES = 160 * 1024;

export interface Brain {
  /** SHA-256 of the whole file, 64 hex digits: the brain's name everywhere. */
  readonly id: string;
  readonly manifest: BrainManifest;
  readonly network: Network;
}

export interface BrainSource {
  /** What the brain is for, such as `forager`: a-z, 0-9 and -, at most 32. */
  readonly role: string;
  /** Shown to people: 1..64 characters without control characters. */
  readonly name: string;
  /** Which encoder its observations come from, such as `world-v1`. */
  readonly observation: string;
  readonly network: Network;
  /** Where it came from: behaviour, seed, steps, parent and so on; any JSON object. */
  readonly provenance: { readonly [key: string]: Json };
}

/** The data section as the encoder writes it; `weightsHash` is the SHA-256 of these bytes. */
function tensorData(network: Network): Uint8Array {
  const { size, tensors } = layoutOf(network.layers);
  const data = new Uint8Array(size);
  const view = new DataView(data.buffer);
  network.layers.forEach((layer, l) => {
    const bias = tensors[l].begin;
    layer.bias.forEach((value, o) => {
      view.setInt32(bias + 4 * o, value, true);
    });
    const weight = tensors[network.layers.length + l].begin;
    data.set(new Uint8Array(layer.weights.buffer, layer.weights.byteOffset, layer.weights.length), weight);
  });
  return data;
}

/** Key order does not matter to equality, so provenance is written with its keys sorted. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const object = value as { readonly [key: string]: Json };
  const entries = Object.keys(object)
    .sort()
    .map((key): [string, Json] => [key, sorted(object[key])]);
  return Object.fromEntries(entries);
}

/**
 * Canonical: equal sources give identical bytes.
 * @throws NetworkError or BrainFileError naming the field and the limit.
 */
export function encodeBrain(source: BrainSource): Uint8Array {
  const { network } = source;
  checkNetwork(network);
  const data = tensorData(network);
  const manifest = parseManifest({
    format: 'symbiont-brain',
    formatVersion: 1,
    role: source.role,
    name: source.name,
    observation: source.observation,
    actions: networkOutputs(network),
    layers: network.layers.map(({ inputs, outputs, shift }) => ({ inputs, outputs, shift })),
    weightsHash: bytesToHex(sha256(data)),
    provenance: source.provenance,
  });
  const text = JSON.stringify({ ...manifest, provenance: sorted(manifest.provenance) });
  const header = writeHeader(text, layoutOf(network.layers).tensors);
  const file = new Uint8Array(header.length + data.length);
  file.set(header);
  file.set(data, header.length);
  if (file.length > MAX_BRAIN_BYTES) {
    throw new BrainFileError('file', `must be at most ${MAX_BRAIN_BYTES} bytes, would be ${file.length}`);
  }
  return file;
}

/** The brain's id: SHA-256 of its file, 64 hex digits. */
export function brainId(file: Uint8Array): string {
  return bytesToHex(sha256(file));
}

/**
 * Reads and checks a brain file: size, header, every tensor's name, type, shape, place and range, and
 * the hash of the weights.
 * @throws BrainFileError naming the field and the limit; never anything else.
 */
export function decodeBrain(file: Uint8Array): Brain {
  if (!(file instanceof Uint8Array)) throw new BrainFileError('file', 'must be bytes');
  if (file.length > MAX_BRAIN_BYTES) {
    throw new BrainFileError('file', `must be at most ${MAX_BRAIN_BYTES} bytes, is ${file.length}`);
  }
  const { header, dataStart } = readHeader(file);
  const manifest = parseManifest(header.manifest);
  const data = file.subarray(dataStart);
  const places = requireTensors(header.tensors, manifest.layers, data.length);
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const count = manifest.layers.length;
  const layers: Layer[] = manifest.layers.map((shape, l) => {
    const bias = Int32Array.from({ length: shape.outputs }, (_, o) =>
      view.getInt32(places[l].begin + 4 * o, true),
    );
    const weight = places[count + l];
    return { ...shape, bias, weights: Int8Array.from(data.subarray(weight.begin, weight.end)) };
  });
  const network: Network = { layers };
  try {
    checkNetwork(network);
  } catch (error) {
    if (error instanceof NetworkError) throw new BrainFileError(error.field, error.message);
    throw error;
  }
  if (manifest.actions !== networkOutputs(network)) {
    throw new BrainFileError(
      'manifest.actions',
      `must equal the last layer's outputs (${networkOutputs(network)}), is ${manifest.actions}`,
    );
  }
  const hash = bytesToHex(sha256(tensorData(network)));
  if (hash !== manifest.weightsHash) {
    throw new BrainFileError(
      'manifest.weightsHash',
      `the weights hash to ${hash}, not ${manifest.weightsHash}`,
    );
  }
  return { id: brainId(file), manifest, network };
}
