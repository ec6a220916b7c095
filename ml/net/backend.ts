import { createRequire } from 'node:module';
import path from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

let ready: Promise<void> | undefined;

/** Starts tfjs on its WebAssembly backend, once. */
export function startBackend(): Promise<void> {
  ready ??= (async () => {
    const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(`${path.dirname(main)}/`);
    if (!(await tf.setBackend('wasm'))) throw new Error('tfjs: its WebAssembly backend does not start here');
    await tf.ready();
  })();
  return ready;
}
