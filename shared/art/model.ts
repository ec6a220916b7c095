import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { type BrainManifest, decodeBrain, encodeBrain, type Json } from '#shared/brain/file.ts';
import { type Network, networkInputs, networkOutputs } from '#shared/brain/network.ts';
import { DECODER_INPUTS, FIELDS } from './decoder.ts';
import { GRID_INPUTS, type GridManifest, type GridModel, isGrid, readGrid } from './grid/file.ts';
import { ArtError, type Rules } from './types.ts';

/**
 * A first-kind art model is a file of the brains' own kind (safetensors with a JSON manifest, integer weights, the
 * brains' arithmetic and limits) whose role is `art` and which reads the decoder's inputs.
 */
export const ART_ROLE = 'art';
export const ART_INPUTS = 'art-v1';

/** A coordinate network, asked once a pixel (`decoder.ts`). */
export interface FieldModel {
  readonly inputs: typeof ART_INPUTS;
  /** SHA-256 of the whole file, 64 hex digits: the model's name everywhere. */
  readonly id: string;
  readonly manifest: BrainManifest;
  readonly network: Network;
  /** Per layer the weights as [inputs][outputs], which is how the decoder walks them. */
  readonly columns: readonly Int32Array[];
}

/** A grid network, which draws the whole sprite at once (`grid/`). */
export interface GridArt {
  readonly inputs: typeof GRID_INPUTS;
  /** SHA-256 of the whole file, 64 hex digits. */
  readonly id: string;
  readonly manifest: GridManifest;
  readonly grid: GridModel;
}

export type ArtModel = FieldModel | GridArt;

/** By which rules a model's pictures are finished. */
export const rulesOf = (model: ArtModel): Rules => (model.inputs === ART_INPUTS ? 1 : model.grid.rules);

/**
 * Reads an art model of either kind; sizes, ranges, layout and hash are checked, nothing in the file is executed.
 * @throws ArtError naming the field and its limit
 */
export function loadArtModel(bytes: Uint8Array): ArtModel {
  if (!(bytes instanceof Uint8Array)) throw new ArtError('art model: file must be bytes');
  if (!isGrid(bytes)) return loadFieldModel(bytes);
  const { manifest, ...grid } = readGrid(bytes);
  return { inputs: GRID_INPUTS, id: bytesToHex(sha256(bytes)), manifest, grid };
}

/**
 * Reads a coordinate network.
 * @throws ArtError naming the field and its limit
 */
export function loadFieldModel(bytes: Uint8Array): FieldModel {
  const { id, manifest, network } = readFile(bytes);
  check('manifest.role', manifest.role, ART_ROLE);
  check('manifest.observation', manifest.observation, ART_INPUTS);
  check('the first layer’s inputs', networkInputs(network), DECODER_INPUTS);
  check('the last layer’s outputs', networkOutputs(network), FIELDS.length);
  return { inputs: ART_INPUTS, id, manifest, network, columns: network.layers.map(transposed) };
}

/** The file of a coordinate network: the inverse of `loadFieldModel`. Equal networks give equal bytes. */
export function saveArtModel(
  name: string,
  network: Network,
  provenance: { readonly [key: string]: Json },
): Uint8Array {
  return encodeBrain({ role: ART_ROLE, name, observation: ART_INPUTS, network, provenance });
}

function readFile(bytes: Uint8Array): ReturnType<typeof decodeBrain> {
  try {
    return decodeBrain(bytes);
  } catch (error) {
    throw new ArtError(`art model: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function check(field: string, value: string | number, wanted: string | number): void {
  if (value !== wanted) throw new ArtError(`art model: ${field} must be ${wanted}, got ${value}`);
}

function transposed(layer: Network['layers'][number]): Int32Array {
  const { inputs, outputs, weights } = layer;
  const columns = new Int32Array(weights.length);
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++) columns[i * outputs + o] = weights[o * inputs + i];
  return columns;
}
