/** A thread that plays some of the worlds of a training. */
import { parentPort, workerData } from 'node:worker_threads';
import { createKernel } from '#shared/brain/index.ts';
import type { FromWorker, ToWorker, WorkerSetup } from './collector.ts';
import { Shard } from './shard.ts';

const { behavior, range, arrays } = workerData as WorkerSetup;
const shard = new Shard(behavior, range, arrays, await createKernel());
const answer = (message: FromWorker) => parentPort?.postMessage(message);
answer({ ids: shard.opponentIds, state: shard.env.save() });
parentPort?.on('message', (message: ToWorker) => {
  if ('state' in message) shard.env.load(message.state);
  else {
    const counts = shard.collect(message.job);
    answer({ counts, state: shard.env.save() });
  }
});
