import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { StudioTraining, TrainingApi, TrainingOrder } from '#shared/protocol/training.ts';
import type { Log } from '../../log.ts';
import { Refusal } from '../../refusal.ts';
import { FILES, type Job, readCheckpoint, readJob, writeJob, writeWhole } from './job.ts';
import { checkPictures } from './pictures.ts';
import { TrainerProcess } from './process.ts';
import { Speeds } from './speeds.ts';
import type { FromTrainer, TrainingProgress } from './task.ts';

export interface TrainingsOptions {
  /** Where jobs lie, a directory each. */
  dir: string;
  /** The art model that creators go on from, and its id. */
  base: { id: string; file: Uint8Array };
  /** Jobs that may wait or be at work at once; 0: none is taken. */
  queue: number;
  minutes: number;
  days: number;
  memoryMb: number;
  /** Milliseconds that a tick of the world takes, the 99th percentile. */
  strain: () => number;
  log: Log;
}

/** Jobs of all creators that are kept here. */
const MOST_JOBS = 200;
const DAY_MS = 86_400_000;
const SWEEP_MS = 3_600_000;
/** Free space below which no job is taken. */
const LEAST_DISK = 128 * 1024 * 1024;

const open = ({ state }: Job): boolean => state === 'queued' || state === 'training';

interface Held {
  job: Job;
  saved: number;
  losses: readonly number[];
  live: TrainingProgress | null;
}

/**
 * Trains creators' models, one at a time, each in a process of its own at the lowest priority. Everything lies on the
 * disk: a server that ends, however it ends, goes on with what was at work, to the same bytes.
 */
export class Trainings {
  private readonly options: TrainingsOptions;
  private readonly held = new Map<string, Held>();
  private readonly speeds: Speeds;
  private working: { id: string | null; process: TrainerProcess } | null = null;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(options: TrainingsOptions) {
    this.options = options;
    this.speeds = new Speeds(join(options.dir, 'speeds.json'));
  }

  /** Reads what is kept, and goes on with it. */
  start(): void {
    const { dir, log } = this.options;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    this.speeds.read();
    for (const name of readdirSync(dir)) {
      if (!/^[0-9a-f]{32}$/.test(name)) continue;
      const job = readJob(join(dir, name));
      // Handed in by half when the server ended.
      if (!job || job.id !== name) rmSync(join(dir, name), { recursive: true, force: true });
      else this.take(job.state === 'training' ? { ...job, state: 'queued' } : job);
    }
    const left = [...this.held.values()].filter(({ job }) => open(job)).length;
    if (left > 0) log(`${left} training${left > 1 ? 's' : ''} of creators to go on with`);
    this.timer = setInterval(() => this.sweep(), SWEEP_MS);
    this.timer.unref();
    this.sweep();
    this.pump();
  }

  /** Ends what is at work; it goes on with the next start. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
    await this.working?.process.kill();
  }

  /** @throws Refusal with nothing changed */
  order(owner: string, order: TrainingOrder): StudioTraining {
    const { dir, base } = this.options;
    this.requireOffered();
    if (order.base !== base.id)
      throw new Refusal(409, 'base', `must be the world’s own model, ${base.id}; load the page anew`);
    const packed = Uint8Array.from(Buffer.from(order.roles, 'base64'));
    checkPictures(packed, order.size);
    const mine = this.mine(owner);
    const busy = mine.find(({ job }) => open(job) || job.state === 'paused');
    if (busy) throw new Refusal(409, 'training', `one of yours is ${busy.job.state} here; delete it first`);
    this.requirePlace();
    if (this.held.size - mine.length >= MOST_JOBS)
      throw new Refusal(503, 'trainings', `${MOST_JOBS} are kept here, which is the limit; try later`);
    const room = statfsSync(dir);
    if (room.bavail * room.bsize < LEAST_DISK)
      throw new Refusal(507, 'disk', 'the server has no room for it; train in the browser');
    const id = randomBytes(16).toString('hex');
    const now = Date.now();
    const { size, pictures, steps, seed, name, licence } = order;
    const job: Job = {
      ...{ id, owner, size, pictures, steps, seed, name, licence },
      ...{ state: 'queued', model: null, problem: null, created: now, queued: now, updated: now },
    };
    const place = join(dir, id);
    try {
      mkdirSync(place, { mode: 0o700 });
      writeWhole(join(place, FILES.roles), packed);
      writeWhole(join(place, FILES.base), base.file);
      writeJob(place, job);
    } catch (error) {
      rmSync(place, { recursive: true, force: true });
      throw error;
    }
    for (const old of mine) this.remove(old.job.id);
    const held = this.take(job);
    this.pump();
    return this.shown(held);
  }

