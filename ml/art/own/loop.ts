import type { Trainer } from '../finetune.ts';

/** What lies in the database for a run: everything needed to go on, to the bit. */
export interface Checkpoint {
  readonly step: number;
  /** Seconds of work so far, and the loss at each hundredth of the way. */
  readonly seconds: number;
  readonly losses: readonly number[];
  readonly bytes: Uint8Array;
}

export interface Progress {
  readonly step: number;
  readonly loss: number;
  readonly perSecond: number;
  readonly secondsLeft: number;
}

export interface LoopOptions {
  /** A trainer that stands at the run's beginning; called again where a device was lost. */
  readonly trainer: () => Trainer;
  readonly goal: number;
  readonly saved: Checkpoint | undefined;
  readonly save: (checkpoint: Checkpoint) => Promise<unknown>;
  readonly told: (progress: Progress, losses: readonly number[]) => void;
  /** Whether to stop at the next step. */
  readonly stopped: () => boolean;
  /** A device that computes wrongly or not at all is left for another; false: there is none. */
  readonly leave: (why: string) => Promise<boolean>;
  /** Lets messages in between two steps. */
  readonly breathe: () => Promise<void>;
  readonly now: () => number;
}

/** Work is kept at least this often, by the clock. */
const SAVE_MS = 3_000;
const TELL_MS = 120;
const POINTS = 100;

/**
 * Trains up to the goal, keeping checkpoints. What fails (a lost graphics context, numbers that are none) goes on from
 * the last checkpoint on another device.
 * @returns the trainer, at the goal or where it was stopped; the caller disposes of it
 * @throws what the last device threw
 */
export async function train(options: LoopOptions): Promise<Trainer> {
  const { goal, now } = options;
  let { saved } = options;
  for (;;) {
    const trainer = options.trainer();
    let step = 0;
    let losses: number[] = [];
    let before = 0;
    const began = now();
    let [kept, told] = [began, 0];
    const first = saved?.step ?? 0;
    const checkpoint = async (): Promise<void> => {
      const seconds = before + (now() - began) / 1_000;
      saved = { step, seconds, losses: [...losses], bytes: trainer.checkpoint() };
      kept = now();
      await options.save(saved);
    };
    try {
      if (saved) {
        trainer.resume(saved.bytes);
        ({ step, seconds: before } = saved);
        losses = [...saved.losses];
      }
      while (step < goal && !options.stopped()) {
        const done = await trainer.step();
        if (!Number.isFinite(done.loss)) throw new Error('the numbers it gives are none');
        step = done.step;
        if (step === 1 || losses.length < Math.floor((step * POINTS) / goal)) losses.push(done.loss);
        const perSecond = ((step - first) * 1_000) / (now() - began);
        if (now() - told > TELL_MS || step === goal) {
          told = now();
          options.told({ step, loss: done.loss, perSecond, secondsLeft: (goal - step) / perSecond }, losses);
        }
        if (now() - kept > SAVE_MS) await checkpoint();
        await options.breathe();
      }
      await checkpoint();
      return trainer;
    } catch (error) {
      trainer.dispose();
      const why = error instanceof Error ? error.message : String(error);
      if (!(await options.leave(why))) throw error;
    }
  }
}
