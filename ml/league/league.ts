import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { mix32 } from '#shared/brain/decide.ts';
import { createKernel, type Kernel } from '#shared/brain/index.ts';
import { type Behavior, parseBehavior } from '../behavior.ts';
import { loadTerrain } from '../env/terrain.ts';
import { evaluate } from '../evaluate.ts';
import { writeAtomically } from '../files.ts';
import { readBrain, resolveOpponents, resolvePolicy } from '../opponents.ts';
import { CheckpointError } from '../run/checkpoint.ts';
import { CHECKPOINT, makeDirectory } from '../run/directory.ts';
import { lockDirectory } from '../run/lock.ts';
import { type Listener, train } from '../train.ts';
import { type LeaguePlan, readLeague } from './plan.ts';
import { prioritize, type Standing } from './prioritize.ts';

export interface LeagueOptions {
  readonly file: string;
  /** The league's folder; a league that stopped goes on there. */
  readonly directory: string;
  /** Where the last brain of every role, its behaviour and its opponents are copied to at the end. */
  readonly exportTo?: string;
  readonly threads?: number;
}

export interface LeagueListener extends Listener {
  onTurn?(turn: string, standings: readonly Standing[]): void;
}

const STATE = 'league.json';
const stateSchema = z.strictObject({
  format: z.literal(1),
  league: z.string(),
  /** Turns that are over, `ROLE-GENERATION`, in their order; each left `ROLE-GENERATION.safetensors` and `.yaml`. */
  done: z.array(z.string()),
});

/** Ticks of a trial's episodes: the first minute of acquaintance counts as much as later ones. */
const TRIAL = { episode: 1200, warmup: 1200 };

/**
 * Self-play in a league: generation by generation each role learns against past selves of the others and scripted habits,
 * the more often the worse it does against them (`prioritize`). A function of its files and seed alone; it goes on where it
 * stopped, also after a kill.
 * @throws CheckpointError when the folder is of another league
 * @returns whether all turns are over
 */
export async function runLeague(options: LeagueOptions, listener: LeagueListener = {}): Promise<boolean> {
  const plan = readLeague(options.file);
  const { directory } = options;
  makeDirectory(directory);
  const unlock = lockDirectory(directory);
  try {
    const done = readState(directory, plan);
    const kernel = await createKernel();
    for (let generation = 0; generation < plan.generations; generation++)
      for (const { role } of plan.roles) {
        const turn = `${role}-${generation}`;
        if (done.includes(turn)) continue;
        if (!(await takeTurn(plan, directory, kernel, role, generation, done, options, listener)))
          return false;
        done.push(turn);
        writeState(directory, plan, done);
      }
    if (options.exportTo) exportBrains(plan, directory, options.exportTo);
    return true;
  } finally {
    unlock();
  }
}

function readState(directory: string, plan: LeaguePlan): string[] {
  const file = path.join(directory, STATE);
  if (!existsSync(file)) return [];
  const parsed = stateSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new CheckpointError(`${file}: ${parsed.error.issues[0].message}`);
  if (parsed.data.league !== plan.hash)
    throw new CheckpointError(`${file}: is of another league, or its behaviours were changed since`);
  return parsed.data.done;
}

function writeState(directory: string, plan: LeaguePlan, done: readonly string[]): void {
  const text = JSON.stringify({ format: 1, league: plan.hash, done });
  writeAtomically(path.join(directory, STATE), new TextEncoder().encode(text));
}

/** One role's training in one generation. @returns whether it went to its end */
async function takeTurn(
  plan: LeaguePlan,
  directory: string,
  kernel: Kernel,
  role: string,
  generation: number,
  done: readonly string[],
  options: LeagueOptions,
  listener: LeagueListener,
): Promise<boolean> {
  const turn = `${role}-${generation}`;
  const file = path.join(directory, `${turn}.yaml`);
  if (!existsSync(file)) {
    const { text, standings } = behaviorOf(plan, directory, kernel, role, generation, done);
    writeAtomically(file, new TextEncoder().encode(text));
    listener.onTurn?.(turn, standings);
  } else listener.onTurn?.(turn, []);
  const run = path.join(directory, 'runs', turn);
  const brain = path.join(directory, `${turn}.safetensors`);
  const result = await train(
    {
      behaviorFile: file,
      out: run,
      resume: existsSync(path.join(run, CHECKPOINT)),
      exportTo: brain,
      episodes: 10,
      threads: options.threads,
    },
    listener,
  );
  return result.finished;
}

