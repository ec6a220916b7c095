import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Behavior, BehaviorError, readBehavior } from '../behavior.ts';

const anchor = z.number().min(0).max(100);
const schema = z.strictObject({
  format: z.literal(1),
  seed: z.int().min(0).max(0xffffff),
  generations: z.int().min(1).max(64),
  /** Decisions of each generation; the last one stands for all that follow. */
  steps: z.array(z.int().min(1).max(1e9)).min(1).max(64),
  roles: z.array(z.string().min(1).max(256)).min(1).max(8),
  /** Weight of KL(π ‖ last self) in all generations but the first; one for each role where it is a list. */
  klAnchor: z.union([anchor, z.array(anchor).min(1).max(8)]),
  /** Share of each group of opponents that stays scripted. */
  scripted: z.number().min(0).max(1),
  pool: z.int().min(1).max(12),
  trials: z.int().min(2).max(1000),
});

/** What a league file says, with the behaviours it names. */
export interface LeaguePlan extends Omit<z.infer<typeof schema>, 'roles' | 'klAnchor'> {
  readonly roles: readonly {
    readonly role: string;
    readonly file: string;
    readonly text: string;
    readonly behavior: Behavior;
    readonly klAnchor: number;
  }[];
  /** SHA-256 over the league file and the behaviours, 64 hex digits. */
  readonly hash: string;
}

const MAX_FILE = 64 * 1024;

/** @throws BehaviorError naming the file, the field and the limit. */
export function readLeague(file: string): LeaguePlan {
  const text = read(file);
  if (text.length > MAX_FILE)
    throw new BehaviorError(`${file}: must be at most ${MAX_FILE} characters, is ${text.length}`);
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 16 });
  } catch (error) {
    throw new BehaviorError(
      `${file}: is not YAML: ${error instanceof Error ? error.message.split('\n')[0] : error}`,
    );
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new BehaviorError(`${file}: ${issue.path.join('.') || 'file'}: ${issue.message}`);
  }
  const { klAnchor, ...plan } = result.data;
  if (Array.isArray(klAnchor) && klAnchor.length !== plan.roles.length)
    throw new BehaviorError(
      `${file}: klAnchor: must be one for each of ${plan.roles.length} roles, are ${klAnchor.length}`,
    );
  const roles = plan.roles.map((name, k) => {
    const where = path.resolve(path.dirname(file), name);
    const behavior = readBehavior(where);
    return {
      role: behavior.role,
      file: where,
      text: read(where),
      behavior,
      klAnchor: Array.isArray(klAnchor) ? klAnchor[k] : klAnchor,
    };
  });
  const names = roles.map(({ role }) => role);
  const twice = names.find((role, k) => names.indexOf(role) !== k);
  if (twice) throw new BehaviorError(`${file}: roles: ${twice} is named twice`);
  const hash = bytesToHex(sha256(new TextEncoder().encode([text, ...roles.map((r) => r.text)].join('\0'))));
  return { ...plan, roles, hash };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new BehaviorError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? error})`);
  }
}
