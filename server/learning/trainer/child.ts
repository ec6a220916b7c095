/**
 * The trainer's process: started by the teacher, at the lowest priority, with a bound on its memory. It ends with the
 * server that started it. The lesson itself runs in a thread, which stands still while the world needs the processor.
 */
import { constants, setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { FromTrainer, ToTrainer } from './task.ts';

const LOOK_MS = 1000;

try {
  setPriority(constants.priority.PRIORITY_LOW);
} catch {
  // A system that gives no priorities: the pauses are left.
}
const flag = new Int32Array(new SharedArrayBuffer(4));
const tell = (message: FromTrainer): void => void process.send?.(message);

function fail(problem: string): void {
  tell({ failed: problem });
  setTimeout(() => process.exit(1), 100);
}

function begin(task: (ToTrainer & { task: unknown })['task'], memoryMb: number): void {
  const worker = new Worker(new URL('./worker.mjs', import.meta.url), {
    workerData: { task, flag },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  worker.on('message', (message: FromTrainer) => {
    tell(message);
    if ('result' in message) setTimeout(() => process.exit(0), 100);
  });
  worker.on('error', (error) =>
    fail(error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
  );
  setInterval(() => {
    const mb = process.memoryUsage.rss() / 1024 / 1024;
    if (mb > memoryMb) fail(`memory: ${Math.round(mb)} MB, at most ${memoryMb}`);
  }, LOOK_MS);
}

process.on('disconnect', () => process.exit(1));
process.on('message', (message: ToTrainer) => {
  if ('task' in message) begin(message.task, message.task.memoryMb);
  else {
    Atomics.store(flag, 0, message.pause ? 1 : 0);
    Atomics.notify(flag, 0);
  }
});
