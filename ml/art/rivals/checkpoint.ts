import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { writeAtomically } from '#ml/files.ts';
import { Parameters } from './nn.ts';

const FOLDER = new URL('../../../runs/art-rivals/', import.meta.url);

interface Header {
  readonly step: number;
  /** Seconds of processor time. */
  readonly spent: number;
  readonly tensors: readonly { readonly name: string; readonly shape: number[] }[];
}

/** A JSON header of so many bytes (u32 before it), then all parameters as float32. */
export function checkpointOf(parameters: Parameters, step: number, spent: number): Uint8Array {
  const { names, variables } = parameters;
  const tensors = names.map((name, n) => ({ name, shape: variables[n].shape }));
  const header = Buffer.from(JSON.stringify({ step, spent, tensors } satisfies Header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const values = variables.map((one) => Buffer.from(Float32Array.from(one.dataSync()).buffer));
  return Buffer.concat([length, header, ...values]);
}

export interface Checkpoint {
  readonly step: number;
  readonly spent: number;
  /** A network of these values. */
  parameters(): Parameters;
  /** Puts the values into parameters that have been made, @throws Error when they are of another network. */
  into(parameters: Parameters): void;
}

export function parseCheckpoint(bytes: Uint8Array): Checkpoint {
  const buffer = Buffer.from(bytes);
  const start = 4 + buffer.readUInt32LE(0);
  const { step, spent, tensors } = JSON.parse(buffer.toString('utf8', 4, start)) as Header;
  return {
    step,
    spent,
    parameters() {
      const made = new Parameters(0);
      for (const { name, shape } of tensors) made.get(name, shape, 1, 0);
      this.into(made);
      return made;
    },
    into(parameters) {
      let at = start;
      const { names, variables } = parameters;
      tensors.forEach(({ name, shape }, n) => {
        const size = shape.reduce((a, b) => a * b, 1);
        if (names[n] !== name || variables[n].size !== size)
          throw new Error(`checkpoint: ${name} [${shape}] does not fit ${names[n]} [${variables[n]?.shape}]`);
        const values = new Float32Array(
          buffer.buffer.slice(buffer.byteOffset + at, buffer.byteOffset + at + size * 4),
        );
        tf.tidy(() => {
          variables[n].assign(tf.tensor(values, shape));
        });
        at += size * 4;
      });
    },
  };
}

export function writeCheckpoint(name: string, bytes: Uint8Array): void {
  mkdirSync(FOLDER, { recursive: true });
  writeAtomically(fileURLToPath(new URL(`${name}.bin`, FOLDER)), bytes);
}

/** The last checkpoint of a family, if it has one. */
export function readCheckpoint(name: string): Checkpoint | undefined {
  const file = new URL(`${name}.bin`, FOLDER);
  return existsSync(file) ? parseCheckpoint(readFileSync(file)) : undefined;
}