/** A weight as a file holds it: three digits, never nothing. */
const round = (weight: number): number => Math.max(1, Math.round(weight * 1000)) / 1000;

/** The behaviour of a turn: the role's own, with opponents drawn from the pool. */
function behaviorOf(
  plan: LeaguePlan,
  directory: string,
  kernel: Kernel,
  role: string,
  generation: number,
  done: readonly string[],
): { text: string; standings: Standing[] } {
  const taken = plan.roles.find((r) => r.role === role) as LeaguePlan['roles'][number];
  const base = taken.behavior;
  const { hash: _hash, folder: _folder, ...fields } = base;
  const current = generation > 0 ? `${role}-${generation - 1}.safetensors` : 'scripted';
  const all: Standing[] = [];
  const mixOf = (group: number, names: readonly string[]) => {
    const standings = names.map((name) => ({
      name,
      score: trial(plan, base, directory, kernel, current, group, name),
    }));
    all.push(...standings);
    const shares = prioritize(standings);
    return names.map((policy, k) => ({ policy, weight: round(shares[k]) }));
  };
  const opponents = base.opponents.flatMap((group, g) => {
    if (group.role === 'wanderer') {
      // Of players with one manner those are met more often whom this role does badly against; the crowd stays as it is.
      if (generation === 0 || group.mix.some(({ policy }) => !policy.startsWith('scripted:'))) return [group];
      const names = group.mix.map(({ policy }) => policy);
      const shares = mixOf(g, names);
      const mix = group.mix.map(({ policy, weight }, k) => ({
        policy,
        weight: round(weight * shares[k].weight),
      }));
      return [{ ...group, mix }];
    }
    const pool = done.filter((turn) => turn.startsWith(`${group.role}-`)).slice(-plan.pool);
    if (pool.length === 0) return [group];
    const mix = mixOf(
      g,
      pool.map((turn) => `${turn}.safetensors`),
    );
    const total = mix.reduce((sum, { weight }) => sum + weight, 0);
    const share = plan.scripted / (1 - Math.min(0.99, plan.scripted));
    const scripted = { policy: 'scripted', weight: round(total * share) };
    return [{ ...group, mix: [scripted, ...mix] }];
  });
  const steps = plan.steps[Math.min(generation, plan.steps.length - 1)];
  const text = stringify({
    ...fields,
    ...(generation > 0 ? { parent: current } : {}),
    seed: mix32(plan.seed * 64 + generation * 8 + plan.roles.findIndex((r) => r.role === role)),
    steps,
    opponents,
    imitation: { steps: generation > 0 ? 0 : Math.min(fields.imitation.steps, steps) },
    ppo: { ...fields.ppo, klAnchor: generation > 0 ? taken.klAnchor : 0 },
  });
  parseBehavior(text, `${role}-${generation}`, directory);
  return { text, standings: all };
}

/** The mean return of a role's policy in a few episodes in which one group of opponents is all of one kind. */
function trial(
  plan: LeaguePlan,
  base: Behavior,
  directory: string,
  kernel: Kernel,
  policy: string,
  group: number,
  against: string,
): number {
  const behavior: Behavior = {
    ...base,
    folder: directory,
    eval: { seed: mix32(plan.seed ^ 0x7e57), ...TRIAL },
    opponents: base.opponents.map((g, k) =>
      k === group
        ? { ...g, mix: [{ policy: against, weight: 1 }] }
        : { ...g, mix: [{ policy: 'scripted', weight: 1 }] },
    ),
  };
  const { opponents } = resolveOpponents(behavior, kernel);
  const judged = resolvePolicy(policy, base.role, directory, kernel).policy;
  return evaluate(behavior, judged, opponents, loadTerrain(), plan.trials).meanReturn;
}

/** Copies each role's last brain to `to/ROLE.safetensors`; what it was trained by and against to `to/league/`. */
function exportBrains(plan: LeaguePlan, directory: string, to: string): void {
  makeDirectory(path.join(to, 'league'));
  for (const { role } of plan.roles) {
    for (let generation = 0; generation < plan.generations; generation++)
      for (const end of ['yaml', 'safetensors']) {
        const name = `${role}-${generation}.${end}`;
        copyFileSync(path.join(directory, name), path.join(to, 'league', name));
      }
    const last = path.join(directory, `${role}-${plan.generations - 1}.safetensors`);
    readBrain(last);
    copyFileSync(last, path.join(to, `${role}.safetensors`));
  }
}
