import { join, resolve } from 'node:path';
import { z } from 'zod';
import { TICKS_PER_SECOND } from '#shared/world/balance.ts';

/** The project's own files. */
export const ROOT = resolve(import.meta.dirname, '..');

/** A setting that cannot be used; the message names the variable and what it must be. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

const url = (protocols: string[]) =>
  z.string().refine(
    (text) => {
      try {
        return protocols.includes(new URL(text).protocol);
      } catch {
        return false;
      }
    },
    `must be a URL starting with ${protocols.map((p) => `${p}//`).join(' or ')}`,
  );

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((n) => n >= least && n <= most, `must be from ${least} to ${most}`);

const Environment = z.object({
  PORT: whole(0, 65535).default(2567),
  /** All interfaces, so that friends in the same network can join; 127.0.0.1 keeps the server to this machine. */
  HOST: z
    .string()
    .regex(/^[0-9a-zA-Z.:-]{1,253}$/, 'must be a host name or an address')
    .default('0.0.0.0'),
  SYMBIONT_HOME: z.string().min(1).max(1000).default('.symbiont'),
  DATABASE_URL: url(['postgres:', 'postgresql:']).optional(),
  REDIS_URL: url(['redis:', 'rediss:']).optional(),
  SOLANA_RPC_URL: url(['http:', 'https:']).optional(),
  /** WebSocket endpoint of that cluster; by default the same host. */
  SOLANA_WS_URL: url(['ws:', 'wss:']).optional(),
  METAPLEX_CORE_SO: z.string().min(1).max(4096).optional(),
  /** What the URIs on chain begin with; it must stay reachable. Default http://localhost:PORT. */
  PUBLIC_URL: url(['http:', 'https:']).optional(),
  /** Further hosts whose pages may ask a wallet to sign in here, as host:port, separated by commas. */
  SIGN_IN_HOSTS: z
    .string()
    .max(2000)
    .transform((text) => text.split(',').map((host) => host.trim().toLowerCase()))
    .refine(
      (hosts) => hosts.every((host) => /^[a-z0-9.-]{1,253}(:\d{1,5})?$/.test(host)),
      'must be hosts (host or host:port), separated by commas',
    )
    .optional(),
  /** Directory of the brain files: forager.safetensors and raider.safetensors. */
  SYMBIONT_BRAINS: z.string().min(1).max(1000).optional(),
  /**
   * What NPCs understand sentences by: a local folder, the name of a hub model (fetched where the network is there), or
   * `keywords` for no encoder; by default the embedded one.
   */
  DIALOGUE_MODEL: z
    .string()
    .regex(/^[^\0]{1,1000}$/, 'must be a folder, a model name, or keywords')
    .optional(),
  /** JSON file with the rule of growth of a new collection; by default the world's own. */
  GROWTH_RULE: z.string().min(1).max(4096).optional(),
  /** What may be paid for a place in a block, micro-lamports for a compute unit. */
  PRIORITY_FEE_CEILING: whole(0, 100_000_000).default(200_000),
  /** 32-bit seed of a new world. */
  WORLD_SEED: whole(0, 0xffffffff).default(20_261_123),
  /** Proxies in front of the server, each of which adds to X-Forwarded-For whom it serves. */
  PROXIES: whole(0, 10).default(0),
  /**
   * Milliseconds of a tick. 50 is the world's own pace; with less its time passes faster, to see in minutes what takes
   * hours.
   */
  TICK_MS: whole(5, 1000).default(1000 / TICKS_PER_SECOND),
  /** Epochs whose leaves are kept and can be proved; headers are kept for ever. 120 epochs are an hour. */
  EPOCHS_KEPT: whole(1, 100_000).default(120),
  /** Minutes between two trainings on what was played; 0: inhabitants do not learn here and nothing is logged. */
  LEARN_EVERY: whole(0, 10_080).default(30),
  /** Decisions of one training. */
  LEARN_STEPS: whole(1000, 1_000_000_000).default(1_000_000),
  /** What is kept of the log of play: hours, and megabytes. */
  LEARN_HOURS: whole(1, 8760).default(24),
  LEARN_LOG_MB: whole(1, 100_000).default(64),
  /** Megabytes of memory that the trainer may take. */
  LEARN_MEMORY_MB: whole(256, 1_000_000).default(1024),
  /** Creators' trainings that may wait here at once; 0: creators train in their browsers alone. */
  TRAIN_QUEUE: whole(0, 1000).default(8),
  /** Minutes of work that one may take, days that one is kept after it was last touched, megabytes of memory. */
  TRAIN_MINUTES: whole(1, 10_080).default(180),
  TRAIN_DAYS: whole(1, 365).default(7),
  TRAIN_MEMORY_MB: whole(256, 1_000_000).default(1024),
});

