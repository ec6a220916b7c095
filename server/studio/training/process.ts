import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../config.ts';
import { reason } from '../../log.ts';
import { mustWait } from '../../zone/loop.ts';
import type { FromTrainer, ToTrainer } from './task.ts';

const LOOK_MS = 1000;
/** A world that is always slow holds it most of the time, but not for ever: so long, and then not for so long. */
const MOST_HELD_MS = 10_000;
const LEAST_FREE_MS = 3_000;

export interface ProcessOptions {
  memoryMb: number;
  strain: () => number;
}

/** A trainer's process from its start to its end. */
export class TrainerProcess {
  onMessage: (message: FromTrainer) => void = () => {};
  /** It stands still: the world needs the processor. */
  held = false;
  /** Its last word: `ended`, `stepMs` or `failed`, whatever became of it. Rejects where it was killed by `kill`. */
  readonly ended: Promise<FromTrainer>;
  private readonly child: ChildProcess;
  private readonly gone: Promise<void>;
  private killed = false;

  /** @param minutes after which it is given up */
  constructor(order: ToTrainer, minutes: number, { memoryMb, strain }: ProcessOptions) {
    const child = fork(join(import.meta.dirname, 'child.ts'), [], {
      cwd: ROOT,
      execArgv: ['--import', 'tsx', `--max-old-space-size=${memoryMb}`],
      env: { PATH: process.env.PATH, NODE_ENV: process.env.NODE_ENV },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    this.child = child;
    let printed = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-2000);
    });
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, minutes * 60_000);
    let since = -LEAST_FREE_MS;
    const watch = setInterval(() => {
      const slow = mustWait(strain(), this.held);
      const lasted = performance.now() - since;
      const hold = slow && (this.held ? lasted < MOST_HELD_MS : lasted >= LEAST_FREE_MS);
      if (hold === this.held) return;
      this.held = hold;
      since = performance.now();
      this.say({ hold });
    }, LOOK_MS);
    let last: FromTrainer | null = null;
    child.on('message', (message: FromTrainer) => {
      if ('progress' in message || 'saved' in message) this.onMessage(message);
      else last = message;
    });
    const code = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(reason(error)));
      child.once('exit', (code, signal) => resolve(`${signal ?? code}`));
    }).finally(() => {
      clearInterval(watch);
      clearTimeout(limit);
    });
    this.gone = code.then(() => {});
    this.ended = code.then((told) => {
      if (last) return last;
      if (this.killed) throw new Error('was ended');
      const line = printed.trim().split('\n').at(-1);
      if (late) return { failed: `took longer than ${minutes} minutes` };
      return { failed: `the trainer ended with ${told}${line ? `: ${line}` : ''}` };
    });
    this.ended.catch(() => {});
    this.say(order);
  }

  say(message: ToTrainer): void {
    if (this.child.connected) this.child.send(message, () => {});
  }

  /** @returns when it is gone */
  kill(): Promise<void> {
    this.killed = true;
    this.child.kill('SIGKILL');
    return this.gone;
  }
}
