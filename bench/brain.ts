/**
 * Decisions per second on one core, network 64-64-64-12: the kernel at batch 1,024 and 1, the TypeScript
 * reference, and beside them the same network in floats in tfjs (wasm) and onnxruntime-node, both on one
 * thread. Ours are whole decisions (network, Gumbel values, mask, argmax), the peers' only the logits.
 */
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { decide, mix32 } from '#shared/brain/decide.ts';
import { createKernel } from '#shared/brain/kernel.ts';
import { createNetwork, forward } from '#shared/brain/network.ts';
import { type FloatLayer, onnxFile } from './brain-onnx.ts';
import { median, report } from './report.ts';

const BATCH = 1024;
const ROUNDS = 9;
const ROUND_MS = 120;
const WIDTHS = [64, 64, 64, 12];

let drawn = 0;
const draw = (limit: number): number => mix32(++drawn) % limit;

const network = createNetwork(
  WIDTHS.slice(1).map((outputs, l) => ({
    inputs: WIDTHS[l],
    outputs,
    shift: 6,
    weights: Int8Array.from({ length: outputs * WIDTHS[l] }, () => draw(49) - 24),
    bias: Int32Array.from({ length: outputs }, () => draw(4001) - 1000),
  })),
);
/** The same with a division instead of the shift, so that its activations are as large. */
const floats: FloatLayer[] = network.layers.map(({ inputs, outputs, weights, bias, shift }) => ({
  inputs,
  outputs,
  weights: Float32Array.from(weights, (w) => w / 2 ** shift),
  bias: Float32Array.from(bias, (b) => b / 2 ** shift),
}));
const observations = Uint8Array.from({ length: BATCH * 64 }, () => draw(128));
const floatObservations = Float32Array.from(observations);

interface Runner {
  /** Rows of one call. */
  rows: number;
  call: () => unknown;
}

const masks = new Uint32Array(BATCH).fill(0xfff);
const npcs = Uint32Array.from({ length: BATCH }, (_, i) => i);
const out = new Uint8Array(BATCH);

async function kernelRunner(rows: number): Promise<Runner> {
  const kernel = await createKernel();
  const brain = kernel.load(network);
  const batch = {
    observations: observations.slice(0, rows * 64),
    masks,
    worldSeed: 7,
    tick: 0,
    npcs,
    count: rows,
  };
  return {
    rows,
    call: () => {
      batch.tick = (batch.tick + 1) >>> 0;
      kernel.decideBatch(brain, batch, out);
    },
  };
}

function referenceRunner(): Runner {
  const logits = new Int32Array(12);
  const rows = Array.from({ length: BATCH }, (_, i) => observations.subarray(64 * i, 64 * i + 64));
  let tick = 0;
  return {
    rows: BATCH,
    call: () => {
      tick++;
      for (let i = 0; i < BATCH; i++) {
        forward(network, rows[i], logits);
        out[i] = decide(logits, 0xfff, 7, tick, i);
      }
    },
  };
}

async function tfjsRunner(rows: number): Promise<Runner> {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'));
  setWasmPaths(join(folder, 'wasm-out') + sep);
  await tf.setBackend('wasm');
  const layers = floats.map(({ inputs, outputs, weights, bias }) => ({
    // tfjs multiplies a transposed matrix much slower, so it gets its weights as [inputs, outputs].
    weights: tf.tidy(() => tf.transpose(tf.tensor2d(weights, [outputs, inputs]))),
    bias: tf.tensor1d(bias),
  }));
  const input = floatObservations.slice(0, rows * 64);
  return {
    rows,
    call: () => {
      tf.tidy(() => {
        let x = tf.tensor2d(input, [rows, 64]);
        layers.forEach(({ weights, bias }, l) => {
          const activation = l < layers.length - 1 ? 'relu' : 'linear';
          x = tf.fused.matMul({ a: x, b: weights, bias, activation }) as tf.Tensor2D;
        });
        x.dataSync();
      });
    },
  };
}

async function onnxRunner(rows: number): Promise<Runner> {
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential' } as const;
  const session = await InferenceSession.create(onnxFile(floats), options);
  const x = new Tensor('float32', floatObservations.slice(0, rows * 64), [rows, 64]);
  return { rows, call: () => session.run({ x }) };
}

const runners: Record<string, Runner> = {
  kernel: await kernelRunner(BATCH),
  kernel1: await kernelRunner(1),
  reference: referenceRunner(),
  tfjs: await tfjsRunner(BATCH),
  tfjs1: await tfjsRunner(1),
  onnx: await onnxRunner(BATCH),
  onnx1: await onnxRunner(1),
};

async function rate({ rows, call }: Runner): Promise<number> {
  const begin = performance.now();
  let calls = 0;
  let now = begin;
  while (now - begin < ROUND_MS) {
    // A few calls per look at the clock; a promise is awaited only where there is one.
    for (let i = 0; i < 8; i++) {
      const pending = call();
      if (pending instanceof Promise) await pending;
    }
    calls += 8;
    now = performance.now();
  }
  return (1000 * calls * rows) / (now - begin);
}

// In turns, so that what else this machine does falls on all alike; the first round warms up.
const rates: Record<string, number[]> = Object.fromEntries(Object.keys(runners).map((name) => [name, []]));
for (let round = 0; round <= ROUNDS; round++) {
  for (const [name, runner] of Object.entries(runners)) {
    const value = await rate(runner);
    if (round > 0) rates[name].push(value);
  }
}

const print = report('brain', process.argv.includes('--json'));
const middle = (name: string): number => median(rates[name]);
const beside = (peer: string, name: string) => ({ peer, peerValue: middle(name) });
print('decisions_per_s', middle('kernel'), '1/s', beside('onnxruntime-node', 'onnx'));
print('decisions_per_s', middle('kernel'), '1/s', beside('tfjs-wasm', 'tfjs'));
print('decisions_per_s_batch1', middle('kernel1'), '1/s', beside('onnxruntime-node', 'onnx1'));
print('decisions_per_s_batch1', middle('kernel1'), '1/s', beside('tfjs-wasm', 'tfjs1'));
print('decisions_per_s_js', middle('reference'), '1/s');
