/**
 * A dense ReLU network as an ONNX file: protobuf written by hand (onnx.proto, IR version 8, opset 13),
 * one Gemm per layer and a Relu between them.
 */

export interface FloatLayer {
  inputs: number;
  outputs: number;
  /** [outputs][inputs] */
  weights: Float32Array;
  bias: Float32Array;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  bytes.push(value);
  return bytes;
}

const int = (field: number, value: number): Buffer => Buffer.from([...varint(field * 8), ...varint(value)]);
const block = (field: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(content.length)]), content]);
const text = (field: number, value: string): Buffer => block(field, Buffer.from(value));
const FLOAT = 1;
const INT_ATTRIBUTE = 2;

function tensor(name: string, shape: number[], values: Float32Array): Buffer {
  const raw = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return Buffer.concat([...shape.map((size) => int(1, size)), int(2, FLOAT), text(8, name), block(9, raw)]);
}

function node(op: string, inputs: string[], output: string, attributes: Buffer[] = []): Buffer {
  return Buffer.concat([...inputs.map((name) => text(1, name)), text(2, output), text(4, op), ...attributes]);
}

/** ValueInfo of a float matrix with any number of rows. */
function matrix(name: string, width: number): Buffer {
  const shape = Buffer.concat([block(1, text(2, 'rows')), block(1, int(1, width))]);
  return Buffer.concat([text(1, name), block(2, block(1, Buffer.concat([int(1, FLOAT), block(2, shape)])))]);
}

/** The file; its input is `x` [rows, inputs], its output `y` [rows, outputs]. */
export function onnxFile(layers: readonly FloatLayer[]): Uint8Array {
  const transposed = block(5, Buffer.concat([text(1, 'transB'), int(3, 1), int(20, INT_ATTRIBUTE)]));
  const nodes: Buffer[] = [];
  const weights: Buffer[] = [];
  layers.forEach(({ inputs, outputs, weights: w, bias }, l) => {
    const last = l === layers.length - 1;
    const sums = last ? 'y' : `s${l}`;
    nodes.push(block(1, node('Gemm', [l === 0 ? 'x' : `h${l - 1}`, `w${l}`, `b${l}`], sums, [transposed])));
    if (!last) nodes.push(block(1, node('Relu', [sums], `h${l}`)));
    weights.push(block(5, tensor(`w${l}`, [outputs, inputs], w)), block(5, tensor(`b${l}`, [outputs], bias)));
  });
  const graph = Buffer.concat([
    ...nodes,
    text(2, 'network'),
    ...weights,
    block(11, matrix('x', layers[0].inputs)),
    block(12, matrix('y', layers[layers.length - 1].outputs)),
  ]);
  return Buffer.concat([int(1, 8), block(7, graph), block(8, int(2, 13))]);
}
