import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import bs58 from 'bs58';
import { z } from 'zod';
import { writeAtomically } from '#ml/files.ts';
import { Faucet } from './faucet.ts';

const Schema = z.object({
  format: z.literal(1),
  /** Hex of 32 random bytes; blockhashes are made from it. */
  seed: z.string().regex(/^[0-9a-f]{64}$/),
  /** Milliseconds since 1970 at slot 0. */
  startedAt: z.number().int().nonnegative(),
  slotMs: z.number().int().min(5).max(60_000),
});

export interface Genesis {
  seed: Uint8Array;
  startedAt: number;
  slotMs: number;
  /** Base58, what getGenesisHash answers. */
  hash: string;
  faucet: Faucet;
  /** Whether this directory was made just now. */
  fresh: boolean;
}

/** Reads what a ledger directory began with, or begins it. Throws naming the file and the field that is wrong. */
export function readGenesis(dir: string, slotMs: number | undefined, now: number): Genesis {
  mkdirSync(dir, { recursive: true });
  const path = join(dir, 'genesis.json');
  const fresh = !existsSync(path);
  if (fresh) {
    const genesis = {
      format: 1,
      seed: randomBytes(32).toString('hex'),
      startedAt: now,
      slotMs: slotMs ?? 400,
    };
    Schema.parse(genesis);
    if (!existsSync(join(dir, 'faucet.json'))) {
      writeAtomically(join(dir, 'faucet.json'), JSON.stringify([...Faucet.generate()]), 0o600);
    }
    // Last, so that a directory with a genesis has all that belongs to it.
    writeAtomically(path, JSON.stringify(genesis, null, 2), 0o600);
  }
  let given: z.infer<typeof Schema>;
  try {
    given = Schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new Error(`genesis.json of the ledger cannot be read: ${(error as Error).message}`);
  }
  const seed = Buffer.from(given.seed, 'hex');
  return {
    seed,
    startedAt: given.startedAt,
    slotMs: given.slotMs,
    hash: bs58.encode(createHash('sha256').update('genesis').update(seed).digest()),
    faucet: new Faucet(readFaucet(join(dir, 'faucet.json'))),
    fresh,
  };
}

function readFaucet(path: string): Uint8Array {
  chmodSync(path, 0o600);
  const list = z
    .array(z.number().int().min(0).max(255))
    .length(64)
    .safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!list.success) throw new Error('faucet.json of the ledger must hold an array of 64 bytes');
  return Uint8Array.from(list.data);
}
