import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import type { Eye } from './inputs.ts';
import { layersFor, type Weights } from './network.ts';

/** The eyes' weights: little-endian bfloat16, layer by layer, kernel then bias. */
const FILES: Record<Eye, URL> = {
  form: new URL('form.bin', import.meta.url),
  look: new URL('look.bin', import.meta.url),
};
export const fileOf = (eye: Eye): URL => FILES[eye];

/** Weights of an eye as bytes: rounded to bfloat16, which keeps a float's range in two bytes. */
export function encodeWeights(values: readonly Float32Array[]): Uint8Array {
  const count = values.reduce((sum, part) => sum + part.length, 0);
  const out = new Uint16Array(count);
  let at = 0;
  for (const part of values) {
    const bits = new Uint32Array(part.buffer, part.byteOffset, part.length);
    for (let i = 0; i < part.length; i++) out[at++] = (bits[i] + 0x8000) >>> 16;
  }
  return new Uint8Array(out.buffer);
}

/** @throws RangeError when the bytes are not as many as the eye's layers need */
export function decodeWeights(eye: Eye, bytes: Uint8Array): Weights {
  const layers = layersFor(eye);
  const wanted = 2 * layers.reduce((sum, { inputs, outputs }) => sum + inputs * outputs + outputs, 0);
  if (bytes.length !== wanted)
    throw new RangeError(`judge ${eye}: weights must be ${wanted} bytes, are ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  const take = (count: number) => {
    const bits = new Uint32Array(count);
    for (let i = 0; i < count; i++, at += 2) bits[i] = view.getUint16(at, true) << 16;
    return new Float32Array(bits.buffer);
  };
  return layers.map(({ inputs, outputs }) => ({
    kernel: tf.tensor2d(take(inputs * outputs), [inputs, outputs]),
    bias: tf.tensor1d(take(outputs)),
  }));
}

/** The committed eye. tfjs must have been started. */
export const loadEye = (eye: Eye): Weights => decodeWeights(eye, readFileSync(fileOf(eye)));
