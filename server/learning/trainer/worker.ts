import { parentPort, workerData } from 'node:worker_threads';
import { holdLesson } from './lesson.ts';
import type { FromTrainer, LessonTask } from './task.ts';

const { task, flag } = workerData as { task: LessonTask; flag: Int32Array };
const tell = (message: FromTrainer): void => parentPort?.postMessage(message);
const TELL_MS = 500;
let told = 0;

const result = await holdLesson(task, {
  onStage: (stage, done) => {
    // Stands still while it is told to.
    Atomics.wait(flag, 0, 1);
    const now = performance.now();
    if (now - told < TELL_MS) return;
    told = now;
    tell({ stage, done });
  },
});
tell({ result });
