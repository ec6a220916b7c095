/** A process that plays what it is sent, one game at a time: a player of one trick among inhabitants who take lessons. */
import { readFileSync } from 'node:fs';
import { type LivedGame, playLived } from '#server/learning/rehearsal/lived.ts';
import type { LivedJob } from './lived.ts';

process.on('disconnect', () => process.exit(0));
process.on('message', async (job: LivedJob) => {
  try {
    const brains = new Map(job.brains.map(([role, file]) => [role, Uint8Array.from(readFileSync(file))]));
    const result: LivedGame = await playLived(job.trick, brains, job.timetable, job.seed, job.number);
    process.send?.({ result });
  } catch (error) {
    process.send?.({ error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
  }
});
process.send?.({ ready: true });
