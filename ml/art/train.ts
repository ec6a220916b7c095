import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '#shared/brain/file.ts';
import { writeAtomically } from '../files.ts';
import { createTrainer, type TrainerOptions } from './finetune.ts';

export interface TrainingRun {
  readonly options: TrainerOptions;
  /** Where `checkpoint.bin` and `model.safetensors` go. */
  readonly out: string;
  /** Goes on from the folder's checkpoint where there is one. */
  readonly resume: boolean;
  readonly extra?: { readonly [key: string]: Json };
  /** Stops after this step, before the learning rate has fallen all the way. */
  readonly until?: number;
  /** Steps between two checkpoints; default 200. */
  readonly every?: number;
  readonly say?: (line: string) => void;
}

/** Trains to the last step, with a checkpoint now and then, so that a killed run goes on. Returns the model's file. */
export async function trainArt(run: TrainingRun): Promise<Uint8Array> {
  const { options, out, resume, extra = {}, every = 200, say = () => {} } = run;
  const trainer = createTrainer(options);
  const last = Math.min(run.until ?? trainer.steps, trainer.steps);
  mkdirSync(out, { recursive: true });
  const checkpoint = join(out, 'checkpoint.bin');
  const model = join(out, 'model.safetensors');
  if (resume && existsSync(checkpoint)) trainer.resume(new Uint8Array(readFileSync(checkpoint)));
  let loss = 0;
  let counted = 0;
  let since = performance.now();
  for (;;) {
    if (trainer.done >= last) break;
    const now = await trainer.step();
    loss += now.loss;
    counted++;
    if (now.step % every !== 0 && now.step < last) continue;
    writeAtomically(checkpoint, trainer.checkpoint());
    writeAtomically(model, trainer.model(extra));
    const rate = (counted * 1000) / (performance.now() - since);
    const left = Math.round((last - now.step) / rate);
    say(
      `step ${now.step}/${last}  loss ${(loss / counted).toFixed(4)}  ${rate.toFixed(1)} steps/s  ${left} s left`,
    );
    loss = 0;
    counted = 0;
    since = performance.now();
  }
  const file = trainer.model(extra);
  writeAtomically(model, file);
  trainer.dispose();
  return file;
}
