import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { parse } from 'yaml';
import { z } from 'zod';
import { MAX_WIDTH } from '#shared/brain/network.ts';
import { ACTION_COUNT, DECISION_TICKS, OBSERVATION_SIZE, ROLE_NAMES } from '#shared/world/index.ts';
import { TERM_NAMES } from './env/rewards.ts';

/** A behaviour file that cannot be used; the message names the file, the field and the limit. */
export class BehaviorError extends Error {
  override readonly name = 'BehaviorError';
}

/** Agents of all worlds together, over which memory would not suffice. */
const MAX_AGENTS = 65_536;
const MAX_FILE = 64 * 1024;

const ticks = z
  .int()
  .max(100_000)
  .refine((n) => n % DECISION_TICKS === 0, `must be a multiple of ${DECISION_TICKS}`);
const weight = z.number().min(-1000).max(1000);
const role = z.enum(ROLE_NAMES);

const network = z
  .array(z.int().min(1).max(MAX_WIDTH))
  .min(3)
  .max(5)
  .refine((sizes) => sizes[0] === OBSERVATION_SIZE, `must begin with ${OBSERVATION_SIZE}, the observations`)
  .refine(
    (sizes) => sizes[sizes.length - 1] <= ACTION_COUNT,
    `must end with 1 to ${ACTION_COUNT}, the actions it decides among`,
  );

const mix = z.strictObject({
  policy: z.string().min(1).max(256),
  weight: z.number().positive().max(1000).default(1),
});

const schema = z.strictObject({
  format: z.literal(1),
  role,
  name: z.string().min(1).max(64),
  seed: z.int().min(0).max(0xffffffff),
  /** Decisions of learners until training ends. */
  steps: z.int().min(1).max(1e10),
  rewards: z
    .record(z.string(), weight)
    .refine((weights) => Object.keys(weights).length > 0, 'must weigh at least one event')
    .superRefine((weights, context) => {
      for (const name of Object.keys(weights))
        if (!(TERM_NAMES as string[]).includes(name))
          context.addIssue({ code: 'custom', path: [name], message: `is none of ${TERM_NAMES.join(', ')}` });
    }),
  world: z.strictObject({
    worlds: z.int().min(1).max(1024),
    learners: z.int().min(1).max(256),
    episode: ticks.min(DECISION_TICKS),
    warmup: ticks.min(0),
    /** Episodes after which a world begins anew; between them it lives on, and half of the players are replaced. */
    lives: z.int().min(1).max(1000).default(1),
  }),
  opponents: z
    .array(z.strictObject({ role, count: z.int().min(1).max(256), mix: z.array(mix).min(1).max(32) }))
    .max(8)
    .default([]),
  network,
  /** A brain file to begin from, relative to the behaviour file. */
  parent: z.string().min(1).max(256).optional(),
  /** For so many of the steps the scripted policy acts and is imitated; then PPO goes on from there. */
  imitation: z.strictObject({ steps: z.int().min(0).max(1e10) }).default({ steps: 0 }),
  ppo: z.strictObject({
    rollout: z.int().min(1).max(4096),
    epochs: z.int().min(1).max(32),
    minibatch: z.int().min(1).max(65_536),
    learningRate: z.number().positive().max(1),
    gamma: z.number().min(0).max(1),
    lambda: z.number().min(0).max(1),
    clip: z.number().positive().max(1),
    entropy: z.number().min(0).max(1),
    /** The entropy bonus at the end; between, it falls in a straight line. */
    entropyEnd: z.number().min(0).max(1).default(0),
    valueCoefficient: z.number().min(0).max(10),
    maxGradNorm: z.number().positive().max(1000),
    /** Stops the epochs of an iteration when the policy has moved so far (approximate KL divergence, nats). */
    targetKl: z.number().positive().max(10).optional(),
    /** 1: the next rollout is played while this one is learnt from; 0: after it. */
    lag: z.int().min(0).max(1).default(1),
    /** What the critic reads: `own`, what the agent sees; `central`, also what its fellows see (MAPPO). */
    critic: z.enum(['own', 'central']).default('own'),
    /** Weight of KL(π ‖ parent), where training begins from a parent brain. */
    klAnchor: z.number().min(0).max(100).default(0),
  }),
  eval: z.strictObject({
    seed: z.int().min(0).max(0xffffffff),
    episode: ticks.min(DECISION_TICKS),
    warmup: ticks.min(0),
  }),
});

export type BehaviorFields = z.infer<typeof schema>;
export type PpoOptions = BehaviorFields['ppo'];

export interface Behavior extends BehaviorFields {
  /** SHA-256 of the file's bytes, 64 hex digits. */
  readonly hash: string;
  /** Folder that brain files in `mix` are named relative to. */
  readonly folder: string;
}

/** Checks a behaviour's text. @throws BehaviorError naming the first field that is wrong and its limit. */
export function parseBehavior(text: string, where: string, folder: string): Behavior {
  const fail = (problem: string): never => {
    throw new BehaviorError(`${where}: ${problem}`);
  };
  if (text.length > MAX_FILE) fail(`must be at most ${MAX_FILE} characters, is ${text.length}`);
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 16 });
  } catch (error) {
    fail(`is not YAML: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    return fail(`${issue.path.join('.') || 'file'}: ${issue.message}`);
  }
  const fields = result.data;
  const { worlds, learners } = fields.world;
  const agents = learners + fields.opponents.reduce((sum, { count }) => sum + count, 0);
  if (agents > 1024) fail(`opponents: a world would hold ${agents} agents, at most 1024`);
  if (worlds * agents > MAX_AGENTS)
    fail(`world.worlds: ${worlds * agents} agents in all, at most ${MAX_AGENTS}`);
  const batch = worlds * learners * fields.ppo.rollout;
  if (batch > 1 << 20) fail(`ppo.rollout: ${batch} decisions an iteration, at most ${1 << 20}`);
  if (fields.ppo.minibatch > batch)
    fail(`ppo.minibatch: must be at most the ${batch} decisions of an iteration`);
  if (fields.ppo.klAnchor > 0 && fields.parent === undefined)
    fail('ppo.klAnchor: there is no parent to hold on to');
  return { ...fields, hash: bytesToHex(sha256(new TextEncoder().encode(text))), folder };
}

/** Reads a behaviour file. @throws BehaviorError as `parseBehavior`, or when it cannot be read. */
export function readBehavior(file: string): Behavior {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new BehaviorError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
  return parseBehavior(text, file, path.dirname(file));
}
