/** The manifest in a brain file, checked field by field. */
import { z } from 'zod';
import { MAX_LAYERS, MAX_OUTPUTS, MAX_SHIFT, MAX_WIDTH } from './network.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A brain file that is not what it must be; `field` names what is wrong. */
export class BrainFileError extends Error {
  override readonly name = 'BrainFileError';
  readonly field: string;
  constructor(field: string, problem: string) {
    super(problem.startsWith(`${field}: `) ? problem : `${field}: ${problem}`);
    this.field = field;
  }
}

export interface LayerShape {
  readonly inputs: number;
  readonly outputs: number;
  readonly shift: number;
}

export interface BrainManifest {
  readonly format: 'symbiont-brain';
  readonly formatVersion: 1;
  readonly role: string;
  readonly name: string;
  readonly observation: string;
  readonly actions: number;
  readonly layers: readonly LayerShape[];
  readonly weightsHash: string;
  readonly provenance: { readonly [key: string]: Json };
}

/** Deepest nesting of provenance: it is read by recursion. */
const MAX_DEPTH = 8;
/** Longest provenance, characters of JSON. */
const MAX_PROVENANCE = 16_384;

function isJson(value: unknown, depth: number): value is Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || depth === 0) return false;
  return Object.values(value).every((item) => isJson(item, depth - 1));
}

const provenance = z.custom<{ readonly [key: string]: Json }>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    isJson(value, MAX_DEPTH) &&
    JSON.stringify(value).length <= MAX_PROVENANCE,
  `must be a JSON object nested at most ${MAX_DEPTH} deep, at most ${MAX_PROVENANCE} characters`,
);

const width = z.int().min(1).max(MAX_WIDTH);
const schema = z.strictObject({
  format: z.literal('symbiont-brain'),
  formatVersion: z.literal(1),
  role: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be 1 to 32 of a-z, 0-9 and -, a letter first'),
  name: z.string().regex(/^[^\p{C}]{1,64}$/u, 'must be 1 to 64 characters, none of them a control character'),
  observation: z.string().regex(/^[a-z][a-z0-9.-]{0,31}$/, 'must be 1 to 32 of a-z, 0-9, . and -'),
  actions: z.int().min(1).max(MAX_OUTPUTS),
  layers: z
    .array(z.strictObject({ inputs: width, outputs: width, shift: z.int().min(0).max(MAX_SHIFT) }))
    .min(1)
    .max(MAX_LAYERS),
  weightsHash: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits'),
  provenance,
});

/** @throws BrainFileError naming the first field that is wrong and its limit. */
export function parseManifest(value: unknown): BrainManifest {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new BrainFileError(['manifest', ...issue.path].join('.'), issue.message);
}
