import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { ApiError, forgetWalletSession, walletSession } from '#client/net/session.ts';
import { PREVIEWS } from '#ml/art/own/preview.ts';
import { STAGES } from '#shared/art/types.ts';
import type { StudioTraining, TrainingApi } from '#shared/protocol/training.ts';
import type { Models } from '../models.ts';
import type { Studio } from '../studio.ts';
import { forgetJob, listJobs, lookAtJob, modelOfJob, pauseJob, previewOfJob, resumeJob } from './jobs.ts';
import type { Training } from './trainer.ts';

const LOOK_MS = 2_000;
/** While nobody looks at the page. */
const HIDDEN_MS = 15_000;
const PREVIEW_MS = 6_000;
const ASK_MS = 3_000;
const MOST_ASKED = 5;

/** A training on the server, as the page follows it. It goes on without the page; the next one finds it. */
export class Remote {
  /** What the server said last. */
  job: StudioTraining | null = null;
  /** What a training there would take; null: not asked yet, or nobody is signed in. */
  offer: TrainingApi['GET /api/studio/trainings'] | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private asked = 0;
  private shown = 0;
  /** Answers to questions of a run that was left are not heard. */
  private turn = 0;
  private readonly training: Training;
  private readonly studio: Studio;
  private readonly models: Models;

  constructor(training: Training, studio: Studio, models: Models) {
    this.training = training;
    this.studio = studio;
    this.models = models;
  }

  /** Asks what a training there would take. */
  async ask(): Promise<void> {
    if (!walletSession()) return;
    try {
      this.offer = await listJobs();
      // It finds out what a step takes there when it is asked first, which takes a few seconds.
      const known = !this.offer.offered || this.offer.stepMs[this.studio.draft.size] !== null;
      if (!known && this.asked++ < MOST_ASKED) setTimeout(() => void this.ask(), ASK_MS);
    } catch (error) {
      await this.failed(error);
    }
    this.training.tell();
  }

  /** Follows the run's job from now on. */
  watch(): void {
    this.stop();
    const { training } = this;
    training.phase = walletSession() ? 'starting' : 'away';
    training.tell();
    if (training.phase !== 'away') void this.look();
  }

  stop(): void {
    this.turn++;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.job = null;
    this.training.progress = null;
    this.training.pictures = null;
  }

  pause = (): Promise<void> => this.look(pauseJob);
  resume = (): Promise<void> => this.look(resumeJob);

  /** A session that ended: one signs in anew. */
  async failed(error: unknown): Promise<void> {
    if (error instanceof ApiError && error.status === 401) await forgetWalletSession();
  }

  private async look(question: (id: string) => Promise<StudioTraining> = lookAtJob): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    const { training, studio } = this;
    const { run } = studio.draft;
    if (!run?.job) return;
    const turn = ++this.turn;
    try {
      const job = await question(run.job);
      if (turn !== this.turn) return;
      await this.take(job, turn);
    } catch (error) {
      if (turn !== this.turn) return;
      await this.failed(error);
      if (error instanceof ApiError && error.status === 404) {
        studio.change({ run: null });
        training.phase = 'none';
        training.problem = 'The server has forgotten this training. Begin anew.';
      } else if (error instanceof ApiError && error.status === 401) training.phase = 'away';
      else {
        // It goes on there, whether it can be asked or not.
        training.problem = `The server cannot be asked: ${error instanceof Error ? error.message : error}.`;
        this.again(HIDDEN_MS);
      }
    }
    training.tell();
  }

  private async take(job: StudioTraining, turn: number): Promise<void> {
    const { training } = this;
    this.job = job;
    training.saved = job.saved;
    training.losses = job.losses;
    training.problem = job.problem ? `The server stopped: ${job.problem}.` : null;
    const { step, perSecond, secondsLeft, losses } = job;
    const running = job.state === 'training' && perSecond !== null && secondsLeft !== null;
    training.progress = running ? { step, loss: losses.at(-1) ?? 0, perSecond, secondsLeft } : null;
    if (job.state === 'done') return this.fetch(job, turn);
    training.phase = PHASES[job.state];
    if (job.state === 'training') await this.draw(job, turn);
    if (job.state === 'queued' || job.state === 'training')
      this.again(document.visibilityState === 'visible' ? LOOK_MS : HIDDEN_MS);
  }

  private again(ms: number): void {
    this.timer = setTimeout(() => void this.look(), ms);
  }

  private async draw({ id }: StudioTraining, turn: number): Promise<void> {
    if (performance.now() - this.shown < PREVIEW_MS || document.visibilityState !== 'visible') return;
    this.shown = performance.now();
    // There is none in the first seconds.
    const pictures = await previewOfJob(id, PREVIEWS * STAGES.length).catch(() => null);
    if (pictures && turn === this.turn) this.training.pictures = pictures;
  }

  /** Keeps the finished model in this browser; the server has no more use for it then. */
  private async fetch({ id, model, saved }: StudioTraining, turn: number): Promise<void> {
    const bytes = await modelOfJob(id);
    if (turn !== this.turn) return;
    if (bytesToHex(sha256(bytes)) !== model) throw new Error(`its model is another than ${model}`);
    await this.models.keep(bytes);
    this.stop();
    this.training.saved = saved;
    this.training.phase = 'done';
    await forgetJob(id).catch(() => {});
  }
}

const PHASES = { queued: 'queued', training: 'training', paused: 'paused', failed: 'paused' } as const;
