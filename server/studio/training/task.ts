/** What the trainer's process is told and tells. */

export interface TrainingTask {
  /** The job's directory; nothing outside is read or written. */
  dir: string;
  memoryMb: number;
}

export type ToTrainer =
  | { task: TrainingTask }
  /** Times a few steps of either size. */
  | { measure: true }
  /** Ends, with all that was learnt kept. */
  | { pause: true }
  /** Stands still while the world needs the processor. */
  | { hold: boolean };

export interface TrainingProgress {
  step: number;
  losses: readonly number[];
  perSecond: number;
  secondsLeft: number;
}

export type FromTrainer =
  | { progress: TrainingProgress }
  | { saved: number; losses: readonly number[] }
  | { stepMs: { 32: number; 64: number } }
  /** The goal was reached and the model lies in the directory; or it was paused. */
  | { ended: { step: number; model: string | null } }
  | { failed: string };
