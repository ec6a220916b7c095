/** Trains apart from the page; its checkpoints go to the database from here, whatever becomes of the page. */
import * as tf from '@tensorflow/tfjs-core';
import { type Checkpoint, type Progress, train } from '#ml/art/own/loop.ts';
import { drawPreviews } from '#ml/art/own/preview.ts';
import { type OwnOrder, type OwnTrainer, ownTrainer } from '#ml/art/own/recipe.ts';
import * as store from '../store.ts';
import { type Backend, chooseBackend, type Measured } from './backends.ts';

export type Order =
  | { kind: 'start'; run: string; order: OwnOrder }
  /** Tries what computes quickest, and trains nothing. */
  | { kind: 'measure'; order: OwnOrder }
  | { kind: 'pause' }
  | { kind: 'preview' };

export type Report =
  | { kind: 'backend'; chosen: Backend; measured: Measured[] }
  | { kind: 'progress'; progress: Progress; losses: readonly number[]; tensors: number }
  | { kind: 'saved'; step: number }
  /** What the model draws so far: PREVIEWS creatures at every stage, RGBA. */
  | { kind: 'preview'; pictures: Uint8ClampedArray[] }
  | { kind: 'ended'; step: number; model: Uint8Array | null }
  | { kind: 'failed'; why: string };

const report = (what: Report) => postMessage(what);
let stopped = false;
let wantsPreview = false;

const channel = new MessageChannel();
/** Lets messages in: awaiting alone never leaves the worker's own turn. */
const breathe = () =>
  new Promise<void>((resolve) => {
    channel.port1.onmessage = () => resolve();
    channel.port2.postMessage(null);
  });

async function choose(make: () => OwnTrainer, failed: ReadonlySet<Backend>): Promise<void> {
  const { chosen, measured } = await chooseBackend(make, failed);
  report({ kind: 'backend', chosen, measured });
}

async function start({ run, order }: Order & { kind: 'start' }): Promise<void> {
  const goal = order.steps;
  const failed = new Set<Backend>();
  await choose(() => ownTrainer(order), failed);
  let last: OwnTrainer | null = null;
  const trainer = await train({
    trainer: () => {
      last = ownTrainer(order);
      return last;
    },
    goal,
    saved: await store.get<Checkpoint>('checkpoints', run),
    save: async (checkpoint) => {
      await store.put('checkpoints', run, checkpoint);
      report({ kind: 'saved', step: checkpoint.step });
    },
    told: (progress, losses) => {
      report({ kind: 'progress', progress, losses, tensors: tf.memory().numTensors });
      if (!wantsPreview || !last) return;
      wantsPreview = false;
      report({ kind: 'preview', pictures: drawPreviews(last.model()) });
    },
    stopped: () => stopped,
    leave: async (why) => {
      const backend = tf.getBackend() as Backend;
      console.warn(`${backend}: ${why}`);
      if (failed.has(backend) || backend === 'wasm') return false;
      failed.add(backend);
      await choose(() => ownTrainer(order), failed);
      return true;
    },
    breathe,
    now: () => performance.now(),
  });
  const { step } = (await store.get<Checkpoint>('checkpoints', run))!;
  const done = step >= goal ? (last as OwnTrainer | null) : null;
  report({ kind: 'ended', step, model: done?.finished() ?? null });
  trainer.dispose();
}

addEventListener('message', ({ data }: MessageEvent<Order>) => {
  const work = (doing: Promise<void>) =>
    void doing.catch((error: unknown) =>
      report({ kind: 'failed', why: error instanceof Error ? error.message : String(error) }),
    );
  if (data.kind === 'pause') stopped = true;
  else if (data.kind === 'preview') wantsPreview = true;
  else if (data.kind === 'measure') work(choose(() => ownTrainer(data.order), new Set()));
  else work(start(data));
});
