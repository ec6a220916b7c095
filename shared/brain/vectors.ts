/**
 * Makes assets/vectors/decisions.json, which every implementation of the decision must pass:
 *
 *   gumbel    the 1,024 entries of the table
 *   networks  [{ name, layers: [{ inputs, outputs, shift, bias: [int32…], weights: hex of int8 [outputs][inputs] }] }]
 *   forwards  [{ network, observations: hex of u8 [inputs], logits: [int32…] }]
 *   cases     [[forward, mask, worldSeed, tick, npc, action]…], `forward` and `network` being indices
 *
 * The expected numbers come from the reference, `forward` and `decide`.
 */
import { bytesToHex } from '@noble/hashes/utils';
import { decide, decisionHash, gumbelIndex, mix32 } from './decide.ts';
import { GUMBEL } from './gumbel.ts';
import {
  checkNetwork,
  forward,
  type Layer,
  MAX_BIAS,
  type Network,
  networkInputs,
  networkOutputs,
} from './network.ts';

export interface VectorNetwork {
  name: string;
  layers: { inputs: number; outputs: number; shift: number; bias: number[]; weights: string }[];
}

export interface DecisionVectors {
  format: 'symbiont-decisions';
  formatVersion: 1;
  gumbel: number[];
  networks: VectorNetwork[];
  forwards: { network: number; observations: string; logits: number[] }[];
  cases: [forward: number, mask: number, worldSeed: number, tick: number, npc: number, action: number][];
}

/** Numbers that look random: the finaliser over a counter. */
class Draw {
  #counter = 0;
  u32(): number {
    this.#counter = (this.#counter + 1) | 0;
    return mix32(this.#counter ^ 0x5359_4d42);
  }
  /** An integer from `least` to `greatest`. */
  between(least: number, greatest: number): number {
    return least + (this.u32() % (greatest - least + 1));
  }
}

type Pick = (draw: Draw, index: number) => number;
const anyWeight: Pick = (draw) => draw.between(-128, 127);
const smallWeight: Pick = (draw) => draw.between(-24, 24);

function layer(draw: Draw, inputs: number, outputs: number, shift: number, weight: Pick, bias: Pick): Layer {
  return {
    inputs,
    outputs,
    shift,
    weights: Int8Array.from({ length: inputs * outputs }, (_, i) => weight(draw, i)),
    bias: Int32Array.from({ length: outputs }, (_, o) => bias(draw, o)),
  };
}

function stack(draw: Draw, widths: number[], shifts: number[], weight: Pick, bias: Pick): Network {
  return { layers: shifts.map((shift, l) => layer(draw, widths[l], widths[l + 1], shift, weight, bias)) };
}

function networks(draw: Draw): { name: string; network: Network }[] {
  const bias: Pick = (d) => d.between(-4000, 6000);
  const none: Pick = () => 0;
  const ends: Pick = (_, o) => (o % 2 === 0 ? MAX_BIAS : -MAX_BIAS);
  return [
    { name: 'standard', network: stack(draw, [64, 64, 64, 12], [6, 6, 5], smallWeight, bias) },
    {
      name: 'standard, weights over the whole range',
      network: stack(draw, [64, 64, 64, 12], [8, 9, 8], anyWeight, bias),
    },
    { name: 'largest', network: stack(draw, [128, 128, 128, 128, 16], [9, 9, 9, 8], anyWeight, bias) },
    {
      name: 'every sum greatest',
      network: stack(
        draw,
        [128, 128, 16],
        [0, 0],
        () => 127,
        () => MAX_BIAS,
      ),
    },
    {
      name: 'every sum least',
      network: stack(
        draw,
        [128, 16],
        [0],
        () => -128,
        () => -MAX_BIAS,
      ),
    },
    {
      name: 'hidden layer all 0',
      network: stack(
        draw,
        [64, 64, 12],
        [0, 0],
        () => -128,
        () => -1,
      ),
    },
    {
      name: 'hidden layer all 127',
      network: stack(
        draw,
        [64, 64, 12],
        [0, 0],
        () => 127,
        () => 127,
      ),
    },
    { name: 'bias at both ends', network: stack(draw, [64, 64, 12], [23, 0], anyWeight, ends) },
    { name: 'shift 31', network: stack(draw, [64, 32, 12], [31, 31], anyWeight, ends) },
    { name: 'all logits 0', network: stack(draw, [64, 12], [0], none, none) },
    { name: 'negative logits, shifted', network: stack(draw, [64, 12], [3], none, (_, o) => -1 - o) },
    { name: 'one weight', network: stack(draw, [1, 1], [0], anyWeight, bias) },
    { name: 'two actions', network: stack(draw, [5, 2], [4], anyWeight, none) },
    { name: 'three actions', network: stack(draw, [3, 7, 3], [2, 5], anyWeight, none) },
    { name: 'four actions', network: stack(draw, [6, 4], [7], anyWeight, none) },
    { name: 'odd widths', network: stack(draw, [127, 1, 97, 5], [6, 0, 8], anyWeight, bias) },
    { name: 'just above a vector', network: stack(draw, [17, 33, 65, 13], [6, 7, 7], anyWeight, bias) },
    { name: 'eight actions', network: stack(draw, [64, 64, 8], [8, 8], anyWeight, bias) },
  ];
}

/** Rows of observations for one network: all least, all greatest, half and half, and random ones. */
function rowsOf(draw: Draw, inputs: number): Uint8Array[] {
  const row = (value: (i: number) => number): Uint8Array =>
    Uint8Array.from({ length: inputs }, (_, i) => value(i));
  return [
    row(() => 0),
    row(() => 127),
    row((i) => (i % 2) * 127),
    row(() => 64),
    row(() => draw.between(0, 127)),
    row(() => draw.between(0, 127)),
    row(() => (draw.between(0, 3) === 0 ? draw.between(0, 127) : 0)),
    row(() => draw.between(60, 68)),
  ];
}

/** Moments at which, all logits being equal, two actions of `count` share the greatest Gumbel value. */
function tiedMoments(count: number, wanted: number): number[] {
  const ticks: number[] = [];
  for (let tick = 0; ticks.length < wanted; tick++) {
    const hash = decisionHash(0, tick, 0);
    const values = Array.from({ length: count }, (_, action) => GUMBEL[gumbelIndex(hash, action)]);
    const greatest = Math.max(...values);
    if (values.filter((value) => value === greatest).length > 1) ticks.push(tick);
  }
  return ticks;
}

const EDGES = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff];

