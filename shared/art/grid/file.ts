/**
 * The file of a grid model (`art-v2`): safetensors with a JSON manifest, as the brains' files are. Canonical: reading a
 * file and writing it again gives the same bytes, and a file of which that is not true is refused.
 */
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { z } from 'zod';
import type { Json } from '#shared/brain/file.ts';
import { readHeader, type TensorPlace, writeHeader } from '#shared/brain/file-header.ts';
import { ArtError, type Rules } from '../types.ts';
import { checkGrid, type GridLayer, type GridNetwork, layersOf } from './network.ts';

export const GRID_INPUTS = 'art-v2';
/** Greatest size of the file, bytes. */
export const MAX_GRID_BYTES = 1024 * 1024;
/** How many anchors a model may have. */
export const MAX_ANCHORS = 1024;

/**
 * How a model's pictures are finished. `companion`: it draws a body and marks its eyes, and the face and the branch's
 * adornments are painted on it. `whole`: it draws everything itself.
 */
export const GRID_STYLES = ['companion', 'whole'] as const;
export type GridStyle = (typeof GRID_STYLES)[number];

export interface GridModel extends GridNetwork {
  readonly name: string;
  readonly style: GridStyle;
  readonly rules: Rules;
  /**
   * Latents of the creatures it learnt, from which a genome's own is mixed: [anchors][latents], -64..63, neighbours
   * alike.
   */
  readonly anchors: Int8Array;
  /** Where it came from: data root, parent, seed, steps; any JSON object. */
  readonly provenance: { readonly [key: string]: Json };
}

const whole = z.int().min(0);
const manifestSchema = z.strictObject({
  format: z.literal('symbiont-art'),
  formatVersion: z.literal(1),
  name: z.string().regex(/^[^\p{Cc}]{1,64}$/u),
  inputs: z.literal(GRID_INPUTS),
  style: z.enum(GRID_STYLES),
  /** Absent: the first rules, which every file had before there were others. */
  rules: z.literal([2, 3]).optional(),
  shape: z.strictObject({
    size: z.union([z.literal(32), z.literal(64)]),
    latents: whole,
    hidden: whole,
    channels: whole,
    mix: whole,
    blocks: whole,
  }),
  shifts: z.array(whole).max(16),
  anchors: whole.min(1).max(MAX_ANCHORS),
  weightsHash: z.string().regex(/^[0-9a-f]{64}$/),
  provenance: z.record(z.string(), z.json()),
});
export type GridManifest = z.infer<typeof manifestSchema>;

interface Wanted {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
}

/** Biases, then weights, then the anchors. */
function layout(layers: readonly Wanted[], anchors: number, latents: number) {
  let size = 0;
  const place = (name: string, dtype: 'I32' | 'I8', shape: number[]): TensorPlace => {
    const begin = size;
    size += shape.reduce((a, b) => a * b) * (dtype === 'I32' ? 4 : 1);
    return { name, dtype, shape, begin, end: size };
  };
  const biases = layers.map(({ name, outputs }) => place(`${name}.bias`, 'I32', [outputs]));
  const weights = layers.map(({ name, inputs, outputs }) => place(`${name}.weight`, 'I8', [inputs, outputs]));
  const table = place('anchors', 'I8', [anchors, latents]);
  return { biases, weights, table, tensors: [...biases, ...weights, table], size };
}

const bytesOf = (values: Int8Array) => new Uint8Array(values.buffer, values.byteOffset, values.length);

function checkModel(model: GridModel): void {
  checkGrid(model);
  if (model.style !== 'companion' && model.rules !== 1)
    throw new ArtError(`art model: rules must be 1 unless it is a companion, got ${model.rules}`);
  const { latents } = model.shape;
  const count = model.anchors.length / latents;
  if (!Number.isInteger(count) || count < 1 || count > MAX_ANCHORS)
    throw new ArtError(`art model: anchors must be 1..${MAX_ANCHORS} rows of ${latents}, got ${count}`);
  const wild = model.anchors.find((value) => value < -64 || value > 63);
  if (wild !== undefined) throw new ArtError(`art model: anchors must be -64..63, got ${wild}`);
}

