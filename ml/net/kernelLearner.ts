import { powInt } from '../exact.ts';
import { LEARNER_BASE64 } from '../kernel-bytes.ts';
import { criticSizes, criticStart } from '../mappo.ts';
import { layerScale } from './integerScale.ts';
import type { Estimates, Learner, LearnerOptions, LearningRows, StepOptions, StepStats } from './learner.ts';
import { type Layout, layoutOf } from './parameters.ts';

interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly __heap_base: { readonly value: number };
  prepare(net: number): void;
  team_means(from: number, rows: number, inputs: number, group: number, to: number): void;
  evaluate(net: number, data: number, rows: number, logits: number, values: number, logProbs: number): void;
  minibatch(actor: number, critic: number, data: number, loss: number, rows: number, count: number): void;
  apply(net: number, most: number, rate: number, unbias: number, unbiasSquare: number): number;
}

/** As lib.rs and its modules have them. */
const BLOCK_ROWS = 32;
const MAX_LAYERS = 4;
const MAX_LOGITS = 16;
const NET_WORDS = 12;
const LAYER_WORDS = 16;
const STATS = 6;
const PAGE = 65_536;
/** Rows of one call that evaluates other observations than the loaded ones. */
const CHUNK = 2048;

const pad = (n: number, to: number) => Math.ceil(n / to) * to;

/** Gives out pieces of memory one after the other; all that is needed is known at the start, so nothing is freed. */
class Room {
  #end: number;
  constructor(begin: number) {
    this.#end = pad(begin, 16);
  }
  take(bytes: number): number {
    const at = this.#end;
    // 16 bytes more: vectors are read a little beyond a row.
    this.#end = pad(at + bytes + 16, 16);
    return at;
  }
  get end(): number {
    return this.#end;
  }
}

/** Where a network lies. */
interface Placed {
  readonly address: number;
  readonly theta: number;
  readonly layout: Layout;
  write(memory: ArrayBuffer): void;
}

/** Places a network; `training` says whether it needs room for gradients. */
function place(
  room: Room,
  sizes: readonly number[],
  offsets: readonly number[],
  shared?: readonly number[],
): Placed {
  const layout = layoutOf(sizes);
  const address = room.take(4 * (NET_WORDS + LAYER_WORDS * MAX_LAYERS));
  const [theta, m, v] = shared ?? [0, 0, 0].map(() => room.take(4 * pad(layout.length, 4)));
  const gradient = room.take(4 * pad(layout.length, 4));
  const offset = room.take(2 * pad(sizes[0], 8));
  const logits = room.take(4 * BLOCK_ROWS * MAX_LOGITS);
  const last = layout.layers.length - 1;
  const layers = layout.layers.map(({ inputs, outputs, weight, bias }, l) => {
    const inPad = pad(inputs, 8);
    const outPad = pad(outputs + (l === last ? 1 : 0), 8);
    const { shift, inputUnit } = layerScale(l, last + 1);
    return [
      inputs,
      outputs,
      weight,
      bias,
      shift,
      inPad,
      outPad,
      Math.log2(inputUnit),
      room.take(2 * inPad * outPad),
      room.take(4 * outPad),
      room.take(4 * inPad * outPad),
      room.take(2 * BLOCK_ROWS * inPad),
      room.take(4 * BLOCK_ROWS * inPad),
      room.take(4 * inPad * outPad),
      room.take(4 * outPad),
      room.take(4 * BLOCK_ROWS * outPad),
    ];
  });
  return {
    address,
    theta,
    layout,
    write(memory) {
      const { valueWeight, valueBias, length } = layout;
      const actions = sizes[sizes.length - 1];
      const head = [
        last + 1,
        sizes[0],
        actions,
        valueWeight,
        valueBias,
        length,
        theta,
        gradient,
        m,
        v,
        offset,
        logits,
      ];
      new Uint32Array(memory, address).set([...head, ...layers.flat()]);
      new Int16Array(memory, offset).set(offsets);
    },
  };
}

