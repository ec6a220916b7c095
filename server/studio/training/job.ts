import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Checkpoint } from '#ml/art/own/loop.ts';
import { writeAtomically } from '#ml/files.ts';
import { TRAINING, TRAINING_STATES } from '#shared/protocol/training.ts';

/** What lies in a job's directory. The server writes the first three, the trainer's process the others. */
export const FILES = {
  job: 'job.json',
  roles: 'roles.bin',
  base: 'base.safetensors',
  checkpoint: 'checkpoint.bin',
  preview: 'preview.gz',
  model: 'model.safetensors',
} as const;

const whole = z.int().min(0);
const JobFile = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  owner: z.string().min(1),
  size: z.union([z.literal(32), z.literal(64)]),
  pictures: whole.max(TRAINING.most),
  steps: whole.max(TRAINING.steps),
  seed: whole.max(0xffffffff),
  name: z.string(),
  licence: z.string(),
  state: z.enum(TRAINING_STATES),
  /** Hex; of a finished one. */
  model: z.string().nullable(),
  problem: z.string().nullable(),
  /** Milliseconds since 1970: handed in, queued last (who waited longest is next), touched last. */
  created: whole,
  queued: whole,
  updated: whole,
});
export type Job = z.infer<typeof JobFile>;

/** Writes a file of a job, for the server alone to read: whole or not at all. @throws the system's error */
export const writeWhole = (path: string, bytes: Uint8Array | string): void =>
  writeAtomically(path, bytes, 0o600);

export const writeJob = (dir: string, job: Job): void =>
  writeWhole(join(dir, FILES.job), `${JSON.stringify(job)}\n`);

/** Null where the directory holds no whole job. */
export function readJob(dir: string): Job | null {
  try {
    return JobFile.parse(JSON.parse(readFileSync(join(dir, FILES.job), 'utf8')));
  } catch {
    return null;
  }
}

const Head = z.strictObject({
  step: whole,
  seconds: z.number().min(0),
  losses: z.array(z.number()).max(200),
});

/** A checkpoint as a file: the length of its head (u32), the head as JSON, the trainer's own bytes. */
export function checkpointBytes({ bytes, ...head }: Checkpoint): Uint8Array {
  const text = Buffer.from(JSON.stringify(head));
  const file = Buffer.alloc(4 + text.length + bytes.length);
  file.writeUInt32LE(text.length);
  file.set(text, 4);
  file.set(bytes, 4 + text.length);
  return file;
}

/** @throws Error where they are none */
export function checkpointOf(file: Uint8Array): Checkpoint {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length);
  const length = bytes.length < 4 ? -1 : bytes.readUInt32LE();
  if (length < 0 || length > bytes.length - 4) throw new Error('checkpoint: is cut off');
  const head = Head.parse(JSON.parse(bytes.toString('utf8', 4, 4 + length)));
  return { ...head, bytes: Uint8Array.from(bytes.subarray(4 + length)) };
}

/** The kept checkpoint; undefined where there is none yet. @throws Error where it is broken */
export function readCheckpoint(dir: string): Checkpoint | undefined {
  let file: Uint8Array;
  try {
    file = readFileSync(join(dir, FILES.checkpoint));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return checkpointOf(file);
}
