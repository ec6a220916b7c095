import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ArtError, type ArtModel, loadArtModel } from '#shared/art/index.ts';
import { loadQuickArtSync } from '#shared/art/quick.ts';
import { companionSprites } from '../art/companions/index.ts';
import { drawSheet, SHEET_MODES } from '../art/drawSheet.ts';
import type { TrainerOptions } from '../art/finetune.ts';
import { spritesIn } from '../art/pictures.ts';
import { trainArt } from '../art/train.ts';
import { startBackend } from '../net/backend.ts';
import { type Arguments, readArguments, UsageError } from './options.ts';

const WORLD = new URL('../../assets/art/companion.safetensors', import.meta.url);
const COMMON = {
  steps: 'string',
  batch: 'string',
  seed: 'string',
  until: 'string',
  out: 'string',
  export: 'string',
} as const;

/** `art train | finetune FOLDER | sheet`: the world's model, a creator's, and pictures of either. */
export async function run(args: readonly string[]): Promise<void> {
  const [what, ...rest] = args;
  if (what === 'train') return train(rest);
  if (what === 'finetune') return finetune(rest);
  if (what === 'sheet') return sheet(rest);
  throw new UsageError(`art: must be train, finetune or sheet, is "${what ?? ''}"`);
}

/** The world's model from nothing, on the companions' strips. */
async function train(args: readonly string[]): Promise<void> {
  const given = readArguments(args, { ...COMMON, resume: 'boolean' }, 0);
  const seed = given.number('seed', 0, 0xffffffff) ?? 1;
  const options: TrainerOptions = {
    size: 32,
    seed,
    steps: given.number('steps', 1, 1_000_000) ?? 22_000,
    batch: given.number('batch', 1, 128) ?? 32,
    sprites: companionSprites(7),
    style: 'companion',
    rules: 3,
    name: 'companion',
  };
  await trained(given, options, given.text('out') ?? 'runs/art', { made: 'symbiont art train' });
}

/** A creator's model from a folder of pictures, from the weights of another. */
async function finetune(args: readonly string[]): Promise<void> {
  const given = readArguments(
    args,
    { ...COMMON, resume: 'boolean', size: 'string', base: 'string', name: 'string', licence: 'string' },
    1,
  );
  const [folder] = given.positionals;
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new UsageError(`FOLDER: must be a folder of PNG or SVG files, is "${folder}"`);
  const size = given.number('size', 32, 64) ?? 32;
  if (size !== 32 && size !== 64) throw new UsageError(`--size: must be 32 or 64, is "${size}"`);
  const licence = given.text('licence');
  if (!licence) throw new UsageError('--licence: must say under which licence the pictures are, such as CC0');
  const from = given.text('base') ?? (size === 32 ? WORLD : undefined);
  if (from !== undefined && !existsSync(from)) throw new UsageError(`--base: ${from} does not exist`);
  const options: TrainerOptions = {
    size,
    sprites: spritesIn(folder, size),
    base: from === undefined ? undefined : new Uint8Array(readFileSync(from)),
    seed: given.number('seed', 0, 0xffffffff) ?? 1,
    steps: given.number('steps', 1, 1_000_000) ?? 2000,
    batch: given.number('batch', 1, 128) ?? 16,
    style: 'whole',
    name: given.text('name') ?? 'collection',
  };
  await trained(given, options, given.text('out') ?? 'runs/art-finetune', { licence });
}

async function trained(
  given: Arguments,
  options: TrainerOptions,
  out: string,
  extra: Record<string, string>,
): Promise<void> {
  await startBackend();
  const resume = given.flag('resume');
  if (!resume && existsSync(join(out, 'checkpoint.bin')))
    throw new UsageError(`--out: ${out} holds a run; go on with --resume or name another folder`);
  const file = await trainArt({
    options,
    out,
    resume,
    extra,
    until: given.number('until', 1, 1_000_000),
    say: console.log,
  });
  const target = given.text('export') ?? join(out, 'model.safetensors');
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, file);
  console.log(`${target}: ${file.length} bytes, model ${loadArtModel(file).id}`);
}

/** A picture of many symbionts. */
async function sheet(args: readonly string[]): Promise<void> {
  const given = readArguments(
    args,
    { model: 'string', count: 'string', seed: 'string', mode: 'string', scale: 'string', out: 'string' },
    0,
  );
  const mode = SHEET_MODES.find((one) => one === (given.text('mode') ?? 'growth'));
  if (!mode)
    throw new UsageError(`--mode: must be one of ${SHEET_MODES.join(', ')}, is "${given.text('mode')}"`);
  const out = given.text('out') ?? 'runs/symbionts.png';
  const png = drawSheet(modelAt(given.text('model')), {
    count: given.number('count', 1, 64) ?? 8,
    seed: given.text('seed') ?? '7',
    mode,
    scale: given.number('scale', 1, 16) ?? 4,
  });
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, png);
  console.log(`${out}: ${png.length} bytes`);
}

function modelAt(path: string | undefined): ArtModel {
  if (path !== undefined && !existsSync(path)) throw new ArtError(`--model: ${path} does not exist`);
  return loadQuickArtSync(new Uint8Array(readFileSync(path ?? WORLD)));
}
