import type { Checkpoint, Progress } from '#ml/art/own/loop.ts';
import type { OwnOrder } from '#ml/art/own/recipe.ts';
import { licenceId } from '../draft.ts';
import type { Models } from '../models.ts';
import * as store from '../store.ts';
import type { Studio } from '../studio.ts';
import type { Measured } from './backends.ts';
import { runId } from './goals.ts';
import { forgetJob, orderJob } from './jobs.ts';
import { Remote } from './remote.ts';
import type { Order, Report } from './worker.ts';

const PREVIEW_MS = 4_000;

/** away: the server trains, and one has to sign in to see how far it is. */
export type Phase = 'none' | 'starting' | 'queued' | 'training' | 'pausing' | 'paused' | 'away' | 'done';
export type Place = 'page' | 'server';

/** Training as the page sees it, here in a worker or on the server: begun, paused, gone on with; one at a time. */
export class Training extends EventTarget {
  phase: Phase = 'none';
  progress: Progress | null = null;
  losses: readonly number[] = [];
  measured: readonly Measured[] = [];
  backend: string | null = null;
  tensors = 0;
  /** The last step that is on a disk. */
  saved = 0;
  problem: string | null = null;
  /** What the model draws while it learns; null: the models' current one draws. */
  pictures: readonly Uint8ClampedArray[] | null = null;
  readonly remote: Remote;
  private worker: Worker | null = null;
  /** Whether the worker only tries what computes quickest; and at which size it did. */
  private measuring = false;
  private measuredSize = 0;
  private preview: ReturnType<typeof setInterval> | null = null;
  private readonly studio: Studio;
  private readonly models: Models;

  constructor(studio: Studio, models: Models) {
    super();
    this.studio = studio;
    this.models = models;
    this.remote = new Remote(this, studio, models);
  }

  /** Where the run is trained. */
  get place(): Place {
    return this.studio.draft.run?.job ? 'server' : 'page';
  }

  /** What was kept when the page was last open. */
  async recall(): Promise<void> {
    const { run } = this.studio.draft;
    if (!run) return;
    if (run.model && this.models.own) this.phase = 'done';
    else if (run.job) return this.remote.watch();
    else this.phase = 'paused';
    const kept = await store.get<Checkpoint>('checkpoints', run.id);
    this.saved = kept?.step ?? 0;
    this.losses = kept?.losses ?? [];
    this.tell();
  }

  /** Whether the pictures are others than those that the run was begun with. */
  get outdated(): boolean {
    const { run } = this.studio.draft;
    return run !== null && run.id !== runId(run.goal, run.seed, this.studio.pictures);
  }

  /** Begins a run, which replaces the one before; where the server refuses it, the problem is told. */
  async begin(goal: number, place: Place): Promise<void> {
    const seed = crypto.getRandomValues(new Uint32Array(1))[0];
    const { run: before } = this.studio.draft;
    this.problem = null;
    let job: string | null = null;
    try {
      // What the server keeps of the run before would stand in the way.
      if (before?.job) await forgetJob(before.job).catch(() => {});
      if (place === 'server') {
        const { sprites, ...order } = this.order(goal, seed);
        const base = this.models.world.model.id;
        job = (await orderJob({ ...order, base }, sprites)).id;
      }
    } catch (error) {
      this.problem = `The server does not take it: ${error instanceof Error ? error.message : error}.`;
      await this.remote.failed(error);
      return this.tell();
    }
    this.remote.stop();
    this.models.drop();
    const id = runId(goal, seed, this.studio.pictures);
    this.studio.change({ run: { id, seed, goal, model: null, job } });
    await this.studio.flush();
    if (before) await store.remove('checkpoints', before.id);
    this.saved = 0;
    this.losses = [];
    if (job) this.remote.watch();
    else this.goOn();
  }

  /** Goes on with the run where it was left. */
  goOn(): void {
    const { run } = this.studio.draft;
    if (this.measuring) this.close();
    if (!run || this.worker) return;
    this.problem = null;
    this.phase = 'starting';
    this.tell();
    if (run.job) return void this.remote.resume();
    this.send({ kind: 'start', run: run.id, order: this.order(run.goal, run.seed) });
    this.preview = setInterval(() => this.worker?.postMessage({ kind: 'preview' }), PREVIEW_MS);
  }

  pause(): void {
    if (this.phase !== 'training' && this.phase !== 'starting' && this.phase !== 'queued') return;
    this.phase = 'pausing';
    this.tell();
    if (this.place === 'server') void this.remote.pause();
    else this.worker?.postMessage({ kind: 'pause' } satisfies Order);
  }

  /** Finds out what a step takes here, where that is not known and nothing is at work. */
  measure(): void {
    const { size } = this.studio.draft;
    if (this.worker || this.measuredSize === size) return;
    this.measured = [];
    this.measuredSize = size;
    this.send({ kind: 'measure', order: this.order(1, 1) });
  }

  /** What the trainer is given. */
  private order(steps: number, seed: number) {
    const { draft, pictures } = this.studio;
    return {
      size: draft.size,
      sprites: pictures.map(({ roles }) => roles),
      seed,
      steps,
      base: this.models.base,
      name: draft.name.trim() || 'studio',
      licence: licenceId(draft),
    } satisfies OwnOrder;
  }

  private send(order: Order): void {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    this.worker = worker;
    this.measuring = order.kind === 'measure';
    worker.addEventListener('message', ({ data }: MessageEvent<Report>) => {
      if (this.worker === worker) void this.hear(data);
    });
    worker.addEventListener('error', (event) => {
      if (this.worker === worker) this.fail(event.message || 'the worker ended');
    });
    worker.postMessage(order);
    this.tell();
  }

  private async hear(report: Report): Promise<void> {
    if (report.kind === 'backend') {
      this.measured = report.measured;
      this.backend = report.chosen;
      this.measuredSize = this.studio.draft.size;
      if (this.measuring) this.close();
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
    const { measuring } = this;
    this.close();
    if (!measuring) {
      this.problem = `Training stopped: ${why}. What it had learnt until step ${this.saved} is kept.`;
      this.phase = 'paused';
    }
    this.tell();
  }

  private close(): void {
    this.worker?.terminate();
    this.worker = null;
    this.measuring = false;
    if (this.preview !== null) clearInterval(this.preview);
    this.preview = null;
    this.progress = null;
    this.pictures = null;
  }

  tell(): void {
    this.dispatchEvent(new Event('change'));
  }
}
