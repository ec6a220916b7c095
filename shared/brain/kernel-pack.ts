/** Lays a network out in memory as the kernel's Rust `Network` and its packed weights (see kernel/src). */
import { type Layer, MAX_LAYERS, type Network, networkInputs, networkOutputs } from './network.ts';

/** Neighbouring inputs in one lane of a vector; `LANES` in dense.rs. */
const LANES = 2;
/** Neurons in one vector. */
const GROUP = 4;
/** Groups whose weights lie interleaved; `BLOCK` in dense.rs. */
const BLOCK = 4;
const VECTOR_BYTES = 16;
const HEADER_BYTES = Math.ceil((4 * (3 + 5 * MAX_LAYERS)) / VECTOR_BYTES) * VECTOR_BYTES;

function sizes(layer: Layer): { chunks: number; groups: number; bytes: number } {
  const chunks = Math.ceil(layer.inputs / LANES);
  const groups = Math.ceil(layer.outputs / GROUP);
  return { chunks, groups, bytes: (chunks * groups + groups) * VECTOR_BYTES };
}

/** Bytes the packed network takes, a multiple of 16. */
export function packedBytes(network: Network): number {
  return network.layers.reduce((sum, layer) => sum + sizes(layer).bytes, HEADER_BYTES);
}

/** Writes the packed network at `base` (a multiple of 16). */
export function packNetwork(memory: ArrayBufferLike, base: number, network: Network): void {
  new Uint8Array(memory, base, packedBytes(network)).fill(0);
  const view = new DataView(memory);
  const u32 = (at: number, value: number): void => view.setUint32(at, value, true);
  u32(base, network.layers.length);
  u32(base + 4, networkInputs(network));
  u32(base + 8, networkOutputs(network));
  let next = base + HEADER_BYTES;
  network.layers.forEach((layer, l) => {
    const { chunks, groups, bytes } = sizes(layer);
    const bias = next + chunks * groups * VECTOR_BYTES;
    [chunks, groups, layer.shift, next, bias].forEach((value, i) => {
      u32(base + 4 * (3 + 5 * l + i), value);
    });
    for (let o = 0; o < layer.outputs; o++) {
      view.setInt32(bias + 4 * o, layer.bias[o], true);
      const group = Math.floor(o / GROUP);
      const first = Math.floor(group / BLOCK) * BLOCK;
      const width = Math.min(BLOCK, groups - first);
      for (let i = 0; i < layer.inputs; i++) {
        const vector = first * chunks + Math.floor(i / LANES) * width + (group - first);
        const at = next + vector * VECTOR_BYTES + 4 * (o % GROUP) + 2 * (i % LANES);
        view.setInt16(at, layer.weights[o * layer.inputs + i], true);
      }
    }
    next += bytes;
  });
}