/** The whole file as one value; always the same. */
export function decisionVectors(): DecisionVectors {
  const draw = new Draw();
  const all = networks(draw);
  const vectors: DecisionVectors = {
    format: 'symbiont-decisions',
    formatVersion: 1,
    gumbel: Array.from(GUMBEL),
    networks: all.map(({ name, network }) => ({
      name,
      layers: network.layers.map(({ inputs, outputs, shift, bias, weights }) => ({
        inputs,
        outputs,
        shift,
        bias: Array.from(bias),
        weights: bytesToHex(new Uint8Array(weights.buffer)),
      })),
    })),
    forwards: [],
    cases: [],
  };
  const add = (forwardIndex: number, mask: number, worldSeed: number, tick: number, npc: number): void => {
    const logits = Int32Array.from(vectors.forwards[forwardIndex].logits);
    const action = decide(logits, mask >>> 0, worldSeed, tick, npc);
    vectors.cases.push([forwardIndex, mask >>> 0, worldSeed, tick, npc, action]);
  };
  const firstOf: number[] = [];
  all.forEach(({ network }, n) => {
    checkNetwork(network);
    firstOf.push(vectors.forwards.length);
    const outputs = networkOutputs(network);
    for (const observations of rowsOf(draw, networkInputs(network))) {
      const logits = new Int32Array(outputs);
      forward(network, observations, logits);
      const index = vectors.forwards.push({
        network: n,
        observations: bytesToHex(observations),
        logits: Array.from(logits),
      });
      // Empty, full, above the outputs only, every single action, every action but one.
      const everything = 2 ** outputs - 1;
      add(index - 1, 0, draw.u32(), draw.u32(), draw.u32());
      add(index - 1, 0xffffffff, draw.u32(), draw.u32(), draw.u32());
      add(index - 1, ~everything, draw.u32(), draw.u32(), draw.u32());
      for (let action = 0; action < outputs; action++) {
        add(index - 1, 2 ** action, draw.u32(), draw.u32(), draw.u32());
        add(index - 1, everything ^ (2 ** action), draw.u32(), draw.u32(), draw.u32());
      }
    }
  });
  // Every mask of the standard brain, and of 1 to 4 and 8 actions.
  all.forEach(({ name, network }, n) => {
    const outputs = networkOutputs(network);
    if (name !== 'standard' && outputs > 8) return;
    for (let mask = 0; mask < 2 ** outputs; mask++) {
      add(firstOf[n] + (mask % 8), mask, 0x5eed, mask * 4, draw.between(0, 59));
    }
  });
  // The ends of the random draw's numbers.
  for (const worldSeed of EDGES) {
    for (const tick of EDGES) for (const npc of EDGES) add(firstOf[0] + 4, 0xfff, worldSeed, tick, npc);
  }
  const equal = firstOf[all.findIndex(({ name }) => name === 'all logits 0')];
  for (const tick of tiedMoments(12, 64)) add(equal, 0xfff, 0, tick, 0);
  return vectors;
}

/** The file's text: one network, forward or case a line. */
export function decisionVectorsText(): string {
  const { format, formatVersion, gumbel, networks: nets, forwards, cases } = decisionVectors();
  const list = (items: readonly unknown[]): string =>
    `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]`;
  return [
    `{"format": ${JSON.stringify(format)}, "formatVersion": ${formatVersion},`,
    `"gumbel": ${JSON.stringify(gumbel)},`,
    `"networks": ${list(nets)},`,
    `"forwards": ${list(forwards)},`,
    `"cases": ${list(cases)}}\n`,
  ].join('\n');
}
