/** A thread that plays some of an evaluation's episodes; everything it needs comes as names and numbers. */
import { parentPort, workerData } from 'node:worker_threads';
import { createKernel } from '#shared/brain/index.ts';
import { loadTerrain } from './env/terrain.ts';
import { type EvalTask, playTask } from './evaluateParallel.ts';

const task = workerData as EvalTask;
const kernel = await createKernel();
const played = playTask(task, kernel, loadTerrain(), (more) => parentPort?.postMessage({ more }));
parentPort?.postMessage({ played });
