/** Trains apart from the page; its checkpoints go to the database from here, whatever becomes of the page. */
import * as tf from '@tensorflow/tfjs-core';
import { createTrainer } from '#ml/art/finetune.ts';
import { drawSprite, loadArtModel, STAGES, toRgba } from '#shared/art/index.ts';
import * as store from '../store.ts';
import { type Backend, chooseBackend, type Measured } from './backends.ts';
import { bodyStrip } from './bodies.ts';
import { type Checkpoint, type Progress, train } from './loop.ts';
import { PREVIEWS, previewOf } from './preview.ts';

export type Order =
  | {
      kind: 'start';
      run: string;
      seed: number;
      goal: number;
      /** Of each picture its 32 × 32 roles. */
      sprites: readonly Uint8Array[];
      base: Uint8Array | null;
      name: string;
      licence: string;
    }
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

function drawn(file: Uint8Array): Uint8ClampedArray[] {
  const model = loadArtModel(file);
  return Array.from({ length: PREVIEWS * STAGES.length }, (_, i) => {
    const form = previewOf(Math.floor(i / STAGES.length), i % STAGES.length);
    return new Uint8ClampedArray(toRgba(drawSprite(model, form)));
  });
}

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

async function start(order: Order & { kind: 'start' }): Promise<void> {
  const { run, seed, goal, base, name, licence } = order;
  const sprites = order.sprites.flatMap(bodyStrip);
  const make = () =>
    createTrainer({
      size: 32,
      sprites,
      seed,
      steps: goal,
      style: 'companion',

      name,
      ...(base ? { base } : {}),
    });
  const failed = new Set<Backend>();
  const choose = async (): Promise<void> => {
    const { chosen, measured } = await chooseBackend(make, failed);
    report({ kind: 'backend', chosen, measured });
  };
  await choose();
  let last: ReturnType<typeof make> | null = null;
  const trainer = await train({
    trainer: () => {
      last = make();
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
      report({ kind: 'preview', pictures: drawn(last.model()) });
    },
    stopped: () => stopped,
    leave: async (why) => {
      const backend = tf.getBackend() as Backend;
      console.warn(`${backend}: ${why}`);
      if (failed.has(backend) || backend === 'wasm') return false;
      failed.add(backend);
      await choose();
      return true;
    },
    breathe,
    now: () => performance.now(),
  });
  const { step } = (await store.get<Checkpoint>('checkpoints', run))!;
  report({ kind: 'ended', step, model: step >= goal ? trainer.model({ licence }) : null });
  trainer.dispose();
}

addEventListener('message', ({ data }: MessageEvent<Order>) => {
  if (data.kind === 'pause') stopped = true;
  else if (data.kind === 'preview') wantsPreview = true;
  else
    start(data).catch((error: unknown) =>
      report({ kind: 'failed', why: error instanceof Error ? error.message : String(error) }),
    );
});
