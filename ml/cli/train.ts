import { type Progress, train } from '../train.ts';
import { readArguments, UsageError } from './options.ts';
import { duration, evaluationTable } from './table.ts';

/** Milliseconds between lines where the output is no terminal. */
const LINE_EVERY = 5000;

export async function run(args: readonly string[]): Promise<void> {
  const given = readArguments(
    args,
    {
      minutes: 'string',
      steps: 'string',
      out: 'string',
      resume: 'boolean',
      export: 'string',
      episodes: 'string',
      'checkpoint-every': 'string',
      parent: 'string',
      'kl-anchor': 'string',
      critic: 'string',
      engine: 'string',
      threads: 'string',
      data: 'string',
    },
    1,
  );
  let stop = false;
  const onSignal = () => {
    if (stop) process.exit(130);
    stop = true;
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const show = progressLine();
  const every = given.number('checkpoint-every', 0, 3600, false);
  const result = await train(
    {
      behaviorFile: given.positionals[0],
      minutes: given.number('minutes', 0.01, 10_000, false),
      steps: given.number('steps', 1, 1e10),
      out: given.text('out'),
      resume: given.flag('resume'),
      exportTo: given.text('export'),
      episodes: given.number('episodes', 2, 100_000),
      parent: given.text('parent'),
      klAnchor: given.number('kl-anchor', 0, 100, false),
      critic: oneOf('critic', given.text('critic'), ['own', 'central'] as const),
      engine: oneOf('engine', given.text('engine'), ['kernel', 'tfjs'] as const),
      threads: given.number('threads', 0, 16),
      data: given.text('data'),
      checkpointEvery: every === undefined ? undefined : every * 1000,
    },
    {
      onStart: (directory, resumedAt) =>
        console.log(
          `${directory}${resumedAt > 0 ? `: resumed at ${resumedAt.toLocaleString('en')} steps` : ''}`,
        ),
      onIteration: show,
      onEvaluate: () => console.log(`${process.stdout.isTTY ? '\n' : ''}evaluating the integer network …`),
      shouldStop: () => stop,
    },
  );
  const trained = `${result.steps.toLocaleString('en')} steps in ${duration(result.seconds)}`;
  if (!result.finished) {
    console.log(`\nstopped after ${trained}; --resume continues in ${result.directory}`);
    process.exitCode = 130;
    return;
  }
  console.log(evaluationTable(result.evaluations ?? []));
  console.log(`${result.brainFile}: ${trained}`);
}

function oneOf<T extends string>(
  name: string,
  value: string | undefined,
  known: readonly T[],
): T | undefined {
  if (value === undefined || (known as readonly string[]).includes(value)) return value as T | undefined;
  throw new UsageError(`--${name}: must be ${known.join(' or ')}, is "${value}"`);
}

/** One line that is written over on a terminal, else a line now and then. */
export function progressLine(): (progress: Progress) => void {
  let last = -Infinity;
  return ({ metrics, totalSteps, stepsPerSecond, secondsLeft, smoothReturn }) => {
    const now = performance.now();
    const tty = process.stdout.isTTY;
    if (!tty && now - last < LINE_EVERY && metrics.steps < totalSteps) return;
    last = now;
    const text = [
      `step ${metrics.steps.toLocaleString('en')}/${totalSteps.toLocaleString('en')}`,
      `${Math.round(stepsPerSecond).toLocaleString('en')} steps/s`,
      `return ${smoothReturn === null ? '…' : smoothReturn.toFixed(2)}`,
      `entropy ${metrics.entropy.toFixed(2)}`,
      `kl ${metrics.approxKl.toFixed(4)}`,
      `left ${duration(secondsLeft)}`,
    ].join('  ');
    if (tty) process.stdout.write(`\r\x1b[2K${text.slice(0, process.stdout.columns - 1)}`);
    else console.log(text);
  };
}
