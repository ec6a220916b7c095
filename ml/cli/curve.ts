import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { curveSvg, type Run } from '../curve.ts';
import { writeAtomically } from '../files.ts';
import { readBrain } from '../opponents.ts';
import { METRICS } from '../run/directory.ts';
import { readArguments, UsageError } from './options.ts';

/** Draws finished runs, `DIR,DIR…`, to a PNG or SVG; `DIR+DIR` are one after the other in one picture. */
export async function run(args: readonly string[]): Promise<void> {
  const given = readArguments(args, { out: 'string' }, 1);
  const out = given.text('out') ?? 'docs/learning.png';
  const svg = curveSvg(given.positionals[0].split(',').map(readRuns));
  const bytes = out.endsWith('.svg')
    ? new TextEncoder().encode(svg)
    : new Resvg(svg, { fitTo: { mode: 'zoom', value: 2 } }).render().asPng();
  writeAtomically(out, bytes);
  console.log(out);
}

/** Runs of one role, joined by `+`: each goes on where the one before ended. */
function readRuns(directories: string): Run {
  const runs = directories.split('+').map(readRun);
  let before = 0;
  const points = runs.flatMap((run) => {
    const moved = run.points.map(({ steps, value }) => ({ steps: before + steps, value }));
    before = moved[moved.length - 1]?.steps ?? before;
    return moved;
  });
  return { ...runs[runs.length - 1], points };
}

/** A finished run as its curve. @throws UsageError when the directory holds none */
export function readRun(directory: string): Run {
  let lines: string[];
  let file: string | undefined;
  try {
    lines = readFileSync(path.join(directory, METRICS), 'utf8').trim().split('\n');
    file = readdirSync(directory).find((name) => name.endsWith('.safetensors'));
  } catch (error) {
    throw new UsageError(`${directory}: is no run (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
  if (file === undefined) throw new UsageError(`${directory}: its training is not finished`);
  const { role, provenance } = readBrain(path.join(directory, file)).manifest;
  const evaluation = provenance.evaluation as { [policy: string]: { mean: number } };
  const points = lines
    .map((line) => JSON.parse(line) as { steps: number; smoothReturn: number | null })
    .flatMap(({ steps, smoothReturn }) => (smoothReturn === null ? [] : [{ steps, value: smoothReturn }]));
  const levels = ['scripted', 'random'].map((name) => ({ name, value: evaluation[name].mean }));
  return { title: role, points, levels };
}