  list(owner: string): TrainingApi['GET /api/studio/trainings'] {
    const waiting = [...this.held.values()].filter(({ job }) => open(job));
    const left = ({ job, saved, live }: Held) => job.steps - (live?.step ?? saved);
    const stepMs = this.speeds.all;
    if (this.options.queue > 0 && !stepMs[64]) this.measure();
    return {
      trainings: this.mine(owner).map((one) => this.shown(one)),
      offered: this.options.queue > 0,
      stepMs,
      waiting: waiting.length,
      waitingSeconds: waiting.reduce((sum, one) => sum + (left(one) * (stepMs[one.job.size] ?? 0)) / 1000, 0),
    };
  }

  /** @throws Refusal 404 for everybody else */
  one(owner: string, id: string): StudioTraining {
    return this.shown(this.find(owner, id));
  }

  /** @throws Refusal */
  pause(owner: string, id: string): StudioTraining {
    const held = this.find(owner, id);
    if (!open(held.job)) throw new Refusal(409, 'training', `is ${held.job.state}`);
    this.change(held, { state: 'paused' });
    if (this.working?.id === id) this.working.process.say({ pause: true });
    return this.shown(held);
  }

  /** @throws Refusal */
  resume(owner: string, id: string): StudioTraining {
    const held = this.find(owner, id);
    const { state } = held.job;
    if (state !== 'paused' && state !== 'failed') throw new Refusal(409, 'training', `is ${state}`);
    this.requireOffered();
    this.requirePlace();
    this.change(held, { state: 'queued', problem: null, queued: Date.now() });
    this.pump();
    return this.shown(held);
  }

  /** Ends it where it is at work, and forgets it and its pictures. @throws Refusal */
  drop(owner: string, id: string): void {
    this.remove(this.find(owner, id).job.id);
  }

  /** What it draws by now, compressed by gzip. @throws Refusal where there is none yet */
  preview(owner: string, id: string): Uint8Array {
    return this.file(owner, id, 'preview', 'draws nothing yet');
  }

  /** @throws Refusal where it is not done */
  model(owner: string, id: string): Uint8Array {
    if (this.find(owner, id).job.state !== 'done') throw new Refusal(404, 'model', 'is not done yet');
    return this.file(owner, id, 'model', 'is not here any more');
  }

  private file(owner: string, id: string, file: 'preview' | 'model', none: string): Uint8Array {
    const { job } = this.find(owner, id);
    try {
      return readFileSync(join(this.options.dir, job.id, FILES[file]));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new Refusal(404, file, none);
    }
  }

  private requireOffered(): void {
    if (this.options.queue === 0)
      throw new Refusal(403, 'training', 'this server trains nothing; the browser does');
  }

  private requirePlace(): void {
    const { queue } = this.options;
    const waiting = [...this.held.values()].filter(({ job }) => open(job)).length;
    if (waiting >= queue)
      throw new Refusal(503, 'queue', `${waiting} wait here, which is the limit; try later`);
  }

  private find(owner: string, id: string): Held {
    const held = this.held.get(id);
    if (held?.job.owner !== owner) throw new Refusal(404, 'id', 'you have no such training here');
    return held;
  }

  private mine(owner: string): Held[] {
    return [...this.held.values()].filter(({ job }) => job.owner === owner);
  }

  private take(job: Job): Held {
    let [saved, losses]: [number, readonly number[]] = [job.state === 'done' ? job.steps : 0, []];
    try {
      const kept = readCheckpoint(join(this.options.dir, job.id));
      if (kept) [saved, losses] = [kept.step, kept.losses];
    } catch {
      // The trainer says so when it goes on.
    }
    const held = { job, saved, losses, live: null };
    this.held.set(job.id, held);
    return held;
  }

