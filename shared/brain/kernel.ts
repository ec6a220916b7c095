/**
 * The integer network and the decision rule in WebAssembly SIMD: the same answers as `forward` and
 * `decide`, for batches. The bytes lie in kernel-bytes.ts, so neither Node nor a browser needs I/O.
 */
import { GUMBEL } from './gumbel.ts';
import { KERNEL_BASE64 } from './kernel-bytes.ts';
import { packedBytes, packNetwork } from './kernel-pack.ts';
import {
  checkNetwork,
  checkObservations,
  MAX_OUTPUTS,
  MAX_WIDTH,
  type Network,
  NetworkError,
  networkInputs,
  networkOutputs,
} from './network.ts';

// The language's own library types hold no WebAssembly; this is all the kernel uses of it.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: object };
  instantiate(bytes: Uint8Array): Promise<{ instance: { exports: object } }>;
};
declare function atob(text: string): string;

/** Rows of one call into the kernel; `BATCH` in lib.rs. Larger batches are cut into such pieces. */
const ROWS = 1024;
/** Most memory that loaded networks may take together, bytes: some 400 of the largest ones. */
const MAX_MEMORY = 64 * 1024 * 1024;
const PAGE = 65_536;

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly __heap_base: { readonly value: number };
  batch_area(): number;
  forward(network: number, rows: number): number;
  decide(network: number, rows: number): number;
}

/** A network in the kernel's memory, valid until `unload`. */
export interface BrainHandle {
  readonly inputs: number;
  readonly outputs: number;
}

export interface DecisionBatch {
  /** [count][inputs], each 0..127. */
  readonly observations: Uint8Array;
  /** [count]; bit a is set where action a is legal. */
  readonly masks: Uint32Array;
  /** One for all rows, or [count]. u32. */
  readonly worldSeed: number | Uint32Array;
  /** One for all rows, or [count]. u32. */
  readonly tick: number | Uint32Array;
  /** [count], u32. */
  readonly npcs: Uint32Array;
  /** Rows to decide; the arrays may be longer. */
  readonly count: number;
}

export interface Kernel {
  /** @throws NetworkError when the network is outside the limits or memory is full. */
  load(network: Network): BrainHandle;
  /** Frees the network's memory. @throws NetworkError when the handle is not loaded here. */
  unload(brain: BrainHandle): void;
  /** Actions of the first `count` rows into `out` [≥ count]. @throws NetworkError on bad input; then `out` may hold the rows before the bad piece of 1,024. */
  decideBatch(brain: BrainHandle, batch: DecisionBatch, out: Uint8Array): void;
  /** Logits of the first `count` rows into `out` [≥ count · outputs]. @throws NetworkError as above. */
  forwardBatch(brain: BrainHandle, observations: Uint8Array, count: number, out: Int32Array): void;
}

function kernelBytes(): Uint8Array {
  return Uint8Array.from(atob(KERNEL_BASE64), (char) => char.charCodeAt(0));
}

/** A kernel of its own, with its own memory. Every engine since 2021 has what it needs. */
export async function createKernel(): Promise<Kernel> {
  const { instance } = await WebAssembly.instantiate(kernelBytes());
  return new WasmKernel(instance.exports as Exports);
}

/** As `createKernel`, at once. Browsers may refuse this outside of workers. */
export function createKernelSync(): Kernel {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(kernelBytes()));
  return new WasmKernel(instance.exports as Exports);
}

/** Views of the batch area; `Batch` in lib.rs gives the order of the fields. */
class Area {
  readonly logits: Int32Array;
  readonly masks: Uint32Array;
  readonly seeds: Uint32Array;
  readonly ticks: Uint32Array;
  readonly npcs: Uint32Array;
  readonly gumbel: Int32Array;
  readonly observations: Uint8Array;
  readonly actions: Uint8Array;

  constructor(buffer: ArrayBuffer, base: number) {
    let at = base;
    const place = (bytes: number): number => {
      at += bytes;
      return at - bytes;
    };
    this.logits = new Int32Array(buffer, place(4 * ROWS * MAX_OUTPUTS), ROWS * MAX_OUTPUTS);
    this.masks = new Uint32Array(buffer, place(4 * ROWS), ROWS);
    this.seeds = new Uint32Array(buffer, place(4 * ROWS), ROWS);
    this.ticks = new Uint32Array(buffer, place(4 * ROWS), ROWS);
    this.npcs = new Uint32Array(buffer, place(4 * ROWS), ROWS);
    this.gumbel = new Int32Array(buffer, place(4 * GUMBEL.length), GUMBEL.length);
    this.observations = new Uint8Array(buffer, place(ROWS * MAX_WIDTH + 16), ROWS * MAX_WIDTH);
    this.actions = new Uint8Array(buffer, place(ROWS), ROWS);
  }
}

class Loaded implements BrainHandle {
  readonly inputs: number;
  readonly outputs: number;
  readonly address: number;
  readonly bytes: number;
  owner: WasmKernel | null;
  constructor(network: Network, address: number, bytes: number, owner: WasmKernel) {
    this.inputs = networkInputs(network);
    this.outputs = networkOutputs(network);
    this.address = address;
    this.bytes = bytes;
    this.owner = owner;
  }
}

function requireLength(field: string, length: number, least: number): void {
  if (length < least) throw new NetworkError(field, `must hold at least ${least} values, holds ${length}`);
}

function requireU32(field: string, value: number): void {
  if (value >>> 0 !== value) {
    throw new NetworkError(field, `must be an integer from 0 to 4294967295, is ${value}`);
  }
}

