import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createKernel } from '#shared/brain/index.ts';
import { readBehavior } from '../behavior.ts';
import type { Evaluation } from '../evaluate.ts';
import { evaluateParallel } from '../evaluateParallel.ts';
import { readBrain, resolveOpponents } from '../opponents.ts';
import { readArguments, UsageError } from './options.ts';
import { duration, evaluationTable } from './table.ts';

export async function run(args: readonly string[]): Promise<void> {
  if (args.includes('--suite')) return (await import('./suite.ts')).run(args);
  const given = readArguments(
    args,
    {
      role: 'string',
      behavior: 'string',
      episodes: 'string',
      against: 'string',
      alone: 'boolean',
      json: 'boolean',
    },
    1,
  );
  const [name] = given.positionals;
  const scripted = name === 'scripted' || name === 'random';
  const role = given.text('role') ?? (scripted ? undefined : readBrain(name).manifest.role);
  if (role === undefined) throw new UsageError(`--role: is needed to evaluate "${name}"`);
  if (!scripted && readBrain(name).manifest.role !== role)
    throw new UsageError(`--role: ${name} is a ${readBrain(name).manifest.role}, not a ${role}`);
  const standard = fileURLToPath(new URL(`../behaviors/${role}.yaml`, import.meta.url));
  const file = given.text('behavior') ?? standard;
  if (!existsSync(file)) throw new UsageError(`--behavior: there is none for role "${role}"; name a file`);
  const episodes = given.number('episodes', 2, 100_000) ?? 1000;
  const behavior = readBehavior(file);
  if (behavior.role !== role)
    throw new UsageError(`--behavior: ${file} is of a ${behavior.role}, not a ${role}`);

  const kernel = await createKernel();
  const against = given.text('against');
  const chosen =
    against === undefined
      ? behavior
      : {
          ...behavior,
          folder: '.',
          opponents: behavior.opponents.map((group) =>
            group.role === 'wanderer' ? group : { ...group, mix: [{ policy: against, weight: 1 }] },
          ),
        };
  const { ids } = resolveOpponents(chosen, kernel);
  const names = given.flag('alone') ? [name] : [...new Set([name, 'scripted', 'random'])];
  const begin = performance.now();
  const evaluations: Evaluation[] = [];
  for (const policy of names)
    evaluations.push(
      await evaluateParallel(chosen, policy, episodes, (done) => {
        if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${policy}: ${done}/${episodes}`);
      }),
    );
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
  const seconds = (performance.now() - begin) / 1000;
  if (given.flag('json')) {
    for (const evaluation of evaluations)
      console.log(JSON.stringify({ role, behavior: behavior.hash, opponents: ids, ...evaluation }));
    return;
  }
  console.log(`${role}, ${episodes} episodes of ${behavior.eval.episode} ticks against ${ids.join(', ')}`);
  console.log(evaluationTable(evaluations));
  console.log(`${duration(seconds)} for ${names.length} × ${episodes} episodes`);
}
