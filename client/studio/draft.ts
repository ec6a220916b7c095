import { z } from 'zod';
import { DEFAULT_RULE } from '#shared/growth/index.ts';
import { USUAL_MIX } from './growth/rates.ts';

/** What a creator is making, as this browser keeps it. What was written by another version is read as far as it fits. */

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const numbers = (count: number) => z.array(z.number()).length(count);

export const LICENCES = {
  own: 'My own work, all rights mine',
  'CC0-1.0': 'CC0: given to everyone',
  MIT: 'MIT',
  other: 'Another licence',
} as const;

const Licence = z.object({
  kind: z.enum(['own', 'CC0-1.0', 'MIT', 'other']).default('own'),
  /** Of another licence. */
  name: z.string().max(24).default(''),
  declared: z.boolean().default(false),
});

/** A run of training: its checkpoint lies beside the draft under the run's id. */
const Run = z.object({
  id: z.string(),
  seed: z.int(),
  goal: z.int(),
  /** Id of the model that came of it. */
  model: hex.nullable(),
  /** Of the server's training, where it is the server that trains. */
  job: z.string().nullable().default(null),
});
export type Run = z.infer<typeof Run>;

const Rule = z.object({
  steps: z
    .array(z.object({ thresholds: numbers(8), weights: numbers(8), minimum: z.number() }))
    .min(1)
    .max(5),
  branchStage: z.number(),
  branches: z.array(numbers(8)).length(4),
});

/** Where places of the rule's graph were moved to, by stage and branch. */
const Places = z.record(
  z.string().regex(/^[0-4]\.[0-4]$/),
  z.object({ x: z.number().min(0).max(10_000), y: z.number().min(0).max(10_000) }),
);

const WORLD_RULE = structuredClone(DEFAULT_RULE) as unknown as z.infer<typeof Rule>;

export const Draft = z.object({
  /** Pixels a side of the pictures and of what the model draws. */
  size: z.union([z.literal(32), z.literal(64)]).default(32),
  licence: Licence.prefault({}),
  run: Run.nullable().default(null),
  /** What a creator calls stages 0..4 and branches 1..4; empty: as in the world. */
  stages: z.array(z.string().max(24)).length(5).default(['', '', '', '', '']),
  branches: z.array(z.string().max(24)).length(4).default(['', '', '', '']),
  favourites: z
    .array(z.object({ genome: hex, name: z.string().max(32) }))
    .max(24)
    .default([]),
  rule: Rule.default(WORLD_RULE),
  /** Of the graph as wide screens and as narrow ones show it. */
  places: z.object({ across: Places.default({}), down: Places.default({}) }).prefault({}),
  mix: numbers(5).default([...USUAL_MIX]),
  name: z.string().max(64).default(''),
  symbol: z.string().max(10).default(''),
  description: z.string().max(1_000).default(''),
  supply: z.number().default(500),
  /** SOL. */
  price: z.number().default(0),
  /** Percent. */
  royalties: z.number().default(5),
  dailyCap: z.number().default(0),
  /** Address of the collection that the server keeps of it; fixed from the first time it was handed in. */
  collection: z.string().nullable().default(null),
});
export type Draft = z.infer<typeof Draft>;

/** Reads a kept draft field by field: what does not fit begins anew, the rest stays. */
export function readDraft(kept: unknown): Draft {
  const whole = Draft.safeParse(kept ?? {});
  if (whole.success) return whole.data;
  const fields = typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>) : {};
  const fit = Object.entries(Draft.shape).filter(
    ([field, schema]) => field in fields && schema.safeParse(fields[field]).success,
  );
  return Draft.parse(Object.fromEntries(fit.map(([field]) => [field, fields[field]])));
}

/** The licence as it goes on chain: an SPDX identifier. */
export function licenceId({ licence }: Pick<Draft, 'licence'>): string {
  if (licence.kind === 'own') return 'LicenseRef-own-work';
  return licence.kind === 'other' ? licence.name : licence.kind;
}

/** Why a licence is none yet; null: it is one. */
export function licenceProblem({ licence }: Pick<Draft, 'licence'>): string | null {
  if (licence.kind === 'other' && !/^[\x21-\x7e]{1,24}$/.test(licence.name))
    return 'Name the licence by its SPDX identifier: 1 to 24 letters without spaces, such as CC-BY-4.0.';
  return licence.declared ? null : 'Say that you may use these pictures.';
}