/** The file of a model. Equal models give equal bytes. @throws ArtError naming the field and its limit */
export function saveGrid(model: GridModel): Uint8Array {
  checkModel(model);
  const { name, style, rules, shape, layers, anchors, provenance } = model;
  const places = layout(layers, anchors.length / shape.latents, shape.latents);
  const data = new Uint8Array(places.size);
  const view = new DataView(data.buffer);
  layers.forEach(({ bias, weights }, l) => {
    bias.forEach((value, o) => {
      view.setInt32(places.biases[l].begin + 4 * o, value, true);
    });
    data.set(bytesOf(weights), places.weights[l].begin);
  });
  data.set(bytesOf(anchors), places.table.begin);
  const { size, latents, hidden, channels, mix, blocks } = shape;
  const manifest: GridManifest = {
    format: 'symbiont-art',
    formatVersion: 1,
    name,
    inputs: GRID_INPUTS,
    style,
    ...(rules === 1 ? {} : { rules }),
    shape: { size, latents, hidden, channels, mix, blocks },
    shifts: layers.map(({ shift }) => shift),
    anchors: anchors.length / latents,
    weightsHash: bytesToHex(sha256(data)),
    provenance: provenance as GridManifest['provenance'],
  };
  const checked = parse(manifest);
  const header = refusing(() => writeHeader(JSON.stringify(checked), places.tensors));
  const file = new Uint8Array(header.length + data.length);
  file.set(header);
  file.set(data, header.length);
  if (file.length > MAX_GRID_BYTES)
    throw new ArtError(`art model: must be at most ${MAX_GRID_BYTES} bytes, would be ${file.length}`);
  return file;
}

/** Whether bytes say of themselves that they are a grid model. */
export function isGrid(file: Uint8Array): boolean {
  // the mark stands at the manifest's beginning, whose quotes are escaped within the header
  const head = file.subarray(8, 108);
  let text = '';
  for (const byte of head) text += String.fromCharCode(byte);
  return text.includes('\\"format\\":\\"symbiont-art\\"');
}

/**
 * Reads a grid model: size, header, every tensor's place and range, the weights' hash; nothing in it is executed.
 * @throws ArtError naming the field and its limit
 */
export function readGrid(file: Uint8Array): GridModel & { readonly manifest: GridManifest } {
  if (file.length > MAX_GRID_BYTES)
    throw new ArtError(`art model: must be at most ${MAX_GRID_BYTES} bytes, is ${file.length}`);
  const { header, dataStart } = refusing(() => readHeader(file));
  const manifest = parse(header.manifest);
  const wanted = layersOf(manifest.shape);
  if (manifest.shifts.length !== wanted.length)
    throw new ArtError(`art model: shifts must be ${wanted.length}, got ${manifest.shifts.length}`);
  // before any allocation by the manifest's numbers
  const places = layout(wanted, manifest.anchors, manifest.shape.latents);
  const data = file.subarray(dataStart);
  if (data.length !== places.size)
    throw new ArtError(`art model: data must be ${places.size} bytes, is ${data.length}`);
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const layers = wanted.map(
    (layer, l): GridLayer => ({
      ...layer,
      shift: manifest.shifts[l],
      bias: Int32Array.from({ length: layer.outputs }, (_, o) =>
        view.getInt32(places.biases[l].begin + 4 * o, true),
      ),
      weights: Int8Array.from(data.subarray(places.weights[l].begin, places.weights[l].end)),
    }),
  );
  const model: GridModel & { readonly manifest: GridManifest } = {
    name: manifest.name,
    style: manifest.style,
    rules: manifest.rules ?? 1,
    shape: manifest.shape,
    layers,
    anchors: Int8Array.from(data.subarray(places.table.begin, places.table.end)),
    provenance: manifest.provenance,
    manifest,
  };
  const again = saveGrid(model);
  const hash = bytesToHex(sha256(data));
  if (hash !== manifest.weightsHash)
    throw new ArtError(`art model: weightsHash: the weights hash to ${hash}, not ${manifest.weightsHash}`);
  if (again.length !== file.length || again.some((byte, at) => byte !== file[at]))
    throw new ArtError('art model: header must be the canonical one');
  return model;
}

function parse(value: unknown): GridManifest {
  const result = manifestSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new ArtError(`art model: ${['manifest', ...issue.path].join('.')}: ${issue.message}`);
}

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new ArtError(`art model: ${error instanceof Error ? error.message : String(error)}`);
  }
}
