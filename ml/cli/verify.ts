import { verifyRun } from '../run/verify.ts';
import { readArguments, UsageError } from './options.ts';

/** `verify brain RUN`: runs segments of a training again. `verify art ASSET`: draws a symbiont again. */
export async function run(args: readonly string[]): Promise<void> {
  if (args[0] === 'art') return (await import('./verifyArt.ts')).run(args);
  const given = readArguments(
    args,
    { segment: 'string', sample: 'string', behavior: 'string', threads: 'string', json: 'boolean' },
    2,
  );
  const [what, directory] = given.positionals;
  if (what !== 'brain') throw new UsageError(`can verify a brain or art, not "${what}"`);
  const segment = given.number('segment', 1, 1e6);
  const sample = given.number('sample', 1, 1e6);
  if (segment !== undefined && sample !== undefined)
    throw new UsageError('takes --segment or --sample, not both');
  const json = given.flag('json');
  const timings: Record<string, number> = {};
  const verified = await verifyRun(directory, {
    behaviorFile: given.text('behavior'),
    segments: segment === undefined ? undefined : [segment],
    sample,
    threads: given.number('threads', 0, 16),
    onSegment: (k, seconds) => {
      timings[k] = seconds;
      if (!json) console.log(`segment ${k}: the same hash after ${seconds.toFixed(1)} s`);
    },
  });
  if (json) console.log(JSON.stringify({ ...verified, seconds: timings }));
  else
    console.log(
      `${verified.brainFile} (${verified.brainId.slice(0, 16)}…): ${verified.segments.length} of ${verified.of} segments verified, root ${verified.root}`,
    );
}
