import { type Draft, licenceId } from '../draft.ts';
import type { Models } from '../models.ts';
import * as store from '../store.ts';
import type { Studio } from '../studio.ts';
import type { Measured } from './backends.ts';
import type { Checkpoint, Progress } from './loop.ts';
import type { Order, Report } from './worker.ts';

export const GOALS = [
  { steps: 150, name: 'A first look' },
  { steps: 1_200, name: 'Good' },
  { steps: 4_000, name: 'Fine' },
] as const;
const PREVIEW_MS = 4_000;

export type Phase = 'none' | 'starting' | 'training' | 'pausing' | 'paused' | 'done';

/** Training as the page sees it: one worker at a time, begun, paused, gone on with. */
export class Training extends EventTarget {
  phase: Phase = 'none';
  progress: Progress | null = null;
  losses: readonly number[] = [];
  measured: readonly Measured[] = [];
  backend: string | null = null;
  tensors = 0;
  /** The last step that is on the disk. */
  saved = 0;
  problem: string | null = null;
  /** What the model draws while it learns; null: the models' current one draws. */
  pictures: readonly Uint8ClampedArray[] | null = null;
  private worker: Worker | null = null;
  private preview: ReturnType<typeof setInterval> | null = null;
  private readonly studio: Studio;
  private readonly models: Models;

  constructor(studio: Studio, models: Models) {
    super();
    this.studio = studio;
    this.models = models;
  }

  /** What was kept when the page was last open. */
  async recall(): Promise<void> {
    const { run } = this.studio.draft;
    if (!run) return;
    const kept = await store.get<Checkpoint>('checkpoints', run.id);
    this.saved = kept?.step ?? 0;
    this.losses = kept?.losses ?? [];
    this.phase = run.model && this.models.own ? 'done' : 'paused';
    this.tell();
  }

  /** Whether the pictures are others than those that the run was begun with. */
  get outdated(): boolean {
    const { run } = this.studio.draft;
    return run !== null && run.id !== this.runOf(run.goal, run.seed);
  }

  /** Begins a run, which replaces the one before. */
  async begin(goal: number): Promise<void> {
    const seed = crypto.getRandomValues(new Uint32Array(1))[0];
    const { run } = this.studio.draft;
    this.models.drop();
    this.studio.change({ run: { id: this.runOf(goal, seed), seed, goal, model: null } });
    await this.studio.flush();
    if (run) await store.remove('checkpoints', run.id);
    this.saved = 0;
    this.losses = [];
    this.goOn();
  }

  /** Goes on with the run where it was left. */
  goOn(): void {
    const { draft, pictures } = this.studio;
    const { run } = draft;
    if (!run || this.worker) return;
    this.problem = null;
    this.phase = 'starting';
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    this.worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<Report>) => void this.hear(data));
    worker.addEventListener('error', (event) => this.fail(event.message || 'the worker ended'));
    const order: Order = {
      kind: 'start',
      run: run.id,
      seed: run.seed,
      goal: run.goal,
      sprites: pictures.map(({ roles }) => roles),
      base: this.models.base,
      name: draft.name.trim() || 'studio',
      licence: licenceId(draft),
    };
    worker.postMessage(order);
    this.preview = setInterval(() => this.order({ kind: 'preview' }), PREVIEW_MS);
    this.tell();
  }

  pause(): void {
    if (this.phase !== 'training' && this.phase !== 'starting') return;
    this.phase = 'pausing';
    this.order({ kind: 'pause' });
    this.tell();
  }

  private order(order: Order): void {
    this.worker?.postMessage(order);
  }

  /** A run belongs to its pictures: their roles, its goal and its seed. */
  private runOf(goal: number, seed: number): string {
    return `${goal}.${seed}.${runHash(this.studio.pictures.map(({ id }) => id))}`;
  }

  private async hear(report: Report): Promise<void> {
    if (report.kind === 'backend') {
      this.measured = report.measured;
      this.backend = report.chosen;
    } else if (report.kind === 'progress') {
      if (this.phase === 'starting') this.phase = 'training';
      this.progress = report.progress;
      this.losses = report.losses;
      this.tensors = report.tensors;
    } else if (report.kind === 'saved') this.saved = report.step;
    else if (report.kind === 'preview') this.pictures = report.pictures;
    else if (report.kind === 'failed') return this.fail(report.why);
    else {
      this.close();
      this.saved = report.step;
      if (report.model) await this.models.keep(report.model);
      this.phase = report.model ? 'done' : 'paused';
    }
    this.tell();
  }

  private fail(why: string): void {
    this.close();
    this.problem = `Training stopped: ${why}. What it had learnt until step ${this.saved} is kept.`;
    this.phase = 'paused';
    this.tell();
  }

  private close(): void {
    this.worker?.terminate();
    this.worker = null;
    if (this.preview !== null) clearInterval(this.preview);
    this.progress = null;
    this.pictures = null;
  }

  private tell(): void {
    this.dispatchEvent(new Event('change'));
  }
}

/** Names of a set of pictures: FNV-1a over their ids, which are random. */
function runHash(ids: readonly string[]): string {
  let hash = 0x811c9dc5;
  for (const letter of [...ids].sort().join()) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

export const runGoal = ({ run }: Draft): number => run?.goal ?? GOALS[1].steps;
