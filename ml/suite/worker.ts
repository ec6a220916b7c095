/** A thread that plays what it is sent, one job at a time. */
import { parentPort } from 'node:worker_threads';
import { createKernelSync } from '#shared/brain/index.ts';
import { type Job, playJob } from './jobs.ts';

const port = parentPort;
if (!port) throw new Error('suite: this file runs in a thread');
const kernel = createKernelSync();
port.on('message', (job: Job) => {
  try {
    port.postMessage({ result: playJob(job, kernel) });
  } catch (error) {
    port.postMessage({ error });
  }
});
port.postMessage({ ready: true });
