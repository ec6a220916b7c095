import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createKernel } from '#shared/brain/index.ts';
import { type Behavior, readBehavior } from '../behavior.ts';
import type { Evaluation } from '../evaluate.ts';
import { evaluateParallel } from '../evaluateParallel.ts';
import { readBrain, resolveOpponents, ZEROED } from '../opponents.ts';
import { MANNERS } from '../scripted/players/index.ts';
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
      habits: 'string',
      players: 'string',
      alone: 'boolean',
      json: 'boolean',
    },
    1,
  );
  const [name] = given.positionals;
  const scripted = name === 'scripted' || name === 'random' || name === 'teacher';
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
  const habits = given.text('habits');
  if (habits !== undefined && habits !== 'zeroed')
    throw new UsageError(`--habits: must be "zeroed", is "${habits}"`);
  const players = given.text('players');
  if (players !== undefined) {
    await byManner(chosen, name, mannersOf(players), episodes);
    return;
  }
  const { ids } = resolveOpponents(chosen, kernel);
  const names = habits
    ? [name, `${ZEROED}${name}`]
    : given.flag('alone')
      ? [name]
      : [...new Set([name, 'scripted', 'random'])];
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

function mannersOf(text: string): string[] {
  const names = text === 'each' ? [...MANNERS.keys()] : text.split(',');
  for (const name of names)
    if (!MANNERS.has(name))
      throw new UsageError(`--players: "${name}" is none of each, ${[...MANNERS.keys()].join(', ')}`);
  return names;
}

/** The ablation: against players who all have one manner, a policy as it is beside itself with the habits hidden. */
async function byManner(
  behavior: Behavior,
  name: string,
  manners: readonly string[],
  episodes: number,
): Promise<void> {
  console.log(
    `${behavior.role}, ${episodes} episodes against players of one manner; return and 95 % interval`,
  );
  console.log('| players | as it is | habits zeroed | scripted |\n|---|---|---|---|');
  for (const manner of manners) {
    const chosen = {
      ...behavior,
      folder: '.',
      opponents: behavior.opponents.map((group) =>
        group.role === 'wanderer' ? { ...group, mix: [{ policy: `scripted:${manner}`, weight: 1 }] } : group,
      ),
    };
    const cells: string[] = [];
    for (const policy of [name, `${ZEROED}${name}`, 'scripted']) {
      const { meanReturn, low, high } = await evaluateParallel(chosen, policy, episodes);
      cells.push(`${meanReturn.toFixed(2)} (${low.toFixed(2)} … ${high.toFixed(2)})`);
    }
    console.log(`| ${manner} | ${cells.join(' | ')} |`);
  }
}