export interface Config {
  port: number;
  host: string;
  home: string;
  databaseUrl: string | null;
  redisUrl: string | null;
  rpcUrl: string | null;
  rpcWsUrl: string | null;
  coreSo: string | null;
  publicUrl: string | null;
  signInHosts: string[];
  brainsDir: string;
  dialogueModel: string | null;
  growthRule: string | null;
  feeCeiling: number;
  worldSeed: number;
  proxies: number;
  tickMs: number;
  epochsKept: number;
  learnEvery: number;
  learnSteps: number;
  learnHours: number;
  learnLogMb: number;
  learnMemoryMb: number;
  trainQueue: number;
  trainMinutes: number;
  trainDays: number;
  trainMemoryMb: number;
  dev: boolean;
}

/**
 * Reads the settings from the environment.
 * @throws ConfigError naming the first variable that is wrong.
 */
export function readConfig(environment: NodeJS.ProcessEnv, args: readonly string[] = []): Config {
  const unknown = args.find((a) => a !== '--dev');
  if (unknown !== undefined) throw new ConfigError(`argument ${unknown}: unknown; only --dev is known`);
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = Environment.safeParse(given);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new ConfigError(`${issue.path.join('.')}: ${issue.message}`);
  }
  const env = result.data;
  if (env.REDIS_URL)
    throw new ConfigError(
      'REDIS_URL: several server processes are not supported yet; unset it to run one process',
    );
  return {
    port: env.PORT,
    host: env.HOST,
    home: resolve(env.SYMBIONT_HOME),
    databaseUrl: env.DATABASE_URL ?? null,
    redisUrl: env.REDIS_URL ?? null,
    rpcUrl: env.SOLANA_RPC_URL ?? null,
    rpcWsUrl: env.SOLANA_WS_URL ?? null,
    coreSo: env.METAPLEX_CORE_SO ?? null,
    publicUrl: env.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    signInHosts: env.SIGN_IN_HOSTS ?? [],
    brainsDir: env.SYMBIONT_BRAINS ? resolve(env.SYMBIONT_BRAINS) : join(ROOT, 'assets', 'brains'),
    dialogueModel: env.DIALOGUE_MODEL ?? null,
    growthRule: env.GROWTH_RULE ? resolve(env.GROWTH_RULE) : null,
    feeCeiling: env.PRIORITY_FEE_CEILING,
    worldSeed: env.WORLD_SEED,
    proxies: env.PROXIES,
    tickMs: env.TICK_MS,
    epochsKept: env.EPOCHS_KEPT,
    learnEvery: env.LEARN_EVERY,
    learnSteps: env.LEARN_STEPS,
    learnHours: env.LEARN_HOURS,
    learnLogMb: env.LEARN_LOG_MB,
    learnMemoryMb: env.LEARN_MEMORY_MB,
    trainQueue: env.TRAIN_QUEUE,
    trainMinutes: env.TRAIN_MINUTES,
    trainDays: env.TRAIN_DAYS,
    trainMemoryMb: env.TRAIN_MEMORY_MB,
    dev: args.includes('--dev'),
  };
}
