import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ArtModel, loadArtModel } from '#shared/art/index.ts';
import { loadQuickArtSync } from '#shared/art/quick.ts';
import { type Brain, decodeBrain } from '#shared/brain/file.ts';
import { checkRule, type GrowthRule } from '#shared/growth/index.ts';
import { parseMap, ROLE_NAMES, type Terrain } from '#shared/world/index.ts';
import { ROOT } from './config.ts';
import { reason } from './log.ts';
import { POPULATION } from './zone/minds.ts';

/** A file without which the server cannot run; the message names it and what is wrong. */
export class LoadError extends Error {
  override name = 'LoadError';
}

function load<T>(what: string, path: string, parse: (bytes: Uint8Array) => T): T {
  let bytes: Uint8Array;
  try {
    bytes = Uint8Array.from(readFileSync(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new LoadError(`${what}: ${path} ${code === 'ENOENT' ? 'is missing' : `cannot be read (${code})`}`);
  }
  try {
    return parse(bytes);
  } catch (error) {
    throw new LoadError(`${what}: ${path}: ${reason(error)}`);
  }
}

export interface LoadedBrain {
  brain: Brain;
  file: Uint8Array;
}

/** The brains of every role that lives in the zone, by the role's name, and their files. */
export function loadBrainFiles(dir: string): Map<string, LoadedBrain> {
  const parse = (file: Uint8Array): LoadedBrain => ({ brain: decodeBrain(file), file });
  return new Map(
    POPULATION.map(({ role }): [string, LoadedBrain] => {
      const name = ROLE_NAMES[role];
      return [name, load(`brain ${name}`, join(dir, `${name}.safetensors`), parse)];
    }),
  );
}

export function loadTerrain(map: string): Terrain {
  return load('map', join(ROOT, 'assets', 'maps', map), (bytes) =>
    parseMap(JSON.parse(new TextDecoder().decode(bytes))),
  );
}

const ART = join(ROOT, 'assets', 'art', 'companion.safetensors');

/** The world's own art model, run by its kernel. */
export const loadArt = (): ArtModel => load('art model', ART, loadQuickArtSync);

/** Its file, which creators' own are trained on from, and its id. */
export const loadArtFile = (): { id: string; file: Uint8Array } =>
  load('art model', ART, (file) => ({ id: loadArtModel(file).id, file }));

/** A rule of growth of one's own, as JSON in the form of shared/growth. */
export function loadRule(path: string): GrowthRule {
  return load('GROWTH_RULE', path, (bytes) => {
    const rule = JSON.parse(new TextDecoder().decode(bytes)) as GrowthRule;
    if (!Array.isArray(rule?.steps) || !Array.isArray(rule.branches))
      throw new Error('rule: must hold steps, branchStage and branches');
    checkRule(rule);
    return rule;
  });
}
