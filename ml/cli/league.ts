import path from 'node:path';
import { runLeague } from '../league/league.ts';
import { readArguments } from './options.ts';
import { progressLine } from './train.ts';

export async function run(args: readonly string[]): Promise<void> {
  const given = readArguments(args, { out: 'string', export: 'string', threads: 'string' }, 1);
  const [file] = given.positionals;
  let stop = false;
  const onSignal = () => {
    if (stop) process.exit(130);
    stop = true;
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const begun = performance.now();
  const directory = given.text('out') ?? path.join('runs', path.basename(file).replace(/\.ya?ml$/, ''));
  const finished = await runLeague(
    { file, directory, exportTo: given.text('export'), threads: given.number('threads', 0, 16) },
    {
      onTurn(turn, standings) {
        console.log(`\n${turn}${standings.length > 0 ? ', worst first:' : ''}`);
        for (const { name, score } of [...standings].sort((a, b) => a.score - b.score).slice(0, 6))
          console.log(`  ${score.toFixed(2).padStart(7)} against ${name}`);
      },
      onIteration: progressLine(),
      shouldStop: () => stop,
    },
  );
  if (!finished) {
    console.log('\nstopped; the same command goes on from here');
    process.exitCode = 130;
    return;
  }
  console.log(`\n${directory}: all turns are over, ${((performance.now() - begun) / 60_000).toFixed(1)} min`);
}
