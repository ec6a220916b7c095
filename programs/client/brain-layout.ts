/**
 * How the brains program lays a network out (programs/referee/src/layout.rs): the twin of its packing, so
 * that anyone can compare an account with a brain file.
 *
 * Three weights share a 64-bit word, -(w0 + w1·2^21 + w2·2^42); first come all biases, less 2^20 for each half
 * of 64 inputs, then each layer's words by tile, half, input and group.
 */
import type { Layer, Network } from '#shared/brain/index.ts';

const LANES = 3;
const LANE_BITS = 21n;
const LANE_START = 2n ** 20n;
const HALF = 64;
const TILES = [6, 4, 2, 1];

type Shape = Pick<Layer, 'inputs' | 'outputs'>;

const groupsOf = ({ outputs }: Shape): number => Math.ceil(outputs / LANES);
const paddedInputs = ({ inputs }: Shape): number => Math.ceil(inputs / 8) * 8;

/** Bytes that a network takes, without the account's header. */
export function packedBytes(layers: readonly Shape[]): number {
  return 8 * layers.reduce((sum, layer) => sum + groupsOf(layer) * (LANES + paddedInputs(layer)), 0);
}

/** The bytes behind a sealed brain's header, as far as the network reaches. */
export function packNetwork({ layers }: Network): Uint8Array {
  const bytes = new Uint8Array(packedBytes(layers));
  const view = new DataView(bytes.buffer);
  let at = 0;
  const put = (word: bigint): void => {
    view.setBigUint64(at, BigInt.asUintN(64, word), true);
    at += 8;
  };
  for (const layer of layers) {
    const start = layer.inputs > HALF ? 2n * LANE_START : LANE_START;
    for (let o = 0; o < groupsOf(layer) * LANES; o++) put(BigInt(layer.bias[o] ?? 0) - start);
  }
  for (const layer of layers) {
    const { inputs, outputs, weights } = layer;
    const weight = (o: number, i: number): bigint =>
      o < outputs && i < inputs ? BigInt(weights[o * inputs + i]) : 0n;
    let group = 0;
    for (const tile of TILES) {
      for (; groupsOf(layer) - group >= tile; group += tile) {
        for (let i = 0; i < paddedInputs(layer); i++) {
          for (let g = group; g < group + tile; g++) {
            const [a, b, c] = [0, 1, 2].map((lane) => weight(LANES * g + lane, i));
            put(-(a + (b << LANE_BITS) + (c << (2n * LANE_BITS))));
          }
        }
      }
    }
  }
  return bytes;
}
