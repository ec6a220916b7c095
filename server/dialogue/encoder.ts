import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { type Log, reason } from '../log.ts';
import { byKeywords } from './keywords.ts';
import { isGerman } from './language.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './messages.ts';
import type { Understanding, Understood } from './understanding.ts';

/** Sentences that may wait at once; whoever comes later is told to say it again. */
export const MOST_WAITING = 256;
/** How long one sentence may take before its keywords must do, and before the thread counts as stuck. */
const SENTENCE_MS = 1000;
const STUCK_MS = 10_000;
/** A model from a hub may have to be fetched first. */
const LOAD_MS = 120_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;

/** Too many sentences wait. */
export class QueueFull extends Error {
  override name = 'QueueFull';
}

interface Waiting {
  sentence: string;
  timer: NodeJS.Timeout;
  resolve: (understood: Understood) => void;
}

/**
 * The encoder in its thread. When the thread dies it is started again; what waited, and what is said meanwhile, is
 * understood by keywords, so that an answer never depends on it.
 */
export class Encoder implements Understanding {
  readonly name: string;
  readonly model: string;
  private readonly settings: WorkerSettings;
  private readonly log: Log;
  private readonly waiting = new Map<number, Waiting>();
  private worker: Worker | null = null;
  private up = false;
  private next = 1;
  private pauseMs = FIRST_PAUSE_MS;
  private restart: NodeJS.Timeout | null = null;
  private lastAnswer = 0;
  /** Since when sentences were given up without any answer in between. */
  private unanswered: number | null = null;
  private readonly watch: NodeJS.Timeout;
  private closed = false;

  private constructor(name: string, model: string, settings: WorkerSettings, log: Log) {
    this.name = name;
    this.model = model;
    this.settings = settings;
    this.log = log;
    this.watch = setInterval(() => this.endStuck(), STUCK_MS / 4);
    this.watch.unref();
  }

  /** @throws Error as the runtime says it, when the encoder cannot be loaded */
  static async open(name: string, settings: WorkerSettings, log: Log): Promise<Encoder> {
    const encoder = new Encoder(name, fingerprint(settings), settings, log);
    try {
      await encoder.start();
    } catch (error) {
      await encoder.close();
      throw error;
    }
    return encoder;
  }

  /** Whether the thread is there; without it keywords serve. */
  get running(): boolean {
    return this.up;
  }

  /** The thread itself, for tests that end it. */
  get thread(): Worker | null {
    return this.worker;
  }

  /** @throws QueueFull when too many wait */
  async understand(sentence: string): Promise<Understood> {
    if (!this.up) return plainly(sentence);
    if (this.waiting.size >= MOST_WAITING)
      throw new QueueFull(`sentences: ${this.waiting.size} wait, at most ${MOST_WAITING}`);
    const id = this.next++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.giveUp(id), SENTENCE_MS);
      this.waiting.set(id, { sentence, timer, resolve });
      this.worker?.postMessage({ id, sentence } satisfies ToWorker);
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.watch);
    if (this.restart) clearTimeout(this.restart);
    const { worker } = this;
    this.down();
    await worker?.terminate();
  }

  private start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./worker.mjs', import.meta.url), {
        workerData: this.settings,
        execArgv: [],
      });
      // A model that is still being fetched keeps no stopping server waiting.
      worker.unref();
      this.worker = worker;
      const timer = setTimeout(() => {
        reject(new Error(`encoder: was not loaded within ${LOAD_MS / 1000} s`));
        void worker.terminate();
      }, LOAD_MS);
      worker.on('message', (message: FromWorker) => {
        if ('ready' in message) {
          clearTimeout(timer);
          this.up = true;
          this.pauseMs = FIRST_PAUSE_MS;
          this.lastAnswer = performance.now();
          resolve();
        } else this.receive(message);
      });
      worker.on('error', (error) => reject(error));
      worker.on('exit', (code) => {
        clearTimeout(timer);
        reject(new Error(`encoder: its thread ended with ${code}`));
        if (this.worker !== worker) return;
        const served = this.up;
        this.down();
        if (served && !this.closed) this.log(`the encoder's thread ended with ${code}; it is started again`);
        if (served) this.startLater();
      });
    });
  }

  private startLater(): void {
    if (this.closed) return;
    this.restart = setTimeout(() => {
      this.restart = null;
      if (this.closed) return;
      this.start().then(
        () => this.log('the encoder is back'),
        (error) => {
          this.log(`encoder: ${reason(error)}`);
          this.startLater();
        },
      );
    }, this.pauseMs);
    this.restart.unref();
    this.pauseMs = Math.min(LONGEST_PAUSE_MS, this.pauseMs * 2);
  }

  private receive(message: Exclude<FromWorker, { ready: true }>): void {
    this.lastAnswer = performance.now();
    const waiting = this.waiting.get(message.id);
    if (!waiting) return;
    this.waiting.delete(message.id);
    clearTimeout(waiting.timer);
    if ('understood' in message) waiting.resolve(message.understood);
    else {
      this.log(`encoder: ${message.failed}`);
      waiting.resolve(plainly(waiting.sentence));
    }
  }

  private giveUp(id: number): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    waiting?.resolve(plainly(waiting.sentence));
    this.unanswered ??= performance.now();
  }

  private endStuck(): void {
    if (this.unanswered === null || !this.up) return;
    if (this.lastAnswer > this.unanswered) this.unanswered = null;
    else if (performance.now() - this.unanswered > STUCK_MS) {
      this.unanswered = null;
      this.log('the encoder does not answer; its thread is ended');
      void this.worker?.terminate();
    }
  }

  private down(): void {
    this.up = false;
    this.worker = null;
    for (const { timer, resolve, sentence } of this.waiting.values()) {
      clearTimeout(timer);
      resolve(plainly(sentence));
    }
    this.waiting.clear();
  }
}

function plainly(sentence: string): Understood {
  return { ...byKeywords(sentence), embedding: null, german: isGerman(sentence) };
}

/** What embeddings of this encoder are known by: two that differ are never compared. */
function fingerprint({ model, local }: WorkerSettings): string {
  const file = join(model, 'onnx', 'model_quantized.onnx');
  if (!local || !existsSync(file)) return model.slice(0, 64);
  return bytesToHex(sha256(readFileSync(file))).slice(0, 16);
}