  private change(held: Held, part: Partial<Job>): void {
    const job = { ...held.job, ...part, updated: Date.now() };
    writeJob(join(this.options.dir, job.id), job);
    held.job = job;
  }

  private remove(id: string): void {
    this.held.delete(id);
    const clear = () => rmSync(join(this.options.dir, id), { recursive: true, force: true });
    // What is at work writes until it has ended.
    if (this.working?.id === id) void this.working.process.kill().then(clear);
    else clear();
  }

  private sweep(): void {
    const oldest = Date.now() - this.options.days * DAY_MS;
    for (const { job } of [...this.held.values()])
      if (!open(job) && job.updated < oldest) this.remove(job.id);
  }

  /** Begins with whoever waited longest, where nothing is at work. */
  private pump(): void {
    if (this.working || this.stopped || this.options.queue === 0) return;
    const [next] = [...this.held.values()]
      .filter(({ job }) => job.state === 'queued')
      .sort((a, b) => a.job.queued - b.job.queued);
    if (!next) return;
    const { dir, memoryMb, minutes } = this.options;
    next.live = null;
    this.change(next, { state: 'training' });
    const task = { dir: join(dir, next.job.id), memoryMb };
    this.run(next.job.id, new TrainerProcess({ task }, minutes, this.options), (message) =>
      this.hear(next, message),
    );
  }

  /** Finds out what a step takes here, once, before anybody waits for it. */
  private measure(): void {
    if (this.working || this.stopped) return;
    const process = new TrainerProcess({ measure: true }, 1, this.options);
    this.run(null, process, (message) => {
      if ('stepMs' in message) this.speeds.set(message.stepMs);
    });
  }

  private run(id: string | null, process: TrainerProcess, hear: (message: FromTrainer) => void): void {
    this.working = { id, process };
    process.ended
      .then(hear, () => {})
      .finally(() => {
        this.working = null;
        this.pump();
      });
    process.onMessage = hear;
  }

  private hear(held: Held, message: FromTrainer): void {
    // Deleted meanwhile; or the server ends, and what is at work goes on with the next one.
    if (this.held.get(held.job.id) !== held || this.stopped) return;
    const { job } = held;
    if ('progress' in message) {
      held.live = message.progress;
      held.losses = message.progress.losses;
      if (!this.working?.process.held) this.speeds.seen(job.size, 1000 / message.progress.perSecond);
    } else if ('saved' in message) {
      held.saved = message.saved;
      held.losses = message.losses;
    } else if ('ended' in message) this.conclude(held, message.ended.model);
    else if ('failed' in message) {
      held.live = null;
      this.change(held, { state: 'failed', problem: message.failed });
      this.options.log(`training ${job.id.slice(0, 8)}: ${message.failed}`);
    }
  }

  private conclude(held: Held, model: string | null): void {
    held.live = null;
    // Paused at its very end, it is done all the same.
    if (model === null) return;
    held.saved = held.job.steps;
    this.change(held, { state: 'done', model });
    const { dir, log } = this.options;
    // The pictures have been learnt: they are of no more use here.
    for (const file of ['roles', 'checkpoint', 'base', 'preview'] as const)
      rmSync(join(dir, held.job.id, FILES[file]), { force: true });
    log(`training ${held.job.id.slice(0, 8)}: done, model ${model.slice(0, 12)}`);
  }

  private shown({ job, saved, losses, live }: Held): StudioTraining {
    const { id, state, size, pictures, steps, seed, problem, model, created, updated, queued } = job;
    const before = [...this.held.values()].filter(
      ({ job: other }) =>
        other.id !== id &&
        (other.state === 'training' || (other.state === 'queued' && other.queued < queued)),
    );
    const now = state === 'training' ? live : null;
    return {
      ...{ id, state, size, pictures, steps, seed, problem, model, created, saved },
      step: Math.max(saved, now?.step ?? 0),
      losses: [...losses],
      perSecond: now?.perSecond ?? null,
      secondsLeft: now?.secondsLeft ?? null,
      held: state === 'training' && this.working?.id === id && this.working.process.held,
      ahead: state === 'queued' ? before.length : 0,
      until: updated + this.options.days * DAY_MS,
    };
  }
}