/** The learner in WebAssembly (ml/kernel). Its memory is laid out once and never grows after that. */
export class KernelLearner implements Learner {
  readonly engine = 'kernel';
  readonly layout: Layout;
  readonly theta: Float32Array<ArrayBuffer>;
  readonly m: Float32Array<ArrayBuffer>;
  readonly v: Float32Array<ArrayBuffer>;
  t = 0;
  readonly #options: LearnerOptions;
  readonly #exports: Exports;
  readonly #actor: Placed;
  readonly #critic: Placed;
  /** Other parameters of the same actor: of the policy that acted, and the parent's. */
  readonly #other: Placed;
  readonly #data: { address: number; observations: number; teams: number; parent: number; columns: number[] };
  readonly #extra: {
    address: number;
    observations: number;
    teams: number;
    logits: number;
    values: number;
    rows: number;
  };
  readonly #loss: number;
  readonly #indices: number;
  #count = 0;

  constructor(options: LearnerOptions) {
    const bytes = Uint8Array.from(atob(LEARNER_BASE64), (char) => char.charCodeAt(0));
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    this.#exports = instance.exports as unknown as Exports;
    this.#options = options;
    const { sizes, rows, group, critic } = options;
    const offsets = [...options.offsets];
    const actions = sizes[sizes.length - 1];
    const room = new Room(this.#exports.__heap_base.value);
    this.layout = layoutOf(sizes);
    const start = criticStart(this.layout);
    const length = critic === 'central' ? start + layoutOf(criticSizes(sizes)).length : this.layout.length;
    const all = [0, 0, 0].map(() => room.take(4 * pad(length, 4)));
    this.#actor = place(room, sizes, offsets, all);
    this.#critic =
      critic === 'central'
        ? place(
            room,
            criticSizes(sizes),
            [...offsets, ...offsets],
            all.map((at) => at + 4 * start),
          )
        : this.#actor;
    this.#other = place(room, sizes, offsets);
    const chunk = Math.max(1, Math.floor(CHUNK / group)) * group;
    this.#data = {
      address: room.take(4 * 11),
      observations: room.take(rows * sizes[0]),
      teams: room.take(Math.ceil(rows / group) * sizes[0]),
      parent: options.parent ? room.take(4 * rows * actions) : 0,
      columns: [4, 1, 4, 4, 4, 4].map((size) => room.take(size * rows)),
    };
    this.#extra = {
      address: room.take(4 * 11),
      observations: room.take(chunk * sizes[0]),
      teams: room.take((chunk / group) * sizes[0]),
      logits: room.take(4 * chunk * actions),
      values: room.take(4 * Math.max(chunk, rows)),
      rows: chunk,
    };
    this.#loss = room.take(8 * (STATS + 2) + 4 * 6);
    this.#indices = room.take(4 * rows);
    const { memory } = this.#exports;
    const missing = room.end + PAGE - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    for (const net of new Set([this.#actor, this.#critic, this.#other])) net.write(memory.buffer);
    const { address, observations, teams, parent, columns } = this.#data;
    this.#u32(address, 11).set([observations, sizes[0], group, teams, ...columns, parent]);
    const extra = this.#extra;
    this.#u32(extra.address, 4).set([extra.observations, sizes[0], group, extra.teams]);
    [this.theta, this.m, this.v] = all.map(
      (at) => new Float32Array(memory.buffer as ArrayBuffer, at, length),
    );
  }

  load({ count, observations, masks, actions }: LearningRows): void {
    const { rows, group, sizes, parent } = this.#options;
    if (count > rows || count % group !== 0)
      throw new RangeError(`rows: must be a multiple of ${group} up to ${rows}, is ${count}`);
    const data = this.#data;
    this.#count = count;
    this.#u8(data.observations, count * sizes[0]).set(observations.subarray(0, count * sizes[0]));
    this.#u32(data.columns[0], count).set(masks.subarray(0, count));
    this.#u8(data.columns[1], count).set(actions.subarray(0, count));
    if (this.#options.critic === 'central')
      this.#exports.team_means(data.observations, count, sizes[0], group, data.teams);
    if (parent) {
      this.#f32(this.#other.theta, this.layout.length).set(parent.subarray(0, this.layout.length));
      this.#exports.prepare(this.#other.address);
      this.#exports.evaluate(this.#other.address, data.address, count, data.parent, 0, 0);
    }
  }

  values(out: Float32Array): void {
    this.#exports.prepare(this.#critic.address);
    const to = this.#extra.values;
    this.#exports.evaluate(this.#critic.address, this.#data.address, this.#count, 0, to, 0);
    out.set(this.#f32(to, this.#count));
  }

  logProbs(theta: Float32Array, out: Float32Array): void {
    this.#f32(this.#other.theta, this.layout.length).set(theta.subarray(0, this.layout.length));
    this.#exports.prepare(this.#other.address);
    const to = this.#extra.values;
    this.#exports.evaluate(this.#other.address, this.#data.address, this.#count, 0, 0, to);
    out.set(this.#f32(to, this.#count));
  }

  evaluate(
    observations: Uint8Array,
    count: number,
    logits: Float32Array | null,
    values: Float32Array | null,
  ): void {
    const { sizes, group, critic } = this.#options;
    const extra = this.#extra;
    const actions = sizes[sizes.length - 1];
    this.#exports.prepare(this.#actor.address);
    if (critic === 'central') this.#exports.prepare(this.#critic.address);
    for (let start = 0; start < count; start += extra.rows) {
      const rows = Math.min(extra.rows, count - start);
      const part = observations.subarray(start * sizes[0], (start + rows) * sizes[0]);
      this.#u8(extra.observations, part.length).set(part);
      if (critic === 'central')
        this.#exports.team_means(extra.observations, rows, sizes[0], group, extra.teams);
      if (logits) {
        this.#exports.evaluate(this.#actor.address, extra.address, rows, extra.logits, 0, 0);
        logits.set(this.#f32(extra.logits, rows * actions), start * actions);
      }
      if (values) {
        this.#exports.evaluate(this.#critic.address, extra.address, rows, 0, extra.values, 0);
        values.set(this.#f32(extra.values, rows), start);
      }
    }
  }

  estimate({ oldLogProbs, oldValues, advantages, returns }: Estimates): void {
    const columns = [oldLogProbs, oldValues, advantages, returns];
    columns.forEach((column, k) => {
      this.#f32(this.#data.columns[2 + k], this.#count).set(column.subarray(0, this.#count));
    });
  }

  step(rows: Uint32Array, options: StepOptions): StepStats {
    const { buffer } = this.#exports.memory;
    const stats = new Float64Array(buffer, this.#loss, STATS);
    stats.fill(0);
    const scalars = this.#loss + 8 * (STATS + 2);
    const { clip, valueCoefficient, entropy, anchor } = options;
    this.#f32(scalars, 4).set([clip, valueCoefficient, entropy, anchor]);
    this.#u32(scalars + 16, 1)[0] = options.imitate ? 1 : 0;
    this.#u32(this.#indices, rows.length).set(rows);
    const actor = this.#actor.address;
    const critic = this.#critic.address;
    this.#exports.prepare(actor);
    if (critic !== actor) this.#exports.prepare(critic);
    this.#exports.minibatch(actor, critic, this.#data.address, this.#loss, this.#indices, rows.length);
    this.t++;
    const unbias = 1 / (1 - powInt(0.9, this.t));
    const unbiasSquare = 1 / (1 - powInt(0.999, this.t));
    const norms = [...new Set([actor, critic])].map((net) =>
      this.#exports.apply(net, options.maxGradNorm, options.learningRate, unbias, unbiasSquare),
    );
    const [policyLoss, valueLoss, meanEntropy, approxKl, clipFraction, anchorKl] = Array.from(
      stats,
      (sum) => sum / rows.length,
    );
    return {
      policyLoss,
      valueLoss,
      entropy: meanEntropy,
      approxKl,
      clipFraction,
      anchorKl,
      gradNorm: norms[0],
    };
  }

  #u8(at: number, length: number): Uint8Array {
    return new Uint8Array(this.#exports.memory.buffer, at, length);
  }
  #u32(at: number, length: number): Uint32Array {
    return new Uint32Array(this.#exports.memory.buffer, at, length);
  }
  #f32(at: number, length: number): Float32Array {
    return new Float32Array(this.#exports.memory.buffer, at, length);
  }
}
