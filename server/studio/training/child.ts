/**
 * The trainer's process: at the lowest priority, with a bound on its memory. It ends with the server that started it; what
 * it has kept is gone on from by the next one.
 */
import { readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { train } from '#ml/art/own/loop.ts';
import { drawPreviews } from '#ml/art/own/preview.ts';
import { type OwnTrainer, ownTrainer } from '#ml/art/own/recipe.ts';
import { startBackend } from '#ml/net/backend.ts';
import { LockError, lockDirectory } from '#ml/run/lock.ts';
import { ROOT } from '#server/config.ts';
import { loadArtModel } from '#shared/art/index.ts';
import { unpackRoles } from '#shared/protocol/training.ts';
import { checkpointBytes, FILES, readCheckpoint, readJob, writeWhole } from './job.ts';
import type { FromTrainer, ToTrainer, TrainingTask } from './task.ts';

const TELL_MS = 500;
const PREVIEW_MS = 5_000;
const HELD_MS = 100;
/** How long a process of a server that was killed may take to notice. */
const LOCK_MS = 30_000;
const MEASURED = 4;

try {
  setPriority(constants.priority.PRIORITY_LOW);
} catch {
  // A system that gives no priorities: the pauses are left.
}
const tell = (message: FromTrainer): void => void process.send?.(message);
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const megabytes = () => process.memoryUsage.rss() / 1024 / 1024;
let stopped = false;
let held = false;

/** Lets messages in, and waits while the world needs the processor. */
async function breathe(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  while (held && !stopped) await sleep(HELD_MS);
}

async function lock(dir: string): Promise<() => void> {
  for (const end = Date.now() + LOCK_MS; ; await sleep(200)) {
    try {
      return lockDirectory(dir);
    } catch (error) {
      if (!(error instanceof LockError) || Date.now() > end) throw error;
    }
  }
}

async function begin({ dir, memoryMb }: TrainingTask): Promise<void> {
  const unlock = await lock(dir);
  const job = readJob(dir);
  if (!job) throw new Error('the job cannot be read');
  const { size, seed, steps, name, licence } = job;
  const file = (of: keyof typeof FILES) => new Uint8Array(readFileSync(join(dir, FILES[of])));
  const order = { size, seed, steps, name, licence, sprites: unpackRoles(file('roles'), size) };
  const base = file('base');
  await startBackend();
  let own: OwnTrainer | null = null;
  const make = (): OwnTrainer => {
    own = ownTrainer({ ...order, base });
    return own;
  };
  let [told, shown] = [0, performance.now() - PREVIEW_MS / 2];
  const trainer = await train({
    trainer: make,
    goal: steps,
    saved: readCheckpoint(dir),
    save: async (checkpoint) => {
      writeWhole(join(dir, FILES.checkpoint), checkpointBytes(checkpoint));
      tell({ saved: checkpoint.step, losses: checkpoint.losses });
      if (megabytes() > memoryMb)
        throw new Error(`memory: ${Math.round(megabytes())} MB, at most ${memoryMb}`);
    },
    told: ({ step, perSecond, secondsLeft }, losses) => {
      const now = performance.now();
      if (now - told >= TELL_MS) {
        told = now;
        tell({ progress: { step, losses, perSecond, secondsLeft } });
      }
      if (now - shown < PREVIEW_MS || !own) return;
      shown = now;
      writeWhole(
        join(dir, FILES.preview),
        gzipSync(Buffer.concat(drawPreviews(own.model()).map((one) => new Uint8Array(one)))),
      );
    },
    stopped: () => stopped,
    leave: async () => false,
    breathe,
    now: () => performance.now(),
  });
  const { done } = trainer;
  if (done < steps) tell({ ended: { step: done, model: null } });
  else {
    const model = (own as OwnTrainer | null)?.finished() as Uint8Array;
    writeWhole(join(dir, FILES.model), model);
    tell({ ended: { step: done, model: loadArtModel(model).id } });
  }
  unlock();
}

/** What a step takes here, the first (which compiles) left out. */
async function measure(): Promise<void> {
  await startBackend();
  const base = new Uint8Array(readFileSync(join(ROOT, 'assets', 'art', 'companion.safetensors')));
  const stepMs = { 32: 0, 64: 0 };
  for (const size of [32, 64] as const) {
    const round = Uint8Array.from({ length: size * size }, (_, p) =>
      Math.hypot((p % size) - size / 2, Math.floor(p / size) - size / 2) < size / 3 ? 3 : 0,
    );
    const order = {
      size,
      sprites: [round],
      seed: 1,
      steps: MEASURED,
      base,
      name: 'measured',
      licence: 'none',
    };
    const trainer = ownTrainer(order);
    await trainer.step();
    const began = performance.now();
    for (let n = 1; n < MEASURED; n++) await trainer.step();
    stepMs[size] = (performance.now() - began) / (MEASURED - 1);
    trainer.dispose();
  }
  tell({ stepMs });
}

/** Messages that were sent are given the time to arrive. */
const leave = (code: number): void => void setTimeout(() => process.exit(code), 100);

process.on('disconnect', () => process.exit(1));
process.on('message', (message: ToTrainer) => {
  if ('pause' in message) stopped = true;
  else if ('hold' in message) held = message.hold;
  else
    ('task' in message ? begin(message.task) : measure()).then(
      () => leave(0),
      (error: unknown) => {
        tell({ failed: error instanceof Error ? error.message : String(error) });
        leave(1);
      },
    );
});
