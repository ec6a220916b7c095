import type { Understood } from './understanding.ts';

/** What the thread is started with. */
export interface WorkerSettings {
  /** A folder (`local`) or the name of a hub model. */
  model: string;
  local: boolean;
  /** The fitted head beside the encoder; null: one is made of the examples. */
  headFile: string | null;
  examplesFile: string;
  /** Where a hub model is kept once it was fetched. */
  cacheDir: string | null;
}
export interface ToWorker {
  id: number;
  sentence: string;
}
export type FromWorker =
  | { ready: true; width: number }
  | { id: number; understood: Understood }
  | { id: number; failed: string };
