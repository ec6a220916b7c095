/**
 * The grid decoder in WebAssembly SIMD: the same logits and roles as the reference, about ten times as fast. The bytes lie
 * in kernel-bytes.ts, so neither Node nor a browser needs I/O.
 */
import { ART_KERNEL_BASE64 } from './kernel-bytes.ts';
import { type GridLayer, type GridNetwork, logitCount, TOKENS } from './network.ts';
import { BODY, type Engine, MARGIN, useEngine, WHOLE } from './roles.ts';

// The language's own library types hold no WebAssembly; this is all the kernel uses of it.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: object };
  instantiate(bytes: Uint8Array): Promise<{ instance: { exports: object } }>;
};
declare function atob(text: string): string;

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly __heap_base: { readonly value: number };
  run(ops: number, count: number): void;
  mirror(logits: number, size: number): void;
  argmax(logits: number, roles: number, size: number, allowed: number, margin: number): void;
}

const PAGE = 65_536;
const VECTOR = 16;
const BLOCK = 4;
const OP_WORDS = 12;
const [CLAMPED, ADDED, LOGITS, MIXED] = [0, 1, 2, 3];

const kernelBytes = () => Uint8Array.from(atob(ART_KERNEL_BASE64), (char) => char.charCodeAt(0));

/** Lets the kernel draw for this network from now on. Every engine since 2021 has what it needs. */
export async function accelerate(network: GridNetwork): Promise<void> {
  const { instance } = await WebAssembly.instantiate(kernelBytes());
  useEngine(network, engineOf(instance.exports as Exports, network));
}

/** As `accelerate`, at once. Browsers may refuse this outside of workers. */
export function accelerateSync(network: GridNetwork): void {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(kernelBytes()));
  useEngine(network, engineOf(instance.exports as Exports, network));
}

/** Places in memory, taken one after the other, each at a multiple of 16. */
class Room {
  #next: number;
  constructor(base: number) {
    this.#next = Math.ceil(base / VECTOR) * VECTOR;
  }
  take(bytes: number): number {
    const at = this.#next;
    this.#next += Math.ceil(bytes / VECTOR) * VECTOR;
    return at;
  }
  get end(): number {
    return this.#next;
  }
}

const chunksOf = (layer: GridLayer) => Math.ceil(layer.inputs / 2);
const groupsOf = (layer: GridLayer) => Math.ceil(layer.outputs / 4);
/** Activations of a row of `width`: whole vectors, so that pairs and groups may run over. */
const stride = (width: number) => Math.ceil(width / 8) * 8;

interface Step {
  readonly kind: number;
  readonly layer: GridLayer;
  readonly rows: number;
  readonly from: number;
  readonly to: number;
  readonly strides: readonly [number, number];
}

/** A kernel instance of the network's own, with everything laid out in its memory. */
function engineOf(kernel: Exports, network: GridNetwork): Engine {
  const { shape, layers } = network;
  const { channels, blocks, mix, hidden, size } = shape;
  const room = new Room(kernel.__heap_base.value);
  const given = room.take(2 * stride(layers[0].inputs));
  const lifted = room.take(2 * stride(hidden));
  const grid = room.take(2 * TOKENS * channels);
  const wide = room.take(2 * TOKENS * stride(mix));
  const scratch = room.take(2 * TOKENS * channels);
  const logits = room.take(4 * logitCount(shape));
  const roles = room.take(size * size);

  const token = [channels, channels] as const;
  const steps: Step[] = [
    { kind: CLAMPED, layer: layers[0], rows: 1, from: given, to: lifted, strides: [0, 0] },
    { kind: CLAMPED, layer: layers[1], rows: 1, from: lifted, to: grid, strides: [0, 0] },
  ];
  for (let b = 0, l = 2; b < blocks; b++, l += 3) {
    const inner = stride(mix);
    steps.push(
      { kind: MIXED, layer: layers[l], rows: TOKENS, from: grid, to: grid, strides: token },
      { kind: CLAMPED, layer: layers[l + 1], rows: TOKENS, from: grid, to: wide, strides: [channels, inner] },
      { kind: ADDED, layer: layers[l + 2], rows: TOKENS, from: wide, to: grid, strides: [inner, channels] },
    );
  }
  const last = layers[layers.length - 1];
  const strides = [channels, last.outputs] as const;
  steps.push({ kind: LOGITS, layer: last, rows: TOKENS, from: grid, to: logits, strides });

  const ops = room.take(4 * OP_WORDS * steps.length);
  const places = steps.map(({ kind, layer }) =>
    kind === MIXED
      ? { weights: room.take(2 * TOKENS * TOKENS), bias: room.take(4 * TOKENS) }
      : {
          weights: room.take(VECTOR * chunksOf(layer) * groupsOf(layer)),
          bias: room.take(VECTOR * groupsOf(layer)),
        },
  );
  const missing = room.end - kernel.memory.buffer.byteLength;
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / PAGE));
  const { buffer } = kernel.memory;
  steps.forEach(({ kind, layer, rows, from, to, strides: [a, b] }, n) => {
    const { weights, bias } = places[n];
    const mixed = kind === MIXED;
    const words = [
      kind,
      rows,
      mixed ? channels : chunksOf(layer),
      groupsOf(layer),
      layer.shift,
      weights,
      bias,
    ];
    new Uint32Array(buffer, ops + 4 * OP_WORDS * n, OP_WORDS).set([...words, from, to, a, b, scratch]);
    new Int32Array(buffer, bias, layer.outputs).set(layer.bias);
    if (mixed) packTokens(layer, new Int16Array(buffer, weights, TOKENS * TOKENS));
    else packProduct(layer, new Int16Array(buffer, weights, 8 * chunksOf(layer) * groupsOf(layer)));
  });

  const inputs = new Int16Array(buffer, given, layers[0].inputs);
  const drawn = new Int32Array(buffer, logits, logitCount(shape));
  const taken = new Uint8Array(buffer, roles, size * size);
  return (values, body) => {
    inputs.set(values);
    kernel.run(ops, steps.length);
    if (body) kernel.mirror(logits, size);
    kernel.argmax(logits, roles, size, body ? BODY : WHOLE, body ? MARGIN : 0);
    return { logits: drawn, roles: taken.slice() };
  };
}

/** Blocks of up to four groups; in a block pair after pair of inputs, one vector a group: four outputs × two inputs. */
function packProduct(layer: GridLayer, to: Int16Array): void {
  const { inputs, outputs, weights } = layer;
  const chunks = chunksOf(layer);
  const whole = Math.floor(groupsOf(layer) / BLOCK) * BLOCK;
  for (let o = 0; o < outputs; o++) {
    const group = o >> 2;
    const width = group < whole ? BLOCK : 1;
    const first = group - (group % width);
    for (let i = 0; i < inputs; i++) {
      const vector = first * chunks + (i >> 1) * width + (group - first);
      to[vector * 8 + 2 * (o & 3) + (i & 1)] = weights[i * outputs + o];
    }
  }
}

/** For each token the pairs of tokens it is mixed from. */
function packTokens({ weights }: GridLayer, to: Int16Array): void {
  for (let t = 0; t < TOKENS; t++)
    for (let s = 0; s < TOKENS; s++) to[t * TOKENS + s] = weights[s * TOKENS + t];
}
