/**
 * Provenance: symbionts that were minted and evolved on an embedded ledger are drawn again to their recorded hashes by
 * `symbiont verify art`, when the game's server and its database are gone and the ledger's RPC alone answers.
 */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { evolvedWorld } from '#server/testing/evolved.ts';

const SYMBIONTS = 100;
const VERB = ['--import', 'tsx', 'ml/cli.ts', 'verify', 'art', '--json'];

/** How many of 100 evolved symbionts, of one to four evolutions each, come out as they are recorded. */
export async function measureProvenance(): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), 'bench-art-'));
  const world = await evolvedWorld(home, SYMBIONTS, (n) => 1 + (n % 4));
  try {
    const collection = world.operator.chain.collection.toBase58();
    await world.leaveLedgerAlone();
    const args = [...VERB, '--collection', collection, '--rpc', world.rpcUrl];
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 26 }).catch(
      (error: { stdout?: string }) => {
        if (error.stdout === undefined) throw error;
        return { stdout: error.stdout };
      },
    );
    const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
    return lines.filter((line) => (JSON.parse(line) as { sound: boolean }).sound).length;
  } finally {
    await world.close();
    rmSync(home, { recursive: true, force: true });
  }
}
