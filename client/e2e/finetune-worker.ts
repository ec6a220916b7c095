import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import * as tf from '@tensorflow/tfjs-core';
import modelUrl from '#assets/art/companion.safetensors?url';
import { randomFrom } from '#ml/art/dense.ts';
import { createTrainer } from '#ml/art/finetune.ts';
import { grammarStrip } from '#ml/art/grid/grammar.ts';

const SPRITES = 50;
const STEPS = 40;

setWasmPaths({
  'tfjs-backend-wasm.wasm': plainUrl,
  'tfjs-backend-wasm-simd.wasm': simdUrl,
  'tfjs-backend-wasm-threaded-simd.wasm': threadedUrl,
});
await tf.setBackend('wasm');
await tf.ready();
const base = new Uint8Array(await (await fetch(modelUrl)).arrayBuffer());
const random = randomFrom(50);
// the grown form of each alone, as a creator's pictures come
const sprites = Array.from({ length: SPRITES }, (_, n) => {
  const { pixels } = grammarStrip(n, random).at(-1)!;
  return { size: 32 as const, pixels };
});
const trainer = createTrainer({ size: 32, sprites, base, seed: 3 });
const losses: number[] = [];
const times: number[] = [];
let tensors = 0;
for (let n = 0; n < STEPS; n++) {
  const start = performance.now();
  losses.push((await trainer.step()).loss);
  times.push(performance.now() - start);
  if (n === 0) tensors = tf.memory().numTensors;
}
times.sort((a, b) => a - b);
postMessage({
  sprites: SPRITES,
  planned: trainer.steps,
  losses,
  medianMs: times[STEPS >> 1],
  tensors: [tensors, tf.memory().numTensors],
  model: trainer.model(),
});