/** A number for all rows, or each row's own. */
function put(to: Uint32Array, from: number | Uint32Array, start: number, rows: number): void {
  if (typeof from === 'number') {
    if (rows === 1) to[0] = from;
    else to.fill(from, 0, rows);
  } else if (rows < 8) for (let i = 0; i < rows; i++) to[i] = from[start + i];
  else to.set(from.subarray(start, start + rows));
}

class WasmKernel implements Kernel {
  readonly #exports: Exports;
  readonly #areaBase: number;
  #area: Area;
  /** First byte never given out, and blocks given back, by size. */
  #end: number;
  readonly #free = new Map<number, number[]>();

  constructor(exports: Exports) {
    this.#exports = exports;
    this.#areaBase = exports.batch_area();
    this.#end = Math.ceil(exports.__heap_base.value / 16) * 16;
    this.#area = new Area(exports.memory.buffer, this.#areaBase);
    this.#area.gumbel.set(GUMBEL);
  }

  load(network: Network): BrainHandle {
    checkNetwork(network);
    const bytes = packedBytes(network);
    const address = this.#allocate(bytes);
    packNetwork(this.#exports.memory.buffer, address, network);
    return new Loaded(network, address, bytes, this);
  }

  unload(brain: BrainHandle): void {
    const loaded = this.#own(brain);
    loaded.owner = null;
    const same = this.#free.get(loaded.bytes);
    if (same) same.push(loaded.address);
    else this.#free.set(loaded.bytes, [loaded.address]);
  }

  decideBatch(brain: BrainHandle, batch: DecisionBatch, out: Uint8Array): void {
    const loaded = this.#own(brain);
    const { observations, masks, worldSeed, tick, npcs, count } = batch;
    this.#checkRows(loaded, observations, count);
    requireLength('masks', masks.length, count);
    requireLength('npcs', npcs.length, count);
    requireLength('out', out.length, count);
    if (typeof worldSeed === 'number') requireU32('worldSeed', worldSeed);
    else requireLength('worldSeed', worldSeed.length, count);
    if (typeof tick === 'number') requireU32('tick', tick);
    else requireLength('tick', tick.length, count);
    const area = this.#area;
    for (let start = 0; start < count; start += ROWS) {
      const rows = Math.min(ROWS, count - start);
      this.#putObservations(loaded, observations, start, rows);
      put(area.masks, masks, start, rows);
      put(area.seeds, worldSeed, start, rows);
      put(area.ticks, tick, start, rows);
      put(area.npcs, npcs, start, rows);
      if (this.#exports.decide(loaded.address, rows) === 0) this.#refuse(loaded, observations, start, rows);
      if (rows < 8) for (let i = 0; i < rows; i++) out[start + i] = area.actions[i];
      else out.set(area.actions.subarray(0, rows), start);
    }
  }

  forwardBatch(brain: BrainHandle, observations: Uint8Array, count: number, out: Int32Array): void {
    const loaded = this.#own(brain);
    this.#checkRows(loaded, observations, count);
    requireLength('out', out.length, count * loaded.outputs);
    const { outputs } = loaded;
    for (let start = 0; start < count; start += ROWS) {
      const rows = Math.min(ROWS, count - start);
      this.#putObservations(loaded, observations, start, rows);
      if (this.#exports.forward(loaded.address, rows) === 0) this.#refuse(loaded, observations, start, rows);
      const { logits } = this.#area;
      for (let row = 0, to = start * outputs; row < rows; row++) {
        for (let o = 0; o < outputs; o++) out[to++] = logits[row * MAX_OUTPUTS + o];
      }
    }
  }

  #allocate(bytes: number): number {
    const reused = this.#free.get(bytes)?.pop();
    if (reused !== undefined) return reused;
    const { memory } = this.#exports;
    const end = this.#end + bytes;
    if (end > MAX_MEMORY) {
      throw new NetworkError(
        'network',
        `does not fit: loaded networks may take ${MAX_MEMORY} bytes together`,
      );
    }
    const missing = end - memory.buffer.byteLength;
    if (missing > 0) {
      memory.grow(Math.ceil(missing / PAGE));
      this.#area = new Area(memory.buffer, this.#areaBase);
    }
    const address = this.#end;
    this.#end = end;
    return address;
  }

  #own(brain: BrainHandle): Loaded {
    if (brain instanceof Loaded && brain.owner === this) return brain;
    throw new NetworkError('brain', 'is not loaded in this kernel');
  }

  #checkRows(loaded: Loaded, observations: Uint8Array, count: number): void {
    if (!Number.isInteger(count) || count < 0) {
      throw new NetworkError('count', `must be an integer of at least 0, is ${count}`);
    }
    requireLength('observations', observations.length, count * loaded.inputs);
  }

  #putObservations(loaded: Loaded, observations: Uint8Array, start: number, rows: number): void {
    const from = start * loaded.inputs;
    const to = (start + rows) * loaded.inputs;
    const whole = from === 0 && to === observations.length;
    this.#area.observations.set(whole ? observations : observations.subarray(from, to));
  }

  /** Finds the observation that the kernel refused. */
  #refuse(loaded: Loaded, observations: Uint8Array, start: number, rows: number): never {
    for (let row = start; row < start + rows; row++) {
      const from = row * loaded.inputs;
      try {
        checkObservations(observations.subarray(from, from + loaded.inputs), loaded.inputs);
      } catch (error) {
        if (error instanceof NetworkError) throw new NetworkError(`row ${row}`, error.message);
        throw error;
      }
    }
    throw new NetworkError('observations', 'changed while they were being decided');
  }
}
