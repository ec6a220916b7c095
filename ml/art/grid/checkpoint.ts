import { bytesToUtf8, utf8ToBytes } from '@noble/hashes/utils';
import { z } from 'zod';
import type { GridShape } from '#shared/art/grid/network.ts';
import { ArtError } from '#shared/art/types.ts';
import type { Masters } from './parameters.ts';

/** What a checkpoint belongs to: it goes on only with the same. */
export interface Identity {
  readonly seed: number;
  readonly batch: number;
  readonly planned: number;
  readonly rate: number;
  readonly prior: number;
  readonly shape: GridShape;
  /** Merkle root of the training pictures. */
  readonly root: string;
  readonly parent: string;
}

interface Saved {
  readonly identity: Identity;
  readonly step: number;
  readonly masters: Masters;
  readonly latents: Masters;
}

const HEAD = z.object({ step: z.int().min(0), identity: z.record(z.string(), z.unknown()) });
const FORMAT = 'symbiont-art-checkpoint';

/** u32 LE header length | JSON | float32 LE: weights and moments, latents and moments. */
export function writeCheckpoint({ identity, step, masters, latents }: Saved): Uint8Array {
  const text = utf8ToBytes(JSON.stringify({ format: FORMAT, step, identity }));
  const padded = Math.ceil(text.length / 4) * 4;
  const parts = [masters, latents].flatMap(({ values, first, second }) => [values, first, second]);
  const count = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(4 + padded + 4 * count).fill(0x20, 4, 4 + padded);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, padded, true);
  bytes.set(text, 4);
  let at = 4 + padded;
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += part.byteLength;
  }
  return bytes;
}

/**
 * @param weights how many numbers the weights are, @param latents and the latents
 * @throws ArtError naming what differs
 */
export function readCheckpoint(
  bytes: Uint8Array,
  identity: Identity,
  weights: number,
  latents: number,
): Omit<Saved, 'identity'> {
  const refuse = (why: string): never => {
    throw new ArtError(`checkpoint: ${why}`);
  };
  if (bytes.length < 8) refuse(`must be longer than 8 bytes, is ${bytes.length}`);
  const padded = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0, true);
  const wanted = 4 + padded + 12 * (weights + latents);
  if (padded > 65_536) refuse(`header must be at most 65536 bytes, is ${padded}`);
  let head: unknown;
  try {
    head = JSON.parse(bytesToUtf8(bytes.subarray(4, 4 + padded)));
  } catch {
    refuse('header is not JSON');
  }
  const read = HEAD.safeParse(head);
  if (!read.success) return refuse('header must hold step and identity');
  for (const [field, value] of Object.entries(identity))
    if (JSON.stringify(read.data.identity[field]) !== JSON.stringify(value))
      refuse(`${field} must be ${JSON.stringify(value)}, is ${JSON.stringify(read.data.identity[field])}`);
  if (bytes.length !== wanted) refuse(`must be ${wanted} bytes, is ${bytes.length}`);
  let at = 4 + padded;
  const take = (count: number): Float32Array => {
    const values = new Float32Array(bytes.slice(at, at + 4 * count).buffer);
    at += 4 * count;
    if (!values.every(Number.isFinite)) refuse('numbers must be finite');
    return values;
  };
  const three = (count: number): Masters => ({
    values: take(count),
    first: take(count),
    second: take(count),
  });
  return { step: read.data.step, masters: three(weights), latents: three(latents) };
}
